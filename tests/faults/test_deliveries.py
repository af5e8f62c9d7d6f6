"""What a bad day does to deliveries: 150 kills under false answers, and five minutes without Slack."""

import os
import random
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot import outbox
from bot.database import Database
from bot.handlers import blocks
from bot.handlers.border import guarded
from bot.handlers.optional_calls import OptionalCalls
from bot.handlers.posting.delivery import Delivery
from bot.jobs import COURIERS, OutboxWork, Pool
from bot.leases import Hands
from bot.outbox import Destination
from slack_sdk import WebClient

from lives import World
from offices import until
from strict_slack import TOKEN, Lie, StrictSlack

pytestmark = pytest.mark.timeout(1800)

KILLS = int(os.environ.get("KILLS", "150"))
EVENTS = 4 * KILLS
MINUTES_AWAY = int(os.environ.get("MINUTES_AWAY", "5"))
WAITING = 100
# Four couriers look every thirty seconds, and twice as often before that is reached.
MOST_REQUESTS_A_MINUTE = 60


def test_a_hundred_and_fifty_kills_lose_nothing_and_answer_nothing_twice(database: Database, tmp_path: Path) -> None:
    count = World(database, tmp_path, random.Random()).run(kills=KILLS, events=EVENTS)
    print(f"\n{count}")  # noqa: T201 - what `make faults` is for
    assert (count.lost, count.answered_twice, count.out_of_order, count.dead) == (0, 0, 0, 0)
    assert count.posted_again <= count.ambiguous + count.kills


@pytest.mark.parametrize("way", [Lie.GATEWAY, Lie.DROPPED, Lie.LIMITED])
def test_while_slack_is_away_it_is_asked_seldom_and_afterwards_everything_comes(database: Database, way: Lie) -> None:
    """A hundred people wait, each in a conversation of their own."""
    with StrictSlack(lies=lambda *_: way, retry_after=5) as slack:
        client = WebClient(token=TOKEN, base_url=slack.url, timeout=2, retry_handlers=[])
        delivery = Delivery(database, client, OptionalCalls())
        couriers = Pool(
            "courier", guarded(OutboxWork(database, delivery.deliver, Hands("here")), wait=1.0), size=COURIERS
        )
        for number in range(WAITING):
            with database.writing.begin() as session:
                to = Destination(f"C{number}")
                outbox.owe(session, key=f"{number}", kind=blocks.WORDS, to=to, value={"text": f"{number}"}, now=_now())
        began = time.monotonic()
        couriers.start()
        time.sleep(60 * MINUTES_AWAY)
        minutes = Counter(int((at - began) // 60) for at, _ in slack.calls)
        slack.lies = lambda *_: ""
        back = time.monotonic()
        until(lambda: len(slack.said) == WAITING, timeout=120)
        took = time.monotonic() - back
        couriers.stop()
    asked = ", ".join(str(minutes[minute]) for minute in range(MINUTES_AWAY))
    print(f"\n{way.name.lower()}: requests by minute {asked}; {WAITING} came within {took:.0f} s after")  # noqa: T201
    assert max(minutes.values()) <= MOST_REQUESTS_A_MINUTE
    assert Counter(one.text for one in slack.said) == Counter(str(number) for number in range(WAITING))


def _now() -> datetime:
    return datetime.now(UTC)
