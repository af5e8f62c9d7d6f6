"""The versions of the touchpoint map, and everything that ever had an id on it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime


class MapVersionRow(Base):
    """A state of the map, from when it was loaded; `changes` are what it brought, one sentence each.

    `routed_at`: when all contacts that it may have moved were routed by it; None until then.
    """

    __tablename__ = "map_versions"

    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    digest: Mapped[str] = mapped_column(String(32))
    changes: Mapped[list[str]] = mapped_column(JSON)
    routed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MapThingRow(Base):
    """Something on the map, as the newest version that had it says; it stays when it is gone, so that no id is reused.

    `since`, `changed` and `retired` are numbers of versions; `retired` is None for what is on the map. The id of an
    edge is made of its ends and kind.
    """

    __tablename__ = "map_things"

    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    thing: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(Text)
    entry: Mapped[dict[str, Any]] = mapped_column(JSON)
    since: Mapped[int] = mapped_column(Integer)
    changed: Mapped[int] = mapped_column(Integer)
    retired: Mapped[int | None] = mapped_column(Integer)
