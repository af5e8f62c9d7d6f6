"""A channel that nobody thought of: a line of the map, and its contacts are taken and counted."""

from datetime import UTC
from pathlib import Path

import pytest
from bot.customers.feeds.importing import import_interactions
from bot.customers.feeds.mapping import load_feed
from bot.customers.tables import InteractionRow
from bot.database import Database
from bot.errors import SettingsError
from bot.experience.contacts import demand
from bot.experience.viewers import THE_COMPANY
from bot.experience.weeks import last_weeks, week_at
from bot.touchpoints.channel_ids import channels_in
from sqlalchemy import select

from feeds import CALLS, NOW, Feeds, call

WHATSAPP = "channels: [{ id: phone, name: Phone }, { id: whatsapp, name: WhatsApp }]\n"
BY_COLUMN = CALLS.replace("{ constant: phone }", "result")


@pytest.fixture
def feeds(database: Database, tmp_path: Path) -> Feeds:
    return Feeds(database, tmp_path)


def test_a_channel_that_only_the_map_names_is_taken_and_counted(feeds: Feeds) -> None:
    (feeds.folder / "touchpoints.yaml").write_text(WHATSAPP)
    mapping = feeds.mapping("phones", CALLS.replace("constant: phone", "constant: whatsapp"))
    feed = load_feed(mapping, channels=channels_in(feeds.folder))
    file = feeds.csv("calls.csv", [call("c1", caller="512-555-0147", started="11/13/2026 09:00")])
    assert import_interactions(feeds.database, [file], feed, now=NOW).added == 1
    with feeds.database.reading() as session:
        assert list(session.scalars(select(InteractionRow.channel))) == ["whatsapp"]
        by_hour = demand(session, last_weeks(4, until=week_at(NOW, UTC)), UTC, viewer=THE_COMPANY, now=NOW)
    assert {channel: sum(hours) for channel, hours in by_hour.items()} == {"whatsapp": 1}


def test_a_channel_that_nobody_listed_is_refused_and_told_where_to_add_it(feeds: Feeds) -> None:
    mapping = feeds.mapping("phones", CALLS.replace("constant: phone", "constant: whatsapp"))
    with pytest.raises(SettingsError, match=r"line 10: .*'whatsapp'.*`channels:` of touchpoints.yaml"):
        load_feed(mapping, channels=channels_in(feeds.folder))
    feed = load_feed(feeds.mapping("phones", BY_COLUMN))
    when = {"caller": "512-555-0147", "started": "11/13/2026 09:00"}
    rows = [call("c1", **when, result="whatsapp"), call("c2", **when, result="phone")]
    report = import_interactions(feeds.database, [feeds.csv("calls.csv", rows)], feed, now=NOW)
    assert (report.added, report.rejected) == (1, 1)
    told = (feeds.folder / "calls.csv.rejected.jsonl").read_text()
    assert "`channels:` of touchpoints.yaml" in told


def test_a_fault_elsewhere_on_the_map_keeps_no_channel_out(tmp_path: Path) -> None:
    (tmp_path / "touchpoints.yaml").write_text(f"{WHATSAPP}tools: [{{ id: orion, owner: nobody }}]\n")
    assert channels_in(tmp_path) == {"phone", "whatsapp"}
