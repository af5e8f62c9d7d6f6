"""What people see in Slack when they ask, over real HTTP and WebSocket through the local workspace."""

from conftest import Office

QUESTION = "@Throughline Can I waive a late fee without a supervisor?"


def test_a_mention_is_answered_in_its_thread_with_quotes_and_sources(office: Office) -> None:
    ts = office.workspace.say("U0MAYA", "C0HARBOUR", QUESTION)
    office.workspace.wait_for(lambda: len(office.workspace.seen_by("U0SAM", "C0HARBOUR", ts)) == 2, timeout=10)
    answer = office.workspace.seen_by("U0SAM", "C0HARBOUR", ts)[-1]
    assert answer.thread_ts == ts
    assert "late fee" in answer.words
    assert "[1]" in answer.words
    assert "Late fees and late-fee waivers" in answer.words
    assert "verified" in answer.words
