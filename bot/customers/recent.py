"""The latest interactions of one customer, newest first."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.customers.permission import permitted
from bot.customers.tables import InteractionRow

_SHOWN_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Latest:
    """One contact in a line; `at` is UTC."""

    at: datetime
    channel: str
    direction: str
    subject: str
    text: str
    outcome: str
    agent: str

    @property
    def told(self) -> str:
        words = self.subject or " ".join(self.text.split())[:_SHOWN_CHARACTERS]
        channel = self.channel.replace("_", " ")
        return " · ".join(filter(None, (f"{self.at:%d %b %Y %H:%M} UTC {channel}", words, self.outcome, self.agent)))

    def as_json(self) -> dict[str, str]:
        told = {name: getattr(self, name) for name in ("channel", "direction", "subject", "text", "outcome", "agent")}
        return {"at": self.at.isoformat(), **told}


def latest_of(session: Session, customer: int, *, audiences: AbstractSet[str], limit: int = 5) -> list[Latest]:
    """Nothing for whoever may not see customers."""
    asked = (
        select(InteractionRow)
        .where(InteractionRow.customer == customer, permitted(audiences))
        .order_by(InteractionRow.at.desc(), InteractionRow.id.desc())
        .limit(limit)
    )
    return [
        Latest(row.at, row.channel, row.direction, row.subject, row.text, row.outcome, row.agent)
        for row in session.scalars(asked)
    ]
