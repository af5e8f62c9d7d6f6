"""Free words lead to the one customer they are about, or to those among whom somebody must choose; never to a guess."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot import migrations
from bot.audiences import CUSTOMERS
from bot.customers.feeds.importing import import_customers
from bot.customers.feeds.mapping import load_feed
from bot.customers.identity.candidates import shortened
from bot.customers.identity.lookup import look_up
from bot.customers.timeline import interactions_of
from bot.database import Database, open_database
from bot.errors import NotAllowed, SettingsError
from bot.people import Profile, load_directory

from feeds import NOW, PROJECT, SERVING, SHARED, Feeds, call, person

RETAIL = SHARED / "retail_customers"
needs_shared = pytest.mark.skipif(not RETAIL.is_dir(), reason="the shared data is not beside the project")

PEOPLE = [
    person(
        "yusuf_1",
        "Yusuf Rossi",
        mail="yusuf@example.org",
        street="763 Broadway, Suite 135",
        zip="19122",
        city="Philadelphia",
    ),
    person("yusuf_2", "Yusuf Rossi", mail="y.rossi@example.org", street="12 Elm Avenue", zip="10001", city="New York"),
    person("niamh_1", "Niamh O’Brien", mail="niamh@example.org", zip="60611", city="Chicago"),
    person("maria_1", "María Elena Rodríguez", phone="415-555-0158", zip="94112", city="San Francisco"),
    person("fatima_1", "Fatima Al-Hassan", phone="313-555-0246", zip="48226", city="Detroit"),
    person("jordan_1", "Jordan Mitchell", phone="512-555-0293", zip="80202", city="Denver"),
    person("casey_1", "Casey Rivera", phone="(512) 555-0293", zip="78745", city="Austin"),
    person("mei_kovacs_8020", "Mei Kovacs", mail="mei@example.org", zip="28236", city="Charlotte"),
]
CRM = """\
source: shop
country: US
customers:
  - id: id
    name: name
    street: street
    city: city
    postcode: zip
    keys: { email: mail, phone: phone, external: id, order: orders }
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feeds]:
    folder = tmp_path_factory.mktemp("shop")
    database = open_database(f"sqlite:///{folder / 'shop.db'}")
    migrations.upgrade(database.engine)
    feeds = Feeds(database, folder, {"shop": CRM})
    orders = {"yusuf_1": ["#W2378156", "#W4776164"], "mei_kovacs_8020": ["#W6390527"]}
    feeds.customers("shop", [{**one, "orders": orders.get(one["id"], [])} for one in PEOPLE])
    yield feeds
    database.close()


FOUND = [
    ("an address in other letters", "YUSUF@Example.org still waits", "yusuf_1"),
    ("a phone number with dots", "415.555.0158 calls again", "maria_1"),
    ("a phone number with the country", "caller +1 (415) 555 0158", "maria_1"),
    ("an order number as printed", "what happened with #W2378156?", "yusuf_1"),
    ("an order number in small letters", "order w2378156 came broken", "yusuf_1"),
    ("an order number in groups", "order W 2378156 came broken", "yusuf_1"),
    ("two order numbers of one customer", "W2378156 and W4776164", "yusuf_1"),
    ("an id", "You are mei_kovacs_8020 in zipcode 28236", "mei_kovacs_8020"),
    ("name and zip", "Yusuf Rossi in zip code 19122 wants to return it", "yusuf_1"),
    ("name and zip in small letters", "yusuf rossi zip19122 wants to return it", "yusuf_1"),
    ("name and longer zip", "Yusuf Rossi, 10001-4455", "yusuf_2"),
    ("the last name first", "Rossi, Yusuf; postal code 10001", "yusuf_2"),
    ("a middle initial", "Yusuf K. Rossi, ZIP: 19122", "yusuf_1"),
    ("a middle name", "Yusuf Karim Rossi, 19122", "yusuf_1"),
    ("name and city", "Yusuf Rossi from Philadelphia", "yusuf_1"),
    ("name and street", "yusuf rossi of 12 elm avenue", "yusuf_2"),
    ("another apostrophe", "niamh o'brien wants her deposit", "niamh_1"),
    ("no apostrophe", "Niamh OBrien wants her deposit", "niamh_1"),
    ("no accents", "Maria Elena Rodriguez is at the desk", "maria_1"),
    ("first and last name of three", "maria rodriguez is at the desk", "maria_1"),
    ("a hyphen less", "Fatima Al Hassan", "fatima_1"),
    ("what is somebody's", "Mei Kovacs's lamp", "mei_kovacs_8020"),
    ("a slip, with the zip", "Yussuf Rosi, 19122", "yusuf_1"),
    ("a slip that sounds otherwise, with the zip", "Yuduf Rossi, 19122", "yusuf_1"),
    ("the number that two have, with a name", "Casey Rivera at 512-555-0293", "casey_1"),
    ("two addresses, one of them unknown", "mei@example.org or mei.k@example.net", "mei_kovacs_8020"),
    ("a name and an item's number", "Mei Kovacs, item 4107812777, zip 28236", "mei_kovacs_8020"),
]


