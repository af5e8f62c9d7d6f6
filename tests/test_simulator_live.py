"""What an open page is told to swap: the least that makes it show what is there now."""

import re

import pytest
from bot.simulator.live import swaps
from bot.simulator.rendering import Piece
from markupsafe import Markup, escape


def pieces(*texts):
    """`a1` is the first version of piece a."""
    return tuple(Piece(text[0], escape(text)) for text in texts)


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (pieces("a1", "b1"), pieces("a1", "b1"), []),
        (None, pieces("a1"), ["#part innerMorph a1"]),
        (pieces("a1"), pieces("a1", "b1", "c1"), ["#part beforeend b1c1"]),
        (pieces("a1", "b1"), pieces("a2", "b1"), ["#a outerMorph a2"]),
        (pieces("a1", "b1"), pieces("b1", "c1"), ["#a delete ", "#part beforeend c1"]),
        (pieces("a1", "b1"), pieces("b2"), ["#a delete ", "#b outerMorph b2"]),
        (pieces("a1", "b1", "c1"), pieces("a1", "c1"), ["#part innerMorph a1c1"]),
        (pieces("a1", "b1"), pieces("a1"), ["#part innerMorph a1"]),
        (pieces("a1"), (), ["#part innerMorph "]),
        (pieces("a1"), pieces("z1"), ["#part innerMorph z1"]),
        ((Piece("", Markup("x")),), (Piece("", Markup("y")),), ["#part innerMorph y"]),
    ],
)
def test_the_least_that_changed_is_swapped(before, now, told):
    swap = re.compile(r'<hx-partial hx-target="([^"]*)" hx-swap="([^"]*)">(.*)</hx-partial>')
    assert [" ".join(swap.fullmatch(one).groups()) for one in swaps("part", before, now)] == told
