"""What the page shows to one person: plain values for the templates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import urlencode

from bot.simulator.channels import Channel, Kind
from bot.simulator.messages import SeenMessage
from bot.simulator.people import Person
from bot.simulator.workspace import Workspace

# Older messages stay out of the page; whoever opens it wants the newest.
SHOWN_MESSAGES = 100

# What to try in a channel where nothing was said yet. The pages in `knowledge/` answer them.
EXAMPLES = (
    "customer brought the modem back after 20 days, do we still bill the fee?",
    "who may waive the unreturned-equipment fee, and how often?",
    "do we owe a credit for an outage that lasted two days?",
)


@dataclass(frozen=True)
class Place:
    """Where somebody is on the page: who they are, which channel, which thread. The URL holds exactly this."""

    person: str
    channel: str
    thread: str = ""

    @property
    def query(self) -> str:
        """The place as the query of a URL."""
        parts = {"as": self.person, "channel": self.channel, "thread": self.thread}
        return urlencode({name: value for name, value in parts.items() if value})

    @property
    def key(self) -> str:
        """The place as part of an element's id."""
        return f"{self.person}-{self.channel}-{self.thread.replace('.', '-')}"


@dataclass(frozen=True)
class Author:
    """Who wrote a message, as its head shows it."""

    name: str
    initials: str
    is_app: bool


@dataclass(frozen=True)
class Line:
    """One message on the page, with what its thread adds and a divider where a new day begins."""

    seen: SeenMessage
    author: Author
    at: datetime
    new_day: bool
    replies: int = 0
    last_author: Author | None = None


@dataclass(frozen=True)
class Entry:
    """A channel in the rail."""

    channel: Channel
    unread: int


@dataclass(frozen=True)
class View:
    """Everything the page draws for one person in one place."""

    place: Place
    person: Person
    people: tuple[Person, ...]
    channel: Channel
    entries: tuple[Entry, ...]
    direct: Entry
    lines: tuple[Line, ...]
    thread: tuple[Line, ...]
    bot_name: str
    home_team: str
    connected: bool
    faults: tuple[str, ...]
    commands: tuple[str, ...]
    mentions: tuple[str, ...]

    @property
    def humans(self) -> int:
        """How many people are in the channel."""
        return sum(one.id in self.channel.members for one in self.people)

    @property
    def examples(self) -> tuple[str, ...]:
        """What to try here; in a channel the bot wants to be named."""
        before = "" if self.channel.kind is Kind.DIRECT else f"@{self.bot_name} "
        return tuple(before + example for example in EXAMPLES)


def place_of(workspace: Workspace, *, person: str, channel: str, thread: str) -> Place:
    """The place that a URL asks for, or the nearest one that exists and that this person may be in."""
    ids = [one.id for one in workspace.people]
    person = person if person in ids else ids[0]
    theirs = [one.id for one in workspace.channels if person in one.members]
    channel = channel if channel in theirs else theirs[0]
    exists = any(one.ts == thread for one in workspace.seen_by(person, channel))
    return Place(person, channel, thread if exists else "")


def view_of(workspace: Workspace, place: Place) -> View:
    """Read what there is to see in one place."""
    names = {person.id: person for person in workspace.people}
    bot = workspace.installation.bot

    def author(author_id: str) -> Author:
        if author_id in names:
            return Author(names[author_id].name, names[author_id].initials, is_app=False)
        is_bot = author_id == bot.user_id
        return Author(bot.name if is_bot else "Slackbot", "" if is_bot else "Sb", is_app=True)

    seen = workspace.seen_by(place.person, place.channel)
    theirs = [one for one in workspace.channels if place.person in one.members]
    entries = tuple(Entry(one, workspace.unread(place.person, one.id)) for one in theirs)
    top = [one for one in seen if one.thread_ts in (None, one.ts)][-SHOWN_MESSAGES:]
    thread = [one for one in seen if place.thread and place.thread in (one.ts, one.thread_ts)]
    return View(
        place=place,
        person=workspace.person(place.person),
        people=workspace.people,
        channel=workspace.channel(place.channel),
        entries=tuple(one for one in entries if one.channel.kind is not Kind.DIRECT),
        direct=next(one for one in entries if one.channel.kind is Kind.DIRECT),
        lines=_lines(top, seen, author),
        # A thread shows when a new day began in it; the day of its beginning stands in the channel.
        thread=tuple(
            replace(one, new_day=one.new_day and number > 0) for number, one in enumerate(_lines(thread, (), author))
        ),
        bot_name=bot.name,
        home_team=workspace.installation.team.id,
        connected=workspace.connections > 0,
        faults=workspace.faults.names,
        commands=workspace.commands,
        mentions=(bot.name, *(person.name for person in workspace.people)),
    )


def _lines(
    shown: Sequence[SeenMessage], everything: Sequence[SeenMessage], author: Callable[[str], Author]
) -> tuple[Line, ...]:
    """The messages to draw. `everything` is where their replies are found; in an open thread there are none."""
    times = [datetime.fromtimestamp(float(one.ts), UTC).astimezone() for one in shown]
    new_days = [True, *(before.date() != after.date() for before, after in pairwise(times))]
    replies: dict[str, list[SeenMessage]] = {}
    for one in everything:
        # As in Slack, what only one person sees is not counted.
        if one.thread_ts not in (None, one.ts) and not one.ephemeral:
            replies.setdefault(str(one.thread_ts), []).append(one)
    return tuple(
        Line(
            one,
            author(one.author),
            at,
            new_day,
            replies=len(replies.get(one.ts, ())),
            last_author=author(replies[one.ts][-1].author) if one.ts in replies else None,
        )
        for one, at, new_day in zip(shown, times, new_days, strict=False)
    )
