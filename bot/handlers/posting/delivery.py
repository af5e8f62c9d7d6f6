"""The only module that posts. Renders what the outbox owes, sends it, and writes down what became of it."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient
from sqlalchemy.orm import Session

from bot import outbox, pacing
from bot.database import Database
from bot.experience.drawing import png
from bot.handlers import blocks, digests, rendering
from bot.handlers.blocks import Message
from bot.handlers.letters import cards as letter_cards
from bot.handlers.optional_calls import OptionalCalls
from bot.handlers.posting import reconciling
from bot.handlers.posting.outcomes import Outcome, Result, of_response_url, tried
from bot.handlers.posting.pictures import Pictures, UntrustedAddress
from bot.handlers.posting.streaming import Streaming
from bot.outbox import Destination, Owed, Posted

log = logging.getLogger(__name__)

# Slack answers posts in a second or two; a hanging connection must not hold a conversation longer.
TIMEOUT_SECONDS = 10
FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)
# Of a message's own; what fails while Slack is away counts for none. They take 23 minutes.
MAX_ATTEMPTS = 12
# Slack's own code for one person: the channel or the address cannot show it to them, a direct message can.
_UNREACHABLE_HERE = frozenset(
    {"not_in_channel", "user_not_in_channel", "channel_not_found", "is_archived", "restricted_action"}
)
_HOOKS = "hooks.slack.com"
PICTURE_ATTEMPTS = 4
# By the kind of what is owed: the message with its picture, by the id of the file.
_WITH_PICTURE = {digests.DIGEST: digests.message, letter_cards.LETTER: letter_cards.letter}


class Delivery:
    """Sends one owed message at a time; called by the courier, in order within a conversation. Never waits."""

    def __init__(
        self,
        database: Database,
        client: WebClient,
        calls: OptionalCalls,
        *,
        opened: Callable[[str], str] = lambda _sealed: "",
    ) -> None:
        """`client` tries nothing a second time by itself: it would not look first whether the first try arrived.

        `opened`: what is sealed in place of a person -> their id, "" where no key opens it.
        """
        self._database = database
        self._client = client
        self._hosts = {_HOOKS, urlsplit(client.base_url).netloc}
        self._streaming = Streaming(client, calls)
        self._pictures = Pictures(client)
        self._direct_messages: dict[str, str] = {}
        self._opened = opened

    def deliver(self, owed: Owed) -> None:
        """Try once, and write down what became of it."""
        result = self._sent(owed)
        now = datetime.now(UTC)
        with self._database.writing.begin() as session:
            match result.outcome:
                case Outcome.SENT:
                    outbox.sent(session, owed.id, ts=result.ts, channel=result.channel)
                    _reopen(session, now)
                case Outcome.NEVER:
                    _bury(session, owed, result.fault, now)
                    _reopen(session, now)
                case _:
                    _postpone(session, owed, result, now)

    def _sent(self, owed: Owed) -> Result:
        try:
            if owed.kind == outbox.HOME:
                view = rendering.home(owed)
                return tried(lambda: self._publish(owed, view))
            message = rendering.message(owed)
        except (LookupError, TypeError, ValueError, AttributeError) as fault:
            return Result(Outcome.NEVER, fault=f"it cannot be rendered ({type(fault).__name__})")
        earlier = self._replaced(owed.destination)
        if earlier is not None:
            result = tried(lambda: self._change(earlier, message))
            if result.outcome is not Outcome.NEVER:
                return result
        return self._posted_anew(owed, message)

    def _posted_anew(self, owed: Owed, message: Message) -> Result:
        to = owed.destination
        if to.only is None:
            return self._post(owed, to.channel, to.thread or self._thread_under(to), message)
        if to.response_url and self._trusted(to.response_url):
            result = self._respond(to.response_url, message, in_place=to.in_place)
            if result.outcome is not Outcome.NEVER:
                return result
        if to.sealed:
            return self._write_to_sealed(owed, message)
        if not to.channel:
            return self._write_to(to.only, owed, message)
        result = tried(lambda: self._whisper(to, message))
        if result.outcome is Outcome.NEVER and result.fault in _UNREACHABLE_HERE:
            return self._write_to(to.only, owed, message)
        return result

    def _post(self, owed: Owed, channel: str, thread: str | None, message: Message) -> Result:
        if owed.doubtful:
            seen = self._looked_up(owed, channel, thread)
            if seen.outcome is not Outcome.NEVER:
                return seen
        if owed.kind in _WITH_PICTURE and owed.value["spec"]:
            return self._illustrated(owed, channel, thread, message)
        begun = owed.begun or self._begun(owed, channel, thread, message)
        return (
            tried(lambda: self._say(owed, channel, thread, message))
            if begun is None
            else self._whole(begun, owed, message)
        )

    def _illustrated(self, owed: Owed, channel: str, thread: str | None, message: Message) -> Result:
        """With its picture; without, where Slack takes none: its words say the same."""
        file: list[str] = []

        def upload() -> Result:
            name, value = f"{owed.value['week']}.png", owed.value
            file.append(self._pictures.upload(png(value["spec"]), name=name, alt=value["alt"], token=owed.token))
            return Result(Outcome.SENT)

        try:
            uploaded = _nothing_posted(tried(upload))
        except UntrustedAddress as fault:
            uploaded = Result(Outcome.NEVER, fault=str(fault))
        if uploaded.outcome not in {Outcome.SENT, Outcome.NEVER}:
            return uploaded
        if file:
            whole = _WITH_PICTURE[owed.kind](owed.value, file=file[0])
            result = tried(lambda: self._say(owed, channel, thread, whole))
            if result.outcome is not Outcome.NEVER:
                return result
            if owed.attempts < PICTURE_ATTEMPTS:  # Slack needs a moment until a file can be shown
                return replace(result, outcome=Outcome.NOT_SENT)
        log.warning("the picture of message %s cannot be shown: %s", owed.id, uploaded.fault or "Slack refuses it")
        return tried(lambda: self._say(owed, channel, thread, message))

    def _begun(self, owed: Owed, channel: str, thread: str | None, message: Message) -> Posted | None:
        """Where an answer begins to grow; None where it is to be posted in one piece."""
        begun = self._streaming.begin(channel, thread, message) if owed.kind == blocks.ANSWER else None
        if begun is not None:
            with self._database.writing.begin() as session:
                outbox.begin(session, owed.id, begun)
        return begun

    def _whole(self, begun: Posted, owed: Owed, message: Message) -> Result:
        """The rest of what was begun; where the stream is over by now, all of it in its place."""
        result = self._streaming.finish(begun, message, token=owed.token)
        return tried(lambda: self._change(begun, message)) if result.outcome is Outcome.NEVER else result

    def _looked_up(self, owed: Owed, channel: str, thread: str | None) -> Result:
        """Whether an earlier attempt arrived. `NEVER`: it did not, or Slack does not let us look: once too often is
        better than never."""
        found = tried(
            lambda: reconciling.looked_up(self._client, channel, thread, token=owed.token, since=owed.created_at)
        )
        return _nothing_posted(found)

    def _say(self, owed: Owed, channel: str, thread: str | None, message: Message) -> Result:
        answer = self._client.chat_postMessage(
            channel=channel,
            thread_ts=thread,
            text=message.text,
            blocks=list(message.blocks),
            unfurl_links=False,
            unfurl_media=False,
            metadata=reconciling.carrying(owed.token),
        )
        return Result(Outcome.SENT, channel=channel, ts=str(answer["ts"]))

    def _change(self, earlier: Posted, message: Message) -> Result:
        self._client.chat_update(channel=earlier.channel, ts=earlier.ts, text=message.text, blocks=list(message.blocks))
        return Result(Outcome.SENT, channel=earlier.channel, ts=earlier.ts)

    def _whisper(self, to: Destination, message: Message) -> Result:
        self._client.chat_postEphemeral(
            channel=to.channel, user=to.only or "", thread_ts=to.thread, text=message.text, blocks=list(message.blocks)
        )
        return Result(Outcome.SENT)

    def _write_to_sealed(self, owed: Owed, message: Message) -> Result:
        """A direct message to whom no row may name: nor may the channel, in which only they and the bot are."""
        person = self._opened(owed.destination.only or "")
        if not person:
            return Result(Outcome.NEVER, fault="the key that seals whom it is for is another one")
        result = self._write_to(person, owed, message)
        return replace(result, channel="", ts="")

    def _write_to(self, person: str, owed: Owed, message: Message) -> Result:
        """A direct message."""
        opened = _nothing_posted(tried(lambda: self._direct(person)))
        if opened.outcome is not Outcome.SENT:
            return opened
        return self._post(owed, opened.channel, None, message)

    def _direct(self, person: str) -> Result:
        if person not in self._direct_messages:
            self._direct_messages[person] = str(self._client.conversations_open(users=[person])["channel"]["id"])
        return Result(Outcome.SENT, channel=self._direct_messages[person])

    def _publish(self, owed: Owed, view: dict[str, Any]) -> Result:
        self._client.views_publish(user_id=owed.destination.only or "", view=view)
        return Result(Outcome.SENT)

    def _respond(self, url: str, message: Message, *, in_place: bool) -> Result:
        hook = WebhookClient(url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
        said = {
            "text": message.text,
            "blocks": list(message.blocks),
            "response_type": "ephemeral",
            "replace_original": in_place,
        }
        return tried(lambda: of_response_url(hook.send_dict(said)))

    def _replaced(self, to: Destination) -> Posted | None:
        if not to.replaces:
            return None
        with self._database.reading() as session:
            return outbox.posted(session, to.replaces)

    def _thread_under(self, to: Destination) -> str | None:
        """Both are of one conversation, so what began the thread was delivered before or never will be."""
        if not to.under:
            return None
        with self._database.reading() as session:
            begun = outbox.posted(session, to.under)
        return begun.ts if begun else None

    def _trusted(self, url: str) -> bool:
        """Only Slack itself is posted to, whatever address a payload names."""
        return urlsplit(url).netloc in self._hosts


def _nothing_posted(result: Result) -> Result:
    """Of a call that only asks: where its answer was lost, nothing was posted by it."""
    return replace(result, outcome=Outcome.NOT_SENT) if result.outcome is Outcome.UNKNOWN else result


def _postpone(session: Session, owed: Owed, result: Result, now: datetime) -> None:
    """It is tried again, later; given up where that has gone on for too long."""
    if now >= owed.give_up_at:
        _bury(session, owed, f"given up after a day: {result.fault}", now)
        return
    match result.outcome:
        case Outcome.LIMITED:
            until = now + result.wait
            pacing.limit(session, owed.lane, until=until, now=now)
            outbox.put_back(session, owed.id, at=until, fault=result.fault)
        case Outcome.LOCKED_OUT:
            pacing.lock_out(session, reason=f"Slack refuses the bot's token ({result.fault})", now=now)
            outbox.put_back(session, owed.id, at=now, fault=result.fault)
            log.error(
                "Slack refuses the bot's token (%s). Nothing is delivered and nothing is lost until it is mended: put "
                "the right SLACK_BOT_TOKEN in place and start Throughline again",
                result.fault,
            )
        case _:
            _missed(session, owed, result, now)


def _missed(session: Session, owed: Owed, result: Result, now: datetime) -> None:
    """Slack could not be reached, or did not answer as Slack does."""
    if result.outcome is Outcome.UNKNOWN:
        outbox.doubt(session, owed.id)
    pacing.strike(session, reason=f"Slack cannot be reached ({result.fault})", now=now)
    if pacing.is_away(session):
        outbox.put_back(session, owed.id, at=now + FIRST_WAIT, fault=result.fault)
        log.warning("message %s waits until Slack can be reached: %s", owed.id, result.fault)
    elif owed.attempts + 1 >= MAX_ATTEMPTS:
        _bury(session, owed, f"given up after {MAX_ATTEMPTS} attempts: {result.fault}", now)
    else:
        wait = min(FIRST_WAIT * 2**owed.attempts, LONGEST_WAIT)
        outbox.try_again(session, owed.id, at=now + wait, fault=result.fault)


def _bury(session: Session, owed: Owed, fault: str, now: datetime) -> None:
    log.error("message %s cannot be delivered (%s): %s; see `throughline messages`", owed.id, owed.kind, fault)
    outbox.bury(session, owed.id, fault=fault, now=now)


def _reopen(session: Session, now: datetime) -> None:
    """Slack answered as Slack."""
    if pacing.reopen(session, now=now):
        outbox.hurry(session, now=now)
        log.warning("Slack takes messages again")
