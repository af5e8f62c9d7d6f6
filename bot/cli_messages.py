"""The command line for what could not be delivered: `throughline messages`."""

import json
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import app, settings
from bot.curation import OPERATOR
from bot.deadletters import DeadLetter, DeadLetters, Deliveries
from bot.errors import NoSuchMessage
from bot.people import Person
from bot.settings import Settings
from bot.slack_settings import SlackInstalled

out = Console(emoji=False)
EVERY_ONE = "all"


def messages(
    replay: Annotated[str, typer.Option(metavar="NUMBER|all", help="Send it, or all of them, again.")] = "",
    drop: Annotated[int | None, typer.Option(metavar="NUMBER", help="Let it go for good.")] = None,
    as_: Annotated[str, typer.Option("--as", help="Who does it: a name or e-mail of config/people.yaml.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Say how delivery to Slack stands, and list the messages that could not be delivered, with the reason."""
    house = app.build(settings.load())
    with closing(house.database):
        by, now, dead = house.directory.find(as_) if as_ else OPERATOR, datetime.now(UTC), house.dead_letters
        done = [*_replayed(dead, replay, by, now), *_dropped(dead, drop, by)]
        standing, letters = dead.deliveries(by=by, now=now), dead.letters(by=by)
    if as_json:
        _print_json(standing, letters)
        return
    for line in [*done, *_described(standing, now)]:
        out.print(line, soft_wrap=True, highlight=False, markup=False)
    if letters:
        _show(letters, house.settings)


def _replayed(dead: DeadLetters, which: str, by: Person, now: datetime) -> list[str]:
    if not which:
        return []
    if which == EVERY_ONE:
        return [f"Sent again: {dead.replay_all(by=by, now=now)}."]
    if not which.isdecimal():
        raise NoSuchMessage(f"{which!r} is no number of a message. Write `--replay 7`, or `--replay all`.")
    letter = dead.replay(int(which), by=by, now=now)
    return [f"Message {letter.number} is sent again to {letter.where}."]


def _dropped(dead: DeadLetters, number: int | None, by: Person) -> list[str]:
    return [] if number is None else [f"Message {number} is dropped: {dead.drop(number, by=by).where}."]


def _described(standing: Deliveries, now: datetime) -> list[str]:
    lines = []
    if standing.closed is not None:
        lines.append(f"Nothing is delivered just now{_in(standing.closed.workspace)}: {standing.closed.reason}.")
    if standing.oldest is not None:
        waited = int((now - standing.oldest).total_seconds())
        lines.append(f"Waiting to be delivered: {standing.waiting}, the oldest for {waited} s.")
    if not standing.dead:
        lines.append("Every other message was delivered.")
    return lines


def _in(workspace: str) -> str:
    return f" in {workspace}" if workspace else ""


def _show(letters: list[DeadLetter], configured: Settings) -> None:
    several = isinstance(configured.slack, SlackInstalled)
    table = Table(box=None, pad_edge=False)
    for name in ("No.", "Given up", "Kind", "Where", "Reason"):
        table.add_column(name, overflow="fold")
    for one in letters:
        given_up = f"{one.died_at.astimezone(configured.timezone):%Y-%m-%d %H:%M}"
        where = f"{one.where}{_in(one.workspace) if several else ''}"
        table.add_row(*map(escape, (str(one.number), given_up, one.kind, where, one.reason)))
    out.print(table, highlight=False)
    out.print("Mend the reason, then `throughline messages --replay NUMBER` or `--replay all`.", highlight=False)


def _print_json(standing: Deliveries, letters: list[DeadLetter]) -> None:
    said = {
        **asdict(standing),
        "undelivered": [{**asdict(one), "where": one.where} for one in letters],
    }
    print(json.dumps(said, ensure_ascii=False, default=datetime.isoformat))  # noqa: T201 - exactly this