@pytest.mark.parametrize(("what", "words", "customer"), FOUND, ids=[what for what, _, _ in FOUND])
def test_one_customer_is_found_by(shop: Feeds, what: str, words: str, customer: str) -> None:
    found = shop.look_up(words)
    assert found.customer is not None, found
    assert found.customer.source_id == customer
    assert found.candidates == ()


ASKED = [
    ("a name that two have", "Yusuf Rossi wants to return it", {"yusuf_1", "yusuf_2"}),
    ("a name at a zip where nobody of it lives", "Yusuf Rossi, zip 60611", {"yusuf_1", "yusuf_2"}),
    ("one customer's name with another zip", "Mei Kovacs in zip 10001", {"mei_kovacs_8020"}),
    ("a number that two have", "call from 512-555-0293", {"jordan_1", "casey_1"}),
    ("somebody's order under another's name", "Mei Kovacs asks for order #W2378156", {"yusuf_1", "mei_kovacs_8020"}),
    ("the same in small letters", "mei kovacs, order w2378156", {"yusuf_1", "mei_kovacs_8020"}),
    ("an order under a name nobody has", "Jane Doe asks for order #W2378156", {"yusuf_1"}),
    ("orders of two customers", "W2378156 and W6390527", {"yusuf_1", "mei_kovacs_8020"}),
    ("an address and an order of two", "niamh@example.org, order #W2378156", {"yusuf_1", "niamh_1"}),
    ("a slip alone", "Mei Kovax is at the desk", {"mei_kovacs_8020"}),
    ("a last name at a zip", "Mr Rossi in 19122", {"yusuf_1"}),
    ("a first name at a zip", "Fatima, zip 48226", {"fatima_1"}),
    ("two of three names", "Maria Elena is at the desk", {"maria_1"}),
    ("a name with an order nobody has", "Mei Kovacs, order #W9999999", {"mei_kovacs_8020"}),
    ("an address nobody has", "who is nobody@example.net?", set()),
    ("an order nobody has", "order #W9999999", set()),
    ("no customer at all", "how long may equipment be returned after 20 days?", set()),
    ("words that are nearly names", "may will return the box", set()),
]


@pytest.mark.parametrize(("what", "words", "candidates"), ASKED, ids=[what for what, _, _ in ASKED])
def test_nobody_is_guessed_from(shop: Feeds, what: str, words: str, candidates: set[str]) -> None:
    found = shop.look_up(words)
    assert found.customer is None, found
    assert {one.source_id for one in found.candidates} == candidates
    assert found.reason


def test_a_contradiction_is_said(shop: Feeds) -> None:
    assert shop.look_up("Mei Kovacs asks for order #W2378156").reason == (
        "#W2378156 belongs to Yusuf Rossi, and Mei Kovacs is another name"
    )


def test_a_candidate_shows_enough_to_choose_and_no_more(shop: Feeds) -> None:
    told = " ".join(one.told for one in shop.look_up("Yusuf Rossi").candidates)
    assert "Philadelphia" in told
    assert "y…f@example.org" in told
    for secret in ("yusuf@example.org", "763 Broadway", "19122"):
        assert secret not in told
    assert shortened("+15125550147") == "…0147"


