"""Where people talk: public and private channels, direct messages, channels shared with another organization."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """The three kinds of conversation; the value is what Slack calls it in an event's `channel_type`."""

    PUBLIC = "channel"
    PRIVATE = "group"
    DIRECT = "im"


@dataclass(frozen=True)
class Channel:
    """A conversation and who is in it. `shared` is a Slack Connect channel: an outside organization is inside."""

    id: str
    name: str
    kind: Kind
    members: tuple[str, ...]
    purpose: str = ""
    shared: bool = False

    @property
    def title(self) -> str:
        """What stands above the messages; a direct message is titled by whom it is with."""
        return self.name if self.kind is Kind.DIRECT else f"# {self.name}"
