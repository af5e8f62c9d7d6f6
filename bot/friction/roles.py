"""Who somebody is to a ticket: its owner, a triager, one of those who reported it, by name or without."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.friction import tickets
from bot.friction.filing import claimed, reports_of
from bot.friction.moves import Role
from bot.friction.reporters import Reporter
from bot.friction.sealing import Sealer
from bot.friction.tables import ReportRow, TicketRow


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with what they are in the company: `teams` they belong to by config/owners.yaml, and whether they steer.

    `address` is their e-mail address where it is known, `code` that of an anonymous report that they say is theirs.
    Throughline itself has no id.
    """

    id: str = ""
    workspace: str = ""
    name: str = ""
    teams: frozenset[str] = frozenset()
    triager: bool = False
    employee: bool = True
    address: str = ""
    code: str = ""

    @property
    def reporter(self) -> Reporter:
        return Reporter(self.id, self.workspace, self.name, address=self.address)


THROUGHLINE = Actor(name="Throughline")


def roles_of(session: Session, row: TicketRow, actor: Actor, *, sealer: Sealer) -> AbstractSet[Role]:
    return roles_with(session, row, actor, reported_by(session, row, actor, sealer=sealer))


def reported_by(session: Session, row: TicketRow, actor: Actor, *, sealer: Sealer) -> Sequence[ReportRow]:
    """What somebody reported of a ticket, or has the code for."""
    if not actor.id:
        return ()
    by_code = claimed(session, actor.code, sealer=sealer) if actor.code else None
    if by_code is not None and by_code.ticket in tickets.family(session, row.id):
        return [by_code]
    return reports_of(session, row, actor.reporter, sealer=sealer)


def roles_with(session: Session, row: TicketRow, actor: Actor, mine: Sequence[ReportRow]) -> AbstractSet[Role]:
    if not actor.id:
        return {Role.SYSTEM}
    if not actor.employee:
        return frozenset()
    roles: set[Role] = set()
    if mine:
        roles.add(Role.REPORTER)
        if len(tickets.handles(session, row.id)) == 1:
            roles.add(Role.SOLE_REPORTER)
    else:
        roles.add(Role.EMPLOYEE)
    if row.team in actor.teams or (row.assignee and row.assignee in {actor.id, actor.address}):
        roles.add(Role.OWNER)
    if actor.triager:
        roles.add(Role.TRIAGER)
    return roles
