"""Shortcuts: from the menu of a message, and from the one beside the message box."""

from bot.simulator import interactions
from bot.simulator.errors import NotInWorkspace
from bot.simulator.hands.base import Hands
from bot.simulator.hooks import Hook


class ShortcutHands(Hands):
    """People find the shortcuts that the app has registered, and no others."""

    def shortcut(self, person_id: str, callback_id: str, channel_id: str = "", ts: str = "") -> None:
        """Use a shortcut: of one message, named by its channel and ts, or a global one without them."""
        if ts:
            self._on_message(person_id, callback_id, channel_id, ts)
            return
        _offered(callback_id, self.global_shortcuts, "global")
        person = self.person(person_id)
        payload = interactions.global_shortcut(
            person, self.installation, callback_id=callback_id, trigger_id=self._trigger(person_id)
        )
        self._interaction(payload, failed=lambda _error: self._sorry(Hook(person_id, self.direct(person_id).id)))

    def _on_message(self, person_id: str, callback_id: str, channel_id: str, ts: str) -> None:
        _offered(callback_id, self.shortcuts, "message")
        person, channel = self._member(person_id, channel_id)
        message = self.message(channel_id, ts)
        # Slack shows no such menu on what only one person sees.
        if message is None or message.only_for is not None:
            raise NotInWorkspace(f"There is no message {ts} in {channel.id} that has a menu of shortcuts.")
        author = next((one for one in self.people if one.id == message.author), None)
        hook = Hook(person_id, channel_id, message_ts=ts, thread_ts=message.thread_ts)
        payload = interactions.message_shortcut(
            person,
            channel,
            self.installation,
            message=message,
            callback_id=callback_id,
            response_url=self._response_url(hook),
            trigger_id=self._trigger(person_id),
            author_team=author.team.id if author else self.installation.team.id,
            address=self.address,
        )
        self._interaction(payload, failed=lambda _error: self._sorry(hook))

    def _sorry(self, hook: Hook) -> None:
        self._slackbot(hook, f"{self.installation.bot.name} did not answer the shortcut in time.")


def _offered(callback_id: str, registered: tuple[str, ...], kind: str) -> None:
    if callback_id not in registered:
        there = ", ".join(registered) or "none"
        raise NotInWorkspace(f"No {kind} shortcut is called {callback_id!r}. There are: {there}.")
