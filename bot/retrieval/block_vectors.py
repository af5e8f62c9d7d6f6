"""What the blocks of a passage mean, for choosing among them: stored by whoever embeds the passage."""

from typing import Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base
from bot.retrieval.catalogue import STORED_VECTOR, VectorRow, checksum_of


class BlockVectorRow(Base):
    """The unit vectors of the blocks of a passage that has several, under the key of the passage's own vector."""

    __tablename__ = "knowledge_block_vectors"

    key: Mapped[str] = mapped_column(String(64), ForeignKey(VectorRow.key, ondelete="CASCADE"), primary_key=True)
    vectors: Mapped[bytes] = mapped_column(LargeBinary)
    checksum: Mapped[int] = mapped_column(BigInteger)

    @classmethod
    def of(cls, key: str, vectors: NDArray[np.float32]) -> Self:
        stored = vectors.astype(STORED_VECTOR).tobytes()
        return cls(key=key, vectors=stored, checksum=checksum_of(key, stored))


def meanings(passage: NDArray[np.float32], stored: bytes, *, blocks: int) -> NDArray[np.float32]:
    """One vector a block: its own from the stored bytes, or that of the passage where they are not those of its blocks.

    The same words may have been cut into other blocks on another page, under the same key.
    """
    own = np.frombuffer(stored, dtype=STORED_VECTOR).astype(np.float32)
    return own.reshape(blocks, -1) if len(own) == blocks * len(passage) else np.tile(passage, (blocks, 1))
