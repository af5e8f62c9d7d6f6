"""Sums of open friction by what it is about, whose it is and where it hurts, as everybody may read them."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.friction import sums, tickets
from bot.friction.kinds import Privacy
from bot.friction.moves import OPEN
from bot.friction.sums import Counted, Part, Unit
from bot.friction.tables import TicketRow
from bot.friction.tickets import Ticket, Weighed
from bot.friction.weights import rounded


class By(StrEnum):
    """What tickets are summed up by; the place is that of whoever reports, the week that of the first report."""

    TOOL = "tool"
    THEME = "theme"
    TOUCHPOINT = "touchpoint"
    OWNER = "owner"
    KIND = "kind"
    PARTNER = "partner"
    WEEK = "week"
    PLACE = "place"


# Of what lay behind a ticket nothing open is summed up: it is said when one is resolved.
CAUSE = "cause"


class About(Protocol):
    """What a ticket is about, as a value or as a row."""

    @property
    def tools(self) -> Sequence[str]: ...
    @property
    def touchpoint(self) -> str: ...
    @property
    def partner(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def filed_at(self) -> datetime: ...
    @property
    def root_cause(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Group:
    """`id` is "" where nothing is said, of a week its Monday. `tickets` is how many there are; None of a place.

    `hours` (a week) are those of the `counted` ones, by number: of the others nothing can be told, and None if of none.
    `people` is how many there are at least, by its ticket of most people; None where each is of few.
    """

    id: str
    tickets: int | None
    counted: tuple[int, ...]
    people: int | None
    hours: float | None


def groups(session: Session, by: By, *, audiences: AbstractSet[str]) -> list[Group]:
    """What takes most hours a week first. Raises `NotAllowed` for whoever is no employee.

    A ticket about two tools counts for both, and a person on two tickets with both. Of what is over there are no sums:
    with them, whatever was closed since could be subtracted. What is told does not depend on what else is asked.
    """
    found = tickets.listed(session, select(TicketRow).where(TicketRow.state.in_(OPEN)), audiences=audiences)
    counted = _all_counted(session, found)
    if by is By.PLACE:
        of_place = sums.of_places(counted)
        told = [_group(place, None, units, found) for place, units in of_place.items()]
    else:
        units = sums.units(counted)
        values = sorted({value for one in counted for value in one.fields[by]})
        told = [
            _group(
                value,
                sum(value in one.fields[by] for one in counted),
                [unit for unit in units if value in unit.fields[by]],
                [one for one in found if one.weight.people],
            )
            for value in values
        ]
    return sorted(told, key=lambda one: (one.hours is None, -(one.hours or 0.0), one.id))


@dataclass(frozen=True, slots=True)
class OpenUnits:
    """What sums of open tickets are made of: whole ones, and of each place the parts that count by themselves.

    `fields` are those of each ticket, by number.
    """

    whole: tuple[Unit, ...]
    of_places: Mapping[str, Sequence[Unit]]
    fields: Mapping[int, Mapping[str, frozenset[str]]]


def open_units(session: Session, *, audiences: AbstractSet[str]) -> OpenUnits:
    """For sums by several fields at once: whole units give nobody away, however they are added.

    Raises `NotAllowed` for whoever is no employee.
    """
    found = tickets.listed(session, select(TicketRow).where(TicketRow.state.in_(OPEN)), audiences=audiences)
    counted = _all_counted(session, found)
    return OpenUnits(tuple(sums.units(counted)), sums.of_places(counted), {one.number: one.fields for one in counted})


def at_place(session: Session, place: str, *, audiences: AbstractSet[str]) -> frozenset[int]:
    """Open tickets of which so many people of one place have it that it may be told."""
    found = tickets.listed(session, select(TicketRow).where(TicketRow.state.in_(OPEN)), audiences=audiences)
    units = sums.of_places(_all_counted(session, found)).get(place, ())
    return frozenset(number for unit in units for number in unit.tickets)


def _group(id_: str, count: int | None, units: Sequence[Unit], found: Iterable[Ticket]) -> Group:
    counted = {number for unit in units for number in unit.tickets}
    if not counted:
        return Group(id_, count, (), None, None)
    hours = rounded(sum(unit.hours for unit in units))
    most = max((one.weight.people or 0 for one in found if one.number in counted), default=0)
    return Group(id_, count, tuple(sorted(counted)), most if most and count is not None else None, hours)


def _all_counted(session: Session, found: Iterable[Ticket]) -> list[Counted]:
    numbers = [one.number for one in found]
    said = tickets.weighed_of_each(session, numbers)
    themes = {row.id: row.theme for row in session.execute(select(TicketRow.id, TicketRow.theme))}
    return [_counted(one, said.get(one.number, ()), themes.get(one.number)) for one in found]


def _counted(one: Ticket, said: Iterable[Weighed], theme: int | None) -> Counted:
    return Counted(one.number, one.weight.people is not None, fields_of(one, theme), _parts(said))


def fields_of(one: About, theme: int | None) -> dict[str, frozenset[str]]:
    """The values of each field, in the order in which bundles are kept apart."""
    monday = one.filed_at.date() - timedelta(days=one.filed_at.weekday())
    return {
        By.TOOL.value: frozenset(one.tools or ("",)),
        By.THEME.value: _alone(str(theme or "")),
        By.TOUCHPOINT.value: _alone(one.touchpoint),
        By.OWNER.value: _alone(one.team),
        By.KIND.value: _alone(str(one.kind)),
        By.PARTNER.value: _alone(one.partner),
        By.WEEK.value: _alone(monday.isoformat()),
        CAUSE: _alone(one.root_cause),
    }


@lru_cache(maxsize=4096)
def _alone(value: str) -> frozenset[str]:
    """The same one for each of thousands of tickets."""
    return frozenset({value})


def _parts(said: Iterable[Weighed]) -> dict[str, Part]:
    """Each person counts where they first said it."""
    of_person: dict[str, list[Weighed]] = {}
    for report in said:
        of_person.setdefault(report.handle, []).append(report)
    of_place: dict[str, list[list[Weighed]]] = {}
    for reports in of_person.values():
        of_place.setdefault(reports[0].place, []).append(reports)
    return {
        place: Part(
            tuple(Privacy.ANONYMOUS if each[0].privacy == Privacy.ANONYMOUS else each[0].handle for each in people),
            tickets.hours_a_week(one for each in people for one in each),
        )
        for place, people in of_place.items()
    }
