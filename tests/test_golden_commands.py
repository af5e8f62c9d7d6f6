"""The golden questions as an admin meets them: on the command line, and when the bot starts."""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest

from commands import Command, Ended
from lending import Folder, question
from offices import PATIENCE_SECONDS, until
from programs import Running, throughline


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What every command runs in."""
    return tmp_path


@pytest.fixture
def pages(folder: Path) -> Folder:
    return Folder(folder / "knowledge")


def rows_of(folder: Path) -> list[str]:
    database = sqlite3.connect(folder / "var/throughline.db")
    rows = list(database.iterdump())
    database.close()
    return rows


def lines(ended: Ended) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ended.out.splitlines()]


def answers_about(command: Command, thing: str) -> bool:
    return f"{thing}.md" in command("ask", "--json", question(thing)).out


def test_a_reindex_that_loses_golden_questions_ends_with_4_and_says_which(command: Command, pages: Folder) -> None:
    first = command("reindex")
    assert (first.code, "10 of 10 golden questions find their page." in first.out) == (0, True)
    pages.drop("kayak", "stove")
    refused = command("reindex")
    assert refused.code == 4
    assert (
        "The earlier state goes on answering: 2 of 10 golden questions would no longer find their page." in refused.out
    )
    assert f"No longer finds its page: {question('kayak')}" in refused.out
    assert "`throughline reindex --accept` to take it anyway" in refused.out
    assert answers_about(command, "kayak")
    assert command("reindex", GOLDEN_MARGIN="0.1").code == 4
    pages.add("stove")
    assert command("reindex", GOLDEN_MARGIN="0.1").code == 0
    pages.drop("tent", "rope")
    assert command("reindex", GOLDEN_MARGIN="0.1").code == 4
    accepted = command("reindex", "--accept")
    assert accepted.code == 0
    assert "7 of 10 golden questions find their page." in accepted.out
    assert f"No longer finds its page: {question('rope')}" in accepted.out
    assert not answers_about(command, "rope")


def test_a_dry_run_says_what_would_change_and_writes_nothing(command: Command, pages: Folder, folder: Path) -> None:
    command("reindex")
    before = rows_of(folder)
    pages.drop("kayak")
    pages.add("raft")
    (pages.root / "stove.md").write_text("# The stove\n\nNobody may borrow a stove any more.\n")
    (pages.root / "broken.md").write_text("---\nNo end.\n")
    ended = command("reindex", "--dry-run")
    assert ended.code == 0
    assert f"Nothing was written. A reindex of {pages.root} would embed 2 passages: " in ended.out
    assert "1 added, 1 changed, 1 removed, 8 unchanged." in ended.out
    for line in ("  Add: raft.md\n", "  Change: stove.md\n", "  Remove: kayak.md\n", "  Left out: broken.md: front"):
        assert line in ended.out
    written = lines(command("reindex", "--dry-run", "--json"))
    assert {line["phase"] for line in written[:-1]} == {"reading"}
    report = written[-1]
    assert (report["added"], report["changed"], report["removed"]) == (["raft.md"], ["stove.md"], ["kayak.md"])
    assert (report["phase"], report["trial"]) == ("done", None)
    assert rows_of(folder) == before


def test_in_another_process_the_same_pages_and_questions_are_the_same(pages: Folder, folder: Path) -> None:
    """Sets are printed in another order in each process."""
    assert "10 added" in throughline("reindex", folder=folder, PYTHONHASHSEED="1").stdout
    again = throughline("reindex", "--json", folder=folder, PYTHONHASHSEED="2")
    assert again.returncode == 0, again.stderr
    report = json.loads(again.stdout.splitlines()[-1])
    assert (report["unchanged"], report["generation"], report["trial"]) == (10, 1, None)


def test_json_is_one_object_a_line_with_the_report_last(command: Command, pages: Folder) -> None:
    first = command("reindex", "--json")
    assert (first.code, first.err) == (0, "")
    steps = lines(first)
    assert list(dict.fromkeys(step["phase"] for step in steps)) == [
        "reading", "embedding", "writing", "examining", "publishing", "comparing", "weighing", "done",
    ]  # fmt: skip
    assert all({"phase", "done", "total", "seconds"} == set(step) for step in steps[:-1])
    assert [step["seconds"] for step in steps[:-1]] == sorted(step["seconds"] for step in steps[:-1])
    assert (steps[-1]["documents"], steps[-1]["generation"], steps[-1]["trial"]["found"]) == (10, 1, 10)
    pages.drop("kayak")
    refused = command("reindex", "--json")
    assert refused.code == 4
    report = lines(refused)[-1]
    assert (report["phase"], report["generation"], report["trial"]["passed"]) == ("done", 1, False)
    assert report["trial"]["fell"] == [question("kayak")]


def test_malformed_golden_questions_end_with_1_and_the_place(command: Command, pages: Folder) -> None:
    pages.write_questions("question,words,kind\nHow much?,nine,answerable\n")
    ended = command("reindex", "--json")
    assert ended.code == 1
    assert ended.err == f"throughline: {pages.root}/questions.csv lacks the column page.\n"
    assert all(isinstance(line, dict) for line in lines(ended))


def test_a_rollback_is_for_admins_and_holds_until_somebody_accepts_the_pages(command: Command, pages: Folder) -> None:
    command("reindex")
    nothing = command("knowledge", "rollback")
    assert nothing.code == 1
    assert "There is no earlier state to go back to" in nothing.err
    pages.add("raft")
    command("reindex")
    refused = command("knowledge", "rollback", "--as", "sam tran")
    assert refused.code == 1
    assert refused.err.startswith("throughline: Only an admin may do that, and Sam Tran is not one. Ask an admin;")
    assert answers_about(command, "raft")
    done = command("knowledge", "rollback", "--as", "elif kaya")
    assert done.code == 0
    assert "Generation 1 answers again, as it did before generation 2." in done.out
    assert not answers_about(command, "raft")
    again = command("reindex")
    assert again.code == 1
    assert "were rolled back, so the state before them stays live" in again.err
    assert not answers_about(command, "raft")
    assert command("reindex", "--accept").code == 0
    assert answers_about(command, "raft")
    assert command("reindex").code == 0


def started(folder: Path) -> tuple[Running, httpx.Client]:
    program = Running("--port", "0", folder=folder)
    address = re.search(r"http://127\.0\.0\.1:\d+/", program.wait_for("Throughline is ready."))
    assert address
    return program, httpx.Client(base_url=address[0], headers={"Origin": address[0].rstrip("/")}, follow_redirects=True)


def assert_it_runs_and_answers_about(folder: Path, thing: str) -> str:
    """Start the bot, ask it, end it. Returns what it printed."""
    program, browser = started(folder)
    with browser:
        asked = browser.post(
            "/say", data={"as": "U0MAYA", "channel": "C0HARBOUR", "text": f"@Throughline {question(thing)}"}
        )
        until(lambda: f"The {thing}" in browser.get(f"/?{asked.url.query.decode()}").text, timeout=PATIENCE_SECONDS)
    assert program.stop() == 0
    said = "".join(program.said)
    assert "Traceback" not in said
    return said


def test_a_bot_that_starts_on_pages_that_are_refused_answers_from_the_state_before(
    command: Command, pages: Folder, folder: Path
) -> None:
    command("reindex")
    pages.drop("kayak")
    said = assert_it_runs_and_answers_about(folder, "kayak")
    assert "The earlier state goes on answering: 1 of 10 golden questions would no longer find their page." in said
    command("reindex", "--accept")
    command("knowledge", "rollback")
    said = assert_it_runs_and_answers_about(folder, "kayak")
    assert "throughline: The earlier state of the knowledge goes on answering. These are the very pages of" in said
    pages.write_questions("nothing of use")
    said = assert_it_runs_and_answers_about(folder, "kayak")
    assert "goes on answering. " in said
    assert "questions.csv lacks the column" in said


def test_a_bot_that_never_had_knowledge_does_not_start_on_none(command: Command, folder: Path) -> None:
    (folder / "knowledge").mkdir()
    ended = command("run", "--port", "0")
    assert ended.code == 1
    assert "holds no page to index" in ended.err
    assert "goes on answering" not in ended.err
