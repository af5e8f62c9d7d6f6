"""`throughline tracks`, and what a reindex says of a faulty file."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commands import Command
from feeds import CALLS, CRM, Feeds, call, person

TRACKS = """\
handed-around:
  name: Transferred again and again
  when: { recent_transfers: { at least: 3 } }
  do: [Keep the contact]
  until: { days: 14 }
  owner: customer-care
  outcome: { contacts: 0, within days: 14 }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "knowledge"
    pages.mkdir()
    (pages / "fees.md").write_text("# Fees\n\nThe late fee is $9.50 per bill.\n")
    (pages / "tracks.yaml").write_text(TRACKS)
    feeds = Feeds(None, tmp_path)
    feeds.mapping("crm", CRM)
    feeds.mapping("calls", CALLS.replace("month-first", "iso"))
    feeds.jsonl("crm.jsonl", [person("1", "Dana Ruiz", mail="dana@example.org"), person("2", "Ana", mail="ana@x.org")])
    return tmp_path


def test_tracks_are_listed_assigned_and_reported(command: Command, folder: Path) -> None:
    assert "1 tracks are sound: handed-around." in command("tracks", "check").out
    command("import", "customers", "crm.jsonl", "--mapping", "crm.yaml")
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    Feeds(None, folder).csv("calls.csv", [call("c1", mail="dana@example.org", started=yesterday, transfers="4")])
    assert command("import", "interactions", "calls.csv", "--mapping", "calls.yaml").code == 0
    assert "2 customers looked at; the track of 1 changed." in command("tracks", "assign").out
    listed = command("tracks", "list").out
    assert "handed-around  Transferred again and again · Customer care · 1 customers on it" in listed
    assert "when recent transfers at least 3; for 14 days" in listed
    (told,) = json.loads(command("tracks", "list", "--json").out)
    assert (told["on_it"], told["do"]) == (1, ["Keep the contact"])
    said = command("tracks", "report").out
    assert "contacts is 0 within 14 days" in said
    assert "nobody opened in that time; they may differ in other ways: nobody yet; 1 too early" in said
    assert "Too few to say whether it helps: both groups need 30 customers" in said
    (figures,) = json.loads(command("tracks", "report", "--json").out)
    assert (figures["too_few"], figures["others"]["waiting"], figures["shown"]["n"]) == (True, 1, 0)


def test_a_faulty_file_is_named_by_check_and_by_a_reindex(command: Command, folder: Path) -> None:
    (folder / "knowledge" / "tracks.yaml").write_text(TRACKS.replace("at least", "at leest"))
    refused = command("tracks", "check")
    assert refused.code == 1
    assert "tracks.yaml, line 3: `at leest` is no way to compare; did you mean `at least`?" in refused.err
    done = command("reindex")
    assert done.code == 0, "the pages can do without"
    assert "tracks.yaml, line 3" in done.out


def test_without_a_file_there_are_no_tracks(command: Command, folder: Path) -> None:
    (folder / "knowledge" / "tracks.yaml").unlink()
    assert "docs/tracks.md says how" in command("tracks", "list").out
    assert "There are no tracks to report on" in command("tracks", "report").out
