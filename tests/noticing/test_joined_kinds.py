"""Gaps, pages, two answers, data conflicts and double routing, out of rows by hand, as each viewer may be told."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pytest
from bot.customers.tables import InteractionRow, RecordRow
from bot.database import Database
from bot.experience.viewers import Viewer
from bot.noticing.noticed import noticed
from bot.retrieval.catalogue import PassageRow, SectionRow
from bot.retrieval.conflicts import ConflictRow
from bot.retrieval.validity import SuccessionRow
from bot.signals.signal import Kind, Signal
from bot.touchpoints.gaps import gaps_of

from noticing.planted_company import LEAD, MAP, TODAY, WHO_SERVES, Company, when
from noticing.planted_pages import asked, page, pages_are_live

ADMIN = Viewer("Ada", frozenset({"everyone", "role:admin", "role:lead"}))
PHONE = Viewer("Pia", frozenset({"everyone", "role:lead", "role:phone", "role:store"}))
OWNER = Viewer("Sam", frozenset({"everyone"}), frozenset({"care"}))
POLICIES = Counter(one.standard.policy for one in MAP.ex.values() if one.standard)
WORK = next(one for one in MAP.ex.values() if one.standard and POLICIES[one.standard.policy] == 1)


@pytest.fixture
def company(database: Database) -> Iterator[Company]:
    with database.writing.begin() as session:
        pages_are_live(session)
        yield Company(session)


def told(company: Company, kind: Kind, viewer: Viewer = LEAD) -> tuple[Signal, ...]:
    return noticed(company.reading(20, viewer=viewer), frozenset({kind})).signals


def silent(company: Company, kind: Kind, viewer: Viewer = LEAD) -> Mapping[str, int]:
    return {one.why: one.count for one in noticed(company.reading(20, viewer=viewer), frozenset({kind})).silences}


@pytest.mark.each_engine
def test_pages_that_are_late_come_by_use_and_only_to_whoever_may_read_them(company: Company) -> None:
    late = TODAY.date() - timedelta(days=20)
    page(company, "old.md", review_by=late)
    page(company, "used.md", review_by=late)
    page(company, "phone.md", "role:phone", review_by=late)
    page(company, "fresh.md", review_by=TODAY.date())
    page(company, "undated.md")
    asked(company, "How much?", ["U1", "U2", "U1"], quotes="used.md")
    asked(company, "Long ago?", ["U1"], quotes="old.md", back=15)
    asked(company, "Who?", ["U1", "U2"], quotes="phone.md")
    late_for = {who.name: [one.where for one in told(company, Kind.STALE_PAGE, who)] for who in (LEAD, PHONE, OWNER)}
    assert late_for == {
        LEAD.name: [("used.md",), ("old.md",)],
        "Pia": [("used.md",), ("phone.md",), ("old.md",)],
        "Sam": [("used.md",), ("phone.md",), ("old.md",)],
    }
    assert told(company, Kind.STALE_PAGE)[0].sentence() == (
        "used.md should have been looked at 20 days ago; 3 answers quoted it"
    )
    assert silent(company, Kind.STALE_PAGE) == {"pages without a date for their review": 1}
    assert [one.sentence() for one in told(company, Kind.USED_PAGE)] == ["used.md was quoted by 3 answers"]
    assert silent(company, Kind.USED_PAGE) == {"pages that no answer quoted in 13 weeks": 3}


def test_a_page_that_another_replaces_is_late_for_nobody(company: Company) -> None:
    old, new = page(company, "old.md", review_by=date(2026, 1, 1)), page(company, "new.md")
    company.session.add(SuccessionRow(generation=1, replaced=old, successor=new))
    assert told(company, Kind.STALE_PAGE, ADMIN) == told(company, Kind.STALE_PAGE) == ()


def conflict(company: Company, first: int, second: int) -> None:
    passages = []
    for document in (first, second):
        section = SectionRow(document=document, headings=["H"], blocks=[])
        company.session.add(section)
        company.session.flush()
        passage = PassageRow(document=document, section=section.id, first_block=0, last_block=0, text="t", vector="v",
                             terms=b"", checksum=0)  # fmt: skip
        company.session.add(passage)
        company.session.flush()
        passages.append(passage.id)
    company.session.add(
        ConflictRow(first_document=first, first_passage=passages[0], first_block=0, first_sentence="a",
                    first_says="14 days", second_document=second, second_passage=passages[1], second_block=0,
                    second_sentence="b", second_says="30 days", kind="number", certain=True, found_at=TODAY, shown=4)
    )  # fmt: skip


def test_two_channels_hear_two_answers_and_who_may_not_read_both_hears_of_neither(company: Company) -> None:
    store, phone = page(company, "store.md", "role:store", owner=""), page(company, "phone.md", "role:phone", owner="")
    conflict(company, store, phone)
    conflict(company, store, page(company, "all.md"))
    (one,) = told(company, Kind.TWO_ANSWERS, PHONE)
    assert one.sentence() == "store hears “14 days” from store.md, phone hears “30 days” from phone.md"
    assert sum(silent(company, Kind.TWO_ANSWERS, PHONE).values()) == 1
    assert told(company, Kind.TWO_ANSWERS) == told(company, Kind.TWO_ANSWERS, OWNER) == ()
    assert silent(company, Kind.TWO_ANSWERS) == silent(company, Kind.TWO_ANSWERS, OWNER) == {}
    assert told(company, Kind.TWO_ANSWERS, ADMIN) == (one,)


@pytest.mark.each_engine
def test_gaps_are_those_of_the_map_and_questions_by_the_work_that_they_are_about(company: Company) -> None:
    assert WORK.standard is not None
    asked(company, "Which form?", ["U1", "U2", "U1"], nearest=WORK.standard.policy)
    asked(company, "which  form?", ["U3"], nearest=WORK.standard.policy)
    asked(company, "Where is lunch?", ["U4"], nearest="lunch.md")
    page(company, "late.md", review_by=date(2026, 1, 1))
    every = noticed(company.reading(20, viewer=ADMIN), frozenset({Kind.GAP, Kind.STALE_PAGE})).signals
    assert [one.kind for one in every][:3] == [Kind.GAP, Kind.STALE_PAGE, Kind.GAP]
    first, *others = told(company, Kind.GAP, ADMIN)
    assert first.where == (WORK.id,)
    assert "Which form?" in first.sentence()
    assert [(one.name, one.value, one.n) for one in first.numbers] == [("questions", 1, 4), ("times asked", 4, 3)]
    assert sorted(one.where for one in others) == sorted(one.ids for one in gaps_of(MAP))
    seen = told(company, Kind.GAP)[0]
    assert (seen.where, seen.evidence, [one.name for one in seen.numbers]) == ((WORK.id,), (), ["questions"])
    assert "form" not in seen.sentence().removeprefix(WORK.id)
    assert silent(company, Kind.GAP)["questions that no page answers, of no touchpoint that is known"] == 1


def record(company: Company, source: str, customer: int, **fields: object) -> None:
    company.session.add(
        RecordRow(source=source, kind="customer", source_id=f"{source}{customer}", customer=customer, fields=fields,
                  digest="d", seen_at=TODAY)
    )  # fmt: skip


@pytest.mark.each_engine
def test_two_systems_that_disagree_are_told_with_how_many_and_rows_only_to_whoever_may(company: Company) -> None:
    for number in range(8):
        customer = company.customer()
        record(company, "crm", customer, boxes=1, segment="gold", name="Dana Lee")
        if number < 7:
            record(
                company, "billing", customer, boxes=2 if number < 5 else 1, segment="basic" if number < 4 else "gold"
            )
    (one,) = told(company, Kind.DATA_CONFLICT)
    assert one.sentence() == "billing and crm disagree about boxes of 5 of 7 customers"
    assert one.evidence == ()
    assert silent(company, Kind.DATA_CONFLICT) == {
        "facts that two systems tell differently of fewer than 5 customers": 1
    }
    (shown,) = told(company, Kind.DATA_CONFLICT, WHO_SERVES)
    assert len(shown.evidence[0].ids) == 5


def mail(company: Company, customer: int, team: str, hour: int, subject: str, *, direction: str = "in") -> None:
    company.session.add(
        InteractionRow(
            **dict.fromkeys(("device", "outcome", "agent", "place", "known_by", "text"), ""),
            customer=customer, channel="email", direction=direction, at=when(1) + timedelta(hours=hour), team=team,
            subject=subject, transfers=0, refs={}, source="mail", digest="d",
            source_id=f"{customer}-{team}-{hour}-{direction}",
        )
    )  # fmt: skip


@pytest.mark.each_engine
def test_one_mail_with_two_teams_at_once_is_told_unless_the_first_had_answered(company: Company) -> None:
    for number in range(6):
        customer = company.customer()
        mail(company, customer, "returns", 0, "Two boxes on my bill")
        mail(company, customer, "billing", 5, "Re: two boxes on my bill")
        if number == 5:
            mail(company, customer, "returns", 2, "Your bill", direction="out")
    (one,) = told(company, Kind.DOUBLE_ROUTING)
    assert one.sentence() == "billing and returns had the same thing at once, 5 times in the last 13 weeks"
    assert (one.verdict, one.where, one.evidence) == ("open with two teams", ("billing", "returns"), ())
    assert [(number.name, number.value) for number in one.numbers] == [("times", 5), ("customers", 5)]
    (shown,) = told(company, Kind.DOUBLE_ROUTING, WHO_SERVES)
    assert len(shown.evidence[0].ids) == 10


def test_few_customers_of_two_teams_are_told_to_whoever_may_look_them_up(company: Company) -> None:
    customer = company.customer()
    mail(company, customer, "returns", 0, "Two boxes")
    mail(company, customer, "billing", 5, "Two boxes")
    assert told(company, Kind.DOUBLE_ROUTING) == ()
    assert silent(company, Kind.DOUBLE_ROUTING) == {"pairs of teams with the same thing of fewer than 5 customers": 1}
    assert len(told(company, Kind.DOUBLE_ROUTING, WHO_SERVES)) == 1


def test_nothing_indexed_and_nothing_written_is_said(company: Company) -> None:
    for kind in (Kind.STALE_PAGE, Kind.USED_PAGE, Kind.TWO_ANSWERS):
        assert list(silent(company, kind)) == ["no page is indexed yet (`throughline reindex`)"]
    assert list(silent(company, Kind.DOUBLE_ROUTING)) == ["no written contact names its team and its subject"]
    assert list(silent(company, Kind.DATA_CONFLICT)) == ["no customer is known to two systems"]
