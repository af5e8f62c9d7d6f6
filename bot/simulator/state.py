"""The state of the local workspace: who is there, what was said, what waits to be told to the app.

Safe to use from any thread: the server's, a test's, the bot's. Everything happens under one lock, and every change
wakes whoever waits for one.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Condition

from bot.simulator import events
from bot.simulator.agent import Agent, Prompts
from bot.simulator.channels import Channel
from bot.simulator.client import Client
from bot.simulator.clock import Clock
from bot.simulator.events import Envelope, EnvelopeType
from bot.simulator.faults import Faults
from bot.simulator.hooks import Hook, Hooks
from bot.simulator.journal import ApiCall, Journal
from bot.simulator.messages import Json, Message, with_ids, words_of_message
from bot.simulator.modals import KeptView, Modals
from bot.simulator.people import SLACKBOT
from bot.simulator.reactions import Reactions, with_reaction, without_reaction
from bot.simulator.replies import Reply
from bot.simulator.roster import Roster
from bot.simulator.scopes import Grants
from bot.simulator.seed import Seed, tidewater
from bot.simulator.seen_views import seen_view
from bot.simulator.sightings import Sightings, Surface
from bot.simulator.streams import Streams
from bot.simulator.tokens import Tokens
from bot.simulator.transcripts import Transcripts
from bot.simulator.triggers import Triggers
from bot.simulator.uploads import Uploads


class State(Roster):
    """People, channels and messages. What the app has registered is given: commands, and shortcuts by callback_id.

    `shortcuts` stand in the menu of every message, `global_shortcuts` in the one beside the message box. `scopes` and
    `subscriptions` are what the app was granted and what it hears, as its manifest calls them; not given, everything.
    Where it is not `installed`, nothing of it is there until somebody installs it.
    """

    def __init__(
        self,
        seed: Seed | None = None,
        *,
        installed: bool = True,
        commands: tuple[str, ...] = ("/ask", "/customer", "/friction", "/knowledge", "/throughline"),
        shortcuts: tuple[str, ...] = ("ask_about_this", "look_up_customer", "log_friction"),
        global_shortcuts: tuple[str, ...] = ("report_friction",),
        scopes: Iterable[str] | None = None,
        subscriptions: Iterable[str] | None = None,
        clock: Clock | None = None,
    ) -> None:
        seed = seed or tidewater()
        super().__init__(
            seed,
            Grants(
                None if scopes is None else frozenset(scopes),
                None if subscriptions is None else frozenset(subscriptions),
            ),
            installed=installed,
        )
        self._commands = commands
        self._shortcuts = shortcuts
        self._global_shortcuts = global_shortcuts
        self.tokens = Tokens()
        if installed:
            self.tokens.issue()
        self.clock = clock or Clock()
        self.faults = Faults()
        self.journal = Journal()
        self.hooks = Hooks(self.clock)
        self.triggers = Triggers(self.clock)
        self.sightings = Sightings()
        self.uploads = Uploads()
        self.modals = Modals(self._note_view)
        self.homes: dict[str, KeptView] = {}
        self.streams = Streams(self.clock)
        self.agent = Agent(self.clock)
        # What Slack knows of an app that several workspaces install.
        self.client: Client | None = None
        self.address = "http://127.0.0.1"
        self._lock = Condition()
        self._transcripts = Transcripts()
        self._feedback: dict[tuple[str, str, str], dict[str, str]] = {}
        self._read_to: dict[tuple[str, str], str] = {}
        self._envelopes: deque[Envelope] = deque()
        self._watchers: list[Callable[[], None]] = []
        self._connections = 0
        for channel_id, author, text in seed.history:
            self._transcripts.add(Message(channel_id, "", author, text))
        self._start = self._transcripts.next_ts()

    # What the app registered

    @property
    def commands(self) -> tuple[str, ...]:
        """The slash commands that exist."""
        return self._commands if self.is_installed else ()

    @property
    def shortcuts(self) -> tuple[str, ...]:
        """The shortcuts in the menus of messages."""
        return self._shortcuts if self.is_installed else ()

    @property
    def global_shortcuts(self) -> tuple[str, ...]:
        """The shortcuts beside the message box."""
        return self._global_shortcuts if self.is_installed else ()

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
            self._note_message(kept)
            if kept.only_for is None and kept.author != SLACKBOT:
                self._clear_beside(kept)
                self._announce(kept)
            return kept

    def update(self, before: Message, after: Message) -> Message:
        """Put another version in a message's place; an ephemeral one changes without an event."""
        with self._change():
            after = replace(after, edited_ts=self._transcripts.next_ts(), blocks=with_ids(after.blocks))
            self._transcripts.put(after)
            self._note_message(after)
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

    def append(self, message: Message, text: str, blocks: tuple[Json, ...] = ()) -> Message:
        """Let a message grow that is still being written: no edit, and no event."""
        with self._change():
            grown = replace(
                message, text=text, blocks=with_ids((*message.blocks, *blocks)), appended=message.appended + 1
            )
            self._transcripts.put(grown)
            self._note_message(grown)
            return grown

    def finish(self, before: Message, whole: Message) -> Message:
        """A message that was being written is complete; the app is told as of an edit, which it is not called."""
        with self._change():
            self._transcripts.put(whole)
            self._note_message(whole)
            channel = self.channel(whole.channel)
            ts = self._transcripts.next_ts()
            body = events.changed_event(before, replace(whole, edited_ts=ts), channel, self.installation)
            self._tell_event(body, channel=channel)
            return whole

    def add_reaction(self, message: Message, name: str, user: str) -> None:
        """Put an emoji below a message. Raises SlackError."""
        self._react("reaction_added", message, with_reaction(message.reactions, name, user), name=name, user=user)

    def remove_reaction(self, message: Message, name: str, user: str) -> None:
        """Take an emoji away. Raises SlackError."""
        self._react("reaction_removed", message, without_reaction(message.reactions, name, user), name=name, user=user)

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

    def publish_home(self, view: KeptView) -> None:
        """The app drew a Home."""
        with self._change():
            self.homes[view.person] = view
            self._note_view(view)

    def set_status(self, channel: Channel, thread_ts: str, words: str, *, loading: tuple[str, ...]) -> None:
        """The app says below a thread that it is at work, or with no words that it is not."""
        with self._change():
            self.agent.set_status(channel.id, thread_ts, words, loading=loading)
            readers = [one.id for one in self.people if self.may_read(one.id, channel.id)]
            said = "\n".join(one for one in (words, *loading) if one)
            self.sightings.note(Surface.STATUS, readers, lambda: said, where=channel.id)

    def suggest(self, channel: Channel, prompts: Prompts) -> None:
        """The app suggests what could be asked."""
        with self._change():
            self.agent.suggest(channel.id, prompts)
            each = (words for one in prompts.prompts for words in (one.title, one.message))
            said = "\n".join(words for words in (prompts.title, *each) if words)
            self.sightings.note(Surface.PROMPTS, channel.members, lambda: said, where=channel.id)

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

    def _note_message(self, message: Message) -> None:
        only = () if message.only_for is None else (message.only_for,)
        readers = only or [one.id for one in self.people if self.may_read(one.id, message.channel)]
        names = self.names
        self.sightings.note(Surface.MESSAGE, readers, lambda: words_of_message(message, names), where=message.channel)

    def _note_view(self, view: KeptView) -> None:
        names = self.names
        surface = Surface.MODAL if view.body["type"] == "modal" else Surface.HOME
        self.sightings.note(surface, [view.person], lambda: seen_view(view, names).words)

    def _clear_beside(self, message: Message) -> None:
        """What stood beside the messages until the app answered, or until somebody wrote."""
        if message.author == self.installation.bot.user_id:
            self.agent.answered(message.channel, message.thread_ts or message.ts)
        else:
            self.agent.asked(message.channel)

    def _react(self, kind: str, message: Message, reactions: Reactions, *, name: str, user: str) -> None:
        with self._change():
            self._transcripts.put(replace(message, reactions=reactions))
            body = events.reaction_event(kind, name, user, message, ts=self._transcripts.next_ts())
            self._tell_event(body, channel=self.channel(message.channel))

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
            address=self.address,
        )
        for body in bodies:
            self._tell_event(body, channel=channel)

    def _tell_event(self, body: Json, *, channel: Channel | None = None) -> None:
        """An event, where the app is there to hear it and wants to; one that is of no channel, everywhere."""
        hears = self.is_installed and self.grants.hears(body["type"], channel.kind if channel else None)
        if hears and (channel is None or self.installation.bot.user_id in channel.members):
            envelope = events.event(body, self.installation, shared=channel is not None and channel.shared)
            token = self.tokens.bot
            self._tell(replace(envelope, wanted=lambda: self.tokens.bot == token))

    def _tell(self, envelope: Envelope) -> None:
        twice = self.faults.deliver_twice and envelope.type is EnvelopeType.EVENT
        with self._change():
            self.faults.doubled += twice
            self._envelopes.extend([envelope] * (2 if twice else 1))
