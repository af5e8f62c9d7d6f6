"""Why the next contact with a customer had better go well: each reason with what shows it, open to anybody's No.

It is never a score: reasons that can be read in the timeline, and checked there.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.customers.entries import Entry, EntryKind
from bot.customers.kinds import Direction
from bot.customers.story.promises import Promise
from bot.customers.surveys import scores
from bot.customers.timeline import Interaction, times

LOOKED_BACK = timedelta(days=90)
MANY_TRANSFERS = 3
MANY_CONTACTS = 3
# As shares of the most.
_BAD, _GOOD = 0.4, 0.8
_LEAVING = re.compile(
    r"\b(?:cancel(?:l?ing|led)? (?:my|the|our|everything|all|contract|account|service|subscription)"
    r"|leav(?:e|ing) (?:you|your)|switch(?:ing)? (?:to|provider|bank)|clos(?:e|ing) (?:my|the|our) account"
    r"|lawyer|attorney|ombudsman|small claims|trading standards|last (?:time|chance)|never again|fed up"
    r"|unacceptable|disgrace\w*|furious|ridiculous|worst (?:service|experience|company))\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"(?<=[.!?])\s+|\n+")
_QUOTED = 120


@dataclass(frozen=True, slots=True)
class Reason:
    """`at` is when what it rests on happened."""

    text: str
    at: datetime


def reasons_for(
    interactions: Sequence[Interaction],
    chains: Iterable[Sequence[Interaction]],
    promises: Iterable[Promise],
    *,
    now: datetime,
    zone: tzinfo | None,
) -> tuple[Reason, ...]:
    """`chains` are those that are open. The newest reason first."""
    today = now.astimezone(zone).date()
    recent = [one for one in interactions if one.at > now - LOOKED_BACK]
    found = [
        *_scored(interactions, zone, since=now - LOOKED_BACK),
        *(reason for chain in chains for reason in _tossed_about(chain)),
        *_leaving(recent, zone),
        *(_broken(one, one.due, today, zone) for one in promises if one.due is not None and one.overdue(today)),
    ]
    return tuple(sorted(found, key=lambda reason: reason.at, reverse=True))


def standing(reasons: Iterable[Reason], entries: Iterable[Entry]) -> tuple[Reason, ...]:
    """Without those that somebody said No to after they arose."""
    said = max((entry.at for entry in entries if entry.kind is EntryKind.CONTESTED), default=None)
    return tuple(reason for reason in reasons if said is None or reason.at > said)


def _scored(interactions: Sequence[Interaction], zone: tzinfo | None, *, since: datetime) -> list[Reason]:
    """The last score where it is a bad one, with the good one before it, however long ago."""
    given = scores(interactions)
    if not given or given[0].share > _BAD or given[0].at <= since:
        return []
    last = given[0]
    before = next((score.said for score in given[1:] if score.share >= _GOOD), "")
    fallen = f", after {before} before" if before else ""
    return [Reason(f"rated us {last.said} on {_day(last.at, zone)}{fallen}", last.at)]


def _tossed_about(chain: Sequence[Interaction]) -> list[Reason]:
    moved = sum(one.transfers or 0 for one in chain)
    theirs = [one for one in chain if one.direction == Direction.IN]
    last = max((one.at for one in chain), default=None)
    if last is None:
        return []
    found = [Reason(f"was transferred {times(moved)} about the same thing", last)] if moved >= MANY_TRANSFERS else []
    if len(theirs) >= MANY_CONTACTS:
        found.append(Reason(f"contacted us {times(len(theirs))} about the same thing, still open", last))
    return found


def _leaving(interactions: Iterable[Interaction], zone: tzinfo | None) -> list[Reason]:
    """The latest such sentence, from the customer."""
    for one in interactions:
        if one.direction != Direction.IN:
            continue
        for clause in _CLAUSE.split(one.text):
            if _LEAVING.search(clause):
                said = clause.strip()
                quote = said if len(said) <= _QUOTED else f"{said[:_QUOTED].rsplit(' ', 1)[0]} …"
                return [Reason(f"“{quote}” ({one.channel_said}, {_day(one.at, zone)})", one.at)]
    return []


def _broken(promise: Promise, due: date, today: date, zone: tzinfo | None) -> Reason:
    days = (today - due).days
    late = "1 day" if days == 1 else f"{days} days"
    over = datetime.combine(due + timedelta(days=1), time(), zone).astimezone(UTC)
    return Reason(f"waits for what was promised, {late} overdue: “{promise.text}”", over)


def _day(at: datetime, zone: tzinfo | None) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%b}"
