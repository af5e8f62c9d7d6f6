"""Front matter says who may read a page, so a page whose front matter is broken is left out."""

from datetime import date

import pytest
from bot.errors import Unreadable
from bot.retrieval.readers.frontmatter import FrontMatter, split_front_matter

EVERYONE = frozenset({"everyone"})


def front(*lines: str) -> FrontMatter:
    return split_front_matter("\n".join(["---", *lines, "---", "Text."]))[0]


def test_every_field_is_read_and_the_text_below_is_left() -> None:
    text = (
        "---\ntitle: Late  fees\nowner: billing\naudience: role:shop\neffective: 2026-03-01\nverified: 2026-11-09\n"
        "review_by: 2027-03-31\nkeywords: too late, reminder\n---\n# Fees\n"
    )
    assert split_front_matter(text) == (
        FrontMatter(
            title="Late fees",
            owner="billing",
            keywords=("too late", "reminder"),
            audiences=frozenset({"role:shop"}),
            effective=date(2026, 3, 1),
            verified=date(2026, 11, 9),
            review_by=date(2027, 3, 31),
        ),
        "# Fees\n",
    )


@pytest.mark.parametrize("text", ["Text.", "", "----\nText.", "---- \ntitle: x\n----\n", "- one\n- two", "--- a line"])
def test_a_page_without_front_matter_is_for_everyone(text: str) -> None:
    assert split_front_matter(text) == (FrontMatter(audiences=EVERYONE), text)


@pytest.mark.parametrize(
    ("line", "audiences"),
    [
        ("audience: public", {"public"}),
        ("audience: everyone", {"everyone"}),
        ("audience: role:shop", {"role:shop"}),
        ('audience: [everyone, "partner:FieldPro"]', {"everyone", "partner:FieldPro"}),
        ("audience:\n- group:leads\n- channel:C0HARBOUR", {"group:leads", "channel:C0HARBOUR"}),
        ('audience: ["person:U0MAYA", "partner:Courier  One"]', {"person:U0MAYA", "partner:Courier One"}),
        ("title: x", {"everyone"}),
    ],
)
def test_audiences_are_read_as_one_name_or_a_list(line: str, audiences: set[str]) -> None:
    assert front(*line.split("\n")).audiences == audiences


@pytest.mark.parametrize(
    "text",
    [
        "---\r\naudience: role:shop\r\n---\r\nText.\r\n",
        "--- \naudience: role:shop\n---\t\nText.",
        "\n  \n---\naudience: role:shop\n---\nText.",
        "---\naudience: role:shop\n---",
    ],
)
def test_an_audience_is_never_lost_over_white_space(text: str) -> None:
    assert split_front_matter(text)[0].audiences == {"role:shop"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("audience: shop", "audience `shop` is not known; write public, everyone, partner:NAME, role:NAME"),
        ("audience: [everyone, staff]", "audience `staff` is not known"),
        ("audience: 'role:'", "audience `role:` is not known"),
        ("audience: {role: shop}", "is not known"),
        ("audience: ''", "`audience` is empty"),
        ("audience: ['']", "audience `` is not known"),
        ("audience:", "`audience` is empty, so nobody could read the page; name one or remove the line"),
        ("audience: []", "`audience` is empty"),
        ("audiences: role:shop", "`audiences` is not known; write `audience`"),
        ("Audience: role:shop", "`Audience` is not known; write `audience`"),
        ("audeince: role:shop", "`audeince` is not known; write `audience`"),
    ],
)
def test_what_may_have_been_meant_as_an_audience_is_refused_and_never_ignored(line: str, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        front(line)
    assert said in str(refused.value)


def test_the_fields_of_site_generators_are_passed_over() -> None:
    assert front("layout: page", "permalink: /fees/", "author: Dana", "title: Fees").title == "Fees"


@pytest.mark.parametrize("line", ["keywords: [too late, reminder]", "keywords: 'too late,  reminder ,'"])
def test_keywords_are_a_list_or_words_with_commas(line: str) -> None:
    assert front(line).keywords == ("too late", "reminder")


@pytest.mark.parametrize("value", ["2026-11-09", "'2026-11-09'", "2026-11-09 14:00:00"])
def test_a_date_may_stand_in_quotes_or_with_a_time(value: str) -> None:
    assert front(f"verified: {value}").verified == date(2026, 11, 9)


@pytest.mark.parametrize("value", ["soon", "9.11.2026", "11/09/2026", "20261109", "2026-02-30", "2026-1-1"])
def test_what_is_no_date_is_refused_with_the_form_to_write(value: str) -> None:
    with pytest.raises(Unreadable, match=f"`verified: {value}` is not a date; write it as YYYY-MM-DD"):
        front("effective: 2026-03-01", f"verified: {value}")


def test_a_value_is_taken_as_it_was_typed() -> None:
    assert front("title: No", "owner: 404", "effective:") == FrontMatter(title="No", owner="404")
    assert front("title: 2026-11-09").title == "2026-11-09"


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (["title: Fees", "owner: a: b"], 3),
        (["owner: billing", "title: 'Fees", "audience: role:shop"], 3),
        (["owner: billing", "keywords: [late, fee", "audience: role:shop"], 3),
        (["title: Fees", "\towner: billing"], 3),
        (["title: Fees", "owner: billing", "audience: role:shop", "Fees are due."], 5),
        (["title: &a [b]", "owner: *a"], 3),
        (["title: Fees", "owner: bill\x07ing"], 3),
    ],
)
def test_broken_lines_are_named_by_their_number(lines: list[str], line: int) -> None:
    with pytest.raises(Unreadable, match=rf"^front matter, line {line}: .*; (?:mend that line|type that line anew)$"):
        front(*lines)


def test_the_number_counts_empty_lines_above_too() -> None:
    with pytest.raises(Unreadable, match=r"^front matter, line 5: "):
        split_front_matter("\n\n---\ntitle: Fees\nowner: a: b\n---\nText.")


@pytest.mark.parametrize(
    "text",
    ["---\ntitle: Fees\naudience: role:shop\n\nText.\n", "---\n", "---\ntitle: Fees ---", "---\naudience: role:shop"],
)
def test_front_matter_that_is_never_closed_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="opened by --- but never closed; add a line with --- below it"):
        split_front_matter(text)


@pytest.mark.parametrize("lines", [["- a", "- b"], ["just words"], ["42"]])
def test_lines_without_names_are_refused(lines: list[str]) -> None:
    with pytest.raises(Unreadable, match="must be lines of `name: value`"):
        front(*lines)


def test_a_title_of_several_values_is_refused() -> None:
    with pytest.raises(Unreadable, match="`title` must be one line of text"):
        front("title: [a, b]")


def test_a_few_lines_that_would_unpack_to_gigabytes_are_refused() -> None:
    with pytest.raises(Unreadable, match=r"line 3: a value begins with \*, put it in quotes"):
        front("a: &a [ha, ha, ha]", "b: &b [*a, *a, *a]", "c: &c [*b, *b, *b]", "keywords: *c")
