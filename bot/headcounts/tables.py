"""How many people have which roles at which place, as the last roster said; no names."""

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base


class HeadcountRow(Base):
    """People who have exactly these roles, sorted and joined by "+": who has two is one person."""

    __tablename__ = "headcounts"

    roles: Mapped[str] = mapped_column(String(255), primary_key=True)
    place: Mapped[str] = mapped_column(String(64), primary_key=True)
    people: Mapped[int] = mapped_column(Integer)
