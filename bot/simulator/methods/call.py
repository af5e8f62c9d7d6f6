"""One call of the Web API: the arguments, and the workspace it is about, with what every method asks of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.simulator import profiles
from bot.simulator.arguments import Arguments
from bot.simulator.channels import Channel, Kind
from bot.simulator.errors import SlackError
from bot.simulator.messages import Message
from bot.simulator.people import Bot, Person
from bot.simulator.workspace import Workspace

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """What a method gets. `socket_url` makes a new WebSocket address."""

    workspace: Workspace
    method: str
    arguments: Arguments
    socket_url: Callable[[], str]

    @property
    def bot(self) -> Bot:
        """Who calls."""
        return self.workspace.installation.bot

    def channel(self, name: str = "channel") -> Channel:
        """The channel that the bot can see by id, `#name` or, for a direct message, the person's id.

        A private channel without the bot does not exist for it. Raises SlackError `channel_not_found`.
        """
        wanted = self.arguments.needed(name)
        for channel in self.workspace.channels:
            named = wanted == channel.id or (channel.kind is not Kind.DIRECT and wanted == f"#{channel.name}")
            direct = channel.kind is Kind.DIRECT and wanted in channel.members and wanted != self.bot.user_id
            if (named or direct) and (channel.kind is Kind.PUBLIC or self.bot.user_id in channel.members):
                self.workspace.grants.check(self.method, [channel.kind])
                return channel
        raise SlackError("channel_not_found")

    def joined_channel(self, name: str = "channel") -> Channel:
        """As `channel`, and the bot is in it. Raises SlackError `not_in_channel`."""
        channel = self.channel(name)
        if self.bot.user_id not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def person(self, name: str = "user") -> Person:
        """Someone of the workspace. Raises SlackError `user_not_found`."""
        wanted = self.arguments.needed(name)
        person = next((one for one in self.workspace.people if one.id == wanted), None)
        if person is None:
            raise SlackError("user_not_found")
        return person

    def message(self, channel: Channel, name: str = "ts") -> Message:
        """A message that others can read too. Raises SlackError `message_not_found`."""
        message = self.workspace.message(channel.id, self.arguments.needed(name))
        if message is None or message.only_for is not None:
            raise SlackError("message_not_found")
        return message

    def metadata(self) -> Mapping[str, Any] | None:
        """What the app attaches to a message for itself. Raises SlackError `invalid_metadata_format`."""
        given = self.arguments.structure("metadata", broken="invalid_metadata_format")
        if given is None:
            return None
        if not (isinstance(given, dict) and {"event_type", "event_payload"} <= given.keys()):
            raise SlackError("invalid_metadata_format")
        return given

    def shown(self, message: Message) -> Json:
        """A message as Slack returns it, with what its thread adds to the first message of it."""
        installation = self.workspace.installation
        author = next((one for one in self.workspace.people if one.id == message.author), None)
        team_id = author.team.id if author else installation.team.id
        shown = profiles.message(message, installation, team_id=team_id, address=self.workspace.address)
        replies = [
            one for one in self.workspace.messages(message.channel, message.ts) if one.is_reply and not one.only_for
        ]
        if replies:
            shown |= {
                "thread_ts": message.ts,
                "reply_count": len(replies),
                "reply_users": list(dict.fromkeys(one.author for one in replies)),
                "latest_reply": replies[-1].ts,
            }
        if message.metadata and self.arguments.flag("include_all_metadata"):
            shown["metadata"] = message.metadata
        return shown


Method = Callable[[Call], Json]
