"""A row of an export -> an old ticket, or one more report of one, as far as it can be kept; or rejected, and why."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest
from typing import TypeVar

from bot.customers.feeds.feed import Feed
from bot.customers.feeds.fields import Row, Taken
from bot.customers.feeds.rows import Rejected, keys_in, moment_in, source_id_in
from bot.customers.records import Key
from bot.friction.acting import Resolution
from bot.friction.kinds import CustomerEffect, Frequency, Kind, Severity
from bot.friction.moves import State
from bot.friction.past.lives import Life, Told, Wait, life
from bot.friction.past.mapping import NO_STATES, SaidColumns, TicketSection, WaitColumns, Waits
from bot.friction.past.names import Names
from bot.metrics.hours import MOST_MINUTES
from bot.touchpoints import folded

_BETWEEN = re.compile(r"\s*[;,]\s*")
_TIMES = re.compile(r"\d{1,3}")
_STILL = {"yes": "yes", "true": "yes", "1": "yes", "y": "yes", "no": "no", "false": "no", "0": "no", "n": "no"}
_STATES = [state for state in State if state not in NO_STATES]
_ENUM = TypeVar("_ENUM", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class OldReport:
    """What one person said: None and "" where the export does not tell. `joins` is the number of another one's ticket.

    Its words are not masked yet, and `names` are to be masked in them. `raised_by` is "" where nobody is named.
    """

    source_id: str
    words: str
    at: datetime
    raised_by: str
    names: tuple[str, ...]
    minutes: float | None = None
    frequency: Frequency | None = None
    effect: CustomerEffect | None = None
    role: str = ""
    place: str = ""
    still: str = ""
    customer: tuple[Key, ...] = ()
    joins: str = ""


@dataclass(frozen=True, slots=True)
class OldTicket:
    """A ticket with its first report. What the export does not say is None and "", and is guessed."""

    first: OldReport
    life: Life
    acknowledged_at: datetime | None
    resolution: Resolution | None
    done: str
    kind: Kind | None = None
    severity: Severity | None = None
    tools: tuple[str, ...] = ()
    partner: str = ""
    touchpoint: str = ""

    @property
    def source_id(self) -> str:
        return self.first.source_id


def joins_another(row: Row, section: TicketSection) -> bool:
    return bool(section.same_as.text(row))


def old_report(row: Row, *, section: TicketSection, feed: Feed, names: Names, now: datetime) -> OldReport:
    """One more report of another row's ticket. Raises `Rejected`."""
    return _report(row, section, feed, names, now)


def old_ticket(row: Row, *, section: TicketSection, feed: Feed, names: Names, now: datetime) -> OldTicket:
    """Raises `Rejected`."""
    first = _report(row, section, feed, names, now)
    if not first.words:
        raise Rejected(f"it says nothing in {', '.join(section.words.columns)}")
    told = _told(row, section, feed, now, first.at)
    subject = section.subject
    tools, partners = _tools(row, subject.tools, names), _named(row, subject.partner, names.partners, "partner")
    return OldTicket(
        first,
        life(told),
        told.acknowledged,
        _one_of(row, section.life.resolution, Resolution, "resolution"),
        section.done.text(row, between="\n"),
        kind=_one_of(row, subject.kind, Kind, "kind"),
        severity=_severity(row, subject.severity),
        tools=tuple(one for one in tools if one not in names.partners.values()),
        partner=partners or next((one for one in tools if one in names.partners.values()), ""),
        touchpoint=_named(row, subject.touchpoint, names.touchpoints, "touchpoint"),
    )


def _report(row: Row, section: TicketSection, feed: Feed, names: Names, now: datetime) -> OldReport:
    source_id = source_id_in(row, section.id)
    when = section.when.text(row)
    if not when:
        raise Rejected(f"it does not say when: nothing in {', '.join(section.when.columns)}")
    said, raised_by = section.said, section.raised_by.text(row)
    joins = section.same_as.text(row)
    if joins == source_id:
        raise Rejected("it joins itself; look at the column of `same_as`")
    return OldReport(
        source_id,
        section.words.text(row, between="\n"),
        moment_in(when, feed, now),
        raised_by,
        # A number names nobody, and would be taken for a name wherever it stands.
        tuple(name for name in (raised_by, *section.names.all(row)) if name and not any(map(str.isdigit, name))),
        minutes=_minutes(row, said),
        frequency=_one_of(row, said.frequency, Frequency, "frequency"),
        effect=_one_of(row, said.effect, CustomerEffect, "effect"),
        role=_named(row, said.role, names.roles, "role"),
        place=_named(row, said.place, names.places, "place"),
        still=_still(row, said.still),
        customer=keys_in(row, said.customer, feed.country),
        joins=joins,
    )


