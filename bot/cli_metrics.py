"""The command line for what is measured: `throughline metrics`."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import app, settings
from bot.errors import SettingsError
from bot.experience.cells import Across, Cell, cells
from bot.experience.reading import Reading
from bot.experience.scorecard import Scorecard, scorecard
from bot.experience.viewers import THE_COMPANY
from bot.experience.weeks import last_weeks, week_at
from bot.metrics.measure import Measure, Unit
from bot.printing import print_json, print_line
from bot.worlds import world_of

MOST_WEEKS = 104


def metrics(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,  # noqa: FBT002 - a flag
    weeks: Annotated[int, typer.Option(min=1, max=MOST_WEEKS, help="So many, the running one among them.")] = 12,
    by: Annotated[Across, typer.Option(help="A table of numbers for each of these.")] = Across.ALL,
    only: Annotated[str, typer.Option(help="With --by: this one alone, by its id.")] = "",
) -> None:
    """Print every metric with its unit and what it was counted from; docs/metrics.md says how each is counted."""
    if only and by is Across.ALL:
        raise typer.BadParameter("--only names one of something: say --by too, as --by tool --only orion.")
    house = app.build(settings.load())
    now = datetime.now(UTC)
    with closing(house.database), house.database.reading() as session:
        world = world_of(house, session)
        span = last_weeks(weeks, until=week_at(now, world.zone))
        reading = Reading(session, span, world, viewer=THE_COMPANY, now=now)
        known = cells(session, by, world.map, [*house.directory.places])
        chosen = [cell for cell in known if not only or cell.id == only]
        if only and not chosen:
            raise SettingsError(_unknown(by, only, known))
        told = [scorecard(reading, cell) for cell in chosen]
    if as_json:
        print_json([one.as_json() for one in told])
        return
    for one in told:
        _tell(one, world.map.name_of(one.cell.id))
    if not told:
        print_line(f"There is nothing to tell by {by}: nothing was reported that names one.")


def _tell(one: Scorecard, name: str) -> None:
    what = "Everything" if one.cell.across is Across.ALL else f"{one.cell.across.value}: {name}"
    print_line(f"{what}, weeks {one.weeks[0].key} to {one.weeks[-1].key}")
    for line in one.lines:
        print_line(f"  {line.number:>2}  {line.name:<40} {_told(line.measure)}")
    print_line("")


def _told(one: Measure) -> str:
    """With its unit, its interval, and n."""
    if one.value is None:
        return f"{one.why}{_counted(one)}"
    ends = "" if one.low is None or one.high is None else f" ({one.low:,.1f} to {one.high:,.1f})"
    unit = "" if one.unit is Unit.COUNT else f" {one.unit.value}"
    return f"{one.value:,.1f}{unit}{ends}{_counted(one)}".replace(".0 ", " ")


def _counted(one: Measure) -> str:
    return "" if one.n is None else f"   n = {one.n:,} {one.of}"


def _unknown(by: Across, only: str, known: list[Cell]) -> str:
    some = ", ".join(cell.id for cell in known[:12]) or "none yet"
    return f"There is no {by} {only!r}. There are: {some}. `throughline metrics --by {by}` prints all of them."
