"""The command line for the touchpoint map: `throughline map`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import settings
from bot.customers.tracks import rules
from bot.errors import SettingsError
from bot.people import Owners, load_directory, load_owners
from bot.printing import print_json, print_line
from bot.settings import Settings
from bot.touchpoints import FILE, MapFaulty, TouchpointMap, load_map, telling

touchpoint_map = typer.Typer(
    name="map",
    help="The touchpoint map: where customers meet us, what we do there and with what; docs/touchpoints.md says how.",
    no_args_is_help=True,
)
_err = Console(stderr=True, emoji=False)


@touchpoint_map.command()
def check(
    file: Annotated[Path | None, typer.Argument(help=f"Default: {FILE} of the knowledge folder.")] = None,
) -> None:
    """Check the map. Exit code 1 with every fault and its line."""
    configured = settings.load()
    if file is not None and not file.exists():
        raise SettingsError(f"There is no {file}. Name the file that holds the map.")
    try:
        found = _read(configured, file, load_owners(configured.config / "owners.yaml"))
    except MapFaulty as faulty:
        _say([*faulty.told, f"{len(faulty.told)} to mend; the last sound map stays in use until then."])
        raise typer.Exit(1) from faulty
    where = file or configured.knowledge / FILE
    print_line(f"The map is sound: {telling.counted(found)}" if found else telling.NO_MAP.format(file=where))


@touchpoint_map.command()
def show(
    stage: Annotated[str, typer.Argument(help="Only this stage, by its id or name.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,  # noqa: FBT002 - a flag
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
