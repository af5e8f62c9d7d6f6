"""Nothing that somebody types, and nothing that stands in a page, turns into Slack's markup or calls anybody."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bot.simulator.messages import SeenMessage

from offices import Office

SIGNS = "<!channel> <!here> <@U0SAM> <#C0RETURNS> & &lt; *star* _under_ ~wave~ `tick` :wave: > 1"
QUOTED = f"On the yellow label of a torque wrench these signs are printed: {SIGNS}."
QUESTION = "Which signs are printed on the yellow label of a torque wrench?"
PAGES = {
    "signs.txt": QUOTED,
    "titled.md": f"""---
title: "Torque chart {SIGNS}"
owner: "own*er*s <!here>"
---
# Torque chart

## Bolts of {SIGNS.replace("<", chr(92) + "<").replace("*", chr(92) + "*").replace("_", chr(92) + "_")}

The chart of a torque wrench lists 40 newton metres for the bolts of a wall bracket.
""",
}


@pytest.fixture(scope="module")
def office(office_with: Callable[[dict[str, str]], Office]) -> Office:
    return office_with(PAGES)


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in the blocks of a message."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for inner in value:
            yield from parts(inner)


def calls_nobody(message: SeenMessage) -> bool:
    """No mention in rich text, and none in what Slack parses, the text of the notification included."""
    found = list(parts(message.blocks))
    parsed = [message.text, *(part["text"] for part in found if part.get("type") == "mrkdwn")]
    return not any(part.get("type") in {"user", "channel", "broadcast", "usergroup"} for part in found) and not any(
        "<" in text for text in parsed
    )


def test_signs_in_a_page_are_quoted_as_they_stand_there(office: Office) -> None:
    answer = office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    assert QUOTED in answer.words
    assert calls_nobody(answer)


def test_signs_in_a_title_a_heading_and_an_owner_are_shown_as_they_stand_there(office: Office) -> None:
    answer = office.ask("U0MAYA", "C0HARBOUR", "@Throughline How many newton metres for the bolts of a wall bracket?")
    source = next(line for line in answer.words.splitlines() if line.startswith("[1] "))
    assert source.startswith(f"[1] Torque chart {SIGNS} › ")
    assert "own*er*s <!here>" in source
    assert calls_nobody(answer)


def test_signs_in_the_title_of_a_closest_page_are_shown_as_they_stand_there(office: Office) -> None:
    refusal = office.ask("U0MAYA", "C0HARBOUR", "@Throughline Who won the chess world championship in 1972?")
    assert f"Torque chart {SIGNS}" in refusal.words
    assert calls_nobody(refusal)


@pytest.mark.parametrize("signs", ["@channel @here", "@Sam Tran", "#returns", "*torque*", "`<!channel>`", "> & <"])
def test_signs_in_a_question_call_nobody(office: Office, signs: str) -> None:
    answer = office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {signs} {QUESTION} {signs}")
    assert QUOTED in answer.words
    assert calls_nobody(answer)


def test_a_link_is_read_by_its_label(office: Office) -> None:
    """Slack turns an address into a link by itself; its label is what was typed."""
    answer = office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION} https://wiki.example/torque?a=1&b=2")
    assert QUOTED in answer.words
