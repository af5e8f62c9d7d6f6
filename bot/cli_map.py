"""The command line for the touchpoint map: `throughline map`."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import app, settings
from bot.customers.tracks import rules
from bot.errors import SettingsError
from bot.people import Owners, load_directory, load_owners
from bot.printing import print_json, print_line
from bot.settings import Settings
from bot.touchpoints import FILE, MapFaulty, TouchpointMap, goal_telling, load_map, telling, versions
from bot.touchpoints.gaps import Gap, GapKind, gaps_of
from bot.touchpoints.goals import FILE as GOALS
from bot.touchpoints.goals import load_goals

touchpoint_map = typer.Typer(
    name="map",
    help="The touchpoint map: where customers meet us, what we do there and with what; docs/touchpoints.md says how.",
    no_args_is_help=True,
)
_err = Console(stderr=True, emoji=False)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@touchpoint_map.command()
def check(
    file: Annotated[Path | None, typer.Argument(help=f"Default: {FILE} of the knowledge folder.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Work without a standard (G4) is a fault too.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Check the map and the goals. Exit code 1 with every fault and its line."""
    configured = settings.load()
    owners = load_owners(configured.config / "owners.yaml")
    if file is not None and not file.exists():
        raise SettingsError(f"There is no {file}. Name the file that holds the map.")
    where = file or configured.knowledge / FILE
    try:
        found = _read(configured, file, owners)
        goals = load_goals(configured.knowledge / GOALS, found, teams=owners.teams) if found and file is None else ()
    except MapFaulty as faulty:
        _say([*faulty.told, f"{len(faulty.told)} to mend; the last sound map stays in use until then."])
        raise typer.Exit(1) from faulty
    missing = [gap for gap in gaps_of(found) if gap.kind is GapKind.NO_STANDARD] if strict else []
    if missing:
        _say([f"{where}, line {gap.line}: {gap.told}" for gap in missing])
        raise typer.Exit(1)
    print_line(f"The map is sound: {telling.counted(found)}" if found else telling.NO_MAP.format(file=where))
    if goals:
        print_line(f"The goals are sound: {len(goals)}.")


@touchpoint_map.command()
def show(
    stage: Annotated[str, typer.Argument(help="Only this stage, by its id or name.")] = "",
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """Show what is where: each stage with its touchpoints, who owns them, and the tools behind them."""
    configured = settings.load()
    owners = load_owners(configured.config / "owners.yaml")
    found = _read(configured, None, owners)
    stages = [telling.stage_called(found, stage)] if stage else list(found.stages.values())
    if as_json:
        print_json(telling.as_json(found, stages))
        return
    for line in telling.told(found, stages, named=owners.name):
        print_line(line)
    if not found:
        print_line(telling.NO_MAP.format(file=configured.knowledge / FILE))


@touchpoint_map.command()
def gaps(as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """Show what the map alone shows to be wrong, before anybody complains: G1 to G8, each with its line and owner."""
    configured = settings.load()
    owners = load_owners(configured.config / "owners.yaml")
    found = gaps_of(_read(configured, None, owners), configured.knowledge)
    if as_json:
        print_json([asdict(gap) | {"called": gap.kind.called} for gap in found])
        return
    for kind in GapKind:
        of_kind = [gap for gap in found if gap.kind is kind]
        if of_kind:
            print_line(f"{kind} {kind.called}")
        for gap in of_kind:
            print_line(f"  {gap.told}{_where(gap, owners)}")
    if not found:
        print_line("The map shows no gap.")


@touchpoint_map.command()
def goals(as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """Show the goals: by what each is measured, on what evidence it stands, and which touchpoints serve none."""
    configured = settings.load()
    owners = load_owners(configured.config / "owners.yaml")
    map_ = _read(configured, None, owners)
    found = load_goals(configured.knowledge / GOALS, map_, teams=owners.teams)
    if as_json:
        print_json(goal_telling.as_json(map_, found))
        return
    for line in goal_telling.told(map_, found, named=owners.name):
        print_line(line)


@touchpoint_map.command()
def diff(as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """Show what a reindex would change in the map that is loaded. Exit code 1 with every fault and its line."""
    configured = settings.load()
    house = app.build(configured)
    with closing(house.database), house.database.reading() as session:
        number = versions.current(session)
        try:
            changes = versions.difference(session, house.touchpoints.read())
        except MapFaulty as faulty:
            _say([*faulty.told, f"{len(faulty.told)} to mend; the last sound map stays in use until then."])
            raise typer.Exit(1) from faulty
    if as_json:
        print_json({"version": number, "changes": [asdict(change) | {"told": change.told} for change in changes]})
        return
    for change in changes:
        print_line(change.told)
    stands = f"Version {number} is loaded" if number else "No map is loaded yet"
    print_line(f"{stands}; a reindex makes this version {number + 1}." if changes else f"{stands}; nothing changed.")


@touchpoint_map.command()
def history(as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """Show the versions that were loaded, the newest first, and what each brought."""
    house = app.build(settings.load())
    with closing(house.database), house.database.reading() as session:
        found = versions.history(session)
    if as_json:
        print_json([asdict(one) | {"at": one.at.isoformat()} for one in found])
        return
    for one in found:
        print_line(f"Version {one.number}, {one.at:%Y-%m-%d %H:%M} UTC, {len(one.changes)} changes")
        # Of the first one everything is new.
        for told in one.changes if one.number > 1 else ():
            print_line(f"  {told}")
    if not found:
        print_line("No map is loaded yet: `throughline reindex` loads it.")


def _where(gap: Gap, owners: Owners) -> str:
    said = [f"line {gap.line}" if gap.line else "", owners.name(gap.owner) if gap.owner else ""]
    told = ", ".join(filter(None, said))
    return f" ({told})" if told else ""


def _read(configured: Settings, file: Path | None, owners: Owners) -> TouchpointMap:
    """Raises `MapFaulty`, or `SettingsError` for what is no YAML."""
    folder = configured.knowledge
    return load_map(
        file or folder / FILE,
        teams=owners.teams,
        roles=load_directory(configured.config / "people.yaml").roles,
        tracks=rules.keys_in(folder / rules.FILE, teams=owners.teams),
        pages=folder,
    )


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        _err.print(line, soft_wrap=True, highlight=False, markup=False)
