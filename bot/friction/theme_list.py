"""Themes as people read them: how many tickets, people and hours; no numbers of few people."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.friction import groups, tickets
from bot.friction.groups import By
from bot.friction.moves import OPEN
from bot.friction.tables import ThemeRow, TicketRow
from bot.friction.theme_rows import LEFT_OUT


@dataclass(frozen=True, slots=True)
class Theme:
    """`tickets` are their numbers, `open` how many are. `people` (at least) and `hours` are of those.

    `locked`: a person placed all of its tickets, and no night moves one.
    """

    number: int
    label: str
    named_by: str
    outcome: str
    tickets: tuple[int, ...]
    open: int
    people: int | None
    hours: float | None
    locked: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "label": self.label,
            "named_by": self.named_by or None,
            "outcome": self.outcome or None,
            "tickets": [tickets.key(number) for number in self.tickets],
            "open": self.open,
            "people_at_least": self.people,
            "hours_a_week": self.hours,
            "locked": self.locked,
        }


def themes(session: Session, *, audiences: AbstractSet[str]) -> list[Theme]:
    """What takes most hours first, then what most tickets are about. Raises `NotAllowed` for who is no employee."""
    tickets.must_be_employee(audiences)
    rows = session.scalars(
        select(TicketRow).where(TicketRow.theme.is_not(None), TicketRow.state.not_in(LEFT_OUT)).order_by(TicketRow.id)
    ).all()
    inside: dict[int, list[TicketRow]] = {}
    for row in rows:
        inside.setdefault(row.theme or 0, []).append(row)
    sums = {one.id: one for one in groups.groups(session, By.THEME, audiences=audiences)}
    found = [
        Theme(
            theme.id,
            theme.label,
            theme.named_by,
            theme.outcome,
            tuple(row.id for row in inside.get(theme.id, ())),
            sum(row.state in OPEN for row in inside.get(theme.id, ())),
            sums[str(theme.id)].people if str(theme.id) in sums else None,
            sums[str(theme.id)].hours if str(theme.id) in sums else None,
            locked=bool(inside.get(theme.id)) and all(row.placed_by for row in inside[theme.id]),
        )
        for theme in session.scalars(select(ThemeRow))
    ]
    return sorted(found, key=lambda one: (-(one.hours or 0), -len(one.tickets), one.number))


def inside(number: int) -> Select[TicketRow]:
    """The tickets of a theme."""
    return select(TicketRow).where(TicketRow.theme == number, TicketRow.state.not_in(LEFT_OUT))
