"""What is laid into a watched folder is imported once, whole, and moved to where it can be seen what became of it."""

import json
import os
import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from bot.customers.feeds.feed import Feed
from bot.customers.feeds.importing import import_customers, import_interactions
from bot.customers.feeds.mapping import load_feed
from bot.customers.feeds.watching import WatchedFolder
from bot.database import Database
from bot.errors import SettingsError

from feeds import CALLS, CRM, NOW, Feeds, call, person

DANA = person("1", "Dana Ruiz", mail="dana@example.org", phone="512-555-0147")


class Desk:
    """A watched folder with two mappings, and a clock."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.inbox = folder / "in"
        self.inbox.mkdir()
        self.database = database
        self.feeds = Feeds(database, folder)
        self.imported: list[str] = []
        self.lock = threading.Lock()
        (folder / "crm.yaml").write_text('files: ["crm-*.jsonl"]\n' + CRM)
        (folder / "calls.yaml").write_text('files: ["calls-*.csv"]\n' + CALLS)
        self.mappings = [load_feed(folder / "crm.yaml"), load_feed(folder / "calls.yaml")]

    def watched(self) -> WatchedFolder:
        return WatchedFolder(self.inbox, self.mappings, self.take, self.alone)

    @contextmanager
    def alone(self):
        with self.lock:
            yield

    def take(self, file: Path, feed: Feed):
        self.imported.append(file.name)
        work = import_customers if feed.records else import_interactions
        return [work(self.database, [file], feed, now=NOW)]

    def lay(self, name: str, content: str, *, seconds_ago: int = 60) -> Path:
        file = self.inbox / name
        file.write_text(content)
        moment = NOW.timestamp() - seconds_ago
        os.utime(file, (moment, moment))
        return file

    def files(self, folder: str = "") -> list[str]:
        return sorted(file.name for file in (self.inbox / folder).iterdir() if file.is_file())


@pytest.fixture
def desk(tmp_path: Path, database: Database) -> Desk:
    return Desk(tmp_path, database)


def calls_csv(desk: Desk) -> str:
    return desk.feeds.csv("made.csv", [call("c1", caller="512-555-0147")]).read_text()


@pytest.mark.each_engine
def test_customers_come_before_their_interactions_and_both_are_moved_to_done(desk: Desk) -> None:
    desk.lay("calls-1.csv", calls_csv(desk), seconds_ago=600)
    desk.lay("crm-1.jsonl", json.dumps(DANA))
    handled = desk.watched().sweep(now=NOW)
    assert desk.imported == ["crm-1.jsonl", "calls-1.csv"]
    assert [one.reports[0].added for one in handled] == [1, 1]
    assert desk.files() == []
    assert desk.files("done") == ["20261122-120000-calls-1.csv", "20261122-120000-crm-1.jsonl"]


def test_a_file_that_is_still_being_written_is_left_until_it_is_whole(desk: Desk) -> None:
    watched = desk.watched()
    desk.lay("crm-1.jsonl", json.dumps(DANA), seconds_ago=1)
    desk.lay("crm-2.jsonl.part", json.dumps(DANA))
    desk.lay(".crm-3.jsonl", json.dumps(DANA))
    assert watched.sweep(now=NOW) == []
    desk.lay("crm-1.jsonl", json.dumps(DANA) + "\n" + json.dumps(person("2", "Raj Santos")))  # it grew meanwhile
    assert watched.sweep(now=NOW) == []
    (handled,) = watched.sweep(now=NOW + timedelta(seconds=15))
    assert handled.reports[0].added == 2


def test_a_file_that_cannot_be_imported_is_refused_with_the_reason_beside_it(desk: Desk) -> None:
    desk.lay("calls-1.csv", "call,started\n1,2\n")
    desk.lay("holidays.pdf", "nothing for us")
    handled = desk.watched().sweep(now=NOW)
    assert desk.files() == []
    assert desk.files("refused") == [
        "20261122-120000-calls-1.csv",
        "20261122-120000-calls-1.csv.reason.txt",
        "20261122-120000-holidays.pdf",
        "20261122-120000-holidays.pdf.reason.txt",
    ]
    reasons = {one.file: one.reason for one in handled}
    assert "calls-1.csv has no column caller" in reasons["calls-1.csv"]
    assert reasons["holidays.pdf"].startswith("No mapping claims holidays.pdf")


def test_rejected_rows_travel_with_their_file(desk: Desk) -> None:
    desk.lay("crm-1.jsonl", json.dumps(DANA) + "\n{broken\n")
    desk.watched().sweep(now=NOW)
    assert desk.files("done") == ["20261122-120000-crm-1.jsonl", "20261122-120000-crm-1.jsonl.rejected.jsonl"]


def test_what_a_process_left_that_died_is_taken_up_again(desk: Desk) -> None:
    desk.watched()
    desk.lay("working/crm-1.jsonl", json.dumps(DANA))
    desk.watched().sweep(now=NOW)
    assert desk.files("done") == ["20261122-120000-crm-1.jsonl"]


def test_two_processes_do_not_import_one_file_twice(desk: Desk) -> None:
    for number in range(5):
        desk.lay(f"crm-{number}.jsonl", json.dumps(DANA))
    both = [threading.Thread(target=desk.watched().sweep, kwargs={"now": NOW}) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(desk.imported) == [f"crm-{number}.jsonl" for number in range(5)]


def test_a_folder_or_a_pattern_that_is_missing_is_named(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="There is no folder"):
        WatchedFolder(tmp_path / "nowhere", desk.mappings, desk.take, desk.alone)
    without = load_feed(desk.feeds.mapping("crm"))
    with pytest.raises(SettingsError, match=r"The mapping of crm does not say which files are its own"):
        WatchedFolder(desk.inbox, [without], desk.take, desk.alone)
