"""What happened lately, as facts for a track's conditions; what happened in a stretch of time, to see if it worked."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.conditions import Facts, known
from bot.customers.kinds import Channel, Direction
from bot.customers.surveys import Answered, Score, scores

RECENTLY = timedelta(days=7)
OF_TRANSFERS = timedelta(days=30)
OF_SURVEYS = timedelta(days=90)
# The contact in which somebody comes onto a track may be written down a little later than they came.
AT_HAND = timedelta(hours=1)
SOURCE = "interactions"
# Of five, whatever was the most that could be given.
OF = 5


class Contact(Answered, Protocol):
    """What is asked of an interaction; `refs` are the orders and accounts it was about, by kind of key."""

    @property
    def direction(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def transfers(self) -> int | None: ...
    @property
    def refs(self) -> dict[str, list[str]]: ...


def lately(contacts: Sequence[Contact], *, now: datetime) -> Facts:
    """`recent_contacts` of the last 7 days, `recent_transfers` of 30, `last_contact` and `last_channel`, and the latest
    `survey_score`, of five, of 90 with its day, `surveyed`.
    """
    past = [one for one in contacts if one.at <= now]
    theirs = sorted(filter(_by_the_customer, past), key=lambda one: one.at)
    facts = {
        "recent_contacts": known(sum(one.at > now - RECENTLY for one in theirs), source=SOURCE),
        "recent_transfers": known(_transfers(one for one in past if one.at > now - OF_TRANSFERS), source=SOURCE),
    }
    if theirs:
        facts["last_contact"] = known(theirs[-1].at.date().isoformat(), source=SOURCE)
        facts["last_channel"] = known(theirs[-1].channel, source=SOURCE)
    survey = _last_survey(one for one in past if one.at > now - OF_SURVEYS)
    if survey is not None:
        facts["survey_score"] = known(OF * survey.share, source=SOURCE)
        facts["surveyed"] = known(survey.at.date().isoformat(), source=SOURCE)
    return facts


def counted(contacts: Sequence[Contact], *, since: datetime, until: datetime) -> Facts:
    """What `rules.COUNTED` names, from a moment until another; `survey_score` is not known where nobody answered one.

    `contacts_on_subject` are those about an order, account or subject of the last contact before.
    """
    begins = since + AT_HAND
    within = [one for one in contacts if begins < one.at <= until]
    theirs = list(filter(_by_the_customer, within))
    before = [one for one in contacts if one.at <= begins and _by_the_customer(one)]
    subject = _about(max(before, key=lambda one: one.at)) if before else set()
    # Where nobody wrote down what the last one was about, any may be about it.
    again = [one for one in theirs if not subject or _about(one) & subject]
    facts = {
        "contacts": known(len(theirs)),
        "contacts_on_subject": known(len(again)),
        "transfers": known(_transfers(within)),
    }
    survey = _last_survey(within)
    return {**facts, "survey_score": known(OF * survey.share)} if survey else facts


def _by_the_customer(one: Contact) -> bool:
    return one.direction != Direction.OUT and one.channel != Channel.SURVEY


def _about(one: Contact) -> set[tuple[str, str]]:
    about = {(kind, value) for kind, values in one.refs.items() for value in values}
    subject = " ".join(one.subject.casefold().split())
    return about | ({("subject", subject)} if subject else set())


def _transfers(contacts: Iterable[Contact]) -> int:
    return sum(one.transfers or 0 for one in contacts)


def _last_survey(contacts: Iterable[Contact]) -> Score | None:
    return max(scores(contacts), key=lambda one: one.at, default=None)
