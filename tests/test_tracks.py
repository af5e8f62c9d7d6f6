"""Treatment tracks: read with their lines, chosen by what is known, followed step by step, and compared."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot.audiences import CUSTOMERS
from bot.conditions import Facts, known
from bot.customers.circumstances import circumstances_of
from bot.customers.entries import Author
from bot.customers.identity import merging
from bot.customers.sweeping import assign_all
from bot.customers.tables import CustomerRow, InteractionRow, RecordRow
from bot.customers.tracks import assigning, steps
from bot.customers.tracks.assigning import OnTrack, show, track_for
from bot.customers.tracks.book import TrackBook
from bot.customers.tracks.choosing import is_held_back
from bot.customers.tracks.effects import FEWEST, Compared, Effect, effects
from bot.customers.tracks.events import counted, lately
from bot.customers.tracks.rules import Track, load_tracks
from bot.customers.tracks.tables import AssignmentRow, ExposureRow, RuleRow, StepRow
from bot.database import Database
from bot.errors import EntryRefused, NoSuchCustomer, NotAllowed, SettingsError
from bot.metrics.intervals import newcombe, wilson
from bot.people import load_owners
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from offices import PROJECT

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
DAY = timedelta(days=1)
SERVING = frozenset({"everyone", CUSTOMERS})
MAYA, SAM = Author("U1", "Maya", "harbour-street"), Author("U2", "Sam")
TEAMS = {"care", "complaints"}
TRACKS = """\
third-contact:
  name: Third contact
  when: { open_chain_contacts: { at least: 3 } }
  do: [Read it all, Solve it, Call back]
  do not: [Do not ask again]
  say: ["I have read what happened."]
  until: { open_chain_contacts: 0, days: 30 }
  owner: complaints
  outcome: { contacts_on_subject: 0, within days: 14 }
newcomer:
  name: First months
  when: { tenure_months: { less than: 3 } }
  do: Explain the bill
  owner: care
  outcome: { survey_score: { at least: 4 }, within days: 30 }
