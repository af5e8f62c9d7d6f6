"""Where somebody is on the page. The URL holds exactly this."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from urllib.parse import urlencode

from bot.simulator.channels import Channel, Kind
from bot.simulator.errors import NotInWorkspace
from bot.simulator.workspace import Workspace


class Tab(Enum):
    """What is shown of a conversation; only the app has a Home."""

    MESSAGES = ""
    HOME = "home"


class Panel(Enum):
    """What is open beside the conversation."""

    NONE = ""
    FAULTS = "faults"


@dataclass(frozen=True)
class Place:
    """Who somebody is, which channel they look at, which thread in it, which tab of the app, and what is beside it."""

    person: str
    channel: str
    thread: str = ""
    tab: Tab = Tab.MESSAGES
    panel: Panel = Panel.NONE

    @property
    def fields(self) -> dict[str, str]:
        """The place as the fields of a form, without those that say nothing."""
        parts = {
            "as": self.person,
            "channel": self.channel,
            "thread": self.thread,
            "tab": self.tab.value,
            "panel": self.panel.value,
        }
        return {name: value for name, value in parts.items() if value}

    @property
    def query(self) -> str:
        """The place as the query of a URL."""
        return urlencode(self.fields)

    @property
    def url(self) -> str:
        """The page of this place."""
        return f"/?{self.query}"

    @property
    def key(self) -> str:
        """The place as part of an element's id."""
        return "-".join(self.fields.values()).replace(".", "-")

    def at(self, channel: str, thread: str = "", *, tab: str = "") -> "Place":
        """The same person elsewhere."""
        return replace(self, channel=channel, thread=thread, tab=Tab(tab))

    def being(self, person: str) -> "Place":
        """Somebody else in the same channel."""
        return replace(self, person=person, thread="")

    def beside(self, panel: str) -> "Place":
        """The same place with another panel open, or none."""
        return replace(self, panel=Panel(panel))


def place_of(workspace: Workspace, asked: dict[str, str]) -> Place:
    """The place that a URL or a form asks for, or the nearest one that exists and that this person may be in."""
    ids = [one.id for one in workspace.people]
    person = asked["as"] if asked.get("as") in ids else ids[0]
    theirs = {one.id: one for one in workspace.channels if person in one.members}
    channel = asked.get("channel", "")
    if channel not in theirs:
        directs = {one.id for one in workspace.channels if one.kind is Kind.DIRECT}
        # Everybody has a direct message of their own with the app.
        channel = workspace.direct(person).id if channel in directs else _first_of(workspace, person, theirs)
    thread = asked.get("thread", "")
    exists = any(one.ts == thread for one in workspace.seen_by(person, channel))
    is_home = asked.get("tab") == Tab.HOME.value and theirs[channel].kind is Kind.DIRECT
    return Place(
        person,
        channel,
        thread if exists and not is_home else "",
        tab=Tab.HOME if is_home else Tab.MESSAGES,
        panel=Panel.FAULTS if asked.get("panel") == Panel.FAULTS.value else Panel.NONE,
    )


def _first_of(workspace: Workspace, person: str, theirs: Mapping[str, Channel]) -> str:
    for channel in theirs:
        return channel
    raise NotInWorkspace(
        f"{workspace.person(person).name} is in no channel. Be somebody else, who can add them to one."
    )
