"""Pages longer than Slack's limits: what fits is quoted, and the rest is told."""

import re
from collections.abc import Callable

import pytest
from bot.simulator.messages import SeenMessage

from offices import Office

ROWS = 200
TABLE = "\n".join(
    ["| Socket | Torque in newton metres | Drawer |", "|---|---|---|"]
    + [
        f"| Socket number {row} of the red set | {row} newton metres, checked each spring | {row % 9} |"
        for row in range(ROWS)
    ]
)
LIST = "\n".join(f"- Paint can number {row}: stir for {row} seconds." for row in range(ROWS))
STEPS = "\n".join(f"{row + 1}. Turn valve number {row + 1} of the boiler by a quarter." for row in range(ROWS))
SENTENCE = "The lighthouse keeper writes the weather into the green log and signs with both initials. "
FILLER = "The quay is swept before noon and the ropes are coiled by the deck hands. "
DUTY = "The duty officer of the harbour carries the orange telephone from Friday to Monday."
PAGES = {
    "sockets.md": f"# Sockets\n\nThe table lists the torque of every socket in the red set.\n\n{TABLE}\n",
    "paint.md": f"# Paint\n\nFor each can of paint there is a time to stir it:\n\n{LIST}\n",
    "boiler.md": f"# Boiler\n\nTo empty the boiler, turn its valves one after the other:\n\n{STEPS}\n",
    "log.md": f"# Lighthouse log\n\n{SENTENCE * 120}\n",
    "duty.md": f"# Duty officer\n\n{FILLER * 60}{DUTY} {FILLER * 60}\n",
    "wide.md": "# Wide\n\nThe ferry of " + "Llanfair" * 600 + " sails at dawn on each second Tuesday.\n",
}


@pytest.fixture(scope="module")
def office(office_with: Callable[[dict[str, str]], Office]) -> Office:
    return office_with(PAGES)


def ask(office: Office, question: str) -> SeenMessage:
    """The answer, which Slack took as it was first sent."""
    answer = office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {question}")
    assert [call.error for call in office.workspace.journal.calls("chat.postMessage") if call.error] == []
    return answer


@pytest.mark.parametrize(
    ("question", "line"),
    [
        pytest.param("Which torque does a socket of the red set need?", "Socket number", id="table"),
        pytest.param("How long do I stir a can of paint?", "Paint can number", id="list"),
        pytest.param("How do I empty the boiler?", "Turn valve number", id="steps"),
    ],
)
def test_of_two_hundred_lines_the_first_are_quoted_and_the_rest_is_counted(
    office: Office, question: str, line: str
) -> None:
    words = ask(office, question).words
    shown = [one for one in words.splitlines() if line in one]
    more = re.search(r"… and (\d+) more on the page", words)
    assert len(shown) > 10
    assert more is not None
    assert len(shown) + int(more[1]) == ROWS


@pytest.mark.parametrize(
    ("question", "line"),
    [
        pytest.param("Which torque does socket number 173 of the red set need?", "Socket number 173 of", id="table"),
        pytest.param("How many seconds do I stir paint can number 168?", "Paint can number 168:", id="list"),
        pytest.param("Do I turn valve number 181 of the boiler?", "Turn valve number 181 of", id="steps"),
    ],
)
def test_of_two_hundred_lines_the_one_that_answers_is_quoted(office: Office, question: str, line: str) -> None:
    assert line in ask(office, question).words


def test_steps_that_are_quoted_from_the_middle_keep_their_numbers(office: Office) -> None:
    answer = ask(office, "Do I turn valve number 181 of the boiler?")
    [steps] = [part for block in answer.blocks for part in block["elements"] if part["type"] == "rich_text_list"]
    assert steps["offset"] == 180


def test_a_paragraph_that_is_too_long_is_cut_and_says_so(office: Office) -> None:
    words = ask(office, "Who writes the weather into the green log of the lighthouse?").words
    quoted = words.splitlines()[0]
    assert quoted.startswith(SENTENCE.strip())
    assert len(quoted) < len(SENTENCE * 120)
    assert "more on the page" in quoted


def test_of_a_paragraph_that_is_too_long_the_sentence_that_answers_is_quoted(office: Office) -> None:
    words = ask(office, "Who carries the orange telephone of the harbour?").words
    assert DUTY in words
    assert words.startswith("… ")


def test_a_word_without_end_is_no_fault(office: Office) -> None:
    assert "Llanfair" in ask(office, "When does the ferry sail on Tuesday at dawn?").words
