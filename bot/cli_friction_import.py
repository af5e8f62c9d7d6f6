"""The command line for old tickets: `throughline friction import`."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import settings
from bot.cli_friction_desk import AsJson, house
from bot.friction.past.importing import ImportedTickets, Past
from bot.friction.past.mapping import load_ticket_feed
from bot.printing import print_json, print_line
from bot.progress import bars, json_lines
from bot.retrieval.reindexing import Step
from bot.touchpoints import TouchpointMap

# Of kinds and tools so many are named; the rest is small.
_NAMED = 5
_out = Console(emoji=False)


def import_tickets(
    file: Annotated[Path, typer.Argument(help="An export: CSV, JSON or JSONL.", exists=True, dir_okay=False)],
    mapping: Annotated[Path, typer.Option("--mapping", help="How it is to be read: a YAML file.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come in, and write nothing.")] = False,  # noqa: FBT002 - a flag
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """Take over tickets of another tool, masked and guessed about; each once. docs/friction.md says how."""
    feed = load_ticket_feed(settings.or_shipped(mapping))
    with house() as at, at.importing(), json_lines() if as_json else bars(_out) as show:
        past = Past(at.friction, places=at.directory.places, roles=tuple(at.directory.roles))
        take = past.rehearse if dry_run else past.take
        report = take(
            file, feed, now=datetime.now(UTC), progress=lambda what, done, total: show(Step(what, done, total))
        )
        map_ = at.touchpoints.map
    if as_json:
        print_json(report.as_json())
        return
    print_line(_summary(report, "would be added" if dry_run else "added"))
    if report.added:
        print_line(f"   kinds: {_most(Counter({kind.replace('_', ' '): n for kind, n in report.kinds.items()}))}")
        print_line(f"   tools: {_most(_named(report.tools, map_)) or 'none of the map'}")
    if report.strangers:
        print_line(f"   {report.strangers} name a customer who is not known here: import customers before tickets.")
    for rejected in report.rejected_files:
        print_line(f"   Why rows were rejected stands in {rejected}.")


def _summary(report: ImportedTickets, added: str) -> str:
    states = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in report.states.most_common())
    counts = (
        f"{report.added} {added} ({states})" if report.added else "",
        f"{report.joined} reports of these {added}" if report.joined else "",
        f"{report.known} here already" if report.known else "",
        f"{report.repeated} repeated" if report.repeated else "",
        f"{report.rejected} rejected" if report.rejected else "",
    )
    told = ", ".join(filter(None, counts)) or "nothing"
    return f"{report.source}: {report.read} rows in {report.seconds:.1f} s: {told}."


def _named(tools: Counter[str], map_: TouchpointMap) -> Counter[str]:
    return Counter({map_.name_of(tool): count for tool, count in tools.items()})


def _most(counts: Counter[str]) -> str:
    rest = f", {len(counts) - _NAMED} more" if len(counts) > _NAMED else ""
    return ", ".join(f"{name} {count}" for name, count in counts.most_common(_NAMED)) + rest
