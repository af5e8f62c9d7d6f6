"""Who hears of a request: the team in the threads of its cards, the asker where they asked or alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox, requests
from bot import request_wording as wording
from bot.handlers import blocks
from bot.handlers.replying import reply_destination
from bot.handlers.requests import cards
from bot.inbox import Accepted
from bot.outbox import Destination, OutboxRow
from bot.requests import Request


def owe_team(
    session: Session, number: int, *, key: str, kind: str, value: dict[str, Any], now: datetime, but: str = ""
) -> None:
    """Say something in the thread of a request's first card in every channel, but not in the channel `but`."""
    for channel, card in {card.channel: card for card in reversed(requests.cards(session, number))}.items():
        if channel != but:
            # A card that is still on its way has no thread yet; what follows it in its channel comes after it.
            to = Destination(channel, thread=card.ts or None)
            outbox.owe(session, key=f"{key}:{channel}", kind=kind, to=to, value=value, now=now)


def owe_cards(session: Session, request: Request, *, key: str, now: datetime) -> None:
    """Show on every card how the request stands; one that the outbox has forgotten stays as it is."""
    for card in requests.cards(session, request.number):
        shown = session.scalar(select(OutboxRow.value).where(OutboxRow.key == card.key))
        if shown is not None:
            value = {**shown, "status": wording.status(request), "free": request.free}
            to = Destination(card.channel, replaces=card.key)
            outbox.owe(session, key=f"{key}:{card.key}", kind=cards.CARD, to=to, value=value, now=now)


def owe_asker(session: Session, request: Request, *, key: str, kind: str, value: dict[str, Any], now: datetime) -> None:
    """Say something where the question was asked: to the asker alone, or in the thread that others read."""
    place = request.place
    to = Destination(place.direct if place.alone else place.channel, thread=place.thread or None)
    outbox.owe(session, key=key, kind=kind, to=to, value=value, now=now)


def owe_asker_alone(session: Session, request: Request, *, key: str, words: str, now: datetime) -> None:
    """Say something to the asker in their direct message, which keeps it for them."""
    place = request.place
    to = Destination(place.direct, thread=(place.thread or None) if place.alone else None)
    outbox.owe(session, key=key, kind=blocks.WORDS, to=to, value={"text": words}, now=now)


def own_eyes(event: Accepted) -> Destination:
    """Where whoever an event is from alone reads; in a direct message that is an ordinary message, which stays."""
    direct = event.value["channel"].startswith("D")
    return reply_destination(event.value, private=not direct)
