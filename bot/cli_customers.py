"""The command line for customers: `throughline import`, `throughline customer`, `throughline customers`."""

import json
import signal
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Annotated, Any

import typer
from rich.console import Console
from sqlalchemy.orm import Session

from bot import app, settings
from bot.audiences import CUSTOMERS
from bot.curation import OPERATOR
from bot.customers import histories, importing, merging, proposals, recent
from bot.customers.candidates import Candidate
from bot.customers.feed import Feed
from bot.customers.lookup import LookUp, look_up
from bot.customers.mapping import load_feed
from bot.customers.permission import must_be_permitted
from bot.customers.reporting import ImportReport
from bot.customers.watching import Handled, WatchedFolder
from bot.errors import AlreadyRunning, IdentityError, ImportRefused
from bot.people import Person
from bot.progress import bars, json_lines
from bot.retrieval.reindexing import Step

out = Console(emoji=False)
err = Console(stderr=True, emoji=False)
imports = typer.Typer(
    name="import",
    help="Take over customers and interactions from exports; docs/customers.md says how.",
    no_args_is_help=True,
)
customers = typer.Typer(name="customers", help="Who is one customer: proposals, merges, splits.", no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="Exports of one source.", exists=True, dir_okay=False)]
Mapping = Annotated[Path, typer.Option("--mapping", help="How they are to be read: a YAML file.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Accept = Annotated[bool, typer.Option("--accept-deletions", help="Take out what a snapshot lacks, however much it is.")]
As = Annotated[str, typer.Option("--as", help="Who does it: a name or e-mail of config/people.yaml.")]

# Between two looks into a watched folder.
LOOKS_EVERY_SECONDS = 15.0
_SHOWN = 20


@imports.command(name="customers")
def import_customers(
    files: Files,
    mapping: Mapping,
    dry_run: DryRun = False,  # noqa: FBT002 - a flag
    accept_deletions: Accept = False,  # noqa: FBT002 - a flag
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """Import what a source says of customers, their accounts and orders; what is there already is left alone."""
    feed = load_feed(_found(mapping))
    with _imported(as_json=as_json) as (house, progress):
        now = datetime.now(UTC)
        if dry_run:
            report = importing.rehearse(house.database, files, feed, feed.records, now=now)
        else:
            most = 1.0 if accept_deletions else importing.MOST_DELETED
            report = importing.import_customers(
                house.database, files, feed, now=now, progress=progress, most_deleted=most
            )
    _show(report, as_json=as_json)


@imports.command(name="interactions")
def import_interactions(
    files: Files,
    mapping: Mapping,
    dry_run: DryRun = False,  # noqa: FBT002 - a flag
    accept_deletions: Accept = False,  # noqa: FBT002 - a flag
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """Import a source's interactions, each to the customer whom its keys name."""
    feed = load_feed(_found(mapping))
    with _imported(as_json=as_json) as (house, progress):
        now = datetime.now(UTC)
        if dry_run:
            report = importing.rehearse(house.database, files, feed, feed.interactions, now=now)
        else:
            most = 1.0 if accept_deletions else importing.MOST_DELETED
            report = importing.import_interactions(
                house.database, files, feed, now=now, progress=progress, most_deleted=most
            )
    _show(report, as_json=as_json)


@imports.command()
def watch(
    folder: Annotated[Path, typer.Argument(help="Where exports are laid.")],
    mappings: Annotated[list[Path], typer.Option("--mapping", help="One for each source, with `files:`; repeatable.")],
    once: Annotated[bool, typer.Option("--once", help="Look once and end, for a timer of the system.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Import every export that is laid into a folder, once; it is moved to done/, or to refused/ with the reason."""
    feeds = [load_feed(_found(mapping)) for mapping in mappings]
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
                _tell(one)
            if once:
                break
            stop.wait(LOOKS_EVERY_SECONDS)


def _found(mapping: Path) -> Path:
    """The file of this path, else the example of this path that came with the program."""
    shipped = settings.shipped("examples").parent / mapping
    return shipped if not mapping.exists() and shipped.is_file() else mapping


def _import(house: app.House, file: Path, feed: Feed) -> list[ImportReport]:
    now = datetime.now(UTC)
    done: list[ImportReport] = []
    if feed.records:
        done.append(importing.import_customers(house.database, [file], feed, now=now))
    if feed.interactions:
        done.append(importing.import_interactions(house.database, [file], feed, now=now))
    return done


def customer(
    words: Annotated[str, typer.Argument(help="An e-mail address, phone, order or account number, or a name.")] = "",
    as_: Annotated[
        str, typer.Option("--as", help="Who looks: a name or e-mail of config/people.yaml. Default: this machine.")
    ] = "",
    requests: Annotated[
        Path | None, typer.Option(help="Look up each line of a file: {_id, text}.", exists=True, dir_okay=False)
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """Look a customer up. Exit code 0 if one was found, 3 if not: then it says among whom to choose."""
    house = app.build(settings.load())
    with closing(house.database), house.database.reading() as session:
        audiences = (house.directory.find(as_) if as_ else _operator()).audiences
        if requests:
            _answer_requests(session, requests, audiences)
            return
        found = look_up(session, words, audiences=audiences)
        latest = recent.latest_of(session, found.customer.id, audiences=audiences) if found.customer else []
    if as_json:
        _print_json({**_told(found), "latest": [one.as_json() for one in latest]})
    else:
        _show_found(found, latest)
    if found.customer is None:
        raise typer.Exit(3)


@customers.command(name="proposals")
def list_proposals(as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """List customers who may be one, the likeliest first."""
    with _reading() as session:
        waiting = proposals.waiting(session, limit=_SHOWN)
    if as_json:
        _print_json([_proposal_row(one) for one in waiting])
        return
    for one in waiting:
        _say(f"{one.number}  {one.score:.0f} of 100: {one.reason}")
        for side in (one.one, one.other):
            _say(f"   {side.name} · {side.address} · {', '.join(side.keys)} ({', '.join(side.records)})")
    _say(
        "One customer: `throughline customers accept NUMBER`; two: `throughline customers refuse NUMBER`."
        if waiting
        else "No two customers look like one."
    )


@customers.command()
def accept(number: int, as_: As = "") -> None:
    """They are one customer: everything goes to the first."""
    with _writing(as_) as (session, by):
        done = proposals.accept(session, number, by=by, now=datetime.now(UTC))
    _say(f"Merged. If that was wrong: `throughline customers undo {done}`.")


@customers.command()
def refuse(number: int, as_: As = "") -> None:
    """They are two customers; nobody is asked again, and no rule merges them."""
    with _writing(as_) as (session, by):
        proposals.refuse(session, number, by=by, now=datetime.now(UTC))
    _say("They stay two.")


@customers.command()
def merge(
    kept: Annotated[str, typer.Argument(help="A key of the one who stays: an e-mail address, an id.")],
    gone: Annotated[str, typer.Argument(help="A key of the one who goes into it.")],
    reason: Annotated[str, typer.Option(help="Why they are one.")],
    as_: As = "",
) -> None:
    """Two customers are one."""
    with _writing(as_) as (session, by):
        one, other = _only(session, kept), _only(session, gone)
        done = merging.merge(session, one.id, other.id, by=by, reason=reason, now=datetime.now(UTC))
    _say(f"Merged {other.told} into {one.told}. If that was wrong: `throughline customers undo {done}`.")


@customers.command()
def split(
    key: Annotated[str, typer.Argument(help="A key of the customer: an e-mail address, an id.")],
    records: Annotated[list[str], typer.Argument(help="What becomes one of its own: SOURCE:ID, as `merges` shows.")],
    reason: Annotated[str, typer.Option(help="Why they are two.")],
    as_: As = "",
) -> None:
    """One customer is two: these records become the other one's."""
    with _writing(as_) as (session, by):
        one = _only(session, key)
        ids = histories.records_called(session, one.id, records)
        done = merging.split(session, one.id, ids, by=by, reason=reason, now=datetime.now(UTC))
    _say(f"Split. If that was wrong: `throughline customers undo {done}`.")


@customers.command()
def undo(number: int, as_: As = "") -> None:
    """Take a merge or split back: exactly what it moved goes back."""
    with _writing(as_) as (session, by):
        merging.undo(session, number, by=by, now=datetime.now(UTC))
    _say("Undone; it is as it was before.")


@customers.command()
def merges(
    key: Annotated[str, typer.Argument(help="Of one customer only: an e-mail address, an id.")] = "",
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """List merges and splits, the newest first, and with a key the records of that customer."""
    with _reading() as session:
        one = _only(session, key) if key else None
        done = histories.changes(session, one.id if one else None, limit=_SHOWN)
        records = histories.records_of(session, one.id) if one else []
    if as_json:
        _print_json({"changes": [change.as_json() for change in done], "records": records})
        return
    for change in done:
        _say(change.told)
    for record in records:
        _say(f"   {record}")
    if not done:
        _say("Nothing was merged or split.")


def _only(session: Session, key: str) -> Candidate:
    found = look_up(session, key, audiences=_operator().audiences)
    if found.customer is None:
        among = "; ".join(one.told for one in found.candidates)
        raise IdentityError(f"{key!r} does not lead to one customer: {found.reason}. {among}".strip())
    return found.customer


def _operator() -> Person:
    """Whoever runs commands on the machine may read its whole database."""
    return Person(id="", name=OPERATOR.name, audiences=OPERATOR.audiences | {CUSTOMERS}, roles=OPERATOR.roles)


@contextmanager
def _imported(*, as_json: bool) -> Iterator[tuple[app.House, importing.Progress]]:
    house = app.build(settings.load())
    with closing(house.database), house.importing(), json_lines() if as_json else bars(out) as show:
        yield house, lambda what, done, total: show(Step(what, done, total))


@contextmanager
def _reading() -> Iterator[Session]:
    house = app.build(settings.load())
    with closing(house.database), house.database.reading() as session:
        yield session


@contextmanager
def _writing(as_: str) -> Iterator[tuple[Session, str]]:
    """A transaction, and who it is done by."""
    house = app.build(settings.load())
    person = house.directory.find(as_) if as_ else _operator()
    must_be_permitted(person.audiences)
    with closing(house.database), house.database.writing.begin() as session:
        yield session, person.id or person.name


def _answer_requests(session: Session, file: Path, audiences: frozenset[str]) -> None:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                asked = json.loads(line)
                name, text = asked["_id"], str(asked["text"])
            except (ValueError, TypeError, KeyError) as fault:
                raise ImportRefused(f'{file}, line {number}: write {{"_id": ..., "text": ...}}.') from fault
            told = _told(look_up(session, text, audiences=audiences))
            among = [one["id"] for one in told["candidates"]]
            one = told["customer"]["id"] if told["customer"] else None
            _print_json({"_id": name, "customer": one, "candidates": among, "reason": told["reason"]})


def _told(found: LookUp) -> dict[str, Any]:
    return {
        "customer": _candidate_row(found.customer) if found.customer else None,
        "candidates": [_candidate_row(one) for one in found.candidates],
        "reason": found.reason,
    }


def _candidate_row(one: Candidate) -> dict[str, Any]:
    last = one.last_at.isoformat() if one.last_at else None
    return {"id": one.source_id, "name": one.name, "city": one.city, "keys": list(one.keys), "last_contact": last}


def _proposal_row(one: proposals.Proposal) -> dict[str, Any]:
    sides = [
        {"name": side.name, "records": list(side.records), "address": side.address, "keys": list(side.keys)}
        for side in (one.one, one.other)
    ]
    return {"number": one.number, "score": one.score, "reason": one.reason, "customers": sides}


def _show_found(found: LookUp, latest: Sequence[recent.Latest]) -> None:
    if found.customer:
        _say(f"{found.customer.told}   ({found.reason})")
        for one in latest:
            _say(f"   {one.told}")
        return
    _say(f"{found.reason[:1].upper()}{found.reason[1:]}.")
    for candidate in found.candidates:
        _say(f"   {candidate.source_id}  {candidate.told}")
    if not found.candidates:
        _say("Give an e-mail address, a phone, order or account number, or first and last name with the postcode.")


def _show(report: ImportReport, *, as_json: bool) -> None:
    if as_json:
        _print_json(report.as_json())
        return
    _say(_summary(report))
    for file in report.rejected_files:
        _say(f"   Why rows were rejected stands in {file}.")
    if report.withheld:
        _say(
            f"   {report.withheld} are missing from this snapshot and were not taken out: that is more than a fifth. "
            "If the file is whole, import it again with --accept-deletions."
        )
    if report.proposed:
        _say(f"   {report.proposed} new pairs may be one customer: `throughline customers proposals`.")
    if report.shared:
        _say(f"   {report.shared} came from a number or address that several customers have, and stand under it.")


def _summary(report: ImportReport) -> str:
    counts = ("added", "changed", "unchanged", "deleted", "rejected", "repeated", "merged")
    told = ", ".join(f"{value} {name}" for name in counts if (value := getattr(report, name)))
    return f"{report.source}: {report.read} rows in {report.seconds:.1f} s: {told or 'nothing'}."


def _tell(one: Handled) -> None:
    _say(f"{one.file} -> {one.moved_to.parent.name}/{one.moved_to.name}")
    if one.reason:
        _say(f"   {one.reason}")
    for report in one.reports:
        _show(report, as_json=False)


def _say(line: str) -> None:
    out.print(line, soft_wrap=True, highlight=False, markup=False)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False))  # noqa: T201 - exactly this, with nothing folded
