"""One customer's interactions on every channel, newest first, and page by page."""

import itertools
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.customers.kinds import Channel, Direction
from bot.customers.permission import permitted
from bot.customers.tables import InteractionRow

_SHOWN_CHARACTERS = 160
# Some fifty pages. Logs of chats that are longer together are no story that anybody has in mind.
_MOST_CHARACTERS = 120_000
# For the eye alone; the word stands beside it.
_ICONS: dict[str, str] = {
    Channel.STORE: "🏬",
    Channel.PHONE: "📞",
    Channel.CHAT: "💬",
    Channel.EMAIL: "📧",
    Channel.SOCIAL: "📣",
    Channel.WEB: "🌐",
    Channel.MOBILE_APP: "📱",
    Channel.FIELD: "🚐",
    Channel.SURVEY: "📋",
}
_WRITTEN = frozenset({Channel.EMAIL, Channel.SOCIAL, Channel.CHAT, Channel.WEB})


@dataclass(frozen=True, slots=True)
class Interaction:
    """One contact of `customer` on one channel; `at` is UTC.

    `refs` are the orders and accounts it was about, by kind of key.
    """

    id: int
    at: datetime
    channel: str
    direction: str
    subject: str
    text: str
    outcome: str
    agent: str
    team: str
    place: str
    device: str
    transfers: int | None
    refs: dict[str, list[str]]
    source: str
    customer: int = 0

    @property
    def channel_said(self) -> str:
        return said(self.channel)

    @property
    def words(self) -> str:
        """Its subject, else how its text begins."""
        plain = self.subject or " ".join(self.text.split())
        return plain if len(plain) <= _SHOWN_CHARACTERS else f"{plain[:_SHOWN_CHARACTERS].rsplit(' ', 1)[0]} …"

    def told(self, zone: tzinfo | None) -> str:
        """One line, in the time of the place it is read at."""
        moved = f"transferred {times(self.transfers)}" if self.transfers else ""
        icon = _ICONS.get(self.channel, "")
        parts = (
            " ".join(filter(None, (f"{self.at.astimezone(zone):%d %b %Y %H:%M}", icon, self.channel_said))),
            self.device,
            "to the customer" if self.direction == Direction.OUT else "",
            self.words,
            moved,
            self.outcome,
            ", ".join(filter(None, (self.agent, self.team))),
            self.place,
        )
        return " · ".join(filter(None, parts))

    def as_json(self) -> dict[str, Any]:
        names = ("channel", "direction", "subject", "text", "outcome", "agent", "team", "place", "device", "source")
        told = {name: getattr(self, name) for name in names}
        return {"at": self.at.isoformat(), **told, "transfers": self.transfers, "refs": self.refs}


def interactions_of(
    session: Session,
    customer: int,
    *,
    audiences: AbstractSet[str],
    limit: int | None = None,
    before: int | None = None,
) -> list[Interaction]:
    """Nothing for whoever may not see customers. `before`: only what came before this interaction."""
    asked = (
        select(InteractionRow)
        .where(InteractionRow.customer == customer, permitted(audiences))
        .order_by(InteractionRow.at.desc(), InteractionRow.id.desc())
        .limit(limit)
    )
    if before is not None:
        last = aliased(InteractionRow)
        earlier = or_(InteractionRow.at < last.at, and_(InteractionRow.at == last.at, InteractionRow.id < last.id))
        asked = asked.join(last, last.id == before).where(earlier)
    return [interaction_of(row) for row in session.scalars(asked)]


def interaction(session: Session, number: int, *, audiences: AbstractSet[str]) -> Interaction | None:
    asked = select(InteractionRow).where(InteractionRow.id == number, permitted(audiences))
    row = session.scalar(asked)
    return interaction_of(row) if row else None


def of_customers(
    session: Session, customers: Collection[int], *, audiences: AbstractSet[str], since: datetime
) -> dict[int, list[Interaction]]:
    """Of several customers, each one's newest first."""
    found: dict[int, list[Interaction]] = {}
    asked = (
        select(InteractionRow)
        .where(InteractionRow.customer.in_(customers), InteractionRow.at > since, permitted(audiences))
        .order_by(InteractionRow.at.desc(), InteractionRow.id.desc())
    )
    for row in session.scalars(asked):
        found.setdefault(row.customer, []).append(interaction_of(row))
    return found


def nearest(newest_first: Sequence[Interaction]) -> list[Interaction]:
    """Those whose texts together are not too long to be read at once; the newest in any case."""
    read = itertools.accumulate(len(one.text) for one in newest_first)
    return [
        one
        for place, (one, size) in enumerate(zip(newest_first, read, strict=True))
        if not place or size <= _MOST_CHARACTERS
    ]


def count_of(session: Session, customer: int, *, audiences: AbstractSet[str]) -> int:
    asked = select(func.count()).where(InteractionRow.customer == customer, permitted(audiences))
    return session.scalar(asked) or 0


def unanswered(interactions: Sequence[Interaction]) -> set[int]:
    """What customers wrote, newest first, of which nobody noted an outcome and after which nobody wrote back."""
    found: set[int] = set()
    for one in interactions:
        if one.direction == Direction.OUT:
            break
        if one.channel in _WRITTEN and not one.outcome:
            found.add(one.id)
    return found


def said(channel: str) -> str:
    """As a sentence has it."""
    return {"email": "e-mail", "mobile_app": "app"}.get(channel, channel)


def times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def interaction_of(row: InteractionRow) -> Interaction:
    return Interaction(
        id=row.id,
        at=row.at,
        channel=row.channel,
        direction=row.direction,
        subject=row.subject,
        text=row.text,
        outcome=row.outcome,
        agent=row.agent,
        team=row.team,
        place=row.place,
        device=row.device,
        transfers=row.transfers,
        refs=row.refs,
        source=row.source,
        customer=row.customer,
    )
