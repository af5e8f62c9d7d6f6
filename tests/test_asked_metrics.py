"""Questions that a number answers: told from questions about rules, and counted as by hand."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from bot.app import House
from bot.asked_metrics import periods
from bot.asked_metrics.answering import Answered, answer, differ
from bot.asked_metrics.catalogue import Sources, measures
from bot.asked_metrics.complaints import Complained
from bot.asked_metrics.crowds import Crowd, crowds
from bot.asked_metrics.language import listed_by
from bot.asked_metrics.lasting import Lasted
from bot.asked_metrics.measure import World
from bot.asked_metrics.periods import Period, Unit
from bot.asked_metrics.things import Dimension, Vocabulary
from bot.asked_metrics.understanding import Understanding, Understood
from bot.customers.tables import CustomerRow, InteractionRow
from bot.database import Database
from bot.errors import NotAllowed
from bot.exchanges import ExchangeRow, GapRow
from bot.experience.viewers import THE_COMPANY, Viewer
from bot.friction import acting, tickets
from bot.friction.acting import Act, Resolution
from bot.friction.kinds import Kind
from bot.friction.moves import Event
from bot.friction.roles import Actor
from bot.number_questions import judged
from bot.retrieval.embedding import Embedder
from bot.touchpoints import TouchpointMap
from sqlalchemy.orm import Session

from friction import weeks
from friction.desk import NOW, SEALER
from programs import PROJECT

NEW_YORK = ZoneInfo("America/New_York")
HERE = datetime(2026, 11, 18, 15, tzinfo=NEW_YORK)
SHARED = PROJECT.parent / "shared" / "data"
NOTHING_ELSEWHERE = Sources()
MEASURED_ELSEWHERE = Sources(
    complaints=lambda _session, _since, _until: (),
    resolving=lambda _session, _request: [Lasted("", None, 0)],
    waiting=lambda _session, _request: [Lasted("", None, 0)],
)
TEAMS = {"billing-it": "Billing IT", "returns": "Returns team", "ohare": "O'Hare crew"}
PLACES = {"harbour-street": "Harbour Street shop", "ohare": "O'Hare shop"}
EMPLOYEE = frozenset({"everyone"})
KINDS = {Kind.DUPLICATE_ENTRY: "Typed twice", Kind.SLOW: "Slow"}

Ask = Callable[..., Answered]


@pytest.fixture(scope="module")
def starter_map(starter_data: Path) -> TouchpointMap:
    from bot.people import load_directory, load_owners  # noqa: PLC0415 - only here
    from bot.touchpoints import load_map  # noqa: PLC0415 - only here

    owners, directory = load_owners(PROJECT / "config/owners.yaml"), load_directory(PROJECT / "config/people.yaml")
    file = PROJECT / "knowledge/touchpoints.yaml"
    return load_map(file, teams=owners.teams, roles=directory.roles, tracks=None, pages=file.parent)


@pytest.fixture(scope="module")
def vocabulary(starter_map: TouchpointMap) -> Vocabulary:
    return Vocabulary(starter_map, teams=TEAMS, places=PLACES, kinds=KINDS, themes={"7": "Serials typed twice"})


@pytest.fixture
def ask(database: Database, encoder: Embedder, vocabulary: Vocabulary, starter_map: TouchpointMap) -> Ask:
    """What is said to a question, asked on 20 November 2026 at 15:30 UTC by whoever may read everything."""

    def answered(
        session: Session, question: str, *, sources: Sources = NOTHING_ELSEWHERE, viewer: Viewer = THE_COMPANY
    ) -> Answered:
        understood = Understanding(measures(sources), encoder.encode).understood(
            question, vocabulary=lambda: vocabulary, meaning=lambda: encoder.encode([question])[0], now=NOW
        )
        assert understood is not None
        kinds = {kind.value: name for kind, name in KINDS.items()}
        world = World(starter_map, TEAMS, PLACES, kinds, lambda sources, _audiences: {one: one for one in sources})
        return answer(session, understood, viewer=viewer, world=world, now=NOW, zone=UTC)

    return answered


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# What is asked


def test_development_and_held_out_questions_are_understood_and_no_rule_is_taken_for_a_number(
    house: House, encoder: Embedder
) -> None:
    """Held out is knowledge/numbers.csv; the figures are in docs/decisions.md."""
    from bot.offered_numbers import reading_of  # noqa: PLC0415 - only here

    understands = reading_of(house, MEASURED_ELSEWHERE)
    measured = {one.key for one in measures(MEASURED_ELSEWHERE)}
    asked = [
        row["question"]
        for name in ("questions.csv", "conversations.csv")
        for row in rows_of(PROJECT / "knowledge" / name)
    ]
    with house.database.reading() as session:
        held_out = judged(
            PROJECT / "knowledge", asked, reads=lambda text, now: understands(session, text, now), measured=measured
        )
        assert held_out is not None
        assert (held_out.asked, held_out.not_measured, held_out.taken) == (40, 0, 0)
        assert held_out.others == 40 + len(asked)
        assert held_out.understood >= 0.9
        for row in rows_of(PROJECT / "tests/data/number_questions.csv"):
            noon = datetime.combine(date.fromisoformat(row["on"]), datetime.min.time(), UTC)
            found = understands(session, row["question"], noon + timedelta(hours=12))
            wanted = tuple(row[name] for name in ("measure", "by", "things", "period"))
            assert (found.told if found else ("", "", "", "")) == wanted, row["question"]


def test_what_is_not_measured_here_is_left_to_the_pages(encoder: Embedder, vocabulary: Vocabulary) -> None:
    question = "what do customers complain about most this month?"
    without = Understanding(measures(Sources()), encoder.encode)
    assert without.possible(question) == ()
    assert [one.key for one in Understanding(measures(MEASURED_ELSEWHERE), encoder.encode).possible(question)] == [
        "complaints"
    ]


def test_a_list_that_is_not_told_is_not_replaced_by_another() -> None:
    tools = (Dimension.TOOL,)
    assert listed_by("what gets reported most", tools, Dimension.TOOL) is Dimension.TOOL
    assert listed_by("which shop reports the most", tools, Dimension.TOOL) is None


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("this month", date(2026, 11, 1), date(2026, 11, 18)),
        ("last month", date(2026, 10, 1), date(2026, 10, 31)),
        ("last week", date(2026, 11, 9), date(2026, 11, 15)),
        ("since May", date(2026, 5, 1), date(2026, 11, 18)),
        ("in the last 4 weeks", date(2026, 10, 22), date(2026, 11, 18)),
        ("over the past three months", date(2026, 8, 19), date(2026, 11, 18)),
        ("last quarter", date(2026, 7, 1), date(2026, 9, 30)),
        ("this year", date(2026, 1, 1), date(2026, 11, 18)),
        ("since last month", date(2026, 10, 1), date(2026, 11, 18)),
        ("between 1 October and 15 October", date(2026, 10, 1), date(2026, 10, 15)),
        ("yesterday", date(2026, 11, 17), date(2026, 11, 17)),
    ],
)
def test_days_are_read_as_people_say_them(said: str, first: date, last: date) -> None:
    found = periods.period_in(f"how many tickets came in {said}?", now=HERE)
    assert found is not None
    assert (found.first, found.last) == (first, last)


def test_the_last_month_of_january_is_december_and_a_month_back_from_march_ends_in_february() -> None:
    january = periods.period_in("tickets last month", now=datetime(2026, 1, 4, tzinfo=NEW_YORK))
    assert january is not None
    assert (january.first, january.last) == (date(2025, 12, 1), date(2025, 12, 31))
    assert (january.before.first, january.before.last) == (date(2025, 11, 1), date(2025, 11, 30))
    rolling = periods.period_in("in the last 1 month", now=datetime(2026, 3, 31, tzinfo=NEW_YORK))
    assert rolling is not None
    assert rolling.first == date(2026, 3, 1)


def test_a_week_with_a_change_of_the_clocks_has_its_hours() -> None:
    """On 1 November 2026 New York sets its clocks back: that week has 169 hours."""
    week = Period(date(2026, 10, 26), date(2026, 11, 1), Unit.WEEK)
    assert week.since(NEW_YORK) == datetime(2026, 10, 26, 4, tzinfo=UTC)
    assert week.until(NEW_YORK) == datetime(2026, 11, 2, 5, tzinfo=UTC)
    assert week.until(NEW_YORK) - week.since(NEW_YORK) == timedelta(hours=169)


def test_what_is_compared_is_as_far_into_the_month_as_today() -> None:
    this_month = periods.period_in("this month", now=HERE)
    assert this_month is not None
    assert (this_month.before.first, this_month.before.last) == (date(2026, 10, 1), date(2026, 10, 18))


def test_things_are_known_by_what_people_call_them(vocabulary: Vocabulary) -> None:
    tools = (Dimension.TOOL, Dimension.PLACE, Dimension.TEAM, Dimension.THEME)
    for said, key in (
        ("the till", "tool:pos"),
        ("the CRM", "tool:caredesk"),
        ("our O’Hare shop's", "place:ohare"),
        ("the O'Hare crew", "team:ohare"),
        ("the returns team's tickets", "team:returns"),
        ("serials typed twice", "theme:7"),
    ):
        assert [one.key for one in vocabulary.named(f"how many hours does {said} lose", tools)] == [key]


def test_of_two_names_the_longer_counts(vocabulary: Vocabulary) -> None:
    found = vocabulary.named("card terminals at the cash register", (Dimension.TOOL,))
    assert [one.key for one in found] == ["tool:card_terminal", "tool:pos"]


# What is counted


@pytest.mark.each_engine
def test_hours_are_those_of_the_sums_that_everybody_reads(database: Database, ask: Ask) -> None:
    """TWICE: 14 people x 12 min x 5 = 14 h; CareDesk freezes: 9 x 6 x 5 = 4.5 h; together 18.5, told as 18 or 19."""
    with database.writing.begin() as session:
        weeks.furnish(session, SEALER, now=NOW)
        by_tool = ask(session, "which tool costs us most time?")
        orion = ask(session, "how many hours does Orion cost us?")
        in_shops = ask(session, "which tool costs the shop most time?")
        single = ask(session, "what costs us most time?")
    # Orion: 14 h and 8 people x 20 min a week = 2.7 h.
    assert orion.lede == ("Time lost (Orion): 17 hours a week, open on 20 Nov 2026; n = 2 open tickets.")
    assert by_tool.lines[0] == "CareDesk: 18 hours a week (n = 2 open tickets)"
    assert by_tool.lines[1] == "Orion: 17 hours a week (n = 2 open tickets)"
    assert len(by_tool.lines) == 5
    # At the shop nobody freezes: that is on the phone.
    assert "most by tool: Orion, 17 hours a week" in in_shops.lede
    assert single.lines[1].endswith(
        "The same box is typed into CareDesk and again into Orion: 14 hours a week (n = 14 people)"
    )
    assert orion.path == "/tickets?tool=orion"


def test_hours_of_few_people_are_not_told(database: Database, ask: Ask) -> None:
    with database.writing.begin() as session:
        weeks.furnish(session, SEALER, now=NOW)
        found = ask(session, "how much time does the till cost us?")
    assert found.lede == (
        "Time lost (PointPost), open on 20 Nov 2026: not told, because fewer than five people say what it costs them."
    )


@pytest.mark.each_engine
def test_tickets_are_counted_by_day_state_and_owner(database: Database, ask: Ask) -> None:
    with database.writing.begin() as session:
        numbers = weeks.furnish(session, SEALER, now=NOW)
        for event, words in ((Event.ACKNOWLEDGE, ""), (Event.RESOLVE, "The calendar is fresh")):
            resolution = Resolution.FIXED if event is Event.RESOLVE else None
            ruth = Actor("U0RUTH", "T0", "Ruth", triager=True)
            at = NOW - timedelta(days=2)
            acting.act(session, numbers[3], Act(event, words, resolution), ruth, sealer=SEALER, now=at)
        open_ones = ask(session, "how many tickets are still open?")
        per_team = ask(session, "open tickets per team")
        resolved = ask(session, "how many tickets did we resolve this week?")
        filed = ask(session, "how many tickets came in since May?")
        ages = ask(session, "how old are our open tickets?")
        opened = sorted(
            (NOW - tickets.ticket(session, one, audiences=THE_COMPANY.audiences).filed_at).days
            for one in numbers
            if one != numbers[3]
        )
    assert open_ones.lede == "Open tickets: 7 tickets, open on 20 Nov 2026."
    assert "Billing IT: 2 tickets" in per_team.lines
    assert resolved.lede == "Tickets resolved: 1 ticket, 16 Nov 2026 to 20 Nov 2026."
    assert filed.lede.startswith("Tickets filed: 8 tickets, 1 May 2026 to 20 Nov 2026.")
    # Seven open ones: the fourth by age.
    assert f"Age of open tickets: {opened[3]}" in ages.lede
    assert "n = 7 open tickets" in ages.lede


def test_people_are_never_fewer_than_five(database: Database, ask: Ask) -> None:
    with database.writing.begin() as session:
        weeks.furnish(session, SEALER, now=NOW)
        twice = ask(session, "how many people report the double entry?")
        caredesk = ask(session, "how many colleagues have trouble with CareDesk?")
        till = ask(session, "how many people struggle with the till?")
    assert twice.lede == "People who report it (Typed twice): 14 people, open on 20 Nov 2026; n = 1 open tickets."
    assert "at least 14 people" in caredesk.lede
    assert "fewer than five people report it" in till.lede


def contacted(session: Session, customer: int, at: datetime, channel: str = "phone", outcome: str = "") -> None:
    count = session.query(InteractionRow).count()
    session.add(
        InteractionRow(
            source="crm", source_id=str(count), customer=customer, known_by="", channel=channel, direction="in",
            device="", at=at, subject="", text="", outcome=outcome, agent="", team="", place="", transfers=None,
            refs={}, digest="",
        )
    )  # fmt: skip
    session.flush()


def customers(session: Session, count: int) -> list[int]:
    rows = [CustomerRow(name=f"C{one}", first_seen=NOW) for one in range(count)]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


@pytest.mark.each_engine
def test_contacts_and_repeats_are_counted_by_channel(database: Database, ask: Ask) -> None:
    """Ten customers call on 1 November; four of them come again, three within 72 hours, by chat with six others."""
    first = datetime(2026, 11, 1, 12, tzinfo=UTC)
    with database.writing.begin() as session:
        some = customers(session, 12)
        for one in some[:10]:
            contacted(session, one, first)
        for one, hours in zip(some[:4], (1, 71, 72, 73), strict=True):
            contacted(session, one, first + timedelta(hours=hours), "chat")
        for one in some[4:7]:
            contacted(session, one, first + timedelta(days=10), "chat")
        contacted(session, some[0], first, "survey", "5")
        by_channel = ask(session, "contacts by channel this month")
        calls = ask(session, "how many calls did we get this month?")
        again = ask(session, "what's the repeat call rate on the phone this month")
    assert by_channel.lines == ("Phone: 10 contacts", "Chat: 7 contacts")
    assert calls.lede == "Contacts (Phone): 10 contacts, 1 Nov 2026 to 20 Nov 2026."
    assert again.lede == (
        "Contacts that were followed by another (Phone): 30 %, 1 Nov 2026 to 20 Nov 2026; n = 10 contacts."
    )


def test_a_channel_of_few_customers_is_hidden_and_so_is_what_would_give_it_away() -> None:
    rows = [Crowd(one, "phone", (1.0,)) for one in range(9)] + [Crowd(one, "chat", (1.0,)) for one in range(20, 26)]
    assert crowds(rows, 1).total == (15.0,)
    few = crowds([*rows, Crowd(99, "social", (3.0,))], 1)
    assert few.parts["social"] is None
    assert few.total is None or few.parts["chat"] is None


def test_satisfaction_is_the_mean_of_five_customers_or_more(database: Database, ask: Ask) -> None:
    at = NOW - timedelta(days=3)
    with database.writing.begin() as session:
        some = customers(session, 5)
        for one, score in zip(some[:4], "5432", strict=True):
            contacted(session, one, at, "survey", score)
        few = ask(session, "how satisfied are our customers this month?")
        contacted(session, some[4], at, "survey", "5")
        enough = ask(session, "how satisfied are our customers this month?")
    assert "not told, because not enough data" in few.lede
    # 19 points of five people.
    assert "3.8 of 5" in enough.lede
    assert "n = 5 survey answers" in enough.lede


def test_pages_and_gaps_count_for_five_people_or_more(database: Database, ask: Ask) -> None:
    with database.writing.begin() as session:
        for number in range(7):
            source = "returns.md" if number < 5 else "rare.md"
            row = ExchangeRow(
                asked_at=NOW - timedelta(days=1), person=f"U{number}", channel="C", thread="", question="?",
                reason="" if number < 6 else "no", private=False, confidence=1, milliseconds=1,
                citations=[{"source": source, "title": source}] if number < 6 else [],
            )  # fmt: skip
            session.add(row)
            session.flush()
        session.add(GapRow(exchange=row.id, owner="", audiences=[], closest=[]))
        session.flush()
        pages = ask(session, "which policy pages are used most?")
        gaps = ask(session, "how many questions could you not answer this week?")
    assert pages.lines == ("returns.md: 5 answers",)
    assert (
        gaps.lede == "Questions that nothing answered: 1 question, 16 Nov 2026 to 20 Nov 2026; n = 7 questions asked."
    )


def test_complaints_are_listed_by_touchpoint_and_compared_with_the_week_before(database: Database, ask: Ask) -> None:
    def routed(_session: Session, since: datetime, until: datetime) -> list[Complained]:
        last_week = datetime(2026, 11, 9, tzinfo=UTC) <= since and until <= datetime(2026, 11, 16, tzinfo=UTC)
        per_customer = 5 if last_week else 1
        return [
            *(Complained("cx.phone.moving", one, per_customer) for one in range(8)),
            *(Complained("cx.web.bill", one, 1) for one in range(5)),
        ]

    sources = Sources(complaints=routed)
    with database.reading() as session:
        most = ask(session, "what do customers complain about most last week?", sources=sources)
        rose = ask(session, "did complaints rise last week?", sources=sources)
        moving = ask(session, "how many complaints about moving house last week?", sources=sources)
    assert most.lines == ("Moving house: 40 complaints", "Reading and paying the bill online: 5 complaints")
    assert rose.lede == (
        "Complaints: 45 complaints, 9 Nov 2026 to 15 Nov 2026. That is more than the 13 complaints from 2 Nov 2026 to "
        "8 Nov 2026, and more than chance."
    )
    assert moving.lede == "Complaints (Moving house): 40 complaints, 9 Nov 2026 to 15 Nov 2026."


def test_counts_differ_where_the_exact_test_says_so() -> None:
    """Given 20 events in two equal weeks, 15 and 5 are p = .041 by the binomial test, 13 and 7 p = .26."""
    assert differ(15, 5, days=7, days_before=7)
    assert not differ(13, 7, days=7, days_before=7)
    assert not differ(30, 28, days=30, days_before=28)


def test_how_long_things_take_needs_five_of_them(database: Database, ask: Ask) -> None:
    def lasting(hours: float, n: int) -> Sources:
        return Sources(resolving=lambda _session, _request: [Lasted("", hours, n)])

    question = "how long do tickets about Orion take?"
    with database.reading() as session:
        few = ask(session, question, sources=lasting(8, 4))
        enough = ask(session, question, sources=lasting(8, 5))
    assert "not told, because not enough data" in few.lede
    assert enough.lede.startswith("Time until half are resolved (Orion): 8 working hours, 22 Aug 2026 to 20 Nov 2026;")


def test_an_empty_database_says_so_and_what_to_do(database: Database, ask: Ask) -> None:
    with database.reading() as session:
        hours = ask(session, "which tool costs us most time?")
        calls = ask(session, "how many calls did we get yesterday?")
        surveys = ask(session, "average survey score last month")
        pages = ask(session, "which page do people use most?")
    assert "nothing of it is reported and open" in hours.lede
    assert "`throughline import` reads them" in calls.lede
    assert "`throughline import` reads them" in surveys.lede
    assert "nobody asked anything" in pages.lede


def test_nobody_else_is_told_any_number(database: Database, encoder: Embedder, ask: Ask) -> None:
    stranger = Viewer("Sam", frozenset({"everyone"}))
    with database.reading() as session:
        for one in measures(MEASURED_ELSEWHERE):
            with pytest.raises(NotAllowed):
                ask(session, one.examples[0], sources=MEASURED_ELSEWHERE, viewer=stranger)


def test_each_example_is_understood_as_its_measure(encoder: Embedder, vocabulary: Vocabulary) -> None:
    understanding = Understanding(measures(MEASURED_ELSEWHERE), encoder.encode)

    def read(question: str) -> Understood | None:
        return understanding.understood(
            question, vocabulary=lambda: vocabulary, meaning=lambda: encoder.encode([question])[0], now=HERE
        )

    for one in measures(MEASURED_ELSEWHERE):
        for example in one.examples:
            found = read(example)
            assert found is not None, example
            assert found.measure.key == one.key, example
