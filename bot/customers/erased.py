"""Whom an import must not bring back: keyed hashes of what erased customers were known by, and of their rows.

The key is in the database, so who has that could try all phone numbers there are; it keeps the hashes from being
compared with those of anybody else. A row is refused that

- is a row of somebody erased, by its source and id;
- has an e-mail address, an account, an order or an id of theirs;
- has a phone number of theirs with their name, or without any name: numbers are given to others after some months;
- tells of a contact before the erasure on an address or a number of theirs. Who contacts us again is somebody new.
"""

import hmac
import secrets
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.customers.batches import batched, one_of
from bot.customers.kinds import IDENTIFYING, KeyKind
from bot.customers.records import Contact, Key, Record
from bot.database import Base, UtcDateTime, insert

# What a row of an export with an interaction is called beside the kinds of records.
INTERACTION = "interaction"
REASON = "its customer was erased; if they are to be back, import it again with --allow-erased REASON"


class ErasedKeyRow(Base):
    """`erasure` is the number of the receipt."""

    __tablename__ = "erased_keys"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    erasure: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ErasureHashKeyRow(Base):
    """One row: the key of the hashes."""

    __tablename__ = "erasure_hash_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(String(64))


def remember(
    session: Session,
    erasure: str,
    *,
    keys: Collection[Key],
    names: Collection[str],
    rows: Collection[tuple[str, str, str]],
    now: datetime,
) -> int:
    """`rows`: source, kind and id; gives how many hashes there are."""
    hashed = _Hash.made(session)
    told = [_row(*row) for row in rows]
    for key in keys:
        told += [*_of_key(key, ()), *_of_key(key, names)] if key.kind is KeyKind.PHONE else _of_key(key, names)
    digests = sorted({hashed(words) for words in told})
    for some in batched(digests, 5000):
        values = [{"digest": digest, "erasure": erasure, "at": now} for digest in some]
        session.execute(insert(session, ErasedKeyRow).values(values).on_conflict_do_nothing())
    return len(digests)


def erased_records(session: Session, source: str, kind: str, records: Iterable[Record]) -> dict[str, str]:
    """The ids of those records whose customer was erased, each with the number of the receipt."""
    hashed = _Hash.kept(session)
    if hashed is None:
        return {}
    told = {record.source_id: list(_of_record(source, kind, record)) for record in records}
    return {source_id: erasures[0][0] for source_id, erasures in _known(session, told, hashed).items()}


def erased_contacts(session: Session, source: str, contacts: Iterable[Contact]) -> dict[str, str]:
    """As `erased_records`, of interactions."""
    hashed = _Hash.kept(session)
    if hashed is None:
        return {}
    at = {each.source_id: (each.columns or {})["at"] for each in contacts if not each.gone}
    told = {each.source_id: [_row(source, INTERACTION, each.source_id)] for each in contacts if not each.gone}
    found = {source_id: erasures[0][0] for source_id, erasures in _known(session, told, hashed).items()}
    by_key = {
        each.source_id: [words for key in each.customer for words in _of_key(key, ())]
        for each in contacts
        if not each.gone
    }
    for source_id, erasures in _known(session, by_key, hashed).items():
        if before := [number for number, when in erasures if at[source_id] <= when]:
            found.setdefault(source_id, before[0])
    return found


def take_back(session: Session, erasures: Collection[str]) -> None:
    """These customers may be imported again."""
    session.execute(delete(ErasedKeyRow).where(ErasedKeyRow.erasure.in_(erasures)))


class _Hash:
    def __init__(self, secret: str) -> None:
        self._secret = bytes.fromhex(secret)

    @classmethod
    def made(cls, session: Session) -> "_Hash":
        session.execute(
            insert(session, ErasureHashKeyRow).values(id=1, secret=secrets.token_hex(32)).on_conflict_do_nothing()
        )
        return cls(session.scalars(select(ErasureHashKeyRow.secret)).one())

    @classmethod
    def kept(cls, session: Session) -> "_Hash | None":
        """None where nobody was ever erased: then there is nothing to hash."""
        secret = session.scalars(select(ErasureHashKeyRow.secret)).one_or_none()
        return cls(secret) if secret else None

    def __call__(self, words: str) -> str:
        return hmac.digest(self._secret, words.encode(errors="surrogatepass"), "sha256").hex()


def _known(session: Session, told: dict[str, list[str]], hashed: _Hash) -> dict[str, list[tuple[str, datetime]]]:
    """Of each id the erasures that any of its words is known by."""
    by_digest: dict[str, list[str]] = {}
    for source_id, words in told.items():
        for each in words:
            by_digest.setdefault(hashed(each), []).append(source_id)
    found: dict[str, list[tuple[str, datetime]]] = {}
    for some in batched(by_digest):
        rows = select(ErasedKeyRow.digest, ErasedKeyRow.erasure, ErasedKeyRow.at).where(
            one_of(session, ErasedKeyRow.digest, some)
        )
        for digest, erasure, at in session.execute(rows):
            for source_id in by_digest[digest]:
                found.setdefault(source_id, []).append((erasure, at))
    return found


def _of_record(source: str, kind: str, record: Record) -> Iterator[str]:
    yield _row(source, kind, record.source_id)
    names = [key.value for key in record.keys if key.kind is KeyKind.NAME]
    for key in (*record.keys, *record.owner):
        if key.kind in IDENTIFYING:
            yield from _of_key(key, names)


def _row(source: str, kind: str, source_id: str) -> str:
    return f"row:{source}:{kind}:{source_id}"


def _of_key(key: Key, names: Collection[str]) -> Iterator[str]:
    if key.kind is KeyKind.PHONE and names:
        yield from (f"key:{key}:{name}" for name in names)
    else:
        yield f"key:{key}"
