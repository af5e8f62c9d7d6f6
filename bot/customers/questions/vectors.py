"""What contacts mean, as vectors: made when somebody first opens a customer, kept, and gone with the contact."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.customers.batches import batched
from bot.customers.permission import permitted
from bot.customers.questions.pieces import parts_of
from bot.customers.tables import InteractionRow
from bot.customers.timeline import Interaction
from bot.database import Base, Database, insert

# Half precision moves a cosine by less than a thousandth.
STORED = np.dtype("<f2")
_DIGEST_BYTES = 16
_A_WRITE = 1000


class InteractionVectorRow(Base):
    """One unit vector for each part of the text, in its order, under the model and the digest of what was read."""

    __tablename__ = "interaction_vectors"

    interaction: Mapped[int] = mapped_column(ForeignKey(InteractionRow.id, ondelete="CASCADE"), primary_key=True)
    model: Mapped[str] = mapped_column(String(255))
    digest: Mapped[str] = mapped_column(String(32))
    count: Mapped[int]
    vectors: Mapped[bytes] = mapped_column(LargeBinary)


class Embeds(Protocol):
    """A model; `identity` names its weights."""

    @property
    def identity(self) -> str: ...

    def encode_many(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, one row a text, in the order given."""
        ...


@dataclass(frozen=True, slots=True)
class Meanings:
    """Of some contacts, in their order: `whole` has a unit vector a row, `parts` those of the parts of each."""

    whole: NDArray[np.float32]
    parts: tuple[NDArray[np.float32], ...]


def meanings_of(
    database: Database, interactions: Sequence[Interaction], *, embedder: Embeds, audiences: AbstractSet[str]
) -> Meanings:
    """Reads what is kept, makes what is not there or was made of another text, and keeps that in one short transaction.

    The model reads while no transaction is open. Killed before the last step, nothing is kept and it is made again.
    """
    texts = {one.id: parts_of(one) for one in interactions}
    digests = {number: _digest(parts) for number, parts in texts.items()}
    found = _kept(database, digests, model=embedder.identity, audiences=audiences)
    missing = {number: parts for number, parts in texts.items() if number not in found}
    if missing:
        made = _made(missing, embedder)
        _keep(database, made, digests, model=embedder.identity)
        found |= made
    parts = tuple(found[one.id] for one in interactions)
    return Meanings(np.stack([_unit(each.mean(axis=0)) for each in parts]) if parts else np.empty((0, 0), "f4"), parts)


def kept_vectors(
    database: Database, interactions: Sequence[Interaction], *, model: str, audiences: AbstractSet[str]
) -> dict[int, NDArray[np.float32]]:
    """Of the contacts whose vectors are kept: the unit vector of each part, a row each. Nothing is made."""
    return _kept(database, {one.id: _digest(parts_of(one)) for one in interactions}, model=model, audiences=audiences)


def vectors_of(
    database: Database, interactions: Sequence[Interaction], *, embedder: Embeds, audiences: AbstractSet[str]
) -> NDArray[np.float32]:
    """One unit vector a row, in the order of the contacts, by `meanings_of`."""
    return meanings_of(database, interactions, embedder=embedder, audiences=audiences).whole


def _kept(
    database: Database, digests: Mapping[int, str], *, model: str, audiences: AbstractSet[str]
) -> dict[int, NDArray[np.float32]]:
    found = {}
    with database.reading() as session:
        for some in batched(sorted(digests)):
            asked = select(
                InteractionVectorRow.interaction,
                InteractionVectorRow.digest,
                InteractionVectorRow.count,
                InteractionVectorRow.vectors,
            ).where(
                InteractionVectorRow.interaction.in_(some), InteractionVectorRow.model == model, permitted(audiences)
            )
            for number, digest, count, stored in session.execute(asked):
                if digest == digests[number]:
                    found[number] = np.frombuffer(stored, dtype=STORED).astype(np.float32).reshape(count, -1)
    return found


def _made(texts: Mapping[int, Sequence[str]], embedder: Embeds) -> dict[int, NDArray[np.float32]]:
    rows = embedder.encode_many([part for parts in texts.values() for part in parts])
    made, first = {}, 0
    for number, parts in texts.items():
        made[number] = rows[first : first + len(parts)]
        first += len(parts)
    return made


def _keep(
    database: Database, made: Mapping[int, NDArray[np.float32]], digests: Mapping[int, str], *, model: str
) -> None:
    """Those whose contact is still there: it may have been erased while the model read."""
    with database.writing.begin() as session:
        for some in batched(sorted(made), _A_WRITE):
            there = set(session.scalars(select(InteractionRow.id).where(InteractionRow.id.in_(some))))
            rows = [
                {
                    "interaction": number,
                    "model": model,
                    "digest": digests[number],
                    "count": len(made[number]),
                    "vectors": made[number].astype(STORED).tobytes(),
                }
                for number in some
                if number in there
            ]
            if rows:
                added = insert(session, InteractionVectorRow).values(rows)
                kept = {name: added.excluded[name] for name in ("model", "digest", "count", "vectors")}
                session.execute(added.on_conflict_do_update(index_elements=["interaction"], set_=kept))


def _digest(parts: Sequence[str]) -> str:
    return blake2b("\0".join(parts).encode(), digest_size=_DIGEST_BYTES).hexdigest()


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
