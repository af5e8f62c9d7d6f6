"""The command line for who looked at which customer: `throughline audit`."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, time, tzinfo
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import app, deadlines, settings
from bot.audit import Fault, Verdict
from bot.errors import AuditBroken, AuditRefused
from bot.oversight import Oversight, Report
from bot.serving import operator

out = Console(emoji=False)
audit = typer.Typer(
    name="audit",
    help="Who looked at which customer: read it, and check that nobody changed it; docs/security.md says how.",
    no_args_is_help=True,
)
# What a terminal shows; --json has them all.
SHOWN = 50


@audit.command()
def report(
    customer: Annotated[
        str, typer.Option(metavar="KEY", help="Who looked at this customer, by a number, address or alias.")
    ] = "",
    person: Annotated[
        str, typer.Option(help="At whom this person looked: an id of Slack's, or a name or address of people.yaml.")
    ] = "",
    since: Annotated[str, typer.Option(help="From this day on, 2026-11-22, or so long ago, 8h or 30d.")] = "",
    as_: Annotated[str, typer.Option("--as", help="Who reads it: a name or e-mail of config/people.yaml.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Say who looked at customers, how often and why. For auditors; reading it is written down too."""
    configured, now = settings.load(), datetime.now(UTC)
    start = _since(since, now=now, zone=configured.timezone) if since else None
    house = app.build(configured)
    with closing(house.database):
        by = house.directory.find(as_) if as_ else operator()
        oversight = Oversight(house.database, house.directory, country=house.settings.country)
        found = oversight.report(by=by, now=now, customer=customer, person=person, since=start)
    if as_json:
        _print_json({"readers": [asdict(one) for one in found.readers], "looks": [asdict(one) for one in found.looks]})
    else:
        _show(found, oversight, zone=configured.timezone)


@audit.command()
def verify(
    expect: Annotated[
        str, typer.Option(metavar="HEAD", help="What `audit head` printed earlier: are rows missing at the end?")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Check every row against its hash. Exit code 1 with the number of the first row at fault."""
    with _oversight() as oversight:
        verdict = oversight.verify(expect)
    if as_json:
        _print_json(_told(verdict))
    if verdict.fault:
        raise AuditBroken(_at_fault(verdict.fault))
    if not as_json:
        out.print(_sound(verdict), soft_wrap=True, highlight=False, markup=False)


@audit.command()
def head() -> None:
    """Print number and hash of the newest row. Keep it elsewhere: it proves later that no row is missing."""
    with _oversight() as oversight:
        newest = oversight.head()
    print(newest or "")  # noqa: T201 - exactly this


@contextmanager
def _oversight() -> Iterator[Oversight]:
    house = app.build(settings.load())
    with closing(house.database):
        yield Oversight(house.database, house.directory, country=house.settings.country)


def _since(written: str, *, now: datetime, zone: tzinfo | None) -> datetime:
    lasting = deadlines.ago(written)
    if lasting is not None:
        return now - lasting
    try:
        midnight = datetime.combine(date.fromisoformat(written.strip()), time())
    except ValueError:
        raise AuditRefused(
            f"{written!r} says no beginning. Write a day such as 2026-11-22, or how long ago: 8h, 30d."
        ) from None
    return (midnight.replace(tzinfo=zone) if zone else midnight.astimezone()).astimezone(UTC)


def _show(found: Report, oversight: Oversight, *, zone: tzinfo | None) -> None:
    if not found.readers:
        out.print("Nobody looked at a customer there.", highlight=False)
        return
    table = Table(box=None, pad_edge=False)
    for name in ("Who", "Customers", "Looks", "Why", "First", "Last"):
        table.add_column(name, overflow="fold")
    for one in found.readers:
        why = ", ".join(f"{purpose} {count}" for purpose, count in one.purposes.items())
        moments = (_moment(at, zone) for at in (one.first, one.last))
        who = f"{oversight.name(one.person)}{f' ({one.workspace})' if one.workspace else ''}"
        table.add_row(*map(escape, (who, str(one.customers), str(one.looks), why, *moments)))
    out.print(table, highlight=False)
    if found.looks:
        out.print()
        out.print(_looks(found, oversight, zone), highlight=False)
        if found.cut or len(found.looks) > SHOWN:
            out.print(f"The newest {SHOWN}; --since narrows it, --json prints more.", highlight=False)
    else:
        out.print("--person or --customer shows the single looks.", highlight=False)


def _looks(found: Report, oversight: Oversight, zone: tzinfo | None) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("No.", "When", "Who", "Customer", "Why", "Shown", "Where"):
        table.add_column(name, overflow="fold", no_wrap=name == "Customer")  # an alias is there to be copied
    for one in found.looks[:SHOWN]:
        where = " ".join(filter(None, (one.channel, one.reference))) or "the command line"
        shown = ", ".join(one.fields)
        told = (str(one.number), _moment(one.at, zone), oversight.name(one.person), one.customer, one.purpose)
        table.add_row(*map(escape, (*told, shown, where)))
    return table


def _sound(verdict: Verdict) -> str:
    if verdict.head is None:
        return "Nothing stands in the audit yet."
    dropped = f" (1 to {verdict.first - 1} were past their time and dropped)" if verdict.first > 1 else ""
    return (
        f"{verdict.rows} rows, {verdict.first} to {verdict.head.number}{dropped}, are as they were written.\n"
        f"Head: {verdict.head}"
    )


def _at_fault(fault: Fault) -> str:
    return (
        f"Row {fault.number} of the audit {fault.what} The rows before it are sound. Keep the database as it is, "
        "compare it with a backup, and find out who could write to it."
    )


def _told(verdict: Verdict) -> dict[str, object]:
    return {
        "sound": verdict.fault is None,
        "rows": verdict.rows,
        "first": verdict.first,
        "head": str(verdict.head) if verdict.head else None,
        "fault": asdict(verdict.fault) if verdict.fault else None,
    }


def _moment(at: datetime, zone: tzinfo | None) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _print_json(told: Mapping[str, object]) -> None:
    print(json.dumps(told, ensure_ascii=False, default=datetime.isoformat))  # noqa: T201 - exactly this
