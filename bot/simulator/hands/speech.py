"""Saying, editing, reacting, commanding and pressing: what people do with messages."""

import uuid
from dataclasses import replace

from bot.simulator import interactions
from bot.simulator.channels import Kind
from bot.simulator.encoding import encoded
from bot.simulator.errors import NotInWorkspace, SlackError
from bot.simulator.events import Envelope, EnvelopeType
from bot.simulator.files import File
from bot.simulator.hands.base import one_button
from bot.simulator.hands.eyes import Eyes
from bot.simulator.hooks import Hook
from bot.simulator.messages import Json, Message
from bot.simulator.replies import Reply


class SpeechHands(Eyes):
    """People speak where they are members."""

    def say(
        self,
        person_id: str,
        channel_id: str,
        text: str,
        thread_ts: str | None = None,
        *,
        files: tuple[str | File, ...] = (),
    ) -> str:
        """Type a message and send it, with files if there are any, by name. Returns its ts."""
        self._member(person_id, channel_id)
        draft = Message(
            channel_id,
            "",
            person_id,
            encoded(text, self._typed_names()),
            thread_ts=thread_ts,
            client_msg_id=str(uuid.uuid4()),
            files=tuple(File.named(one) if isinstance(one, str) else one for one in files),
            subtype="file_share" if files else "",
        )
        return self.post(draft).ts

    def edit(self, person_id: str, channel_id: str, ts: str, text: str) -> None:
        """Change what one said oneself."""
        with self._change():
            before = self._readable(person_id, channel_id, ts)
            if before.author != person_id:
                raise NotInWorkspace(f"{self.person(person_id).name} did not write message {ts}.")
            self.update(before, replace(before, text=encoded(text, self._typed_names())))

    def take_back(self, person_id: str, channel_id: str, ts: str) -> None:
        """Delete what one said oneself."""
        with self._change():
            message = self._readable(person_id, channel_id, ts)
            if message.author != person_id:
                raise NotInWorkspace(f"{self.person(person_id).name} did not write message {ts}.")
            self.delete(message)

    def react(self, person_id: str, channel_id: str, ts: str, name: str) -> None:
        """Put an emoji below a message. Raises SlackError where it is there already or there are too many."""
        with self._change():
            self.add_reaction(self._readable(person_id, channel_id, ts), name, person_id)

    def unreact(self, person_id: str, channel_id: str, ts: str, name: str) -> None:
        """Take one's emoji away. Raises SlackError `no_reaction`."""
        with self._change():
            self.remove_reaction(self._readable(person_id, channel_id, ts), name, person_id)

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
            text=encoded(text, self._typed_names(labeled=True)),
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

    def _readable(self, person_id: str, channel_id: str, ts: str) -> Message:
        message = self.message(channel_id, ts)
        # Slack has no menu and no reactions on what only one person sees.
        if message is None or message.only_for is not None or not self.may_read(person_id, channel_id):
            raise NotInWorkspace(f"{self.person(person_id).name} sees no message {ts} of all in {channel_id}.")
        return message

    def _typed_names(self, *, labeled: bool = False) -> dict[str, str]:
        """What people type -> what Slack sends; in a command that has its text escaped, names come along."""
        bot = self.installation.bot
        people = {
            f"@{person.name}": f"<@{person.id}|{person.handle}>" if labeled else f"<@{person.id}>"
            for person in self.people
        }
        channels = {f"#{one.name}": f"<#{one.id}|{one.name}>" for one in self.channels if one.kind is not Kind.DIRECT}
        broadcasts = {f"@{word}": f"<!{word}>" for word in ("here", "channel", "everyone")}
        groups = {f"@{one.handle}": f"<!subteam^{one.id}>" for one in self.groups}
        bots = {f"@{bot.name}": f"<@{bot.user_id}>"} if self.is_installed else {}
        return {**people, **channels, **broadcasts, **groups, **bots}


_NO_COMMAND = (
    "`{command}` is not a valid command. In Slack, all messages that start with the “/” character are interpreted as "
    "commands. If you are trying to send a message and not run a command, try preceding the “/” with an empty space."
)
_NO_THREAD = "`{command}` is not supported in threads. Sorry!"
