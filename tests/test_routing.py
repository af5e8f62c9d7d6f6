"""Contacts are put where they belong on the map; what people say of them stays."""

import json
from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot.audiences import CUSTOMERS
from bot.customers.questions.vectors import vectors_of
from bot.customers.tables import InteractionRow
from bot.customers.timeline import interaction_of
from bot.database import Database
from bot.errors import AlreadyRunning, NotAllowed, NotOnTheMap
from bot.people import Person
from bot.retrieval.embedding import Embedder
from bot.routing import batches, correcting
from bot.routing.reading import Reader
from bot.routing.router import Router
from bot.routing.tables import RouteRow
from bot.routing.working import EVERY_SECONDS, PAUSE_SECONDS, RoutingWork
from bot.touchpoints import TouchpointMap, load_map, versions
from sqlalchemy import select, update

from commands import Command
from feeds import CALLS, SERVING, Feeds, call
from maps import MAP, company, written
from programs import PROJECT
from routes import figures, rows_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALLER = "512-555-0147"
CLERK = Person(id="sam@tidewater.example", name="Sam", audiences=frozenset({"everyone", CUSTOMERS}))
STRANGER = Person(id="x", name="X", audiences=frozenset({"everyone"}))
BOX = "Still billed for the box that I brought back to your store"
PAGE = "The page failed while I was ordering online"
DENTIST = "Asked where the nearest dentist is"


@pytest.fixture
def feeds(tmp_path: Path, database: Database) -> Feeds:
    return Feeds(database, tmp_path)


@pytest.fixture
def map_(tmp_path: Path, database: Database) -> TouchpointMap:
    return renew(database, tmp_path)


def renew(database: Database, folder: Path, text: str = MAP) -> TouchpointMap:
    found = load_map(written(folder, text))
    with database.writing.begin() as session:
        versions.take(session, found, now=NOW)
    return found


class Counting:
    """The real model, which remembers what it read."""

    def __init__(self, model: Embedder) -> None:
        self._model, self.read, self.identity = model, [], "tests"

    def encode_many(self, texts):
        self.read += texts
        return self._model.encode_many(texts)


@pytest.fixture
def reading(database: Database, encoder: Embedder) -> Callable[[TouchpointMap], Reader]:
    model = Counting(encoder)

    def make(of: TouchpointMap) -> Reader:
        made = Reader(database, Router(of, encoder.encode), model)
        made.model = model
        return made

    return make


def calls(*notes: str) -> list[dict[str, str]]:
    return [call(f"c{number}", caller=CALLER, notes=text) for number, text in enumerate(notes)]


def routes(database: Database) -> dict[str, RouteRow]:
    with database.reading() as session:
        asked = select(InteractionRow.text, RouteRow).join(RouteRow, RouteRow.interaction == InteractionRow.id)
        return dict(session.execute(asked).all())


@pytest.mark.each_engine
def test_contacts_are_routed_once_and_complaints_are_known(feeds, map_, reading):
    feeds.calls(calls(BOX, PAGE, DENTIST, BOX))
    reader = reading(map_)
    assert [batches.route_new(feeds.database, reader, limit=3) for _ in range(3)] == [3, 1, 0]
    found = routes(feeds.database)
    assert {text: row.touchpoint for text, row in found.items()} == {
        BOX: "cx.store.equipment_return", PAGE: "cx.web.order", DENTIST: "",
    }  # fmt: skip
    assert {text: row.complaint for text, row in found.items()} == {BOX: True, PAGE: True, DENTIST: False}
    assert {(row.routed_by, row.map_version) for row in found.values()} == {("", 1)}
    assert sorted(reader.model.read) == sorted({BOX, PAGE, DENTIST}), "what is said twice is read once"
    feeds.calls(calls(BOX, PAGE, DENTIST, BOX, "Paid at the register, all fine"))
    assert batches.route_new(feeds.database, reader) == 1


@pytest.mark.each_engine
def test_what_a_person_said_stays_whatever_the_machine_thinks(feeds, map_, reading):
    feeds.calls(calls(BOX, PAGE))
    reader = reading(map_)
    batches.route_new(feeds.database, reader)
    number = routes(feeds.database)[BOX].interaction
    with feeds.database.writing.begin() as session:
        named = correcting.correct(session, number, "Ordering online", by=CLERK, map_=map_, complaint=False)
    assert named == "cx.web.order"
    feeds.calls(calls(f"{BOX}!", PAGE))
    for which in (batches.everything(), batches.corrected()):
        assert sum(batches.route_all(feeds.database, reader, which)) in {0, 1}
    row = routes(feeds.database)[f"{BOX}!"]
    assert (row.touchpoint, row.complaint, row.routed_by, row.likeness) == ("cx.web.order", False, CLERK.id, 1.0)
    assert routes(feeds.database)[PAGE].routed_by == ""