"""


def written(folder: Path, text: str = TRACKS) -> Path:
    file = folder / "tracks.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def tracks(tmp_path: Path) -> tuple[Track, ...]:
    return load_tracks(written(tmp_path), teams=TEAMS)


@pytest.fixture
def customer(database: Database) -> int:
    with database.writing.begin() as session:
        return someone(session)


def someone(session: Session, name: str = "Dana Ruiz") -> int:
    row = CustomerRow(name=name, first_seen=NOW)
    session.add(row)
    session.flush()
    return row.id


def chain(contacts: int, **others: object) -> Facts:
    return {"open_chain_contacts": known(contacts), **{name: known(value) for name, value in others.items()}}


def on(
    database: Database, customer: int, facts: Facts, tracks: Iterable[Track], *, now: datetime = NOW, by: str = "U1"
) -> OnTrack:
    """What a card does: say where the customer stands, and write down that somebody saw it."""
    rules = tuple(tracks)
    with database.reading() as session:
        found = track_for(session, customer, facts, tracks=rules, audiences=SERVING, now=now)
    with database.writing.begin() as session:
        show(session, customer, facts, tracks=rules, person=by, audiences=SERVING, now=now)
    return found


def count(database: Database, table: type[object]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_tracks_are_read_in_their_order(tracks: tuple[Track, ...]) -> None:
    first, second = tracks
    assert (first.key, first.do, first.days, first.line) == (
        "third-contact", ("Read it all", "Solve it", "Call back"), 30, 1,
    )  # fmt: skip
    assert (second.do, second.days, second.until) == (("Explain the bill",), None, ())
    assert first.version != second.version
    assert replace(first, do=("Solve it",)).version != first.version
    assert replace(first, line=9).version == first.version


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("owner: care", "owner: nobody", "line 14: config/owners.yaml has no team 'nobody'; it has care, complaints"),
        ("  owner: care\n", "", "line 10: the track newcomer needs `owner:`"),
        ("do: Explain", "dont: Explain", "line 13: `dont` says nothing here; a track has name, when"),
        ("less than: 3", "less than: few", "line 12: few is no number"),
        ("survey_score", "segment", "line 15: an outcome cannot be judged by segment; it takes contacts"),
        (
            "{ at least: 4 }, within days: 30",
            "{ at least: 4 }",
            "line 15: outcome says what is counted, and in how long",
        ),
        ("days: 30 }\n  owner: comp", "days: soon }\n  owner: comp", "line 7: 'soon' is no number of days"),
        ("do: [Read it all, Solve it, Call back]", "do: []", "line 4: `do` is empty"),
        ("[Read it all, Solve it, Call back]", "[Solve it, Solve it]", "line 4: one sentence stands in `do` twice"),
        ("newcomer:", "New Comer:", "line 10: 'New Comer' cannot name a track"),
        ("newcomer:", "third-contact:", "line 10: third-contact stands there twice; keep one"),
        ("  owner: care", "  hold back: most\n  owner: care", "line 14: `hold back` is a share of customers"),
    ],
)
def test_a_fault_names_its_line_and_the_next_step(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in TRACKS
    with pytest.raises(SettingsError) as refused:
        load_tracks(written(tmp_path, TRACKS.replace(before, after)), teams=TEAMS)
    assert said in str(refused.value)
    assert "tracks.yaml" in str(refused.value)


def test_the_tracks_that_ship_are_sound() -> None:
    teams = load_owners(PROJECT / "config" / "owners.yaml").teams
    shipped = load_tracks(PROJECT / "knowledge" / "tracks.yaml", teams=teams)
    assert [track.key for track in shipped] == ["third-contact", "fragile", "handed-around", "first-months"]
    assert all(track.say and track.do for track in shipped)


def test_a_slip_in_the_file_leaves_the_tracks_as_they_were(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    book = TrackBook(written(tmp_path), teams=TEAMS)
    assert [track.key for track in book.tracks] == ["third-contact", "newcomer"]
    written(tmp_path, TRACKS + "broken\n")
    assert [track.key for track in book.tracks] == ["third-contact", "newcomer"]
    assert "The tracks stay as they were." in caplog.text
    with pytest.raises(SettingsError):
        book.read()
    written(tmp_path, "")
    (tmp_path / "tracks.yaml").unlink()
    assert book.tracks == ()


@pytest.mark.each_engine
def test_a_customer_moves_tracks_after_an_event_and_the_cause_is_kept(
    database: Database, customer: int, tracks: tuple[Track, ...]
) -> None:
    new = on(database, customer, chain(1, tenure_months=1), tracks)
    assert (new.track and new.track.key, new.cause, new.since) == (
        "newcomer", ("tenure less than 3 months: it is 1",), None,
    )  # fmt: skip
    moved = on(database, customer, chain(3, tenure_months=1), tracks, now=NOW + DAY)
    assert (moved.track and moved.track.key, moved.next_step) == ("third-contact", "Read it all")
    assert moved.cause == ("open chain contacts at least 3: it is 3",)
    back = on(database, customer, chain(0, tenure_months=1), tracks, now=NOW + 2 * DAY)
    assert back.track is not None
    assert back.track.key == "newcomer", "the chain ended, and what came before goes on"
    with database.reading() as session:
        rows = session.scalars(select(AssignmentRow).order_by(AssignmentRow.id)).all()
        assert [(row.track, row.ended, row.version) for row in rows] == [
            ("newcomer", "moved", tracks[1].version),
            ("third-contact", "over", tracks[0].version),
            ("newcomer", "", tracks[1].version),
        ]
        assert {row.rule["name"] for row in session.scalars(select(RuleRow))} == {"Third contact", "First months"}


@pytest.mark.each_engine
def test_the_same_track_is_seen_from_every_channel_and_workspace(
    database: Database, customer: int, tracks: tuple[Track, ...]
) -> None:
    for part, person in ((database.of("T1"), "U1"), (database.of("T2"), "U1"), (database.of("T1"), "U3")):
        for _ in range(2):  # opened twice in a day, it was shown once
            found = on(part, customer, chain(4), tracks, by=person)
            assert found.track is not None
            assert found.track.key == "third-contact"
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AssignmentRow)) == 1
        seen = session.execute(select(ExposureRow.workspace, ExposureRow.person).order_by(ExposureRow.id)).all()
    assert seen == [("T1", "U1"), ("T2", "U1"), ("T1", "U3")]


def test_what_nobody_knows_puts_nobody_on_a_track(database: Database, customer: int, tracks: tuple[Track, ...]) -> None:
    assert on(database, customer, {}, tracks).track is None
    assert on(database, customer, {"open_chain_contacts": known(1, 5)}, tracks).track is None, "systems disagree"
    assert count(database, AssignmentRow) == 0


def test_whoever_was_on_a_track_to_its_end_comes_back_by_new_facts_only(
    database: Database, customer: int, tracks: tuple[Track, ...]
) -> None:
    on(database, customer, chain(3), tracks)
    assert on(database, customer, chain(3), tracks, now=NOW + 29 * DAY).track is not None
    assert on(database, customer, chain(3), tracks, now=NOW + 30 * DAY).track is None
    assert on(database, customer, chain(3), tracks, now=NOW + 31 * DAY).track is None
    assert on(database, customer, chain(4), tracks, now=NOW + 32 * DAY).track is not None


def test_a_track_that_is_no_more_in_the_file_ends(database: Database, customer: int, tracks: tuple[Track, ...]) -> None:
    on(database, customer, chain(3), tracks)
    assert on(database, customer, chain(3), tracks[1:]).track is None
    with database.reading() as session:
        assert session.scalars(select(AssignmentRow.ended)).all() == ["removed"]


@pytest.mark.each_engine
def test_steps_are_done_or_not_with_a_reason_and_taken_back(
    database: Database, customer: int, tracks: tuple[Track, ...]
) -> None:
    on(database, customer, chain(3), tracks)

    def next_step() -> str:
        return on(database, customer, chain(3), tracks).next_step

    here = database.of("T1")
    with here.writing.begin() as session:
        (number,) = session.scalars(select(AssignmentRow.id)).all()
        first = steps.did(session, number, "Read it all", by=MAYA, audiences=SERVING, now=NOW)
        assert steps.did(session, number, "Read it all", by=MAYA, audiences=SERVING, now=NOW) == first, "pressed twice"
    assert next_step() == "Solve it"
    with here.writing.begin() as session:
        why = "Orion is down, her card 4111 1111 1111 1111 is not taken"
        steps.could_not(session, number, "Solve it", why, by=SAM, audiences=SERVING, now=NOW)
        with pytest.raises(EntryRefused, match="what stood in the way"):
            steps.could_not(session, number, "Call back", "  ", by=SAM, audiences=SERVING, now=NOW)
        with pytest.raises(NotAllowed):
            steps.did(session, number, "Call back", by=SAM, audiences=frozenset({"everyone"}), now=NOW)
        with pytest.raises(EntryRefused, match="Maya wrote that"):
            steps.take_back(session, first.id, by=SAM, audiences=SERVING, now=NOW)
    assert next_step() == "Call back"
    with here.writing.begin() as session:
        steps.take_back(session, first.id, by=MAYA, audiences=SERVING, now=NOW)
    assert next_step() == "Read it all"
    with here.writing.begin() as session:
        later = steps.did(session, number, "Solve it", by=SAM, audiences=SERVING, now=NOW + DAY)
    with database.reading() as session:
        (stood,) = steps.obstacles(session, audiences=SERVING)
        alias = session.scalar(select(CustomerRow.alias))
        assert steps.obstacles(session, audiences=frozenset()) == []
    assert (stood.alias, stood.customer, stood.track, stood.step) == (alias, customer, "third-contact", "Solve it")
    assert (stood.author, stood.workspace, stood.at, stood.place) == ("U2", "T1", NOW, "")
    assert "Orion is down" in stood.why
    assert "4111" not in stood.why
    assert later.id > stood.id, "that it was done later does not undo that it could not be done"
    on(database, customer, chain(0), tracks)
    with here.writing.begin() as session, pytest.raises(EntryRefused, match="on that track no more"):
        steps.did(session, number, "Call back", by=SAM, audiences=SERVING, now=NOW)


def test_two_customers_who_are_one_are_on_one_track(database: Database, tracks: tuple[Track, ...]) -> None:
    with database.writing.begin() as session:
        one, other = someone(session), someone(session, "Dana Ruis")
    on(database, one, chain(3), tracks)
    on(database, other, chain(1, tenure_months=1), tracks)
    with database.writing.begin() as session:
        done = merging.merge(session, one, other, by="Maya", reason="the same", now=NOW)
    found = on(database, one, chain(3, tenure_months=1), tracks, now=NOW + DAY)
    assert found.track is not None
    assert found.track.key == "third-contact"
    with database.reading() as session:
        still = session.scalars(select(AssignmentRow.track).where(AssignmentRow.ended_at.is_(None))).all()
        assert still == ["third-contact"]
    with database.writing.begin() as session:
        merging.undo(session, done, by="Maya", now=NOW + DAY)
        assert set(session.scalars(select(AssignmentRow.customer))) == {one, other}


def test_whoever_may_not_see_customers_sees_no_track(
    database: Database, customer: int, tracks: tuple[Track, ...]
) -> None:
    nobody = frozenset({"everyone"})
    with database.reading() as session:
        assert track_for(session, customer, chain(3), tracks=tracks, audiences=nobody, now=NOW).track is None
    with database.writing.begin() as session, pytest.raises(NotAllowed):
        show(session, customer, chain(3), tracks=tracks, person="U1", audiences=nobody, now=NOW)


def test_old_stays_go_with_all_that_hangs_on_them(database: Database, customer: int, tracks: tuple[Track, ...]) -> None:
    on(database, customer, chain(3), tracks)
    with database.writing.begin() as session:
        number = session.scalars(select(AssignmentRow.id)).one()
        steps.did(session, number, "Read it all", by=MAYA, audiences=SERVING, now=NOW)
    on(database, customer, chain(0), tracks, now=NOW + DAY)
    for later, left in ((NOW + assigning.KEPT, 1), (NOW + assigning.KEPT + 2 * DAY, 0)):
        with database.writing.begin() as session:
            assigning.forget_old(session, now=later)
        assert [count(database, table) for table in (AssignmentRow, ExposureRow, StepRow)] == [left] * 3


def contact(customer: int, at: datetime, **fields: object) -> InteractionRow:
    usual = {"channel": "phone", "direction": "in", "subject": "", "outcome": "", "transfers": None, "refs": {}}
    blank = dict.fromkeys(("known_by", "device", "text", "agent", "team", "place", "digest"), "")
    number = f"{customer}-{at.isoformat()}"
    return InteractionRow(customer=customer, at=at, source="calls", source_id=number, **{**blank, **usual, **fields})


def test_what_happened_lately_is_counted_from_the_interactions() -> None:
    past = [
        contact(1, NOW - 40 * DAY, transfers=9),
        contact(1, NOW - 20 * DAY, transfers=2, channel="store"),
        contact(1, NOW - 3 * DAY, channel="survey", outcome="score 4 of 5"),
        contact(1, NOW - 2 * DAY, direction="out"),
        contact(1, NOW - DAY, channel="chat", transfers=1),
    ]
    values = {name: fact.said[0].value for name, fact in lately(past, now=NOW).items()}
    assert values == {
        "recent_contacts": 1,
        "recent_transfers": 3,
        "last_contact": "2026-11-21",
        "last_channel": "chat",
        "survey_score": 4.0,
        "surveyed": "2026-11-19",
    }
    assert set(lately([], now=NOW)) == {"recent_contacts", "recent_transfers"}


def test_an_outcome_counts_what_came_after_the_contact_at_hand() -> None:
    some = [
        contact(1, NOW + timedelta(minutes=30), subject="Modem", refs={"order": ["w1"]}),  # the one at hand
        contact(1, NOW + 3 * DAY, subject="modem "),
        contact(1, NOW + 4 * DAY, subject="Bill", transfers=2),
        contact(1, NOW + 5 * DAY, refs={"order": ["w1"]}),
        contact(1, NOW + 6 * DAY, channel="survey", outcome="2"),
        contact(1, NOW + 15 * DAY, subject="modem"),
    ]
    facts = counted(some, since=NOW, until=NOW + 14 * DAY)
    assert {name: fact.said[0].value for name, fact in facts.items()} == {
        "contacts": 3,
        "contacts_on_subject": 2,
        "transfers": 2,
        "survey_score": 2.0,
    }
    assert "survey_score" not in counted(some[:2], since=NOW, until=NOW + DAY)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [  # Newcombe 1998, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_the_interval_of_a_difference_is_the_published_one(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    found = newcombe(*one, *other)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.value == one[0] / one[1] - other[0] / other[1]


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_share_is_the_published_one(hits: int, of: int, low: float, high: float) -> None:
    # Newcombe 1998, Two-sided confidence intervals for the single proportion, table I, method 3.
    found = wilson(hits, of)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def lived(database: Database, tracks: tuple[Track, ...], *, shown: int, others: int) -> None:
    """So many customers on the first track, the first of whom were shown it. Of those every third comes again about the
    same thing, of the others every second."""
    with database.writing.begin() as session:
        for place in range(shown + others):
            one = someone(session, f"Customer {place}")
            session.add(contact(one, NOW - DAY, subject="modem"))
            if place < shown:
                show(session, one, chain(3), tracks=tracks, person="U1", audiences=SERVING, now=NOW)
            else:
                assigning.settle(session, one, chain(3), tracks=tracks, audiences=SERVING, now=NOW)
            if place % (3 if place < shown else 2) == 0:
                session.add(contact(one, NOW + 5 * DAY, subject="Modem"))


def effect(database: Database, tracks: tuple[Track, ...], now: datetime) -> Effect:
    with database.reading() as session:
        return effects(session, tracks, audiences=SERVING, now=now)[0]


@pytest.mark.each_engine
def test_a_track_is_compared_with_those_who_met_its_conditions_and_were_not_shown_it(
    database: Database, tracks: tuple[Track, ...]
) -> None:
    lived(database, tracks, shown=60, others=40)
    early = effect(database, tracks, NOW + 13 * DAY)
    assert (early.shown.n, early.shown.waiting, early.difference) == (0, 60, None)
    found = effect(database, tracks, NOW + 15 * DAY)
    assert (found.shown.worked, found.shown.n) == (40, 60)
    assert (found.others.worked, found.others.n) == (20, 40)
    assert found.difference == newcombe(40, 60, 20, 40)
    assert (found.compared, found.exposures, found.versions) == (Compared.NOT_SHOWN, 60, 1)


def test_too_few_are_said_to_be_too_few(database: Database, tracks: tuple[Track, ...]) -> None:
    lived(database, tracks, shown=FEWEST, others=FEWEST - 1)
    assert effect(database, tracks, NOW + 15 * DAY).difference is None


def test_whom_chance_holds_back_is_never_shown_the_track_and_is_compared_with(
    database: Database, tracks: tuple[Track, ...]
) -> None:
    held = (replace(tracks[0], hold_back=50), tracks[1])
    lived(database, held, shown=120, others=0)
    found = effect(database, held, NOW + 15 * DAY)
    assert found.compared is Compared.HELD_BACK
    assert found.shown.n + found.others.n == 120
    assert 40 <= found.others.n <= 80
    with database.reading() as session:
        for row, alias in session.execute(select(AssignmentRow, CustomerRow.alias).join(CustomerRow)).all():
            assert row.held_back == is_held_back(held[0], alias)
            told = track_for(session, row.customer, chain(3), tracks=held, audiences=SERVING, now=NOW)
            assert (told.track is None) == row.held_back


def test_everybodys_track_is_written_down_also_of_those_whose_card_nobody_opens(
    database: Database, tmp_path: Path
) -> None:
    text = TRACKS.replace("open_chain_contacts: { at least: 3 }", "recent_contacts: { at least: 2 }")
    rules = load_tracks(written(tmp_path, text), teams=TEAMS)
    with database.writing.begin() as session:
        often, once, unknown = someone(session), someone(session), someone(session)
        session.add_all([contact(often, NOW - DAY), contact(often, NOW - 2 * DAY), contact(once, NOW - DAY)])
        for one in (often, once):
            named = {"name": "Dana Ruiz", "segment": "gold"}
            row = RecordRow(source="crm", kind="customer", source_id=f"{one}", customer=one, fields=named, digest="")
            row.seen_at = NOW
            session.add(row)

    def known_of(session: Session, customer: int) -> Facts:
        return circumstances_of(session, customer, audiences=SERVING, now=NOW, zone=UTC)

    assert assign_all(database, rules, known_of, audiences=SERVING, now=NOW) == (3, 1)
    assert assign_all(database, rules, known_of, audiences=SERVING, now=NOW) == (3, 0)
    with database.reading() as session:
        facts = known_of(session, often)
        assert [facts[name].said[0].value for name in ("segment", "open_chain_contacts", "fragile")] == [
            "gold",
            2,
            "no",
        ]
        with pytest.raises(NoSuchCustomer):
            known_of(session, unknown)
        assert session.scalars(select(AssignmentRow.customer)).all() == [often]
        assert assigning.on_track_now(session, audiences=SERVING) == {"third-contact": 1}
        assert assigning.on_track_now(session, audiences=frozenset()) == {}
    assert count(database, ExposureRow) == 0
