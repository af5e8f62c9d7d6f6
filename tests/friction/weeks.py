"""A company with twelve weeks of friction behind it, for tests and pictures of what is read of it."""

import random
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.friction import filing
from bot.friction.filing import Said, Subject
from bot.friction.kinds import CustomerEffect, Frequency, Kind, Privacy, Severity
from bot.friction.reporters import Reporter
from bot.friction.sealing import Sealer
from sqlalchemy.orm import Session


class Trouble(NamedTuple):
    """`people` have it, one time takes each `minutes`; the first reported it so many `weeks` ago."""

    words: str
    kind: Kind
    severity: Severity
    tools: tuple[str, ...]
    touchpoint: str
    team: str
    people: int
    minutes: float
    often: Frequency
    weeks: int


_DAILY, _WEEKLY, _HOURLY = Frequency.DAILY, Frequency.WEEKLY, Frequency.HOURLY
_S2, _S3, _S4 = Severity.S2, Severity.S3, Severity.S4
_RETURN, _BILL, _TILL = "ex.store.equipment_return", "ex.phone.billing_question", "ex.store.checkout"
TWICE = Trouble(
    "The same box is typed into CareDesk and again into Orion", Kind.DUPLICATE_ENTRY, _S2, ("caredesk", "orion"),
    _RETURN, "billing-it", 14, 12, _DAILY, 10,
)  # fmt: skip
TROUBLES = (
    TWICE,
    Trouble(
        "CareDesk freezes when a file is opened", Kind.SLOW, _S2, ("caredesk",), _BILL, "customer-care", 9, 6, _DAILY, 8
    ),
    Trouble(
        "A new address does not reach Orion",
        Kind.WRONG_DATA,
        _S3,
        ("orion",),
        "ex.store.open_account",
        "billing-it",
        8,
        20,
        _WEEKLY,
        6,
    ),
    Trouble(
        "The installer calendar shows yesterday",
        Kind.WRONG_DATA,
        _S3,
        ("fieldbook",),
        "ex.desk.appointment",
        "field-operations",
        7,
        15,
        _WEEKLY,
        4,
    ),
    Trouble(
        "The card terminal asks for a second sign-in",
        Kind.LOGIN,
        _S3,
        ("card_terminal",),
        _TILL,
        "retail-operations",
        6,
        4,
        _HOURLY,
        3,
    ),
    Trouble(
        "Which outage credit counts for business customers",
        Kind.UNCLEAR_POLICY,
        _S3,
        (),
        _BILL,
        "billing-policy",
        6,
        10,
        _WEEKLY,
        5,
    ),
    Trouble(
        "The loyalty discount needs a code",
        Kind.MISSING_PERMISSION,
        _S4,
        ("pos",),
        _TILL,
        "retail-operations",
        2,
        3,
        _WEEKLY,
        14,
    ),
    Trouble(
        "Statement e-mails go to two teams", Kind.HANDOFF, _S3, ("shared_inbox",), "", "customer-care", 3, 20, _DAILY, 2
    ),
)
PEOPLE = 40


def person(number: int) -> Reporter:
    place = ("harbour-street", "mill-road", "call-center")[number % 3]
    return Reporter(f"U{number}", "T0", f"Person {number}", role="shop", place=place)


def furnish(session: Session, sealer: Sealer, *, now: datetime, seed: int = 1) -> list[int]:
    """Gives the numbers of the tickets, in the order of `TROUBLES`."""
    chance = random.Random(seed)
    made = []
    for one in TROUBLES:
        subject = Subject(one.kind, one.severity, tools=one.tools, touchpoint=one.touchpoint, team=one.team)
        who = chance.sample(range(PEOPLE), one.people)
        days = sorted((chance.randrange(one.weeks * 7) for _ in who), reverse=True)
        number = 0
        for each, day in zip(who, days, strict=True):
            privacy = chance.choice([Privacy.NAMED, Privacy.NAMED, Privacy.CONFIDENTIAL])
            said = Said(one.words, privacy, one.minutes, one.often, CustomerEffect.WAITED)
            at = now - timedelta(days=day, hours=chance.randrange(1, 5))
            if number:
                filing.me_too(session, number, said, person(each), sealer=sealer, now=at)
            else:
                number = filing.file(session, subject, said, person(each), sealer=sealer, now=at).ticket
        made.append(number)
    return made
