"""The only module that owes messages with a customer's data: each hidden from all others, with its row in the audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import audit, customer_wording, outbox, policies
from bot.assistant import Reply, reply_value
from bot.audit import Purpose, View
from bot.customer_wording import Told
from bot.customers.identity.candidates import Candidate
from bot.customers.standing import must_stand
from bot.handlers import blocks
from bot.handlers.replying import reply_destination
from bot.handlers.surfaces import Arriving
from bot.inbox import Accepted
from bot.people import Person
from bot.policies import Whose

# The kind of the message in the outbox.
CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of customers, why, and which of their fields, by name."""

    told: Told
    purpose: Purpose
    fields: tuple[str, ...]


def owe_shown(session: Session, event: Accepted, shown: Shown, *, now: datetime) -> None:
    """Owe it to whoever an event is from, where only they see it, once for an event."""
    key = f"customer:{event.id}"
    value: Mapping[str, Any] = event.value
    outbox.owe(
        session,
        key=key,
        kind=CUSTOMER,
        to=reply_destination(value, private=not value.get("only_asker")),
        value={**customer_wording.as_value(shown.told), "reader": value["person"]},
        now=now,
    )
    note_shown(session, value, shown, reference=key, now=now)


def owe_answer(
    session: Session,
    event: Accepted,
    person: Person,
    whose: Whose,
    reply: Reply,
    *,
    exchange: int,
    remarks: Sequence[str],
    now: datetime,
) -> None:
    """Owe an answer from the pages that was chosen by a customer's facts; as `owe_shown`."""
    value = event.value
    key = f"answer:{event.id}"
    outbox.owe(
        session,
        key=key,
        kind=blocks.ANSWER,
        to=reply_destination(value, private=not value.get("only_asker")),
        value={
            "reply": reply_value(reply),
            "exchange": exchange,
            "remarks": [*remarks, customer_wording.about(whose.name)],
            "customers": [whose.alias],
            "reader": person.id,
        },
        now=now,
    )
    must_stand(session, [whose.alias])
    policies.write_down(session, whose, reply.answer, by=person, now=now, channel=value["channel"], reference=key)


def note_form(session: Session, arriving: Arriving, one: Candidate, purpose: Purpose, *, now: datetime) -> None:
    """A row of the audit for a form that names a customer, before it is opened."""
    value = arriving.value
    view = View(value["person"], one.alias, purpose, ("name",), channel=value["channel"], reference=arriving.key)
    audit.record(session, view, now=now)


def note_shown(session: Session, value: Mapping[str, Any], shown: Shown, *, reference: str, now: datetime) -> None:
    """A row of the audit for each customer in it; `value` says to whom it is shown, and where.

    Raises `ErasedMeanwhile` where one of them is not there any more.
    """
    must_stand(session, shown.told.customers)
    for alias in shown.told.customers:
        view = View(value["person"], alias, shown.purpose, shown.fields, channel=value["channel"], reference=reference)
        audit.record(session, view, now=now)
