"""Exports become customers and interactions: once, corrected and deleted as their source says, never with a secret."""

import json
import re
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot.customers.feeds.importing import import_customers, import_interactions, rehearse
from bot.customers.feeds.mapping import load_feed
from bot.customers.tables import CustomerRow, InteractionRow, KeyRow, RecordRow
from bot.database import Database
from bot.errors import ImportRefused, SettingsError
from sqlalchemy import func, select, text

from feeds import CALLS, CRM, NOW, PROJECT, SHARED, Feeds, call, person

pytestmark = pytest.mark.each_engine
OF_TICKETS = {"it-tickets"}
SHIPPED = sorted(file for file in (PROJECT / "examples" / "mappings").glob("*.yaml") if file.stem not in OF_TICKETS)


@pytest.fixture
def feeds(tmp_path: Path, database: Database) -> Feeds:
    return Feeds(database, tmp_path)


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def everything(database: Database) -> str:
    """All that is stored, as text, without random ids and digests: three digits stand in those by chance."""
    with database.reading() as session:
        stored = "\n".join(
            str(row)
            for table in ("customers", "customer_records", "customer_keys", "interactions")
            for row in session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 - names of ours
        )
    return re.sub(r"\b[0-9a-f]{32}\b", "", stored)


def rejected(export: Path) -> list[dict[str, str]]:
    file = export.with_name(f"{export.name}.rejected.jsonl")
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


PEOPLE = [
    person("1", "Dana Ruiz", mail="Dana@Example.org", phone="512-555-0147", zip="19122", boxes="1"),
    person("2", "Niamh O’Brien", mail="niamh@example.org", phone="", zip="19123", boxes="3"),
]


def test_what_was_imported_is_not_imported_again(feeds: Feeds) -> None:
    first, again = feeds.customers("crm", PEOPLE), feeds.customers("crm", PEOPLE)
    assert (first.added, first.unchanged, again.added, again.unchanged) == (2, 0, 0, 2)
    assert count(feeds.database, CustomerRow) == 2


def test_a_correction_replaces_what_the_same_source_said_and_its_keys(feeds: Feeds) -> None:
    feeds.customers("crm", PEOPLE)
    report = feeds.customers("crm", [{**PEOPLE[0], "mail": "new@example.org", "name": "Dana Maria Ruiz"}, PEOPLE[1]])
    assert (report.changed, report.unchanged) == (1, 1)
    assert feeds.look_up("dana@example.org").customer is None
    found = feeds.look_up("new@example.org").customer
    assert found is not None
    assert found.name == "Dana Maria Ruiz"


def test_who_is_missing_from_a_snapshot_is_gone_with_everything_said_of_them(feeds: Feeds) -> None:
    feeds.customers("crm", PEOPLE)
    assert feeds.customers("crm", PEOPLE[:1]).deleted == 1
    assert count(feeds.database, CustomerRow) == 1
    assert "niamh" not in everything(feeds.database).casefold()


def test_a_snapshot_that_is_half_a_file_deletes_nobody_until_somebody_says_so(feeds: Feeds) -> None:
    many = [person(str(number), f"Person Number{number}") for number in range(100)]
    feeds.customers("crm", many)
    report = feeds.customers("crm", many[:50])
    assert (report.deleted, report.withheld) == (0, 50)
    assert feeds.customers("crm", many[:50], most_deleted=1.0).deleted == 50
    assert count(feeds.database, RecordRow) == 50


def test_a_row_that_is_marked_as_deleted_takes_out_what_was_there(feeds: Feeds) -> None:
    feeds.mappings["crm"] = CRM.replace("delivery: snapshot", "deleted: { from: state, marks: [gone] }")
    feeds.customers("crm", PEOPLE)
    report = feeds.customers("crm", [{"id": "2", "state": "gone"}])
    assert (report.deleted, count(feeds.database, CustomerRow)) == (1, 1)


def test_of_an_id_that_stands_twice_the_later_row_counts(feeds: Feeds) -> None:
    report = feeds.customers("crm", [PEOPLE[0], {**PEOPLE[0], "name": "Dana Later"}])
    assert (report.added, report.repeated) == (1, 1)
    found = feeds.look_up("dana@example.org").customer
    assert found is not None
    assert found.name == "Dana Later"


def test_what_two_systems_say_differently_is_kept_apart(feeds: Feeds) -> None:
    feeds.customers("crm", PEOPLE)
    feeds.customers("billing", [person("B7", "Dana Ruiz", mail="dana@example.org", boxes="3")])
    assert count(feeds.database, CustomerRow) == 2
    with feeds.database.reading() as session:
        rows = session.scalars(select(RecordRow).where(RecordRow.source_id.in_(["1", "B7"])))
        said = {(row.source, row.fields["boxes"], row.customer) for row in rows}
    assert {(source, boxes) for source, boxes, _ in said} == {("crm", 1), ("billing", 3)}
    assert len({customer for _, _, customer in said}) == 1


