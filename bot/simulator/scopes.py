"""What an app may call and hear: the scopes it was granted, the events it subscribed to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.simulator.channels import Kind
from bot.simulator.errors import SlackError

# Slack's documented scopes; a method that is not here needs none.
OF_METHODS: Mapping[str, str] = {
    "assistant.threads.setStatus": "assistant:write",
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "assistant.threads.setTitle": "assistant:write",
    "bots.info": "users:read",
    "chat.appendStream": "chat:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.startStream": "chat:write",
    "chat.stopStream": "chat:write",
    "chat.update": "chat:write",
    "conversations.open": "im:write",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "reactions.add": "reactions:write",
    "reactions.get": "reactions:read",
    "reactions.remove": "reactions:write",
    "team.info": "team:read",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
    "users.list": "users:read",
    "users.lookupByEmail": "users:read.email",
}
# What these need depends on the kind of channel they are about.
BY_KIND: Mapping[str, str] = {
    "conversations.history": "history",
    "conversations.info": "read",
    "conversations.list": "read",
    "conversations.members": "read",
    "conversations.replies": "history",
    "users.conversations": "read",
}
_FAMILY = {Kind.PUBLIC: "channels", Kind.PRIVATE: "groups", Kind.DIRECT: "im"}
# What a subscription to messages is called in a manifest, by the kind of channel.
_MESSAGES = {Kind.PUBLIC: "message.channels", Kind.PRIVATE: "message.groups", Kind.DIRECT: "message.im"}
# What the events need that the workspace tells of; those that are not here, such as of the app's own end, need nothing.
_OF_EVENTS: Mapping[str, str] = {
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "user_change": "users:read",
}
_OF_EVENTS_BY_KIND: Mapping[str, str] = {
    "message": "history",
    "member_joined_channel": "read",
    "member_left_channel": "read",
}
EMAIL = "users:read.email"


@dataclass(frozen=True)
class Grants:
    """What the app was granted. None stands for everything, as in a workspace that nobody set up."""

    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None

    def check(self, method: str, kinds: Iterable[Kind] = ()) -> None:
        """Raise SlackError `missing_scope` where the app may not call this, or not about such channels."""
        for kind in kinds:
            if method in BY_KIND:
                self._need(f"{_FAMILY[kind]}:{BY_KIND[method]}")
        if method in OF_METHODS:
            self._need(OF_METHODS[method])

    def has(self, scope: str) -> bool:
        """Whether this scope was granted."""
        return self.scopes is None or scope in self.scopes

    def hears(self, event: str, kind: Kind | None = None) -> bool:
        """Whether the app subscribed to an event, to messages by the kind of channel, and has the scope for it."""
        wanted = _MESSAGES[kind] if event == "message" and kind else event
        scope = _OF_EVENTS.get(event)
        if event in _OF_EVENTS_BY_KIND and kind:
            scope = f"{_FAMILY[kind]}:{_OF_EVENTS_BY_KIND[event]}"
        return (self.events is None or wanted in self.events) and (scope is None or self.has(scope))

    @property
    def header(self) -> str:
        """The scopes as Slack lists them with every answer."""
        return ",".join(sorted(self.scopes or ()))

    def _need(self, scope: str) -> None:
        if not self.has(scope):
            raise SlackError("missing_scope", more={"needed": scope, "provided": self.header})
