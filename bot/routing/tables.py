"""Where on the map each contact belongs."""

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.customers.tables import InteractionRow
from bot.database import Base


class RouteRow(Base):
    """`touchpoint` is a CX touchpoint, "" where nothing on the map is like it; `likeness` is from 0 to 1.

    `routed_by` is who said so, "" where the machine guessed; it never overwrites what a person said. `digest` is that
    of the contact as it was read, `map_version` that of the map.
    """

    __tablename__ = "interaction_routes"
    __table_args__ = (Index("ix_interaction_routes_touchpoint", "touchpoint", "complaint"),)

    interaction: Mapped[int] = mapped_column(ForeignKey(InteractionRow.id, ondelete="CASCADE"), primary_key=True)
    touchpoint: Mapped[str] = mapped_column(String(64))
    likeness: Mapped[float] = mapped_column(Float)
    complaint: Mapped[bool] = mapped_column(Boolean)
    routed_by: Mapped[str] = mapped_column(String(255))
    map_version: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(32))
