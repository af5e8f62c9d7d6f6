"""Fifteen customers complain within minutes: their team hears of it in its channel within a minute, once."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import letter_wording as wording
from bot.retrieval.embedding import Embedder

import offices
from offices import Office
from test_live_events import SECRET, Sender

# Where the team that answers for equipment that customers bring back talks.
CHANNEL, MEMBER = "C0RETURNS", "U0MAYA"
COUNTER = """\
source: counter
interactions:
  - at: visit
    id: id
    when: at
    channel: { constant: store }
    customer: { external: who }
    text: said
"""
SAID = (
    "I was billed for equipment that I have returned weeks ago",
    "You billed me again for the equipment I returned",
    "Why am I billed for equipment I have returned?",
)


@pytest.fixture
def office(tmp_path: Path, starter_data: Path, encoder: Embedder) -> Iterator[Office]:
    mappings = tmp_path / "feeds"
    mappings.mkdir()
    (mappings / "counter.yaml").write_text(COUNTER)
    folder = offices.furnish(tmp_path / "var", starter_data)
    surroundings = {"FEED_SECRET_COUNTER": SECRET, "FEED_MAPPINGS": str(mappings), "FEED_PORT": "0"}
    house = offices.house_in(folder, encoder, SURGE_ALERTS="on", **surroundings)
    opened = offices.open_office(house)
    yield opened
    opened.close()
    house.database.close()


def visits(first: int, count: int) -> list[dict[str, dict[str, str]]]:
    now = datetime.now(UTC)
    return [
        {
            "visit": {
                "id": f"v{number}",
                "who": f"c{number}",
                "at": (now - timedelta(minutes=1)).isoformat(),
                "said": SAID[number % len(SAID)],
            }
        }
        for number in range(first, first + count)
    ]


def test_the_team_is_told_within_a_minute_once_with_what_the_pages_say(office: Office) -> None:
    assert office.bot._feeds
    sender = Sender(office.bot._feeds.address)
    begun = time.monotonic()
    assert sender.send(visits(1, 15), source="counter")[0] == 202
    card = office.workspace.wait_for(lambda: told(office), timeout=60)[0]
    assert time.monotonic() - begun < 60
    assert card.words.startswith("Many complaints now: Bringing equipment back")
    assert "15 within an hour, usually hardly any at this time of day" in card.words
    assert "\u201cbilled for equipment I have returned\u201d (15)" in card.words
    assert wording.pages_on("billed for equipment I have returned") in card.words
    assert "[1]" in card.words
    assert not any(f"c{number}" in card.words.split() for number in range(1, 16))
    assert sender.send(visits(16, 6), source="counter")[0] == 202
    office.settle()
    time.sleep(20)  # longer than from one look to the next
    assert len(told(office)) == 1


def told(office: Office) -> list[object]:
    return [one for one in office.replies(MEMBER, CHANNEL) if "Many complaints now" in one.words]
