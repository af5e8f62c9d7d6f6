"""What the commands for friction share: the house they stand in, who acts, and which ticket is meant."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Annotated

import typer

from bot import app, settings
from bot import friction_wording as wording
from bot.audiences import EVERYONE
from bot.friction import tickets
from bot.friction.desk import reporter_of
from bot.friction.reporters import Reporter
from bot.friction.roles import Actor
from bot.friction.wanted import Vocabulary
from bot.people import Person
from bot.serving import operator

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
By = Annotated[
    str, typer.Option("--as", help="Who does it: a name or e-mail of config/people.yaml. Default: this machine.")
]
Key = Annotated[str, typer.Argument(help="A ticket, as FR-31.", metavar="TICKET")]
# Whoever runs commands on the machine may read its whole database.
EMPLOYEES = frozenset({EVERYONE})


def actor(at: app.House, by: Person) -> Actor:
    teams = frozenset(key for key, team in at.owners.teams.items() if by.id in team.people)
    triager = by.admin or "lead" in by.roles
    address = by.id if "@" in by.id else ""
    return Actor(by.id, "", by.name, teams=teams, triager=triager, employee=not by.outsider, address=address)


def reporter(by: Person) -> Reporter:
    """The same person as in Slack, by their address; from here nobody can be written to."""
    return replace(reporter_of(by, workspace="", address=by.id if "@" in by.id else ""), reachable=False)


def person(at: app.House, words: str) -> Person:
    if words:
        return at.directory.find(words)
    machine = operator()
    return replace(machine, audiences=machine.audiences | EMPLOYEES)


def number(words: str) -> int:
    found = tickets.number_of(words)
    if found is None:
        raise typer.BadParameter(f"{words!r} is no ticket. Write it as FR-31.")
    return found


def vocabulary(at: app.House) -> Vocabulary:
    """What tickets can be listed by."""
    teams = {key: at.owners.name(key) for key in at.owners.teams}
    return Vocabulary(at.touchpoints.map, teams=teams, places=at.directory.places, kinds=wording.KINDS)


@contextmanager
def house() -> Iterator[app.House]:
    built = app.build(settings.load())
    with closing(built.database):
        yield built