def test_only_who_may_see_customers_corrects_and_only_to_what_is_there(feeds, map_, reading):
    feeds.calls(calls(BOX))
    batches.route_new(feeds.database, reading(map_))
    number = routes(feeds.database)[BOX].interaction
    with feeds.database.writing() as session:
        with pytest.raises(NotAllowed):
            correcting.correct(session, number, "cx.web.order", by=STRANGER, map_=map_, complaint=None)
        with pytest.raises(NotOnTheMap, match=r"did you mean cx\.web\.order"):
            correcting.correct(session, number, "cx.web.orders", by=CLERK, map_=map_, complaint=None)
        with pytest.raises(NotOnTheMap, match="`throughline customers route`"):
            correcting.correct(session, number + 1, "cx.web.order", by=CLERK, map_=map_, complaint=None)
        assert correcting.correct(session, number, "", by=CLERK, map_=map_, complaint=None) == ""


@pytest.mark.each_engine
def test_a_corrected_text_is_routed_anew_and_an_erased_contact_takes_its_route_along(feeds, map_, reading):
    feeds.calls(calls(BOX, PAGE))
    reader = reading(map_)
    batches.route_new(feeds.database, reader)
    feeds.calls(calls(BOX, DENTIST))
    assert sum(batches.route_all(feeds.database, reader, batches.corrected())) == 1
    assert routes(feeds.database)[DENTIST].touchpoint == ""
    feeds.calls(calls(BOX), most_deleted=1.0)
    assert set(routes(feeds.database)) == {BOX}


@pytest.mark.each_engine
def test_a_new_map_moves_only_what_it_may_move(feeds, map_, reading, tmp_path):
    feeds.calls(calls(BOX, PAGE, DENTIST))
    batches.route_new(feeds.database, reading(map_))
    list(batches.route_moved(feeds.database, reading(map_), map_, now=NOW))
    with feeds.database.reading() as session:
        assert not batches.to_bring_up(session)
    owners = renew(feeds.database, tmp_path, MAP.replace("csat: 4.5", "csat: 4.6").replace("works", "late"))
    fresh = renew(
        feeds.database, tmp_path, MAP.replace("customer_symptoms: the page failed", "customer_symptoms: it failed")
    )
    reader = reading(fresh)
    reader.model.read.clear()
    assert sum(batches.route_moved(feeds.database, reader, fresh, now=NOW)) == 2, "at that touchpoint, and unrouted"
    assert {text: row.map_version for text, row in routes(feeds.database).items()} == {BOX: 1, PAGE: 3, DENTIST: 3}
    assert sum(batches.route_moved(feeds.database, reader, fresh, now=NOW)) == 0
    assert owners.cx.keys() == fresh.cx.keys()


def test_vectors_that_are_kept_are_used(feeds, map_, reading, encoder):
    feeds.calls(calls(BOX, PAGE))
    with feeds.database.reading() as session:
        known = [
            interaction_of(row) for row in session.scalars(select(InteractionRow).where(InteractionRow.text == BOX))
        ]
    reader = reading(map_)
    vectors_of(feeds.database, known, embedder=reader.model, audiences=SERVING)
    reader.model.read.clear()
    batches.route_new(feeds.database, reader)
    assert reader.model.read == [PAGE]
    assert routes(feeds.database)[BOX].touchpoint == "cx.store.equipment_return"


def test_what_we_wrote_is_nobodys_complaint_and_a_low_score_is_one_without_words(feeds, map_, reading):
    feeds.calls(calls(BOX, PAGE, "."))
    with feeds.database.writing.begin() as session:
        session.execute(update(InteractionRow).where(InteractionRow.text == BOX).values(direction="out"))
        scored = {"channel": "survey", "outcome": "1 of 5", "text": ""}
        session.execute(update(InteractionRow).where(InteractionRow.text == ".").values(**scored))
    batches.route_new(feeds.database, reading(map_))
    found = routes(feeds.database)
    assert (found[BOX].touchpoint, found[BOX].complaint) == ("cx.store.equipment_return", False)
    assert (found[""].touchpoint, found[""].complaint) == ("", True)


