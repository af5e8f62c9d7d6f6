"""A title begins where somebody says what is the matter."""

import pytest
from bot.friction.titling import LONGEST_TITLE, title_of


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("till froze twice", "till froze twice"),
        ("Hi the till froze twice", "The till froze twice"),
        ("Hey team, printer 2 is out of paper", "Printer 2 is out of paper"),
        ("Hello IT Team, I'm [name] from the Sales department. Orion hangs at bills.", "Orion hangs at bills."),
        ("Good morning all, this is [name] here, an associate at example.co. Orion hangs.", "Orion hangs."),
        ("Dear IT Department, I am [name] (floor 2), and the scanner is dead", "The scanner is dead"),
        ("I hope this finds you well. Orion hangs at bills.", "Orion hangs at bills."),
        ("Hidden fees show up twice", "Hidden fees show up twice"),
        ("This is what happens at bills", "This is what happens at bills"),
        ("Hello!", "Hello!"),
        ("two\n  lines", "two lines"),
    ],
)
def test_a_title_greets_nobody_and_says_nobodys_name(words: str, title: str) -> None:
    assert title_of(words) == title


def test_a_long_one_ends_with_a_whole_word() -> None:
    title = title_of("Orion hangs " * 20)
    assert len(title) <= LONGEST_TITLE + 2
    assert title.endswith(("Orion …", "hangs …"))