def test_a_row_that_cannot_be_kept_is_named_with_its_reason_and_not_with_its_words(feeds: Feeds) -> None:
    rows = [PEOPLE[0], person("", "Nobody Ofall"), person("3", "Bad Boxes", boxes="many"), "[1, 2]", "{broken"]
    file = feeds.folder / "crm.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    report = import_customers(feeds.database, [file], load_feed(feeds.mapping("crm")), now=NOW)
    assert (report.added, report.rejected) == (1, 4)
    assert [one["row"] for one in rejected(file)] == ["line 2", "line 3", "line 4", "line 5"]
    assert rejected(file)[1]["reason"] == "boxes holds no number"
    beside = Path(report.rejected_files[0])
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    assert "Ofall" not in beside.read_text()


def test_a_rehearsal_says_what_would_change_and_changes_nothing(feeds: Feeds) -> None:
    feed = load_feed(feeds.mapping("crm"))
    report = rehearse(feeds.database, [feeds.jsonl("crm.jsonl", PEOPLE)], feed, feed.records, now=NOW)
    assert (report.added, count(feeds.database, RecordRow)) == (2, 0)


CALL = call("c1", caller="(512) 555-0147", notes="Still billed for 3 boxes", result="open", order="#W2378156")


def test_an_interaction_goes_to_the_customer_who_has_the_number(feeds: Feeds) -> None:
    feeds.customers("crm", PEOPLE)
    report = feeds.calls([CALL, call("c2", mail="NIAMH@example.org", notes="asks about a refund")])
    assert (report.added, report.shared) == (2, 0)
    with feeds.database.reading() as session:
        rows = session.execute(
            select(InteractionRow, CustomerRow.name).join(CustomerRow, CustomerRow.id == InteractionRow.customer)
        ).all()
    said = {row.source_id: (name, row.at, row.refs) for row, name in rows}
    # 08:14 in Chicago, in winter
    assert said["c1"] == ("Dana Ruiz", datetime(2026, 11, 20, 14, 14, tzinfo=UTC), {"order": ["w2378156"]})
    assert said["c2"][0] == "Niamh O’Brien"


def test_interactions_are_imported_once_corrected_and_deleted(feeds: Feeds) -> None:
    feeds.calls([CALL, call("c2", caller="(512) 555-0147")])
    again = feeds.calls([{**CALL, "result": "solved"}])
    assert (again.added, again.changed, again.deleted) == (0, 1, 1)
    with feeds.database.reading() as session:
        assert [row.outcome for row in session.scalars(select(InteractionRow))] == ["solved"]


def test_signs_that_a_database_minds_are_stored_as_they_stand(feeds: Feeds) -> None:
    words = "tab\tback\\slash, \"quotes\", {'braces'}; \\N, é, 王 and 😀"
    feeds.customers("crm", [{**PEOPLE[0], "city": words}])
    feeds.calls([call("c1", caller="512-555-0147", notes=words), call("c2", caller="512-555-0147", notes="a\0b")])
    with feeds.database.reading() as session:
        texts = dict(session.execute(select(InteractionRow.source_id, InteractionRow.text)).all())
        (fields,) = session.scalars(select(RecordRow.fields).where(RecordRow.kind == "customer"))
    assert texts["c1"] == fields["city"] == " ".join(words.split())
    assert texts["c2"].replace("\0", "") == "ab"


def test_who_called_before_any_system_knew_them_gets_their_name_with_the_next_export(feeds: Feeds) -> None:
    feeds.calls([CALL])
    assert feeds.customers("crm", PEOPLE).merged == 1
    with feeds.database.reading() as session:
        owner = session.scalars(select(InteractionRow.customer)).one()
        assert session.get(CustomerRow, owner).name == "Dana Ruiz"


def test_a_call_from_a_number_that_two_have_is_nobodys_until_somebody_says_whose(feeds: Feeds) -> None:
    twins = [person("1", "Ana Ruiz", phone="512-555-0147"), person("2", "Raj Santos", phone="512-555-0147")]
    feeds.customers("crm", twins)
    assert feeds.calls([CALL]).shared == 1
    with feeds.database.reading() as session:
        owner = session.scalars(select(InteractionRow.customer)).one()
        assert session.get(CustomerRow, owner).name == ""
    assert feeds.calls([CALL, call("c2", caller="+1 512 555 0147")]).shared == 1
    assert {one.name for one in feeds.look_up("512 555 0147").candidates} == {"Ana Ruiz", "Raj Santos"}


