"""The command line for exports: `throughline import`."""

import signal
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
from rich.console import Console

from bot import app, settings
from bot.cli_routes import route_contacts
from bot.customers.feeds import importing
from bot.customers.feeds.example import import_example
from bot.customers.feeds.feed import Feed
from bot.customers.feeds.mapping import load_feed
from bot.customers.feeds.reporting import ImportReport
from bot.customers.feeds.watching import Handled, WatchedFolder
from bot.customers.feeds.writing import TakingBack
from bot.errors import AlreadyRunning
from bot.printing import print_json, print_line
from bot.progress import bars, json_lines
from bot.retrieval.reindexing import Step
from bot.serving import operator
from bot.touchpoints.channel_ids import channels_in

out = Console(emoji=False)
err = Console(stderr=True, emoji=False)
imports = typer.Typer(
    name="import",
    help="Take over customers and interactions from exports; docs/customer-data.md says how.",
    no_args_is_help=True,
)

Files = Annotated[list[Path], typer.Argument(help="Exports of one source.", exists=True, dir_okay=False)]
Mapping = Annotated[Path, typer.Option("--mapping", help="How they are to be read: a YAML file.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")]
Accept = Annotated[bool, typer.Option("--accept-deletions", help="Take out what a snapshot lacks, however much it is.")]
Back = Annotated[str, typer.Option("--allow-erased", metavar="REASON", help="Take back customers who were erased.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

# Between two looks into a watched folder.
LOOKS_EVERY_SECONDS = 15.0


def _feed(mapping: Path) -> Feed:
    return load_feed(settings.or_shipped(mapping), channels=channels_in(settings.load().knowledge))


@imports.command(name="customers")
def import_customers(
    files: Files,
    mapping: Mapping,
    dry_run: DryRun = False,  # noqa: FBT002 - a flag
    accept_deletions: Accept = False,  # noqa: FBT002 - a flag
    allow_erased: Back = "",
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """Import what a source says of customers, their accounts and orders; what is there already is left alone."""
    feed = _feed(mapping)
    most = 1.0 if accept_deletions else importing.MOST_DELETED
    take = partial(importing.import_customers, most_deleted=most, back=_back(allow_erased))
    _take(partial(importing.rehearse, sections=feed.records) if dry_run else take, files, feed, as_json=as_json)


@imports.command(name="interactions")
def import_interactions(
    files: Files,
    mapping: Mapping,
    dry_run: DryRun = False,  # noqa: FBT002 - a flag
    accept_deletions: Accept = False,  # noqa: FBT002 - a flag
    allow_erased: Back = "",
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """Import a source's interactions, each to the customer whom its keys name."""
    feed = _feed(mapping)
    most = 1.0 if accept_deletions else importing.MOST_DELETED
    take = partial(importing.import_interactions, most_deleted=most, back=_back(allow_erased))
    if dry_run:
        _take(partial(importing.rehearse, sections=feed.interactions), files, feed, as_json=as_json)
    else:
        _take(take, files, feed, as_json=as_json, routing=True)


@imports.command()
def watch(
    folder: Annotated[Path, typer.Argument(help="Where exports are laid.")],
    mappings: Annotated[list[Path], typer.Option("--mapping", help="One for each source, with `files:`; repeatable.")],
    once: Annotated[bool, typer.Option("--once", help="Look once and end, for a timer of the system.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Import every export that is laid into a folder, once; it is moved to done/, or to refused/ with the reason."""
    feeds = [_feed(mapping) for mapping in mappings]
    house = app.build(settings.load())
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with closing(house.database):
        watched = WatchedFolder(folder, feeds, lambda file, feed: _import(house, file, feed), house.importing)
        while not stop.is_set():
            try:
                handled = watched.sweep(now=datetime.now(UTC))
            except AlreadyRunning as fault:
                err.print(str(fault), style="dim", soft_wrap=True, highlight=False, markup=False)
                handled = []
            for one in handled:
                importing.note_exports(house.database, [one.moved_to], now=datetime.now(UTC))
                _tell(one)
            if once:
                break
            stop.wait(LOOKS_EVERY_SECONDS)


def _back(reason: str) -> TakingBack | None:
    return TakingBack(operator().id, reason.strip()) if reason.strip() else None


@imports.command()
def example() -> None:
    """Import a few made-up customers with today's dates, to try `/customer` with."""
    house = app.build(settings.load())
    with closing(house.database), house.importing():
        reports = import_example(house.database, settings.shipped("examples"), now=datetime.now(UTC))
    for report in reports:
        _show(report)
    print_line("Now try `/customer dana@example.org` in Slack, or `throughline customer dana@example.org` here.")


def _take(
    take: Callable[..., ImportReport], files: list[Path], feed: Feed, *, as_json: bool, routing: bool = False
) -> None:
    """`routing`: what came in is put where it belongs on the map, where there is one."""
    house = app.build(settings.load())
    with closing(house.database), house.importing(), json_lines() if as_json else bars(out) as show:

        def progress(what: str, done: int, total: int) -> None:
            show(Step(what, done, total))

        now = datetime.now(UTC)
        report = take(house.database, files, feed, now=now, progress=progress)
        if routing and house.touchpoints.map.cx:
            with suppress(AlreadyRunning):  # then the bot does it
                route_contacts(house, show)
    if as_json:
        print_json(report.as_json())
    else:
        _show(report)


def _import(house: app.House, file: Path, feed: Feed) -> list[ImportReport]:
    now = datetime.now(UTC)
    done: list[ImportReport] = []
    if feed.records:
        done.append(importing.import_customers(house.database, [file], feed, now=now))
    if feed.interactions:
        done.append(importing.import_interactions(house.database, [file], feed, now=now))
    return done


def _show(report: ImportReport) -> None:
    print_line(_summary(report))
    for file in report.rejected_files:
        print_line(f"   Why rows were rejected stands in {file}.")
    if report.withheld:
        print_line(
            f"   {report.withheld} are missing from this snapshot and were not taken out: that is more than a fifth. "
            "If the file is whole, import it again with --accept-deletions."
        )
    if report.proposed:
        print_line(f"   {report.proposed} new pairs may be one customer: `throughline customers proposals`.")
    if report.erased:
        print_line(f"   {report.erased} were left out, since their customers were erased.")
    if report.shared:
        print_line(f"   {report.shared} came from a number or address that several customers have, and stand under it.")


def _summary(report: ImportReport) -> str:
    counts = ("added", "changed", "unchanged", "deleted", "rejected", "repeated", "merged")
    told = ", ".join(f"{value} {name}" for name in counts if (value := getattr(report, name)))
    return f"{report.source}: {report.read} rows in {report.seconds:.1f} s: {told or 'nothing'}."


def _tell(one: Handled) -> None:
    print_line(f"{one.file} -> {one.moved_to.parent.name}/{one.moved_to.name}")
    if one.reason:
        print_line(f"   {one.reason}")
    for report in one.reports:
        _show(report)
