"""What the page shows to one person: plain values for the templates."""

from dataclasses import dataclass

from bot.simulator.agent import Prompts
from bot.simulator.channels import Channel, Kind
from bot.simulator.choices import Choice, choices_for
from bot.simulator.fault_panel import Board, board_of
from bot.simulator.page_lines import Line, Shortcut, channel_lines, status_of, thread_lines
from bot.simulator.people import Person
from bot.simulator.places import Panel, Place, Tab
from bot.simulator.seen_views import SeenField, SeenView
from bot.simulator.traffic import Traffic
from bot.simulator.workspace import Workspace

# What to try in a channel where nothing was said yet. The pages in `knowledge/` answer them.
EXAMPLES = (
    "customer brought the modem back after 20 days, do we still bill the fee?",
    "who may waive the equipment fee?",
    "the card terminal is down, how much may I take?",
)


# How the app is marked among the members of a channel.
APP = "app"


@dataclass(frozen=True)
class Entry:
    """A channel in the rail."""

    channel: Channel
    unread: int


@dataclass(frozen=True)
class Someone:
    """A person whom one can be: what Slack marks them as, and the user groups they are in."""

    person: Person
    mark: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """Somebody, or the app, who is in a channel or could be."""

    id: str
    name: str
    mark: str
    is_in: bool


@dataclass(frozen=True)
class View:
    """Everything the page draws for one person in one place."""

    place: Place
    person: Person
    people: tuple[Someone, ...]
    channel: Channel
    members: tuple[Member, ...]  # the app first, where it is installed
    entries: tuple[Entry, ...]
    direct: Entry | None  # none where the app was never installed
    lines: tuple[Line, ...]
    thread: tuple[Line, ...]
    thread_title: str
    status: str
    prompts: Prompts | None
    home: SeenView | None
    modal: SeenView | None
    bot_name: str
    team_name: str
    installed: bool
    connected: bool
    faults: tuple[str, ...]
    board: Board | None
    commands: tuple[str, ...]
    shortcuts: tuple[Shortcut, ...]
    mentions: tuple[str, ...]

    @property
    def is_home(self) -> bool:
        """Whether the app's Home is in front, not messages."""
        return self.place.tab is Tab.HOME

    @property
    def is_direct(self) -> bool:
        """Whether this is the conversation with the app."""
        return self.channel.kind is Kind.DIRECT

    @property
    def app_answers_in_thread(self) -> bool:
        """Whether somebody asked the app in the open thread: then they may go on without naming it."""
        asked, *said = self.thread or (None,)
        return asked is not None and not asked.author.is_app and any(line.author.is_app for line in said)

    @property
    def humans(self) -> int:
        """How many people are in the channel."""
        return sum(one.is_in for one in self.members if one.mark != APP)

    @property
    def passes(self) -> bool:
        """Whether something here ends by itself, so that it must be looked at again though nobody did anything."""
        return bool(
            self.board or self.status or any(line.status or line.seen.streaming for line in self.lines + self.thread)
        )

    @property
    def examples(self) -> tuple[str, ...]:
        """What to try here; in a channel the bot wants to be named."""
        before = "" if self.is_direct else f"@{self.bot_name} "
        return tuple(before + example for example in EXAMPLES)

    def choices(self, field: SeenField) -> tuple[Choice, ...]:
        """What can be chosen in a field."""
        channels = tuple(entry.channel for entry in (*self.entries, self.direct) if entry)
        return choices_for(field, people=[one.person for one in self.people], channels=channels)


def view_of(workspace: Workspace, place: Place, traffic: Traffic) -> View:
    """Read what there is to see in one place."""
    bot, installed = workspace.installation.bot, workspace.is_installed
    seen = workspace.seen_by(place.person, place.channel)
    channel = workspace.channel(place.channel)
    people = tuple(_someone(workspace, one) for one in workspace.people)
    theirs = [one for one in workspace.channels if place.person in one.members]
    entries = tuple(Entry(one, workspace.unread(place.person, one.id)) for one in theirs)
    return View(
        place=place,
        person=workspace.person(place.person),
        people=people,
        channel=channel,
        members=(
            *((Member(bot.user_id, bot.name, APP, bot.user_id in channel.members),) if installed else ()),
            *(Member(one.person.id, one.person.name, one.mark, one.person.id in channel.members) for one in people),
        ),
        entries=tuple(one for one in entries if one.channel.kind is not Kind.DIRECT),
        direct=next((one for one in entries if one.channel.kind is Kind.DIRECT), None),
        lines=channel_lines(workspace, place, seen),
        thread=thread_lines(workspace, place, seen),
        thread_title=workspace.title_of(place.channel, place.thread) or "Thread",
        status=status_of(workspace, place, place.thread),
        prompts=workspace.prompts_of(place.person) if channel.kind is Kind.DIRECT else None,
        home=workspace.home_of(place.person) if place.tab is Tab.HOME else None,
        modal=workspace.open_modal(place.person),
        bot_name=bot.name,
        team_name=workspace.installation.team.name,
        installed=installed,
        connected=traffic.is_connected,
        faults=workspace.faults.names,
        board=board_of(workspace, traffic) if place.panel is Panel.FAULTS else None,
        commands=workspace.commands,
        shortcuts=tuple(Shortcut(one) for one in workspace.global_shortcuts),
        mentions=(
            *((bot.name,) if installed else ()),
            *(person.name for person in workspace.people),
            *(group.handle for group in workspace.groups),
        ),
    )


def _someone(workspace: Workspace, person: Person) -> Someone:
    is_outside = person.team != workspace.installation.team
    mark = "deactivated" if person.deleted else "outside" if is_outside else "guest" if person.guest else ""
    return Someone(person, mark, tuple(one.handle for one in workspace.groups if person.id in one.members))
