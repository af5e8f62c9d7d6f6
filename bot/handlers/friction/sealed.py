"""Replies to reporters whose names no row may hold."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot import outbox
from bot.friction.kinds import Privacy
from bot.friction.reporters import Reporter
from bot.friction.sealing import Sealer
from bot.handlers import blocks
from bot.inbox import Accepted
from bot.outbox import Destination


def owe_sealed(session: Session, event: Accepted, who: Reporter, sealer: Sealer, words: str, *, now: datetime) -> None:
    """Say something to whoever an event is from, once for an event; in one order with their news."""
    sealed = sealer.reached(who.id, Privacy.CONFIDENTIAL)
    outbox.owe(
        session,
        key=f"words:{event.id}",
        kind=blocks.WORDS,
        to=Destination("", only=sealed, sealed=True, whose=who.handle(sealer)),
        value={"text": words},
        now=now,
    )
