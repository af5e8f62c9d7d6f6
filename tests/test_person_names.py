"""Names of people in free text are masked, what only looks like one stays, and a roster finds who is known."""

import hashlib
import re
import time
from importlib.metadata import PackageNotFoundError, version

import pytest
from bot.personal.persons import Roster, names_in, without_names
from bot.personal.persons.name_list import FILE, name_list
from bot.personal.reported import without_personal
from hypothesis import given
from hypothesis import strategies as st

from derived_names import SOURCES, derived
from name_figures import PROJECT, SHARED, Figures, measured, own, pages, raisers, reports, tickets

SHARED_IS_HERE = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not beside this checkout")
PEOPLE = [
    "Maya Osei", "Tomasz Wiśniewski", "Grace Kelly-Moore", "Will Chase", "Siobhán O’Leary", "Priyanka Venkataraman",
    "Austin Park", "Mei-Ling Wu", "May Lin", "Jan van der Berg",
]  # fmt: skip
HOSTILE = {
    "letters": "a", "names": "Maya Osei ", "capitals": "A", "initials": "A. ", "particles": "van der ",
    "titles": "mrs ", "and": "Maya and ", "apostrophes": "O'", "hyphens": "Mei-", "one long word": "Aaaa",
    "typing errors": "Venkatarama ", "greetings": "hi ", "new lines": "\n", "dots": ".", "possessives": "Maya's ",
    "accents": "e\u0301", "spaces": " ",
    "headings": "Grace Period Page ", "unknown": "Xyzzyq ", "small": "maya.osei ", "quotes": "’",
}  # fmt: skip


@pytest.mark.parametrize(
    ("part", "recall", "precision"),
    [("dev", 0.95, 0.99), ("held_out", 0.95, 0.98), ("fresh", 0.94, 0.95), ("unseen", 0.90, 0.95)],
)
def test_most_names_in_sentences_of_our_own_are_masked_and_few_other_words(
    part: str, recall: float, precision: float
) -> None:
    figures = measured(own(part), names_in)
    assert figures.recall >= recall
    assert figures.precision >= precision
    assert figures.share_of_others <= 0.006


@SHARED_IS_HERE
def test_so_are_those_in_tickets_of_strangers() -> None:
    figures = measured(tickets(), names_in)
    assert figures.found + len(figures.missed) == 156
    assert figures.recall >= 0.98
    assert figures.share_of_others <= 0.002


@SHARED_IS_HERE
def test_and_with_a_roster_all_of_them() -> None:
    roster = Roster.of(raisers())
    figures = measured(tickets(), lambda text: names_in(text, known=roster))
    assert figures.recall >= 0.995
    # What is left are the names within their own e-mail addresses.
    assert figures.share_of_others <= 0.003


def test_no_word_of_the_pages_is_taken_for_a_name() -> None:
    assert words_masked(measured(pages(), names_in)) == []


@SHARED_IS_HERE
def test_nor_is_one_of_the_reports_of_friction() -> None:
    assert words_masked(measured(reports(), names_in)) == []


def words_masked(figures: Figures) -> list[str]:
    assert figures.others > 600
    return figures.wrong


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("maya said so, ask M. Osei or Maya O.", "[name] said so, ask [name] or [name]."),
        ("Osei, Maya called maya osei", "[name] called [name]"),
        ("the login maya.osei is locked", "the login [name] is locked"),
        ("Tomasz Wisniewski, Tomas Wiśnewski and wisniewski", "[name], [name] and [name]"),
        ("siobhan oleary, Siobhan O'Leary, O’Leary’s desk", "[name], [name], [name]’s desk"),
        ("priyanka venkatraman and Mei Ling Wu", "[name] and [name]"),
        ("Grace Kelly Moore met jan van der berg", "[name] met [name]"),
        ("Grace period is short, asked Grace about it", "Grace period is short, asked [name] about it"),
        ("Will it work? Ask Will, Will Chase", "Will it work? Ask [name], [name]"),
        ("Chase card refused at the Austin office", "Chase card refused at the Austin office"),
        ("In May it broke, I told May", "In May it broke, I told [name]"),
        ("park the van, chase the lease, will it", "park the van, chase the lease, will it"),
    ],
)
def test_known_people_are_found_however_somebody_in_a_hurry_types_them(text: str, said: str) -> None:
    assert without_names(text, known=PEOPLE) == said


