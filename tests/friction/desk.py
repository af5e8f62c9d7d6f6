"""What tests of friction share: people who report, and tickets on a desk."""

from datetime import UTC, datetime

from bot.friction import filing
from bot.friction.filing import Said, Subject
from bot.friction.kinds import Kind, Privacy, Severity
from bot.friction.reporters import Reporter
from bot.friction.sealing import Sealer
from bot.friction.telling import Teller
from bot.people import Owners
from bot.touchpoints import TouchpointMap
from bot.working_time import ALWAYS, Calendar
from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
SEALER = Sealer(b"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
TEAM = "retail-operations"


def teller(map_: TouchpointMap | None = None) -> Teller:
    """Who tells of tickets: at any hour, with the teams of the shipped map."""
    return Teller(lambda: map_ or TouchpointMap.empty(), Owners({}), lambda _place: Calendar(ALWAYS, zone=UTC))


def reporter(person: str, name: str = "") -> Reporter:
    return Reporter(person, "T0", name or person, role="shop", place="harbour-street")


def filed(
    session: Session,
    words: str,
    *,
    who: Reporter | None = None,
    joins: int | None = None,
    tools: tuple[str, ...] = ("pos",),
    privacy: Privacy = Privacy.NAMED,
    customer: int | None = None,
    now: datetime = NOW,
) -> int:
    """The number of a new ticket, or of the one that this person joins."""
    said, who = Said(words, privacy, customer=customer), who or reporter("U0SAM")
    if joins is not None:
        return filing.me_too(session, joins, said, who, sealer=SEALER, now=now).ticket
    subject = Subject(Kind.OUTAGE, Severity.S2, tools=tools, team=TEAM)
    return filing.file(session, subject, said, who, sealer=SEALER, now=now).ticket
