"""The table of erasures: that somebody was erased, when and by whom; who it was, no row tells."""

from datetime import datetime

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime

REMOVED, PROVEN = "removed", "proven"


class ErasureRow(Base):
    """`state` is `REMOVED` until it is proven that nothing is left. `rows`: by table, how many went or were masked."""

    __tablename__ = "erasures"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(255))
    reason: Mapped[str] = mapped_column(Text)
    machine: Mapped[str] = mapped_column(String(255))
    rows: Mapped[dict[str, dict[str, int]]] = mapped_column(JSON)
