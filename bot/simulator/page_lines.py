"""Messages as the page draws them: who wrote each, when, and what hangs below it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

from bot.simulator.messages import SeenMessage
from bot.simulator.places import Place
from bot.simulator.workspace import Workspace

# Older messages stay out of the page; whoever opens it wants the newest.
SHOWN_MESSAGES = 100


@dataclass(frozen=True)
class Author:
    """Who wrote a message, as its head shows it."""

    name: str
    initials: str
    is_app: bool


@dataclass(frozen=True)
class Shortcut:
    """Something of the app in a menu."""

    callback_id: str

    @property
    def title(self) -> str:
        """The words in the menu. Slack has them from the app's settings, which here is only told the ids."""
        return self.callback_id.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Line:
    """One message on the page, with what its thread adds and a divider where a new day begins.

    `status` is what the app says below it while it works on it.
    """

    seen: SeenMessage
    author: Author
    at: datetime
    new_day: bool
    replies: int = 0
    last_author: Author | None = None
    menu: tuple[Shortcut, ...] = ()
    status: str = ""


def channel_lines(workspace: Workspace, place: Place, seen: Sequence[SeenMessage]) -> tuple[Line, ...]:
    """The newest of the messages that stand in the channel itself. `seen` is everything, replies included."""
    top = [one for one in seen if one.thread_ts in (None, one.ts)][-SHOWN_MESSAGES:]
    replies: dict[str, list[SeenMessage]] = {}
    for one in seen:
        # As in Slack, what only one person sees is not counted.
        if one.thread_ts not in (None, one.ts) and not one.ephemeral:
            replies.setdefault(str(one.thread_ts), []).append(one)
    author = _authors(workspace)
    return tuple(
        replace(
            line,
            replies=len(replies.get(line.seen.ts, ())),
            last_author=author(replies[line.seen.ts][-1].author) if line.seen.ts in replies else None,
            # In an open thread it stands there.
            status="" if line.seen.ts == place.thread else status_of(workspace, place, line.seen.ts),
        )
        for line in _lines(workspace, top)
    )


def thread_lines(workspace: Workspace, place: Place, seen: Sequence[SeenMessage]) -> tuple[Line, ...]:
    """The open thread. It shows when a new day began in it; the day of its beginning stands in the channel."""
    inside = [one for one in seen if place.thread and place.thread in (one.ts, one.thread_ts)]
    lines = _lines(workspace, inside)
    return tuple(replace(one, new_day=one.new_day and number > 0) for number, one in enumerate(lines))


def status_of(workspace: Workspace, place: Place, thread: str) -> str:
    """What the app says while it works on a thread, as a sentence about it; nothing when it does not."""
    words = workspace.status_seen_by(place.person, place.channel, thread)
    return f"{workspace.installation.bot.name} {words}" if words else ""


def _lines(workspace: Workspace, shown: Sequence[SeenMessage]) -> tuple[Line, ...]:
    author = _authors(workspace)
    menu = tuple(Shortcut(one) for one in workspace.shortcuts)
    times = [datetime.fromtimestamp(float(one.ts), UTC).astimezone() for one in shown]
    new_days = [True, *(before.date() != after.date() for before, after in pairwise(times))]
    return tuple(
        # Slack shows no such menu on what only one person sees.
        Line(one, author(one.author), at, new_day, menu=() if one.ephemeral else menu)
        for one, at, new_day in zip(shown, times, new_days, strict=False)
    )


def _authors(workspace: Workspace) -> Callable[[str], Author]:
    people = {person.id: person for person in workspace.people}
    bot = workspace.installation.bot

    def author(author_id: str) -> Author:
        if author_id in people:
            return Author(people[author_id].name, people[author_id].initials, is_app=False)
        is_bot = author_id == bot.user_id
        return Author(bot.name if is_bot else "Slackbot", "" if is_bot else "Sb", is_app=True)

    return author