SECRETS = {
    "a card": ("charged to 4111 1111 1111 1111 twice", "4111"),
    "a card without spaces": ("card 5500005555555559 declined", "5500005555555559"),
    "its code": ("cvv 739 on the back", "739"),
    "a security code": ("the security code is 8214", "8214"),
    "a password": ("her password is Sunshine99, reset it", "Sunshine99"),
    "a password of plain letters": ("password: sunshine", "sunshine"),
    "a PIN": ("PIN 88231 does not work", "88231"),
    "an SSN": ("SSN 078-05-1120 verified", "078-05-1120"),
    "an insurance number": ("national insurance AB 12 34 56 C", "34 56"),
    "a passport": ("passport number X1234567", "X1234567"),
    "a date of birth": ("born 03/15/1992, verified", "1992"),
    "a date of birth in words": ("DOB: March 15, 1992", "1992"),
    "digits of another script": ("card ４１１１ １１１１ １１１１ １１１１", "４１１１"),
    "hidden marks": ("card 4111\u200b1111\u200b1111\u200b1111", "1111"),
}


@pytest.mark.parametrize("what", SECRETS)
def test_a_secret_is_masked_wherever_it_stands(feeds: Feeds, what: str) -> None:
    words, secret = SECRETS[what]
    feeds.customers("crm", [{**PEOPLE[1], "city": words}])
    feeds.calls([call("c1", caller="512-555-0147", notes=f"Caller says: {words}", result=words)])
    stored = everything(feeds.database)
    assert secret not in stored
    assert "Caller says" in stored


@pytest.mark.parametrize(
    "words",
    [
        "card ending in 4821 was declined",
        "order #W2378156, call back 512-555-0199",
        "password reset sent",
        "the password was wrong",
        "returned 2 boxes on 03/11/2026",
        "tracking 357962501027",
    ],
)
def test_what_is_no_secret_stays_readable(feeds: Feeds, words: str) -> None:
    feeds.calls([call("c1", caller="512-555-0147", notes=words)])
    with feeds.database.reading() as session:
        assert session.scalars(select(InteractionRow.text)).one() == words


def test_a_card_number_is_no_key_and_no_id(feeds: Feeds) -> None:
    report = feeds.customers("crm", [person("4111111111111111", "Card Id"), {**PEOPLE[0], "phone": "4111111111111111"}])
    assert (report.added, report.rejected) == (1, 1)
    assert "4111111111111111" not in everything(feeds.database)


@pytest.mark.parametrize(
    "column", ["cvv", "card.CVV2", "date_of_birth", "dob", "password", "ssn", "card_number", "pin"]
)
def test_a_mapping_that_names_a_secret_is_refused_with_its_line(feeds: Feeds, column: str) -> None:
    file = feeds.mapping("crm", CRM.replace("boxes: { from: boxes, as: number }", f"verified: {column}"))
    with pytest.raises(SettingsError, match=r"crm.yaml, line 13: .*never keeps; leave the line out"):
        load_feed(file)


DATES = ["11/20/2026 08:14", "11/13/2026 09:00", "10/31/2026 10:00", "03/04/2026 10:00"]


def test_a_wrong_order_of_day_and_month_is_refused_with_the_evidence(feeds: Feeds) -> None:
    file = feeds.csv("calls.csv", [call(f"c{n}", caller="512-555-0147", started=at) for n, at in enumerate(DATES)])
    feed = load_feed(feeds.mapping("phones", CALLS.replace("month-first", "day-first")))
    with pytest.raises(ImportRefused) as refused:
        import_interactions(feeds.database, [file], feed, now=NOW)
    told = str(refused.value)
    assert "column started is not written day-first: line 2 11/20/2026; line 3 11/13/2026" in told
    assert "0 dates fit day-first alone" in told
    assert "555-0147" not in told
    assert count(feeds.database, InteractionRow) == 0


def test_dates_that_would_lie_in_the_future_speak_against_the_order(feeds: Feeds) -> None:
    """Every day up to the twelfth fits both orders; only one of them has happened."""
    dates = [f"{day:02}/{month:02}/2026 10:00" for day, month in ((5, 11), (12, 10), (11, 9))]
    file = feeds.csv("calls.csv", [call(f"c{n}", caller="512-555-0147", started=at) for n, at in enumerate(dates)])
    with pytest.raises(ImportRefused, match="line 3 12/10/2026"):
        import_interactions(feeds.database, [file], load_feed(feeds.mapping("phones")), now=NOW)