@pytest.mark.each_engine
def test_what_is_like_nothing_is_listed_by_similar_wording_to_whom_it_may_be_shown(feeds, map_, reading):
    feeds.calls(calls(DENTIST, "Asked whether there is a dentist near", "Wished a happy new year", BOX))
    reader = reading(map_)
    batches.route_new(feeds.database, reader)
    with feeds.database.reading() as session:
        found = correcting.unrouted(session, embedder=reader.model, audiences=CLERK.audiences, limit=9)
        hidden = correcting.unrouted(session, embedder=reader.model, audiences=STRANGER.audiences, limit=9)
    assert [one.count for one in found] == [2, 1]
    assert "dentist" in found[0].words
    assert hidden == []


@pytest.mark.each_engine
def test_the_bot_routes_in_small_steps_and_one_replica_at_a_time(feeds, map_, reading, tmp_path):
    @contextmanager
    def busy():
        raise AlreadyRunning("Contacts are being routed.")
        yield

    feeds.calls(calls(BOX, PAGE, DENTIST))
    maps = [map_]
    work = RoutingWork(feeds.database, lambda: maps[-1], reading, alone=suppress)
    elsewhere = RoutingWork(feeds.database, lambda: maps[-1], reading, alone=busy)
    assert elsewhere() == EVERY_SECONDS
    assert routes(feeds.database) == {}
    while work() == PAUSE_SECONDS:
        pass
    assert len(routes(feeds.database)) == 3
    maps.append(renew(feeds.database, tmp_path, MAP.replace("the page failed", "where is the nearest dentist")))
    while work() == PAUSE_SECONDS:
        pass
    assert routes(feeds.database)[DENTIST].touchpoint == "cx.web.order"


def test_the_same_text_is_routed_alike_in_any_company_of_others(encoder):
    """No batch and no replica sees other contacts than this one when it says where this one belongs."""
    map_ = load_map(PROJECT / "knowledge" / "touchpoints.yaml")
    router = Router(map_, encoder.encode)
    text = "billed for equipment I have returned"
    one = router.verdict(router.meaning(text, encoder.encode([text])), "store")
    assert (one.touchpoint, one.complaint) == ("cx.store.equipment_return", True)
    assert Router(TouchpointMap.empty(), encoder.encode).verdict(
        Router(TouchpointMap.empty(), encoder.encode).meaning(text, encoder.encode([text])), "store"
    ).touchpoint == ""  # fmt: skip


@pytest.mark.parametrize(
    ("half", "precision", "recall", "complaints"), [("held_out", 0.6, 0.33, 0.9), ("social", 0.9, 0.6, 0.9)]
)
def test_routing_is_as_good_as_documented_on_sentences_it_was_not_made_with(
    encoder, half, precision, recall, complaints
):
    found = figures(
        Router(load_map(PROJECT / "knowledge" / "touchpoints.yaml"), encoder.encode), encoder, rows_of(half)
    )
    assert found.precision >= precision
    assert found.recall >= recall
    assert found.complaint_precision >= complaints


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    company(tmp_path)
    people = tmp_path / "config" / "people.yaml"
    people.write_text(
        "roles: { shop: Serves customers, phone: Answers calls }\ncustomers: [phone]\n"
        "roster: [{ name: Sam Tran, email: sam@tidewater.example, roles: [phone] }]\n"
    )
    feeds = Feeds(None, tmp_path)
    feeds.mapping("calls", CALLS)
    feeds.csv("calls.csv", calls(BOX, PAGE, DENTIST))
    return tmp_path


def test_an_import_routes_and_a_person_corrects(command: Command, folder: Path) -> None:
    done = command("import", "interactions", "calls.csv", "--mapping", "calls.yaml")
    assert done.code == 0, done.err
    assert command("customers", "route").out == "Every contact was routed already.\n"
    (dentist,) = json.loads(command("customers", "unrouted", "--json").out)
    assert (dentist["words"], dentist["complaints"]) == (DENTIST, 0)
    said = command("customers", "routed", str(dentist["newest"]), "Ordering online", "--as", "Sam Tran")
    assert said.out == f"Contact {dentist['newest']}: Ordering online (cx.web.order).\n"
    assert "Every contact is like something on the map." in command("customers", "unrouted").out
    assert command("customers", "route", "--again").out == "2 contacts routed.\n"
    assert "no EX" not in (wrong := command("customers", "routed", "1", "nowhere near")).err
    assert (wrong.code, "The map has no CX touchpoint 'nowhere near'" in wrong.err) == (1, True)
