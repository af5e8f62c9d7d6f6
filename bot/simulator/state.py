"""The state of the local workspace: who is there, what was said, what waits to be told to the app.

Safe to use from any thread: the server's, a test's, the bot's. Everything happens under one lock, and every change
wakes whoever waits for one.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from threading import Condition

from bot.simulator import events
from bot.simulator.channels import Channel, Kind
from bot.simulator.clock import Clock
from bot.simulator.errors import NotInWorkspace
from bot.simulator.events import Envelope, EnvelopeType
from bot.simulator.faults import Faults
from bot.simulator.hooks import Hook, Hooks
from bot.simulator.journal import ApiCall, Journal
from bot.simulator.messages import Json, Message, with_ids
from bot.simulator.modals import KeptView, Modals
from bot.simulator.people import SLACKBOT, Person
from bot.simulator.replies import Reply
from bot.simulator.seed import Seed, tidewater
from bot.simulator.transcripts import Transcripts
from bot.simulator.triggers import Triggers


class State:
    """People, channels and messages. What the app has registered is given: commands, and shortcuts by callback_id.

    `shortcuts` stand in the menu of every message, `global_shortcuts` in the one beside the message box.
    """

    def __init__(
        self,
        seed: Seed | None = None,
        *,
        commands: tuple[str, ...] = ("/ask",),
        shortcuts: tuple[str, ...] = ("ask_about_this", "log_friction"),
        global_shortcuts: tuple[str, ...] = (),
        clock: Clock | None = None,
    ) -> None:
        seed = seed or tidewater()
        self.installation = seed.installation
        self.commands = commands
        self.shortcuts = shortcuts
        self.global_shortcuts = global_shortcuts
        self.clock = clock or Clock()
        self.faults = Faults()
        self.journal = Journal()
        self.hooks = Hooks(self.clock)
        self.triggers = Triggers(self.clock)
        self.modals = Modals()
        self.homes: dict[str, KeptView] = {}
        self.address = "http://127.0.0.1"
        self._lock = Condition()
        self._people = {person.id: person for person in seed.people}
        self._channels = {channel.id: channel for channel in seed.channels}
        self._transcripts = Transcripts()
        self._feedback: dict[tuple[str, str, str], dict[str, str]] = {}
        self._read_to: dict[tuple[str, str], str] = {}
        self._envelopes: deque[Envelope] = deque()
        self._watchers: list[Callable[[], None]] = []
        self._connections = 0
        for channel_id, author, text in seed.history:
            self._transcripts.add(Message(channel_id, "", author, text))
        self._start = self._transcripts.next_ts()

    # Who and where

    @property
    def people(self) -> tuple[Person, ...]:
        """Everyone who can type."""
        return tuple(self._people.values())

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Every conversation, direct messages included."""
        return tuple(self._channels.values())

    @property
    def names(self) -> Mapping[str, str]:
        """How a person or a channel is called, by id."""
        bot = self.installation.bot
        people = {person.id: person.name for person in self.people}
        return {**people, bot.user_id: bot.name, SLACKBOT: "Slackbot"} | {one.id: one.name for one in self.channels}

    def person(self, person_id: str) -> Person:
        """Someone by id. Raises NotInWorkspace."""
        if person_id not in self._people:
            raise NotInWorkspace(f"Nobody here has the id {person_id!r}. There are: {', '.join(self._people)}.")
        return self._people[person_id]

    def channel(self, channel_id: str) -> Channel:
        """A conversation by id. Raises NotInWorkspace."""
        if channel_id not in self._channels:
            raise NotInWorkspace(f"No channel has the id {channel_id!r}. There are: {', '.join(self._channels)}.")
        return self._channels[channel_id]

    def direct(self, person_id: str) -> Channel:
        """The direct message between this person and the bot."""
        directs = (one for one in self.channels if one.kind is Kind.DIRECT)
        return next(one for one in directs if self.person(person_id).id in one.members)

    def leave(self, member_id: str, channel_id: str) -> None:
        """Somebody, or the bot, is no longer in a channel."""
        with self._change():
            channel = self.channel(channel_id)
            members = tuple(one for one in channel.members if one != member_id)
            self._channels[channel_id] = replace(channel, members=members)

    def may_read(self, person_id: str, channel_id: str) -> bool:
        """Members read; an employee may also look into any public channel, a guest or an outsider may not."""
        person, channel = self.person(person_id), self.channel(channel_id)
        is_employee = person.team == self.installation.team and not person.guest
        return person_id in channel.members or (channel.kind is Kind.PUBLIC and is_employee)

    # What is said

    def message(self, channel_id: str, ts: str) -> Message | None:
        """A message by its ts."""
        with self._lock:
            return self._transcripts.find(channel_id, ts)

    def messages(self, channel_id: str, thread_ts: str | None = None) -> tuple[Message, ...]:
        """A channel's messages or one thread's, oldest first, whoever may see them."""
        with self._lock:
            if thread_ts is None:
                return self._transcripts.of(channel_id)
            return self._transcripts.thread(channel_id, thread_ts)

    def post(self, draft: Message) -> Message:
        """Add a message and tell the app where it is a member. The draft's ts is ignored."""
        with self._change():
            kept = self._transcripts.add(replace(draft, blocks=with_ids(draft.blocks)))
            if kept.only_for is None and kept.author != SLACKBOT:
                self._announce(kept)
            return kept

    def update(self, before: Message, after: Message) -> Message:
        """Put another version in a message's place; an ephemeral one changes without an event."""
        with self._change():
            after = replace(after, edited_ts=self._transcripts.next_ts(), blocks=with_ids(after.blocks))
            self._transcripts.put(after)
            if before.only_for is None:
                self._tell_event(
                    events.changed_event(before, after, self.channel(before.channel), self.installation),
                    channel=self.channel(before.channel),
                )
            return after

    def delete(self, message: Message) -> None:
        """Take a message away."""
        with self._change():
            self._transcripts.remove(message)
            if message.only_for is None:
                channel = self.channel(message.channel)
                ts = self._transcripts.next_ts()
                self._tell_event(events.deleted_event(message, channel, self.installation, ts=ts), channel=channel)

    def reply(self, hook: Hook, reply: Reply) -> Message | None:
        """What the app answers to a command or a button: for one person or, `in_channel`, for all."""
        bot_id = self.installation.bot.user_id
        with self._change():
            original = self.message(hook.channel, hook.message_ts) if hook.message_ts else None
            if original and reply.deletes_original:
                self.delete(original)
                return None
            if original and reply.replaces_original:
                return self.update(original, replace(original, text=reply.text, blocks=reply.blocks))
            draft = Message(
                hook.channel,
                "",
                bot_id,
                reply.text,
                reply.blocks,
                thread_ts=reply.thread_ts or hook.thread_ts,
                only_for=None if reply.in_channel else hook.person,
                after=hook.after,
            )
            return self.post(draft)

    # For the server

    @property
    def connections(self) -> int:
        """How many sockets the bot has open."""
        return self._connections

    def set_connections(self, count: int) -> None:
        """The bot opened or lost a socket."""
        with self._change():
            self._connections = count

    def record(self, call: ApiCall) -> None:
        """The app called the Web API."""
        with self._change():
            self.journal.write(call)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock for several steps that belong together; whoever waits for a change is woken at the end."""
        with self._change():
            yield

    def take_envelopes(self) -> list[Envelope]:
        """What waits to be told to the app; it is the taker's to deliver."""
        with self._lock:
            taken = list(self._envelopes)
            self._envelopes.clear()
            return taken

    @contextmanager
    def watched_by(self, watcher: Callable[[], None]) -> Iterator[None]:
        """Call `watcher` after every change, from the thread that made it; it must not block."""
        with self._lock:
            self._watchers.append(watcher)
        try:
            yield
        finally:
            with self._lock:
                self._watchers.remove(watcher)

    @contextmanager
    def _change(self) -> Iterator[None]:
        with self._lock:
            yield
            self._lock.notify_all()
            for watcher in self._watchers:
                watcher()

    def _announce(self, message: Message) -> None:
        channel = self.channel(message.channel)
        author = self._people.get(message.author)
        parent = self._transcripts.find(channel.id, message.thread_ts or "") if message.is_reply else None
        bodies = events.message_events(
            message,
            channel,
            self.installation,
            team_id=author.team.id if author else self.installation.team.id,
            parent_author=parent.author if parent else None,
        )
        for body in bodies:
            self._tell_event(body, channel=channel)

    def _tell_event(self, body: Json, *, channel: Channel) -> None:
        """An event, where the app is there to hear it."""
        if self.installation.bot.user_id in channel.members:
            self._tell(events.event(body, self.installation))

    def _tell(self, envelope: Envelope) -> None:
        twice = self.faults.deliver_twice and envelope.type is EnvelopeType.EVENT
        with self._change():
            self._envelopes.extend([envelope] * (2 if twice else 1))
