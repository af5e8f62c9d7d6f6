"""The workspace as people use it: what each of them sees, and what their hands can do."""

import uuid

from bot.simulator import interactions
from bot.simulator.channels import Kind
from bot.simulator.encoding import encoded
from bot.simulator.errors import NotInWorkspace, SlackError
from bot.simulator.events import Envelope, EnvelopeType
from bot.simulator.hands.base import one_button
from bot.simulator.hands.forms import FormHands
from bot.simulator.hands.home import HomeHands
from bot.simulator.hands.shortcuts import ShortcutHands
from bot.simulator.hooks import Hook
from bot.simulator.messages import Json, Message, SeenMessage, seen
from bot.simulator.replies import Reply


class Workspace(FormHands, HomeHands, ShortcutHands):
    """The local Slack without its server. Tests drive it with these hands and look through these eyes."""

    # What is seen

    def seen_by(self, person_id: str, channel_id: str, thread_ts: str | None = None) -> tuple[SeenMessage, ...]:
        """What this person can read here, oldest first: the channel with all its threads, or one thread.

        Nothing for someone who may not read the channel. A message for one person is there for that person only.
        """
        with self._lock:
            if not self.may_read(person_id, channel_id):
                return ()
            names = self.names
            visible = (one for one in self.messages(channel_id, thread_ts) if one.only_for in (None, person_id))
            return tuple(
                seen(one, names, feedback=self._feedback.get((person_id, channel_id, one.ts), {})) for one in visible
            )

    def unread(self, person_id: str, channel_id: str) -> int:
        """How many messages of others this person has not had in front of them; replies count in their thread."""
        read_to = self._read_to.get((person_id, channel_id), self._start)
        messages = self.seen_by(person_id, channel_id)
        return sum(one.ts > read_to and one.author != person_id and one.thread_ts in (None, one.ts) for one in messages)

    def mark_read(self, person_id: str, channel_id: str) -> None:
        """This person has the channel in front of them."""
        if self.unread(person_id, channel_id):
            with self._change():
                self._read_to[person_id, channel_id] = self.messages(channel_id)[-1].ts

    # What people do

    def say(self, person_id: str, channel_id: str, text: str, thread_ts: str | None = None) -> str:
        """Type a message and send it. Returns its ts."""
        self._member(person_id, channel_id)
        draft = Message(
            channel_id,
            "",
            person_id,
            encoded(text, self._typed_names()),
            thread_ts=thread_ts,
            client_msg_id=str(uuid.uuid4()),
        )
        return self.post(draft).ts

    def slash(
        self, person_id: str, channel_id: str, command: str, text: str = "", *, thread_ts: str | None = None
    ) -> None:
        """Send a slash command. What Slack or the app says to it is seen in the channel; Slack has none in threads."""
        person, channel = self._member(person_id, channel_id)
        hook = Hook(person_id, channel_id, thread_ts=thread_ts, after=f"{command} {text}".strip())
        refusal = _NO_COMMAND if command not in self.commands else _NO_THREAD if thread_ts else ""
        if refusal:
            self._slackbot(hook, refusal.format(command=command))
            return
        payload = interactions.slash_command(
            person,
            channel,
            self.installation,
            command=command,
            text=text,
            response_url=self._response_url(hook),
            trigger_id=self._trigger(person_id),
        )

        def failed(error: str) -> None:
            self._slackbot(hook, f'{command} failed with the error "{error}"')

        def acked(answer: Json) -> None:
            try:
                reply = Reply.read(answer)
            except SlackError:
                failed("invalid_command_response")
                return
            if reply:
                self.reply(hook, reply)

        self._tell(Envelope(EnvelopeType.COMMAND, payload, acked, failed))

    def click(
        self,
        person_id: str,
        channel_id: str,
        message_ts: str,
        action_id: str,
        value: str | None = None,
        *,
        block_id: str | None = None,
    ) -> None:
        """Press a button. Of a feedback pair, or of several buttons with one action_id, `value` says which."""
        person, channel = self._member(person_id, channel_id)
        message = next((one for one in self.seen_by(person_id, channel_id) if one.ts == message_ts), None)
        where = f"message {message_ts} of {channel.id}"
        if message is None:
            raise NotInWorkspace(f"{person.name} sees no {where}. Buttons there: none.")
        button = one_button(message.buttons, action_id, value=value, where=where, block_id=block_id)
        if button.kind == "feedback_buttons":
            with self._change():
                self._feedback.setdefault((person_id, channel_id, message_ts), {})[action_id] = button.value
        hook = Hook(person_id, channel_id, message_ts=message_ts, thread_ts=message.thread_ts)
        payload = interactions.message_actions(
            person,
            channel,
            self.installation,
            seen=message,
            actions=[interactions.pressed(button)],
            response_url=self._response_url(hook),
            trigger_id=self._trigger(person_id),
        )
        failed = f"{self.installation.bot.name} did not answer the button “{button.label}” in time."
        self._interaction(payload, failed=lambda _error: self._slackbot(hook, failed))

    def _typed_names(self) -> dict[str, str]:
        bot = self.installation.bot
        people = {f"@{person.name}": f"<@{person.id}>" for person in self.people}
        channels = {f"#{one.name}": f"<#{one.id}|{one.name}>" for one in self.channels if one.kind is not Kind.DIRECT}
        broadcasts = {f"@{word}": f"<!{word}>" for word in ("here", "channel", "everyone")}
        return {**people, **channels, **broadcasts, f"@{bot.name}": f"<@{bot.user_id}>"}


_NO_COMMAND = (
    "`{command}` is not a valid command. In Slack, all messages that start with the “/” character are interpreted as "
    "commands. If you are trying to send a message and not run a command, try preceding the “/” with an empty space."
)
_NO_THREAD = "`{command}` is not supported in threads. Sorry!"