def test_a_single_slip_in_a_date_costs_its_row_and_not_the_file(feeds: Feeds) -> None:
    rows = [call(f"c{n}", caller="512-555-0147", started=f"10/{13 + n}/2026 10:00") for n in range(12)]
    report = feeds.calls([*rows, call("slip", caller="512-555-0147", started="31/10/2026 10:00")])
    assert (report.added, report.rejected) == (12, 1)


def test_a_file_without_the_columns_of_its_mapping_is_refused(feeds: Feeds) -> None:
    file = feeds.csv("calls.csv", [{"call": "c1", "started": "11/20/2026"}])
    with pytest.raises(ImportRefused, match="has no column caller, mail, notes, order, result, transfers; it has call"):
        import_interactions(feeds.database, [file], load_feed(feeds.mapping("phones")), now=NOW)


def test_a_file_whose_rows_are_all_rejected_is_no_success(feeds: Feeds) -> None:
    with pytest.raises(ImportRefused, match="Every row was rejected"):
        feeds.customers("crm", [person("", "Nobody")])


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("crm.json", b'{"people": [', "is no JSON"),
        ("crm.json", b'{"people": 3}', "holds no list of records at people"),
        ("crm.csv", b"", "begins with no line of column names"),
        ("crm.csv", b"id,id\n1,2\n", "begins with no line of column names, or one stands twice"),
        ("crm.csv", b'id,name\n1,"open\n', "no CSV from here on"),
        ("crm.csv", "id,name\n1,Zoë\n".encode("cp1252"), "is not utf-8-sig text"),
        ("crm.xml", b"<a/>", "ends in no format we know"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_by_name(
    feeds: Feeds, name: str, content: bytes, fault: str
) -> None:
    file = feeds.folder / name
    file.write_bytes(content)
    plain = "source: crm\ncustomers:\n  - { id: id, name: name }\n"
    if b"3" in content:
        plain = plain.replace("{ id", "{ at: people, id")
    with pytest.raises(ImportRefused, match=fault):
        import_customers(feeds.database, [file], load_feed(feeds.mapping("crm", plain)), now=NOW)


WITH_A_WRONG_CHANNEL = """\
source: x
interactions:
  - id: a
    when: b
    customer: { email: m }
    channel: { constant: x }
"""


@pytest.mark.parametrize(
    ("mapping", "fault"),
    [
        ("source: CRM 1\ncustomers:\n  - { id: id }\n", "line 1: source names the system"),
        ("source: crm\n", "line 1: it needs `customers:` or `interactions:`"),
        ("source: crm\ncustomers:\n  - name: name\n", "line 3: this entry needs `id:`"),
        ("source: crm\ncustomers:\n  - id: id\n    keys: { mail: mail }\n", "line 4: mail is no kind of key"),
        ("source: crm\ncustomers:\n  - id: id\n    nmae: name\n", "line 4: nmae says nothing here"),
        ("source: crm\ndates: us\ncustomers:\n  - { id: id }\n", "line 2: dates is 'us'; write one of iso"),
        ("source: crm\ntimezone: Mars\ncustomers:\n  - { id: id }\n", "line 2: timezone is 'Mars'"),
        ("source: crm\nmerge: [name]\ncustomers:\n  - { id: id }\n", "line 2: merge names name"),
        ("source: crm\ncountry: USA\ncustomers:\n  - { id: id }\n", "line 2: country is 'USA'"),
        ("source: crm\ncustomers:\n  - id: id\n    kind: order\n", "line 3: a record of kind order is somebody's"),
        ("source: x\ninteractions:\n  - { id: a, when: b, channel: c }\n", "line 3: this entry needs whom it is about"),
        (
            WITH_A_WRONG_CHANNEL,
            "line 6: channel is 'x'; write one of store, phone",
        ),
        ("source: x\ncustomers:\n  - id: a\n    facts: { name: b }\n", "line 4: 'name' cannot name a fact"),
        ("source: x\ncustomers:\n  - id: { from: a, konstant: b }\n", "line 3: id has konstant"),
    ],
)
def test_a_fault_in_a_mapping_is_named_with_its_line(feeds: Feeds, mapping: str, fault: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_feed(feeds.mapping("crm", mapping))
    assert fault in str(refused.value)


@pytest.mark.parametrize("mapping", SHIPPED, ids=lambda file: file.stem)
def test_the_shipped_mappings_are_without_fault(mapping: Path) -> None:
    feed = load_feed(mapping)
    assert feed.files
    assert feed.records or feed.interactions


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not beside the project")
def test_the_shops_and_the_banks_exports_import_by_the_mappings_that_come_along(feeds: Feeds) -> None:
    shop = load_feed(PROJECT / "examples" / "mappings" / "retail.yaml")
    file = Path(shutil.copyfile(SHARED / "retail_customers" / "raw" / "db.json", feeds.folder / "shop.json"))
    report = import_customers(feeds.database, [file], shop, now=NOW)
    assert (report.added, report.rejected) == (1500, 0)
    bank = load_feed(PROJECT / "examples" / "mappings" / "banking.yaml")
    file = Path(shutil.copyfile(SHARED / "banking_customers" / "db.json", feeds.folder / "bank.json"))
    assert import_customers(feeds.database, [file], bank, now=NOW).rejected == 0
    assert count(feeds.database, CustomerRow) == 539
    _holds_no_secret_of_the_bank(feeds, json.loads(file.read_text()))


def _holds_no_secret_of_the_bank(feeds: Feeds, bank: dict) -> None:
    with feeds.database.reading() as session:
        values = {str(value) for fields in session.scalars(select(RecordRow.fields)) for value in fields.values()}
        values |= set(session.scalars(select(KeyRow.value)))
    assert not values & {card["cvv"] for card in bank["debit_cards"]["data"].values()}
    stored = everything(feeds.database)
    if not feeds.database.on_server:
        file = Path(str(feeds.database.engine.url.database))
        stored += "".join(part.read_bytes().decode("latin-1") for part in file.parent.glob(f"{file.name}*"))
    for person_ in bank["users"]["data"].values():
        month, day, year = person_["date_of_birth"].split("/")
        for form in (f"{month}/{day}/{year}", f"{year}-{month}-{day}", f"{day}.{month}.{year}", f"{year}{month}{day}"):
            assert form not in stored
    assert "cvv" not in stored.casefold()


_CHAT = {
    "chat": "ch1",
    "opened": "2026-11-20T10:00:00Z",
    "visitor": {"mail": "dana@example.org", "device": "tablet"},
    "lines": [{"who": "visitor", "says": "modem has no light"}, {"who": "agent", "says": "try a reboot"}],
    "agent": "Ada",
    "result": "open",
}
_EVENT = {"event": 7, "ts": 1795000000, "user": "c1", "surface": "ios", "device": "iPhone", "action": "opened bill"}
_MAIL = {"id": "m", "date": "2026-11-21T07:02:00Z", "from": "Dana@example.org", "subject": "bill", "body": "3 boxes"}
EXPORTS = {
    "chat": ("chats-1.json", json.dumps({"chats": [_CHAT]})),
    "visits": (
        "visits-1.csv",
        "visit,at,kind,customer,where,by,what,done\n1,11/21/2026 10:11,counter,C1,Mill Road,Maya,box,open\n",
    ),
    "app": ("events-1.jsonl", json.dumps(_EVENT)),
    "email": ("mail-1.jsonl", json.dumps(_MAIL)),
    "survey": ("survey-1.csv", "id,answered,mail,question,score,comment\ns,2026-11-20,dana@example.org,Well?,3,slow\n"),
    "social": (
        "social-1.csv",
        "id,time,handle,mail,direction,message\nd1,2026-11-19T10:00:00+01:00,@dana,dana@example.org,received,hello\n",
    ),
    "phone": (
        "calls-1.csv",
        """call_id;started;caller;account;queue;agent;result;transfers;wrapup
9;11/20/2026 08:14;5125550147;;billing;Sam;open;2;twice
""",
    ),
}


def test_chats_and_visits_and_app_events_import_by_the_mappings_that_come_along(feeds: Feeds) -> None:
    rows = [{"id": "C1", "name": "Dana Ruiz", "mail": "dana@example.org"}]
    feeds.mappings["crm"] = CRM.replace("source: crm", "source: shop").replace(", phone: phone", "")
    feeds.customers("crm", rows)
    for mapping, (name, content) in EXPORTS.items():
        (feeds.folder / name).write_text(content)
        feed = load_feed(PROJECT / "examples" / "mappings" / f"{mapping}.yaml")
        assert import_interactions(feeds.database, [feeds.folder / name], feed, now=NOW).added == 1, mapping
    with feeds.database.reading() as session:
        dana = session.scalars(select(CustomerRow.id).where(CustomerRow.name == "Dana Ruiz")).one()
        rows = session.scalars(select(InteractionRow).where(InteractionRow.customer == dana)).all()
    assert {row.channel for row in rows} == {"chat", "store", "mobile_app", "email", "survey", "social"}
    assert next(row.text for row in rows if row.channel == "chat") == "modem has no light\ntry a reboot"
