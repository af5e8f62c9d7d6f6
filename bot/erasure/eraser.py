"""Erases a customer: shows what there is, removes it, and proves that it is gone. Interrupted, it is finished later."""

import platform
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import copies
from bot.audit.chain import append
from bot.audit.rows import Entry, Purpose
from bot.customers import erased
from bot.customers.identity.identifying import Identity, identity_of, together
from bot.customers.permission import must_be_permitted
from bot.customers.tables import CustomerRow
from bot.database import Database
from bot.erasure import backups, cleaning, files, plans, receipts, removing, treatments
from bot.erasure.backups import BackupFolder
from bot.erasure.receipts import Receipt
from bot.erasure.scanning import Progress, Scan, scan
from bot.erasure.tables import PROVEN, REMOVED, ErasureRow
from bot.erasure.wanted import Wanted
from bot.errors import ErasureUnfinished
from bot.people import Person, must_be_admin
from bot.retrieval import catalogue, forgetting

# A bot that runs may write, once, what it read a moment before; after that it knows nobody.
_SWEEPS = 3
_KNOWLEDGE = "knowledge_"


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would do: rows that go and rows of others in which something is masked, by table."""

    identity: Identity
    removing: dict[str, int]
    masking: dict[str, int]


class Eraser:
    """`staff` are names and addresses of employees, which tell nothing of a customer who has the same."""

    def __init__(
        self,
        database: Database,
        data_dir: Path,
        *,
        clock: Callable[[], datetime],
        staff: Collection[str] = (),
        folders: Sequence[BackupFolder] = (),
        progress: Progress = lambda _what, _done, _total: None,
    ) -> None:
        self._database = database
        self._data_dir = data_dir
        self._clock = clock
        self._staff = staff
        self._folders = folders
        self._progress = progress

    def look(self, customer: int, *, by: Person) -> Preview:
        """Everything there is of a customer; writes nothing. Raises `NotAllowed`."""
        must_be_admin(by)
        must_be_permitted(by.audiences)
        with self._database.reading() as session:
            wanted = self._wanted(session, customer, by)
            found = scan(session, wanted, progress=self._progress)
        going = {table: count for table, count in found.going.items() if count}
        quoting = {table: len(keys) for table, keys in found.quoting.items()}
        return Preview(wanted.identity, going | quoting, {table: len(keys) for table, keys in found.masking.items()})

    def erase(self, customer: int, *, by: Person, reason: str) -> Receipt:
        """Nobody else may import meanwhile. Raises `NotAllowed`, or `ErasureUnfinished` where it has to go on later."""
        must_be_admin(by)
        must_be_permitted(by.audiences)
        number = secrets.token_hex(16)
        with self._database.reading() as session:
            wanted = self._wanted(session, customer, by)
            found = scan(session, wanted, progress=self._progress)
        plans.write(self._data_dir, number, wanted.identity, wanted.texts)
        with self._database.writing.begin() as session:
            self._remove(session, found, wanted, number=number, by=by.id, reason=reason)
        return self._prove(number, wanted.identity, wanted.texts)

    def finish(self) -> list[Receipt]:
        """Go on with what was interrupted, or was not proven. Raises `ErasureUnfinished`."""
        with self._database.reading() as session:
            waiting = session.scalars(
                select(ErasureRow.id).where(ErasureRow.state == REMOVED).order_by(ErasureRow.began_at)
            ).all()
        for number in plans.all_of(self._data_dir):
            if number not in waiting:  # nothing was removed yet, or all is proven
                plans.drop(self._data_dir, number)
        return [self._prove(number, *plans.read(self._data_dir, number)) for number in waiting]

    def file_of(self, receipt: Receipt) -> Path:
        """Where a receipt is, as JSON; its words stand beside it."""
        return receipts.file_of(self._data_dir, receipt.number)

    def _wanted(self, session: Session, customer: int, by: Person) -> Wanted:
        identity = identity_of(session, customer, audiences=by.audiences, staff=self._staff)
        return Wanted(identity, treatments.words_of(session, identity.ids))

    def _remove(self, session: Session, found: Scan, wanted: Wanted, *, number: str, by: str, reason: str) -> None:
        now, identity = self._clock(), wanted.identity
        if together(session, identity.ids[0]) != list(identity.ids):
            raise ErasureUnfinished(
                "Nothing was erased: the customer was merged or split at this moment. Run `throughline erase` again."
            )
        shared = {value.text for value in identity.shared}
        keys = {key for key in identity.keys if key.value not in shared}
        erased.remember(session, number, keys=keys, names=identity.names, rows=identity.rows, now=now)
        rows = {
            "masked": removing.mask(session, found, wanted),
            "removed": removing.remove(session, found, wanted),
        }
        kept = str(wanted.masker()(reason))
        machine = platform.node()[:255]
        session.add(
            ErasureRow(
                id=number, state=REMOVED, began_at=now, ended_at=None, by=by, reason=kept, machine=machine, rows=rows
            )
        )
        entry = Entry(at=now, workspace="", person=by, purpose=Purpose.ERASURE, reference=f"erasure {number}")
        append(session, entry)

    def _prove(self, number: str, identity: Identity, texts: tuple[str, ...]) -> Receipt:
        for _ in range(_SWEEPS):
            found, wanted = self._swept(number, identity, texts)
            self._progress("rewriting", 0, 1)
            cleaning.clean(self._database.engine)
            pieces = wanted.in_files()
            own = files.of_database(self._database)
            plan = plans.file_of(self._data_dir, number)
            of_server, why = files.of_server(self._database) if self._database.on_server else ([], "")
            here = [file for file in files.within(self._data_dir) if file != plan]
            searched = files.search([*here, *own, *of_server], pieces, progress=self._progress)
            if not any(str(file) in searched.hits for file in (*own, *of_server)):
                break  # else somebody wrote while the rows were looked through
        now = self._clock()
        with self._database.reading() as session:
            row = session.get_one(ErasureRow, number)
            known = copies.noted(session)
        still = backups.looked_through(known, self._folders, pieces, own=[*here, *own], before=row.began_at)
        receipt = Receipt(
            number=number,
            began_at=row.began_at,
            ended_at=now,
            by=row.by,
            reason=row.reason,
            removed=row.rows["removed"],
            masked=row.rows["masked"],
            looked_for=receipts.looked_for(wanted),
            not_looked_for=receipts.not_looked_for(wanted),
            rows_searched=found.rows,
            files_searched=searched.files,
            bytes_searched=searched.bytes,
            server_files=_server_files(of_server, why) if self._database.on_server else "",
            found=receipts.places(found, searched, self._remedy),
            unread=searched.unread,
            copies=tuple(still),
            remains=_remains(self._database),
        )
        receipts.write(self._data_dir, receipt, wanted.masker())
        if receipt.proven:
            with self._database.writing.begin() as session:
                for copy in known:
                    if backups.is_gone(copy):
                        copies.forget(session, copy.place)
                done = session.get_one(ErasureRow, number)
                done.state, done.ended_at = PROVEN, now
            plans.drop(self._data_dir, number)
        return receipt

    def _swept(self, number: str, identity: Identity, texts: tuple[str, ...]) -> tuple[Scan, Wanted]:
        """Until nothing is left to remove: a bot that runs may have written what it had read before."""
        for _ in range(_SWEEPS):
            with self._database.reading() as session:
                wanted = Wanted(replace(identity, ids=_still_there(session, identity)), texts)
                found = scan(session, wanted, progress=self._progress)
            earlier = any(name.startswith(_KNOWLEDGE) for name in found.places) and self._drop_earlier_states()
            if not found.something_to_do and not earlier:
                break
            with self._database.writing.begin() as session:
                row = session.get_one(ErasureRow, number)
                masked = removing.mask(session, found, wanted)
                removed = removing.remove(session, found, wanted)
                if not masked and not removed and not earlier:
                    break
                row.rows = {"masked": _sum(row.rows["masked"], masked), "removed": _sum(row.rows["removed"], removed)}
        return found, wanted

    def _drop_earlier_states(self) -> bool:
        """States of the knowledge from before the live one, to which nobody can go back then."""
        with self._database.writing.begin() as session:
            live = catalogue.live_generation(session)
            there = session.scalars(select(catalogue.Generation.number)).all()
            if live is None or not any(number < live.number for number in there):
                return False
            forgetting.forget_before(session, live.number, swept=live.number)
        return True

    def _remedy(self, file: str) -> str:
        if Path(file) in files.of_database(self._database):
            return "Run `throughline erase` again; if it stays, stop the bot before."
        return "Delete the file, then run `throughline erase` again."


def _still_there(session: Session, identity: Identity) -> tuple[int, ...]:
    """By alias: what has a number of theirs by now may be somebody else's."""
    asked = select(CustomerRow.id).where(CustomerRow.alias.in_(identity.aliases))
    return tuple(sorted(session.scalars(asked)))


def _sum(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}


def _server_files(of_server: list[Path], why: str) -> str:
    return f"{len(of_server)} were searched" if of_server else f"not searched, since {why}"


def _remains(database: Database) -> tuple[str, ...]:
    told = [
        "Not reached from here: the systems that the exports come from, and direct messages that stand in Slack.",
        "A bot that runs may remember words of a question until it is started anew; it writes them nowhere.",
    ]
    if database.on_server:
        told.append(
            "The database server's log of changes (pg_wal, archives, standbys) holds deleted rows until it is written "
            "over; whoever runs the server says when that is, and which backups there are."
        )
    return tuple(told)
