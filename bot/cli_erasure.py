"""The command line for a customer who wants to be forgotten: `throughline erase`."""

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from bot import app, settings
from bot.customers.identity.lookup import LookUp
from bot.erasure import Eraser, Preview, Receipt, load_backups
from bot.people import Person, must_be_admin
from bot.printing import print_json, print_line
from bot.progress import bars
from bot.retrieval.reindexing import Step
from bot.serving import looked_up, operator

err = Console(stderr=True, emoji=False)


def erase(
    customer: Annotated[
        str, typer.Option(metavar="KEY", help="An e-mail address, phone, order or account number, or a name.")
    ] = "",
    reason: Annotated[str, typer.Option(help="Why; it stands on the receipt.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it begins, for scripts.")] = False,  # noqa: FBT002 - a flag
    as_: Annotated[str, typer.Option("--as", help="Who does it: a name or e-mail of config/people.yaml.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the receipt as one JSON object.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Erase a customer, and prove that nothing is left. What was interrupted is finished first.

    Exit code 1 if something is left, 3 if the words do not lead to one customer or nobody said yes.
    """
    house = app.build(settings.load())
    person = house.directory.find(as_) if as_ else operator()
    must_be_admin(person)
    with closing(house.database), house.importing():
        with _at_work(house) as eraser:
            done = eraser.finish()
        for receipt in done:
            _tell(receipt, eraser.file_of(receipt), as_json=as_json)
        found = _looked_up(house, customer, person) if customer else None
        if found and found.customer:
            if not yes:
                with _at_work(house) as eraser:
                    preview = eraser.look(found.customer.id, by=person)
                _ask(found.customer.told, preview)
            with _at_work(house) as eraser:
                done.append(eraser.erase(found.customer.id, by=person, reason=reason))
            _tell(done[-1], eraser.file_of(done[-1]), as_json=as_json)
        elif found and (found.candidates or not done):  # else it was just finished, so nobody is known by it any more
            _ask_back(found, as_json=as_json)
        elif not done:
            print_line("Nothing waits to be finished. Name whom to erase: throughline erase --customer KEY")
    if not all(receipt.proven for receipt in done):
        raise typer.Exit(1)


@contextmanager
def _at_work(house: app.House) -> Iterator[Eraser]:
    """Shows how far it is, and nothing while somebody is asked."""
    staff = [words for member in house.directory.roster for words in (member.name, member.email)]
    with bars(err) as show:
        yield Eraser(
            house.database,
            house.settings.data_dir,
            clock=lambda: datetime.now(UTC),
            staff=staff,
            folders=load_backups(house.settings.config),
            progress=lambda what, rows, total: show(Step(what, rows, total)),
        )


def _looked_up(house: app.House, words: str, person: Person) -> LookUp:
    return looked_up(house.database, words, by=person, country=house.settings.country, now=datetime.now(UTC))


def _ask_back(found: LookUp, *, as_json: bool) -> NoReturn:
    if as_json:
        among = [{"id": one.source_id, "name": one.name, "keys": list(one.keys)} for one in found.candidates]
        print_json({"erased": None, "reason": found.reason, "candidates": among})
    else:
        print_line(f"Nothing was erased: {found.reason}.")
        for one in found.candidates:
            print_line(f"   {one.source_id}  {one.told}")
        print_line("Give what leads to one customer only: an e-mail address, a number, or name and postcode.")
    raise typer.Exit(3)


def _ask(whom: str, preview: Preview) -> None:
    """Goes on where somebody types yes."""
    print_line(f"This erases {whom}")
    for table, count in preview.removing.items():
        print_line(f"   {count:>6}  {table}")
    for table, count in preview.masking.items():
        print_line(f"   {count:>6}  {table} of others quote them, which is masked")
    print_line("Nothing brings that back but a backup.")
    if not sys.stdin.isatty():
        print_line("Nobody is there to say yes, so nothing was erased. For scripts there is --yes.")
        raise typer.Exit(3)
    if not typer.confirm("Erase them?", default=False):
        print_line("Nothing was erased.")
        raise typer.Exit(3)


def _tell(receipt: Receipt, file: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({**json.loads(file.read_text(encoding="utf-8")), "file": str(file)})
        return
    for line in receipt.told:
        print_line(line)
    print_line(f"The receipt: {file}")