def _told(row: Row, section: TicketSection, feed: Feed, now: datetime, filed: datetime) -> Told:
    columns = section.life

    def times(taken: Taken, what: str) -> list[datetime]:
        return [_not_before(filed, moment_in(text, feed, now), what, feed) for text in taken.all(row)]

    counted = columns.reopened.text(row)
    over = columns.over.text(row)
    return Told(
        filed,
        _state(section.state.text(row)),
        acknowledged=next(iter(times(columns.acknowledged, "acknowledged")), None),
        waits=tuple(wait for one in columns.waits for wait in _waits(row, one, times)),
        resolved=tuple(times(columns.resolved, "resolved")),
        reopened=() if _TIMES.fullmatch(counted) else tuple(times(columns.reopened, "reopened")),
        reopened_times=int(counted) if _TIMES.fullmatch(counted) else 0,
        over=max(moment_in(over, feed, now), filed) if over else None,
    )


def _not_before(filed: datetime, at: datetime, what: str, feed: Feed) -> datetime:
    """What is told by the day alone may have been later on that day."""
    if at >= filed:
        return at
    if at.astimezone(feed.zone).date() == filed.astimezone(feed.zone).date():
        return filed
    raise Rejected(f"it was {what} before it was raised; look at `dates:` and `timezone:` of the mapping")


def _waits(row: Row, columns: WaitColumns, times: Callable[[Taken, str], list[datetime]]) -> Iterator[Wait]:
    """The first column of `since` belongs to the first of `until`, and so on."""
    for since, until in zip_longest(columns.since.columns, columns.until.columns):
        begun = times(Taken((since,)), "waiting") if since else []
        ended = times(Taken((until,)), "waiting") if until else []
        if not begun and not ended:
            continue
        whom = _one_of(row, columns.whom, Waits, "waiting")
        if whom is None:
            raise Rejected(f"it waited, and does not say for whom: nothing in {', '.join(columns.whom.columns)}")
        if len(ended) > len(begun) or any(end < begin for begin, end in zip(begun, ended, strict=False)):
            raise Rejected("it waited until before it began to wait; look at the columns of `waiting`")
        yield from (Wait(whom, begin, end) for begin, end in zip_longest(begun, ended))


def _state(text: str) -> State:
    word = text.casefold().replace(" ", "_")
    if word not in _STATES:
        raise Rejected(f"its state is none of {', '.join(_STATES)}; add it to `values:` of state")
    return State(word)


def _one_of(row: Row, taken: Taken, kinds: type[_ENUM], name: str) -> _ENUM | None:
    word = taken.text(row).casefold().replace(" ", "_")
    if not word:
        return None
    if word not in set(kinds):
        raise Rejected(f"its {name} is none of {', '.join(kinds)}; add it to `values:` of {name}")
    return kinds(word)


def _severity(row: Row, taken: Taken) -> Severity | None:
    word = taken.text(row).upper()
    if word and word not in set(Severity):
        raise Rejected(f"its severity is none of {', '.join(Severity)}; add it to `values:` of severity")
    return Severity(word) if word else None


def _minutes(row: Row, said: SaidColumns) -> float | None:
    text = said.minutes.text(row)
    if not text:
        return None
    try:
        minutes = float(text)
    except ValueError:
        minutes = math.nan
    if not 0 <= minutes <= MOST_MINUTES:
        raise Rejected(f"its minutes are no number from 0 to {MOST_MINUTES:.0f}: minutes lost each time are meant")
    return minutes


def _still(row: Row, taken: Taken) -> str:
    word = taken.text(row).casefold()
    if word and word not in _STILL:
        raise Rejected("whether it still happens is neither yes nor no; add it to `values:` of still")
    return _STILL.get(word, "")


def _tools(row: Row, taken: Taken, names: Names) -> tuple[str, ...]:
    """Tools and partners; one column may hold several: "Orion; CareDesk"."""
    said = [word for text in taken.all(row) for word in _BETWEEN.split(text) if word]
    found = [names.tools.get(folded(word)) or names.partners.get(folded(word)) for word in said]
    if None in found:
        raise Rejected("one of its tools is not on the touchpoint map; make it an alias there, or add it to `values:`")
    return tuple(dict.fromkeys(one for one in found if one))


_WHERE = {
    "partner": "the touchpoint map; make it an alias there",
    "touchpoint": "the touchpoint map, by name or id of what employees do; correct it there",
    "role": "config/people.yaml; name it there",
    "place": "config/people.yaml; name it there",
}


def _named(row: Row, taken: Taken, known: Mapping[str, str], what: str) -> str:
    word = folded(taken.text(row))
    if word and word not in known:
        raise Rejected(f"its {what} is not in {_WHERE[what]}, or add it to `values:` of {what}")
    return known.get(word, "")
