"""Where the company's care goes: stages, pages for each channel, stale pages, gaps."""

from datetime import date

import pytest
from bot.signals.front_loaded import Touchpoint, Verdict, front_loading
from bot.signals.page_use import Page, most_used, stale
from bot.signals.touchpoint_gaps import Gap, by_touchpoint
from bot.signals.two_answers import Disagreement, Side, two_answers

from signals.periods import A_WEEK

BUYING = ["discover", "buy"]


def _touchpoints(late_complaints=80, early_complaints=20):
    return [
        Touchpoint("cx.web.offer", "discover", True, True, True, early_complaints // 2),
        Touchpoint("cx.store.buy", "buy", True, True, True, early_complaints - early_complaints // 2),
        Touchpoint("cx.phone.support", "support", True, False, False, late_complaints),
        Touchpoint("cx.store.return", "leave", False, False, False, 0),
    ]


def test_a_planted_skew_has_the_ratio_counted_by_hand():
    found = front_loading(_touchpoints(), before_purchase=BUYING)
    assert found.verdict is Verdict.FRONT_LOADED
    assert (found.before, found.after) == (1.0, pytest.approx(1 / 6))
    assert found.attention_after == pytest.approx(1 / 7)
    assert found.complaints_after == pytest.approx(0.8)
    assert found.bare == ("cx.store.return",)
    assert found.signal(A_WEEK).sentence() == (
        "14% of targets, policies and tracks are for after the purchase, and 80% of complaints"
    )


def test_care_that_goes_where_complaints_are_is_even():
    even = [Touchpoint(str(row), stage, True, True, True, 30) for row, stage in enumerate(["buy", "use", "use"])]
    assert front_loading(even, before_purchase=BUYING).verdict is Verdict.EVEN
    assert front_loading(_touchpoints(5, 60), before_purchase=BUYING).verdict is Verdict.EVEN


def test_of_few_complaints_or_one_side_only_nothing_is_said():
    assert front_loading(_touchpoints(20, 5), before_purchase=BUYING).verdict is Verdict.FEW_DATA
    assert front_loading(_touchpoints(), before_purchase=[]).verdict is Verdict.FEW_DATA
    nothing = front_loading([], before_purchase=BUYING)
    assert (nothing.verdict, nothing.complaints_after) == (Verdict.FEW_DATA, None)
    assert nothing.signal(A_WEEK).sentence() == "Too little is known of care and complaints by stage"


def test_one_question_is_answered_differently_in_two_channels():
    def page(name, *channels, says="14 days"):
        return Side(name, frozenset(channels), says)

    found = two_answers(
        [
            Disagreement("7", "period", page("shop.md", "store"), page("web.md", "web", says="30 days"), shown=3),
            Disagreement("8", "period", page("a.md", "store", "web"), page("b.md", "store")),
            Disagreement("9", "amount", page("c.md", "store", "web"), page("d.md", "store", "phone"), shown=5),
        ]
    )
    assert [(one.of.id, one.only) for one in found] == [("9", (("web",), ("phone",))), ("7", (("store",), ("web",)))]
    assert found[1].signal(A_WEEK).sentence() == "store hears “14 days” from shop.md, web hears “30 days” from web.md"


def test_stale_pages_come_by_how_much_they_are_used():
    pages = [
        Page("old.md", "care", date(2026, 1, 1)),
        Page("used.md", "care", date(2026, 11, 1), answers=40),
        Page("fresh.md", "care", date(2027, 1, 1), answers=90),
        Page("undated.md", "care", None, answers=50),
    ]
    found = stale(pages, today=date(2026, 11, 22))
    assert [(one.page.id, one.days) for one in found] == [("used.md", 21), ("old.md", 325)]
    assert found[0].signal(A_WEEK).sentence() == "used.md should have been looked at 21 days ago; 40 answers quoted it"
    assert found[1].signal(A_WEEK).verdict == "stale"
    assert [page.id for page in most_used(pages, count=2)] == ["fresh.md", "undated.md"]


def test_gaps_are_told_where_most_people_ask_in_vain():
    found = by_touchpoint(
        [
            Gap("can a customer return a gift", 2, 2, "cx.store.return"),
            Gap("how do I remove two boxes", 6, 9, "cx.store.return"),
            Gap("which form for a move", 3, 20, "cx.phone.move"),
            Gap("where is lunch", 30, 40),
        ]
    )
    assert [(one.touchpoint, one.askers, one.times) for one in found] == [
        ("cx.store.return", 8, 11),
        ("cx.phone.move", 3, 20),
        ("", 30, 40),
    ]
    assert found[0].signal(A_WEEK).sentence() == (
        "cx.store.return: 2 questions that no page answers, asked 11 times, most often “how do I remove two boxes”"
    )
    assert found[2].signal(A_WEEK).where == ()
