"""What became of a post is sorted out, and what may have arrived is looked for before it is posted again."""

import logging
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from bot import outbox, pacing
from bot.database import Database
from bot.handlers import blocks
from bot.handlers.optional_calls import OptionalCalls
from bot.handlers.posting.delivery import MAX_ATTEMPTS, Delivery
from bot.jobs import OutboxWork
from bot.leases import Claim, Hands
from bot.outbox import Destination, OutboxRow
from bot.pacing import PaceRow
from slack_sdk import WebClient
from sqlalchemy import select, update

from strict_slack import TOKEN, Lie, StrictSlack

EVERYWHERE = Destination("C1")
POST, HISTORY = "chat.postMessage", "conversations.history"


@pytest.fixture
def slack() -> Iterator[StrictSlack]:
    with StrictSlack() as serving:
        yield serving


@pytest.fixture
def delivery(database: Database, slack: StrictSlack) -> Delivery:
    return delivery_to(database, slack.url)


def delivery_to(database: Database, url: str, *, token: str = TOKEN) -> Delivery:
    client = WebClient(token=token, base_url=url, timeout=2, retry_handlers=[])
    return Delivery(database, client, OptionalCalls())


def owe(database: Database, key: str, to: Destination = EVERYWHERE, kind: str = blocks.WORDS, **value: object) -> None:
    with database.writing.begin() as session:
        outbox.owe(session, key=key, kind=kind, to=to, value=value or {"text": key}, now=datetime.now(UTC))


def hurried(database: Database) -> None:
    """As if every wait were over."""
    past = datetime.now(UTC) - timedelta(minutes=1)
    with database.writing.begin() as session:
        session.execute(update(OutboxRow).values(next_at=past))
        session.execute(update(PaceRow).values(free_at=past))


def deliver(database: Database, delivery: Delivery, *, hands: Hands | None = None) -> bool:
    """One step of a courier, without waiting. False where nothing was due."""
    return OutboxWork(database, delivery.deliver, hands or Hands("here"))() is None


def row(database: Database, key: str) -> OutboxRow:
    with database.reading() as session:
        return session.scalars(select(OutboxRow).where(OutboxRow.key == key)).one()


def first(method: str, *told: Lie | str) -> Callable[[str, Mapping[str, str]], Lie | str]:
    """The first answers to a method; then the truth."""
    left = list(told)
    return lambda called, _arguments: left.pop(0) if called == method and left else ""


