"""The command line for who is one customer: `throughline customers`."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from bot import app, settings
from bot.audit import Purpose
from bot.cli_routes import route, routed, unrouted
from bot.customers.identity import histories, merging, proposals
from bot.customers.identity.candidates import Candidate
from bot.customers.permission import must_be_permitted
from bot.errors import IdentityError
from bot.people import Person
from bot.printing import print_json, print_line
from bot.serving import looked_up, note_aliases, operator

customers = typer.Typer(
    name="customers", help="Who is one customer, and what contacts are about.", no_args_is_help=True
)

for _command in (route, routed, unrouted):
    customers.command()(_command)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
As = Annotated[str, typer.Option("--as", help="Who does it: a name or e-mail of config/people.yaml.")]

_SHOWN = 20


@customers.command(name="proposals")
def list_proposals(as_: As = "", as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """List customers who may be one, the likeliest first."""
    house, person = _begin(as_)
    with closing(house.database):
        with house.database.reading() as session:
            waiting = proposals.waiting(session, limit=_SHOWN)
        shown = [side.alias for one in waiting for side in (one.one, one.other)]
        _note(house, shown, person, ("name", "address", "keys", "records"))
    if as_json:
        print_json([_proposal_row(one) for one in waiting])
        return
    for one in waiting:
        print_line(f"{one.number}  {one.score:.0f} of 100: {one.reason}")
        for side in (one.one, one.other):
            print_line(f"   {side.name} · {side.address} · {', '.join(side.keys)} ({', '.join(side.records)})")
    print_line(
        "One customer: `throughline customers accept NUMBER`; two: `throughline customers refuse NUMBER`."
        if waiting
        else "No two customers look like one."
    )


@customers.command()
def accept(number: int, as_: As = "") -> None:
    """They are one customer: everything goes to the first."""
    with _writing(as_) as (session, by):
        done = proposals.accept(session, number, by=by, now=datetime.now(UTC))
    print_line(f"Merged. If that was wrong: `throughline customers undo {done}`.")


@customers.command()
def refuse(number: int, as_: As = "") -> None:
    """They are two customers; nobody is asked again, and no rule merges them."""
    with _writing(as_) as (session, by):
        proposals.refuse(session, number, by=by, now=datetime.now(UTC))
    print_line("They stay two.")


@customers.command()
def merge(
    kept: Annotated[str, typer.Argument(help="A key of the one who stays: an e-mail address, an id.")],
    gone: Annotated[str, typer.Argument(help="A key of the one who goes into it.")],
    reason: Annotated[str, typer.Option(help="Why they are one.")],
    as_: As = "",
) -> None:
    """Two customers are one."""
    house, person = _begin(as_)
    with closing(house.database):
        one, other = _only(house, kept, person), _only(house, gone, person)
        with house.database.writing.begin() as session:
            done = merging.merge(session, one.id, other.id, by=person.id, reason=reason, now=datetime.now(UTC))
    print_line(f"Merged {other.told} into {one.told}. If that was wrong: `throughline customers undo {done}`.")


@customers.command()
def split(
    key: Annotated[str, typer.Argument(help="A key of the customer: an e-mail address, an id.")],
    records: Annotated[list[str], typer.Argument(help="What becomes one of its own: SOURCE:ID, as `merges` shows.")],
    reason: Annotated[str, typer.Option(help="Why they are two.")],
    as_: As = "",
) -> None:
    """One customer is two: these records become the other one's."""
    house, person = _begin(as_)
    with closing(house.database):
        one = _only(house, key, person)
        with house.database.writing.begin() as session:
            ids = histories.records_called(session, one.id, records)
            done = merging.split(session, one.id, ids, by=person.id, reason=reason, now=datetime.now(UTC))
    print_line(f"Split. If that was wrong: `throughline customers undo {done}`.")


@customers.command()
def undo(number: int, as_: As = "") -> None:
    """Take a merge or split back: exactly what it moved goes back."""
    with _writing(as_) as (session, by):
        merging.undo(session, number, by=by, now=datetime.now(UTC))
    print_line("Undone; it is as it was before.")


@customers.command()
def merges(
    key: Annotated[str, typer.Argument(help="Of one customer only: an e-mail address, an id.")] = "",
    as_: As = "",
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """List merges and splits, the newest first, and with a key the records of that customer."""
    house, person = _begin(as_)
    with closing(house.database):
        one = _only(house, key, person) if key else None
        with house.database.reading() as session:
            done = histories.changes(session, one.id if one else None, limit=_SHOWN)
            records = histories.records_of(session, one.id) if one else []
        _note(house, [one.alias] if one else [], person, ("records",))
        _note(house, [alias for change in done for alias in change.aliases], person, ("name", "merges"))
    if as_json:
        print_json({"changes": [change.as_json() for change in done], "records": records})
        return
    for change in done:
        print_line(change.told)
    for record in records:
        print_line(f"   {record}")
    if not done:
        print_line("Nothing was merged or split.")


def _only(house: app.House, key: str, by: Person) -> Candidate:
    found = looked_up(house.database, key, by=by, country=house.settings.country, now=datetime.now(UTC))
    if found.customer is None:
        among = "; ".join(one.told for one in found.candidates)
        raise IdentityError(f"{key!r} does not lead to one customer: {found.reason}. {among}".strip())
    return found.customer


def _begin(as_: str) -> tuple[app.House, Person]:
    """Who it is that looks. Raises `NotAllowed`."""
    house = app.build(settings.load())
    person = house.directory.find(as_) if as_ else operator()
    must_be_permitted(person.audiences)
    return house, person


def _note(house: app.House, aliases: Iterable[str], by: Person, fields: tuple[str, ...]) -> None:
    note_aliases(house.database, aliases, by=by, purpose=Purpose.IDENTITY, fields=fields, now=datetime.now(UTC))


@contextmanager
def _writing(as_: str) -> Iterator[tuple[Session, str]]:
    """A transaction, and who it is done by."""
    house, person = _begin(as_)
    with closing(house.database), house.database.writing.begin() as session:
        yield session, person.id


def _proposal_row(one: proposals.Proposal) -> dict[str, Any]:
    sides = [
        {"name": side.name, "records": list(side.records), "address": side.address, "keys": list(side.keys)}
        for side in (one.one, one.other)
    ]
    return {"number": one.number, "score": one.score, "reason": one.reason, "customers": sides}
