"""One customer's story: what systems say, what was promised and tried, what people write to it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from bot import customer_wording
from bot.audiences import PUBLIC
from bot.customers import entries, focus, timeline
from bot.customers.entries import Author, EntryKind
from bot.customers.feeds.importing import import_interactions
from bot.customers.feeds.mapping import load_feed
from bot.customers.focus import Place
from bot.customers.identity import merging
from bot.customers.story import facts
from bot.customers.story.card import card_of
from bot.database import Database
from bot.errors import EntryRefused, NoSuchCustomer, NotAllowed

from feeds import CALLS, NOW, SERVING, Feeds, call, person

pytestmark = pytest.mark.each_engine

DANA = person("1", "Dana Ruiz", mail="dana@example.org", boxes=1, street="986 Sunset Drive", zip="80279")
DANA_BILLED = person("B7", "Ruiz, Dana", mail="dana@example.org", boxes=3, street="986 sunset dr", zip="80279")
MAYA, SAM = Author("U0MAYA", "Maya Okafor", "harbour-street"), Author("U0SAM", "Sam Tran")
NOBODY = frozenset({PUBLIC})


@pytest.fixture
def feeds(tmp_path: Path, database: Database) -> Feeds:
    return Feeds(database, tmp_path)


def dana(feeds: Feeds) -> int:
    found = feeds.look_up("dana@example.org").customer
    assert found is not None
    return found.id


def write(feeds: Feeds, customer: int, kind: EntryKind, text: str, *, due: date | None = None) -> int:
    with feeds.database.writing.begin() as session:
        return entries.write(session, customer, kind, text, by=MAYA, audiences=SERVING, now=NOW, due=due).id


def texts(feeds: Feeds, customer: int) -> list[str]:
    with feeds.database.reading() as session:
        return [entry.text for entry in entries.entries_of(session, customer, audiences=SERVING)]


def test_what_two_systems_say_differently_stays_side_by_side_and_how_it_is_written_is_no_difference(
    feeds: Feeds,
) -> None:
    feeds.customers("crm", [DANA])
    feeds.customers("billing", [DANA_BILLED])
    with feeds.database.reading() as session:
        known = facts.known_facts(session, dana(feeds), audiences=SERVING, today=NOW.date())
    assert [fact.told for fact in known.disagreements] == ["boxes: crm says 1, billing says 3"]
    assert [(each.source, each.value) for each in known.of_customer["boxes"].said] == [("crm", 1), ("billing", 3)]
    assert not known.of_customer["street"].disputed
    assert not known.of_customer["name"].disputed


def test_of_long_logs_a_card_reads_the_newest_and_still_counts_all(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])
    log = "Customer says it is slow. Rebooted it twice. " * 400
    told = {"mail": "dana@example.org", "notes": log}
    feeds.calls([call(f"c{number}", started=f"11/20/2026 0{number}:14", **told) for number in range(9)])
    customer = dana(feeds)
    with feeds.database.reading() as session:
        card = card_of(session, customer, audiences=SERVING, now=NOW, zone=UTC)
    assert [one.at.minute for one in card.read] == [14] * 6
    assert card.read[0].at > card.read[-1].at
    assert card.total == 9


def test_a_correction_ends_a_disagreement(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])
    feeds.customers("billing", [DANA_BILLED])
    feeds.customers("billing", [{**DANA_BILLED, "boxes": 1}])
    with feeds.database.reading() as session:
        assert facts.known_facts(session, dana(feeds), audiences=SERVING, today=NOW.date()).disagreements == ()


def test_who_may_not_see_customers_learns_no_fact_and_no_contact(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])
    feeds.calls([call("c1", mail="dana@example.org", notes="Called about a bill.")])
    customer = dana(feeds)
    with feeds.database.reading() as session:
        assert facts.facts_of(session, customer, audiences=NOBODY, today=NOW.date()) == {}
        assert timeline.interactions_of(session, customer, audiences=NOBODY) == []
        assert timeline.count_of(session, customer, audiences=NOBODY) == 0
        assert entries.entries_of(session, customer, audiences=NOBODY) == []
        with pytest.raises(NotAllowed):
            card_of(session, customer, audiences=NOBODY, now=NOW, zone=UTC)


def test_the_timeline_goes_back_page_by_page_and_shows_every_contact_once(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])
    same = [call(f"c{number}", mail="dana@example.org") for number in range(4)]  # all at one moment
    older = [
        call(f"d{number}", mail="dana@example.org", started=f"11/{number + 1:02}/2026 09:00") for number in range(7)
    ]
    feeds.calls([*same, *older])
    customer, seen, last = dana(feeds), [], None
    with feeds.database.reading() as session:
        while rows := timeline.interactions_of(session, customer, audiences=SERVING, limit=3, before=last):
            seen += [(row.at, row.id) for row in rows]
            last = rows[-1].id
    assert len(seen) == 11
    assert seen == sorted(set(seen), reverse=True)


EIGHT = (
    ("store", "🏬 store"), ("phone", "📞 phone"), ("chat", "💬 chat"), ("email", "📧 e-mail"), ("social", "📣 social"),
    ("web", "🌐 web"), ("mobile_app", "📱 app"), ("field", "🚐 field"),
)  # fmt: skip


def test_contacts_on_eight_channels_from_two_systems_are_one_list_each_once_with_its_sign(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])
    rows = [
        call(f"c{place}", mail="dana@example.org", started=f"11/{20 - place}/2026 09:00", where=channel)
        for place, (channel, _) in enumerate(EIGHT)
    ]
    for source, some in (("phones", rows[::2]), ("desk", rows[1::2])):
        text = CALLS.replace("source: phones", f"source: {source}").replace("{ constant: phone }", "where")
        feed = load_feed(feeds.mapping(source, text))
        for _ in range(2):  # an export that comes again brings nothing twice
            import_interactions(feeds.database, [feeds.csv(f"{source}.csv", some)], feed, now=NOW)
    with feeds.database.reading() as session:
        card = card_of(session, dana(feeds), audiences=SERVING, now=NOW, zone=UTC)
    assert [one.channel for one in card.read] == [channel for channel, _ in EIGHT]
    shown = [f"{20 - place} Nov 2026 15:00 {sign}" for place, (_, sign) in enumerate(EIGHT)]
    assert [one.told(UTC) for one in card.read] == shown


def test_answers_to_surveys_stand_on_the_card_with_their_course(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])

    def told() -> list[str]:
        with feeds.database.reading() as session:
            card = card_of(session, dana(feeds), audiences=SERVING, now=NOW, zone=UTC)
        parts = (part.head for part in customer_wording.card(card, now=NOW, zone=UTC).parts)
        return [text for text in parts if text.startswith("Answers")]

    surveys = feeds.mapping("surveys", CALLS.replace("phones", "surveys").replace("phone }", "survey }", 1))
    assert told() == []
    rows = [
        call(f"s{place}", mail="dana@example.org", result=score, started=f"11/{place + 2:02}/2026 09:00")
        for place, score in enumerate(("5/5", "4/5", "1/5"))
    ]
    for count in (1, 3):
        import_interactions(feeds.database, [feeds.csv(f"{count}.csv", rows[:count])], load_feed(surveys), now=NOW)
        assert len(told()) == (count > 1), "one answer has no course"
    (line,) = told()
    assert line == (
        "Answers to surveys (3): 5/5 (2 Nov 2026), then 4/5 (3 Nov 2026), then 1/5 (4 Nov 2026); the lowest came last."
    )


def test_a_card_of_somebody_who_is_gone_says_so(feeds: Feeds) -> None:
    with feeds.database.reading() as session, pytest.raises(NoSuchCustomer):
        card_of(session, 4711, audiences=SERVING, now=NOW, zone=UTC)


def test_only_its_author_takes_an_entry_back_and_once(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])
    customer = dana(feeds)
    number = write(feeds, customer, EntryKind.NOTE, "likes to be called after five")
    with feeds.database.writing.begin() as session, pytest.raises(EntryRefused, match="Maya Okafor wrote that"):
        entries.undo(session, number, by=SAM, audiences=SERVING, now=NOW)
    with feeds.database.of("T0OTHER").writing.begin() as session, pytest.raises(EntryRefused):
        entries.undo(session, number, by=MAYA, audiences=SERVING, now=NOW)  # the same id is somebody else there
    with feeds.database.writing.begin() as session:
        entries.undo(session, number, by=MAYA, audiences=SERVING, now=NOW)
    assert texts(feeds, customer) == []
    with feeds.database.writing.begin() as session, pytest.raises(EntryRefused, match="taken back already"):
        entries.undo(session, number, by=MAYA, audiences=SERVING, now=NOW)


def test_an_entry_keeps_no_secret_and_is_never_empty(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])
    customer = dana(feeds)
    write(feeds, customer, EntryKind.NOTE, "card 4111 1111 1111 1111, her password is hunter2!")
    (text,) = texts(feeds, customer)
    assert "4111" not in text
    assert "hunter2" not in text
    with pytest.raises(EntryRefused, match="nothing to write down"):
        write(feeds, customer, EntryKind.NOTE, "   ")


def test_entries_go_along_when_two_become_one_and_back_when_they_are_two_again(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA, person("2", "Dana Maria Ruiz", mail="other@example.org")])
    one, other = dana(feeds), feeds.look_up("other@example.org").customer
    assert other is not None
    write(feeds, other.id, EntryKind.NOTE, "of the other")
    with feeds.database.writing.begin() as session:
        number = merging.merge(session, one, other.id, by="sam", reason="said so", now=NOW)
    assert texts(feeds, one) == ["of the other"]
    with feeds.database.writing.begin() as session:
        merging.undo(session, number, by="sam", now=NOW)
    assert (texts(feeds, one), texts(feeds, other.id)) == ([], ["of the other"])


def test_the_card_says_what_was_promised_until_somebody_says_that_it_was_kept(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])
    feeds.calls([call("c1", mail="dana@example.org", notes="Billed twice. Promised to call her back by 23 Nov.")])
    customer = dana(feeds)
    number = write(feeds, customer, EntryKind.PROMISE, "send the new remote", due=date(2026, 11, 21))

    def promised() -> list[tuple[str, date | None, bool]]:
        with feeds.database.reading() as session:
            card = card_of(session, customer, audiences=SERVING, now=NOW, zone=UTC)
        return [(one.text, one.due, one.overdue(NOW.date())) for one in card.promises]

    said = ("Promised to call her back by 23 Nov.", date(2026, 11, 23), False)
    assert promised() == [("send the new remote", date(2026, 11, 21), True), said]
    with feeds.database.writing.begin() as session:
        entries.settle(session, number, by=SAM, audiences=SERVING, now=NOW)
    assert promised() == [said]


def test_a_customer_stays_in_focus_for_a_while_and_for_one_person_in_one_place(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])
    customer = dana(feeds)
    thread, beside = Place("U0MAYA", "C1", "1.1"), Place("U0MAYA", "C1")
    with feeds.database.of("T1").writing.begin() as session:
        focus.put(session, thread, customer, now=NOW)
        focus.put(session, beside, customer, now=NOW)

    def named(place: Place, later: timedelta, workspace: str = "T1") -> str:
        with feeds.database.of(workspace).reading() as session:
            found = focus.current(session, place, audiences=SERVING, now=NOW + later)
        return found.name if found else ""

    assert named(thread, timedelta(hours=2)) == "Dana Ruiz"
    assert named(thread, timedelta(hours=13)) == ""
    assert named(beside, timedelta(minutes=10)) == "Dana Ruiz"
    assert named(beside, timedelta(minutes=21)) == ""
    assert named(Place("U0SAM", "C1", "1.1"), timedelta()) == ""
    assert named(thread, timedelta(), "T2") == ""
    with feeds.database.of("T1").writing.begin() as session:
        assert focus.drop(session, thread)
        assert not focus.drop(session, thread)
    assert named(thread, timedelta()) == ""


def test_a_focus_follows_a_merge(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA, person("2", "Dana Maria Ruiz", mail="other@example.org")])
    other = feeds.look_up("other@example.org").customer
    assert other is not None
    place = Place("U0MAYA", "C1")
    with feeds.database.writing.begin() as session:
        focus.put(session, place, other.id, now=NOW)
        merging.merge(session, dana(feeds), other.id, by="sam", reason="said so", now=NOW)
        found = focus.current(session, place, audiences=SERVING, now=NOW)
    assert found is not None
    assert found.customer == dana(feeds)


def test_nothing_of_a_week_ago_is_lately(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])
    recent = (NOW - timedelta(hours=71, minutes=59)).astimezone(ZoneInfo("America/Chicago"))
    feeds.calls(
        [
            call("c1", mail="dana@example.org", started=f"{recent:%m/%d/%Y %H:%M}"),
            call("c2", mail="dana@example.org", started="11/15/2026 09:00"),
        ]
    )
    with feeds.database.reading() as session:
        card = card_of(session, dana(feeds), audiences=SERVING, now=NOW, zone=UTC)
    assert len(card.lately) == 1
    assert card.total == 2
    assert card.lately[0].at > NOW - timedelta(hours=72) > datetime(2026, 11, 15, tzinfo=UTC)