def test_a_message_is_posted_with_what_finds_it_again_and_nobody_elses_number(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    owe(database, "a")
    owe(database, "b")
    assert deliver(database, delivery)
    assert deliver(database, delivery)
    assert [one.text for one in slack.said] == ["a", "b"]
    tokens = [one.token for one in slack.said]
    assert tokens == [row(database, "a").token, row(database, "b").token]
    assert len({*tokens}) == 2
    assert all(len(token) == 32 for token in tokens)
    assert slack.counted(HISTORY) == 0


@pytest.mark.parametrize("lie", [lie for lie in Lie if lie.ambiguous])
def test_what_arrived_although_its_answer_was_lost_is_found_and_not_posted_again(
    database: Database, slack: StrictSlack, delivery: Delivery, lie: Lie
) -> None:
    slack.lies = first(POST, lie)
    owe(database, "a")
    deliver(database, delivery)
    assert (row(database, "a").state, row(database, "a").doubtful) == ("waiting", True)
    hurried(database)
    deliver(database, delivery)
    assert (row(database, "a").state, row(database, "a").ts) == ("sent", slack.said[0].ts)
    assert len(slack.said) == 1


@pytest.mark.parametrize("lie", [Lie.FAULT, Lie.GATEWAY, Lie.DROPPED])
def test_what_may_have_arrived_and_did_not_is_posted(
    database: Database, slack: StrictSlack, delivery: Delivery, lie: Lie
) -> None:
    slack.lies = first(POST, lie)
    owe(database, "a", Destination("C1", thread="1.000000"))
    deliver(database, delivery)
    hurried(database)
    deliver(database, delivery)
    assert row(database, "a").state == "sent"
    assert [one.text for one in slack.said] == ["a"]
    assert slack.counted("conversations.replies") == 1


def test_a_message_far_back_in_a_busy_channel_is_found(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    slack.page = 3
    slack.lies = first(POST, Lie.ACCEPTED_HALF)
    owe(database, "a")
    deliver(database, delivery)
    client = WebClient(token=TOKEN, base_url=slack.url)
    for number in range(10):
        client.chat_postMessage(channel="C1", text=f"noise {number}")
    hurried(database)
    deliver(database, delivery)
    assert row(database, "a").state == "sent"
    assert [one.text for one in slack.said].count("a") == 1


def test_while_it_cannot_be_looked_for_it_is_not_posted(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    slack.lies = lambda method, _: {POST: Lie.ACCEPTED_GATEWAY, HISTORY: Lie.GATEWAY}.get(method, "")
    owe(database, "a")
    for _ in range(3):
        deliver(database, delivery)
        hurried(database)
    assert (slack.counted(POST), slack.counted(HISTORY)) == (1, 2)
    assert row(database, "a").state == "waiting"


def test_where_slack_does_not_let_us_look_it_is_posted_again(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    told = first(POST, Lie.ACCEPTED_GATEWAY)
    slack.lies = lambda method, given: "missing_scope" if method == HISTORY else told(method, given)
    owe(database, "a")
    deliver(database, delivery)
    hurried(database)
    deliver(database, delivery)
    assert row(database, "a").state == "sent"
    assert [one.text for one in slack.said] == ["a", "a"]


def test_what_a_killed_bot_had_in_hand_is_looked_for_before_it_is_posted(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    """Killed between the post and writing it down."""
    owe(database, "a")
    with database.writing.begin() as session:
        assert outbox.take(session, Claim("here", now=datetime.now(UTC))) is not None
    WebClient(token=TOKEN, base_url=slack.url).chat_postMessage(
        channel="C1",
        text="a",
        metadata={"event_type": "throughline_reply", "event_payload": {"outbox_id": row(database, "a").token}},
    )
    deliver(database, delivery)  # the same replica, in its next life
    assert row(database, "a").state == "sent"
    assert len(slack.said) == 1


def test_where_slack_limits_a_channel_only_that_channel_waits_as_long_as_it_says(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    slack.retry_after = 7
    slack.lies = lambda _method, given: Lie.LIMITED if given.get("channel") == "C1" else ""
    owe(database, "a", Destination("C1", thread="1.0"))
    owe(database, "b", Destination("C1", thread="2.0"))
    owe(database, "c", Destination("C2"))
    before = datetime.now(UTC)
    while deliver(database, delivery):
        pass
    assert [one.text for one in slack.said] == ["c"]
    assert slack.counted(POST) == 2  # "b" was not even tried
    waits = row(database, "a").next_at - before
    assert timedelta(seconds=7) <= waits < timedelta(seconds=9)
    assert row(database, "a").attempts == 0
    assert not row(database, "a").doubtful


def test_where_slack_limits_two_channels_at_once_everything_waits(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    slack.lies = lambda _method, _given: Lie.LIMITED
    for number in range(5):
        owe(database, str(number), Destination(f"C{number}"))
    while deliver(database, delivery):
        pass
    assert slack.counted(POST) == 2


@pytest.mark.parametrize(
    "code",
    ["channel_not_found", "not_in_channel", "is_archived", "user_not_found", "invalid_blocks", "msg_too_long"],
)
def test_what_slack_never_takes_goes_to_the_dead_letters_and_the_next_goes_on(
    database: Database, slack: StrictSlack, delivery: Delivery, code: str
) -> None:
    slack.lies = first(POST, code)
    owe(database, "a")
    owe(database, "b")
    while deliver(database, delivery):
        pass
    assert (row(database, "a").state, row(database, "a").fault) == ("dead", code)
    assert row(database, "a").died_at is not None
    assert row(database, "b").state == "sent"


def test_while_the_token_is_refused_nothing_is_buried_and_it_goes_on_when_it_is_mended(
    database: Database, slack: StrictSlack, delivery: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(6):
        owe(database, str(number), Destination(f"C{number}"))
    revoked = delivery_to(database, slack.url, token="xoxb-revoked")
    with caplog.at_level(logging.ERROR):
        while deliver(database, revoked):
            pass
    assert slack.counted(POST) == 1
    assert "SLACK_BOT_TOKEN" in caplog.text
    with database.reading() as session:
        closed = pacing.closed(session, now=datetime.now(UTC))
        assert closed is not None
        assert closed.reason == "Slack refuses the bot's token (invalid_auth)"
        assert outbox.dead(session) == 0
    with database.writing.begin() as session:
        pacing.admit(session)  # the bot starts with a token that Slack knows
    while deliver(database, delivery):
        pass
    assert sorted(one.text for one in slack.said) == ["0", "1", "2", "3", "4", "5"]


def test_a_refused_connection_is_no_reason_to_look_for_a_message(database: Database, slack: StrictSlack) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        closed = f"http://127.0.0.1:{nobody.getsockname()[1]}/api/"
    owe(database, "a")
    deliver(database, delivery_to(database, closed))
    assert (row(database, "a").state, row(database, "a").doubtful) == ("waiting", False)
    hurried(database)
    deliver(database, delivery_to(database, slack.url))
    assert (len(slack.said), slack.counted(HISTORY)) == (1, 0)


def test_a_slack_that_says_nothing_may_have_taken_it(database: Database) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/api/"
        owe(database, "a")
        began = time.monotonic()
        deliver(database, delivery_to(database, url))
    assert time.monotonic() - began < 4
    assert row(database, "a").doubtful


def test_a_message_that_fails_alone_is_given_up_in_the_end_and_others_go_on(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    slack.lies = lambda _method, given: Lie.FAULT if given.get("channel") == "C1" else ""
    owe(database, "poison")
    for number in range(MAX_ATTEMPTS * 2):
        owe(database, f"fine {number}", Destination(f"C{number + 2}"))
        while deliver(database, delivery):
            pass
        hurried(database)
    assert row(database, "poison").state == "dead"
    assert "12 attempts" in row(database, "poison").fault
    assert sum(one.text.startswith("fine") for one in slack.said) == MAX_ATTEMPTS * 2


def test_a_message_that_fails_alone_on_a_quiet_day_does_not_hold_up_the_next_one(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    slack.lies = lambda _method, given: Lie.FAULT if given.get("channel") == "C1" else ""
    owe(database, "poison")
    for _ in range(6):
        hurried(database)
        deliver(database, delivery)
    with database.reading() as session:
        assert pacing.closed(session, now=datetime.now(UTC)) is not None
    owe(database, "fine", Destination("C2"))
    assert deliver(database, delivery)
    assert [one.text for one in slack.said] == ["fine"]


def test_while_slack_is_away_what_is_new_tries_once_and_then_waits_with_the_others(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    slack.lies = lambda *_: Lie.GATEWAY
    for number in range(20):
        owe(database, str(number), Destination(f"C{number}"))
    while deliver(database, delivery):
        pass
    assert len(slack.calls) == 3
    owe(database, "new", Destination("C20"))
    assert deliver(database, delivery)
    assert not deliver(database, delivery)
    assert len(slack.calls) == 4


def test_what_fails_while_slack_is_away_uses_up_no_attempts_and_goes_at_once_when_it_is_back(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    slack.lies = lambda *_: Lie.GATEWAY
    owe(database, "a")
    for _ in range(30):
        deliver(database, delivery)
        hurried(database)
    assert row(database, "a").state == "waiting"
    assert row(database, "a").attempts == 2
    slack.lies = lambda *_: ""
    owe(database, "b", Destination("C2"))
    owe(database, "c", Destination("C3"))
    while deliver(database, delivery):
        pass
    assert sorted(one.text for one in slack.said) == ["a", "b", "c"]


def test_what_could_not_be_delivered_for_a_day_is_given_up(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    slack.lies = lambda *_: Lie.LIMITED
    owe(database, "a")
    with database.writing.begin() as session:
        session.execute(update(OutboxRow).values(created_at=datetime.now(UTC) - timedelta(hours=25)))
    deliver(database, delivery)
    assert row(database, "a").state == "dead"
    assert "a day" in row(database, "a").fault


def test_a_message_that_cannot_be_rendered_is_a_dead_letter_and_nothing_waits_for_it(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    owe(database, "a", kind=blocks.ANSWER, reply="nonsense")
    owe(database, "b")
    while deliver(database, delivery):
        pass
    assert row(database, "a").state == "dead"
    assert [one.text for one in slack.said] == ["b"]


def test_a_direct_message_reaches_a_person_without_a_channel(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    owe(database, "a", Destination("", only="U7"))
    slack.lies = first(POST, Lie.ACCEPTED_DROPPED)
    deliver(database, delivery)
    hurried(database)
    deliver(database, delivery)
    assert [(one.channel, one.text, one.only) for one in slack.said] == [("D7", "a", "")]
    assert row(database, "a").posted_in == "D7"


def test_a_message_takes_the_place_of_an_earlier_one_when_that_is_there(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    owe(database, "begun", Destination("", only="U7"))
    slack.lies = first(POST, Lie.FAULT)
    owe(database, "half", Destination("", only="U7", thread="1.0", replaces="begun"))  # another conversation
    owe(database, "done", Destination("", only="U7", replaces="half"))
    deliver(database, delivery)
    assert not deliver(database, delivery)  # each waits for the one before
    hurried(database)
    while deliver(database, delivery):
        pass
    assert [(one.channel, one.text) for one in slack.said] == [("D7", "done")]
    assert slack.counted("chat.update") == 2


@pytest.mark.parametrize("fate", ["dead", "gone", "private", "deleted"])
def test_what_cannot_be_changed_is_posted_anew(
    database: Database, slack: StrictSlack, delivery: Delivery, fate: str
) -> None:
    first_one = Destination("C1", only="U7") if fate == "private" else EVERYWHERE
    if fate != "gone":
        owe(database, "first", first_one)
        slack.lies = first(POST, "is_archived") if fate == "dead" else slack.lies
        deliver(database, delivery)
    if fate == "deleted":
        slack.said.clear()
    owe(database, "second", Destination("C1", replaces="first"))
    deliver(database, delivery)
    assert (slack.said[-1].text, slack.said[-1].only) == ("second", "")
    assert row(database, "second").state == "sent"


def test_a_home_is_published_to_its_person_beside_what_is_said_to_them(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    view = {"type": "home", "blocks": []}
    slack.lies = first(POST, Lie.FAULT)
    owe(database, "said", Destination("", only="U7"))
    owe(database, "home", Destination("", only="U7"), outbox.HOME, examples=[], parts=[])
    deliver(database, delivery)
    deliver(database, delivery)
    assert slack.homes == {"U7": view}
    assert row(database, "said").state == "waiting"


def test_a_private_reply_goes_to_the_address_of_its_command_and_by_itself_never_twice(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    address = f"{slack.url}response/secret"
    slack.lies = first("response", Lie.LIMITED, "")
    owe(database, "a", Destination("C1", only="U7", response_url=address))
    deliver(database, delivery)
    assert row(database, "a").state == "waiting"
    hurried(database)
    deliver(database, delivery)
    assert [(one.text, one.only) for one in slack.said] == [("a", "whoever asked")]


def test_words_for_one_person_come_at_least_once_when_nobody_can_look(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    slack.lies = first("chat.postEphemeral", Lie.ACCEPTED_HALF)
    owe(database, "a", Destination("C1", only="U7"))
    deliver(database, delivery)
    hurried(database)
    deliver(database, delivery)
    assert [(one.text, one.only) for one in slack.said] == [("a", "U7"), ("a", "U7")]
    assert row(database, "a").state == "sent"


def test_no_log_says_what_a_message_says(
    database: Database, slack: StrictSlack, delivery: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    for told in ("invalid_blocks", Lie.GATEWAY, Lie.DROPPED, Lie.ACCEPTED_HALF, "token_revoked", Lie.LIMITED):
        slack.lies = lambda method, _given, told=told: told if method == POST else ""
        owe(database, f"Mrs Canary of Harbour Street {told}")
        with caplog.at_level(logging.DEBUG, logger="bot"):
            while deliver(database, delivery):
                pass
        hurried(database)
    written = [one for one in caplog.records if one.name.startswith("bot.") or one.levelno >= logging.WARNING]
    assert written
    assert not any("Canary" in one.getMessage() for one in written)


def test_a_message_under_another_stands_in_its_thread(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    owe(database, "card")
    owe(database, "reply", Destination("C1", under="card"))
    slack.lies = first(POST, "ratelimited")
    while deliver(database, delivery):
        pass
    assert slack.said == []  # it waits for its card
    hurried(database)
    while deliver(database, delivery):
        hurried(database)
    card, reply = slack.said
    assert (card.text, card.thread, reply.text, reply.thread) == ("card", "", "reply", card.ts)


def test_a_message_under_one_that_never_arrived_stands_alone(
    database: Database, slack: StrictSlack, delivery: Delivery
) -> None:
    owe(database, "card")
    owe(database, "reply", Destination("C1", under="card"))
    slack.lies = first(POST, "invalid_blocks")
    while deliver(database, delivery):
        hurried(database)
    [reply] = slack.said
    assert (reply.text, reply.thread) == ("reply", "")
