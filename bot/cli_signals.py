"""The command line for what is worth a look: `throughline signals`."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import app, settings
from bot.experience.reading import Reading
from bot.experience.viewers import THE_COMPANY
from bot.experience.weeks import last_weeks, week_at
from bot.noticing import wording
from bot.noticing.names import names
from bot.noticing.noticed import KINDS, WEEKS, Noticed, noticed
from bot.printing import print_json, print_line
from bot.signals.signal import Evidence, Kind
from bot.worlds import world_of

MOST_WEEKS = 156
# Ids of evidence in words; JSON has all.
_SHOWN = 8
_KINDS = ", ".join(f"'{kind.value}'" for kind in KINDS)


def signals(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,  # noqa: FBT002 - a flag
    weeks: Annotated[
        int, typer.Option(min=2, max=MOST_WEEKS, help="So many, the running one among them. Some signals need 64.")
    ] = WEEKS,
    kind: Annotated[list[Kind] | None, typer.Option(help=f"Only this kind; may be repeated: {_KINDS}.")] = None,
) -> None:
    """Print what is worth a look, the most important first, with its evidence; then what nothing is said of, and why.

    A signal says "appears together", never what is the reason; docs/signals.md says what each needs.
    """
    house = app.build(settings.load())
    now = datetime.now(UTC)
    with closing(house.database), house.database.reading() as session:
        world = world_of(house, session)
        span = last_weeks(weeks, until=week_at(now, world.zone))
        reading = Reading(session, span, world, viewer=THE_COMPANY, now=now)
        found = noticed(reading, frozenset(kind or KINDS))
        name_of = names(reading)
    if as_json:
        print_json(found.as_json())
        return
    print_line(f"Weeks {span[0].key} to {span[-1].key}: {len(found.signals)} signals")
    for one in found.signals:
        print_line(f"{one.kind.value} ({one.verdict}): {one.sentence(name_of)}")
        if one.numbers:
            print_line(f"    {'; '.join(map(wording.number, one.numbers))}")
        for rows in one.evidence:
            if rows.ids:
                print_line(f"    {rows.kind}: {_some(rows)}")
    _tell_silence(found)


def _tell_silence(found: Noticed) -> None:
    if found.silences:
        print_line("Nothing is said of:")
    for one in found.silences:
        print_line(f"    {one.kind.value}: {one.why} ({one.count})")
    # The map has its gaps before anybody reports anything.
    if all(one.kind is Kind.GAP for one in found.signals):
        print_line(
            "Signals need weeks of reports and contacts: `/friction` or `throughline friction import`, `throughline "
            "customers import`, `throughline customers route`. To see some: `throughline demo-data --help`."
        )


def _some(rows: Evidence) -> str:
    left = len(rows.ids) - _SHOWN
    return ", ".join(rows.ids[:_SHOWN]) + (f" and {left} more" if left > 0 else "")