def test_the_latest_contact_is_told_with_its_channel(database: Database, tmp_path: Path) -> None:
    feeds = Feeds(database, tmp_path)
    feeds.customers("crm", [person("1", "Dana Ruiz", mail="dana@example.org", phone="")])
    calls = [call("c1", mail="dana@example.org", started="11/20/2026 08:14", notes="transferred twice")]
    feeds.calls([*calls, call("c2", mail="dana@example.org", started="11/21/2026 07:02", result="open")])
    found = feeds.look_up("Dana Ruiz")
    assert found.customer is not None
    assert found.customer.told.endswith("last contact 21 Nov 2026 by phone")
    with database.reading() as session:
        latest = interactions_of(session, found.customer.id, audiences=SERVING)
        assert [one.outcome for one in latest] == ["open", ""]
        assert interactions_of(session, found.customer.id, audiences=frozenset({"everyone"})) == []


@pytest.mark.parametrize("audiences", [frozenset(), frozenset({"public", "everyone"}), frozenset({"partner:FieldPro"})])
def test_who_may_not_look_customers_up_is_told_so_and_sees_nobody(shop: Feeds, audiences: frozenset[str]) -> None:
    with shop.database.reading() as session, pytest.raises(NotAllowed, match="`customers:` in config/people"):
        look_up(session, "yusuf@example.org", audiences=audiences)


def test_only_employees_with_a_role_that_serves_customers_have_the_right() -> None:
    directory = load_directory(PROJECT / "config" / "people.yaml")
    may = {member.name: directory.find(member.email).serves_customers for member in directory.roster}
    assert may["Maya Okafor"]
    assert may["Sam Tran"]
    assert not may["Ruth Adeyemi"]
    for outsider in ("ann@fieldpro.example", "maya.okafor@tidewater.example", "x@example.net"):
        assert not directory.person(Profile(id="U9", email=outsider, outsider=True)).serves_customers


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("customers: shop", "customers is a list of roles"),
        ("customers: [shpo]", "role 'shpo' is not listed under roles"),
    ],
)
def test_a_fault_in_who_may_is_named_with_its_line(tmp_path: Path, line: str, fault: str) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(f"roles: {{ shop: Serves }}\n{line}\n")
    with pytest.raises(SettingsError, match=f"line 2: {fault}"):
        load_directory(file)


def test_without_that_line_nobody_may(tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text("roles: { shop: Serves }\nroster:\n  - { name: Ann, email: ann@a.example, roles: [shop] }\n")
    assert CUSTOMERS not in load_directory(file).find("ann@a.example").audiences


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feeds]:
    folder = tmp_path_factory.mktemp("retail")
    database = open_database(f"sqlite:///{folder / 'retail.db'}")
    migrations.upgrade(database.engine)
    file = Path(shutil.copyfile(RETAIL / "raw" / "db.json", folder / "db.json"))
    import_customers(database, [file], load_feed(PROJECT / "examples" / "mappings" / "retail.yaml"), now=NOW)
    yield Feeds(database, folder)
    database.close()


def lines(name: str) -> list[dict]:
    return [json.loads(line) for line in (RETAIL / name).read_text().splitlines()]


@needs_shared
def test_the_right_customer_comes_first_for_every_request_of_the_shop(retail: Feeds) -> None:
    rows = [line.split("\t") for line in (RETAIL / "qrels" / "test.tsv").read_text().splitlines()[1:]]
    right = {query: customer for query, customer, _ in rows}
    for asked in lines("queries.jsonl"):
        found = retail.look_up(asked["text"])
        assert found.customer is not None, asked
        assert found.customer.source_id == right[asked["_id"]], asked


@needs_shared
def test_of_namesakes_it_asks_which_one(retail: Feeds) -> None:
    for asked in lines("ambiguous.jsonl"):
        found = retail.look_up(asked["text"])
        assert found.customer is None, asked
        assert {one.source_id for one in found.candidates} == set(asked["metadata"]["candidates"])