def test_words_that_are_no_names_here_stay() -> None:
    text = "Vega is slow, Helena syncs with Marlow, ask Helena"
    assert without_names(text, never=["Helena", "Marlow Logistics", "Vega"]) == text
    assert without_names("Maya's page and Maya Osei", known=["Maya Osei"], never=["Maya"]) == "Maya's page and [name]"
    assert without_names("ask Imelda", never=["Imelda's guide"]) == "ask [name]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("device 02 shows error 500 in shop 12, 03 is fine", None),
        ("INC0048213: scanner TW0099821 is dead, svc_backup_1024 is off", None),
        ("10.0.3.17, build 22.4.1, 15 min, $20, 3 March 2026, FR-31", None),
        ("her modem TW0099821 was typed twice", "her modem [serial number] was typed twice"),
        ("order #W2378156 printed twice on till 4", "order [order] printed twice on till 4"),
        ("account 8840213377 is doubled in Orion", "account [account] is doubled in Orion"),
        ("Maya Osei, 312-555-0481, maya.osei@example.org", "[name], [phone], [e-mail]"),
        ("card 4111 1111 1111 1111 of Mrs kaya refused at till 2", "card [card] of Mrs [name] refused at till 2"),
    ],
)
def test_a_report_keeps_what_tells_devices_apart_and_loses_what_leads_to_somebody(text: str, said: str | None) -> None:
    assert without_personal(text) == (said or text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("told Mrs Rodri\u0301guez twice", "told Mrs [name] twice", id="an accent of its own"),
        pytest.param("ask Pri\u200bya again", "ask [name] again", id="invisible signs"),
        pytest.param("Mrs\u00a0O’Shea waits", "Mrs\u00a0[name] waits", id="a space that does not break"),
        pytest.param("ask Ｐｒｉｙａ again", "ask [name] again", id="full-width letters"),
    ],
)
def test_unusual_characters_hide_no_name(text: str, said: str) -> None:
    assert without_names(text) == said


@given(st.text(max_size=200))
def test_spans_are_in_order_and_inside_the_text(text: str) -> None:
    ends = [0, *(place for span in names_in(text, known=PEOPLE) for place in (span.start, span.end)), len(text)]
    assert ends == sorted(ends)


@pytest.mark.parametrize("part", ["dev", "held_out", "fresh", "unseen"])
def test_what_is_masked_stays_as_it_is(part: str) -> None:
    for text, _ in own(part):
        once = without_personal(text)
        assert without_personal(once) == once


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_takes_as_much_longer_as_it_is_longer(piece: str) -> None:
    """Eight times the text: 8 times the time where time grows with the length, 64 where it grows with its square."""
    roster = Roster.of(PEOPLE)
    names_in("", known=roster)
    assert taken(piece, 20_000, roster) < max(24 * taken(piece, 2_500, roster), 0.02)


def taken(piece: str, length: int, roster: Roster) -> float:
    """The shortest of three times, in seconds of this thread, to look through so many characters."""
    text = piece * (length // len(piece))

    def once() -> float:
        start = time.thread_time()
        names_in(text, known=roster)
        return time.thread_time() - start

    return min(once() for _ in range(3))


def test_a_roster_of_ten_thousand_costs_no_more_than_one_of_ten() -> None:
    many = Roster.of([f"{name}{place} Osei{place}" for place, name in enumerate(["Maya", "Tomasz"] * 5_000)])
    text = "Venkatarama told Maya77 Osei77 that the label printer jams again. "
    assert taken(text, 20_000, many) < max(4 * taken(text, 20_000, Roster.of(PEOPLE)), 0.3)


def test_the_list_is_the_one_that_third_party_md_names() -> None:
    third_party = (PROJECT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    written = re.search(r"`bot/personal/persons/names.txt.gz` .* `([0-9a-f]{64})` \|", third_party)
    assert written is not None
    assert written[1] == hashlib.sha256(FILE.read_bytes()).hexdigest()
    assert len(name_list()) > 100_000


def test_the_list_is_what_comes_of_its_sources() -> None:
    try:
        installed = {package: version(package) for package in SOURCES}
    except PackageNotFoundError as missing:
        pytest.skip(f"{missing.name} is not installed; tests/derived_names.py says how to")
    if installed != SOURCES:
        pytest.skip(f"installed are {installed}, not {SOURCES}")
    assert FILE.read_bytes() == derived()
