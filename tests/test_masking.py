"""What is never kept gets nowhere: not into a row, not into a file of the database, not into what is said of rows."""

import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from bot.customers import entries
from bot.customers.entries import Author, EntryKind
from bot.customers.feeds.importing import import_customers, import_interactions
from bot.customers.feeds.mapping import load_feed
from bot.customers.feeds.reporting import ImportReport
from bot.customers.tables import InteractionRow, RecordRow
from bot.database import Database
from bot.errors import ImportRefused, SettingsError
from bot.personal.unkept import without_secrets
from sqlalchemy import select

from feeds import NOW, PROJECT, SERVING, SHARED, Feeds

# What is said, and what of it may be nowhere.
PLANTED = {
    "card 4111 1111 1111 1111 please": "1111 1111",
    "4012-8888-8888-1881 it is": "4012-8888",
    "card 4000.0566.5566.5556": "0566.5566",
    "amex 3782 822463 10005": "822463",
    "5 5 5 5 5 5 5 5 5 5 5 5 4 4 4 4": "5 5 5 5",
    "4111 1111 1111 1111 exp 12/27 987": "987",
    "cvv is 731": "731",
    "the code on the back is 4386": "4386",
    "the 3 digit code 652": "652",
    "Prüfziffer 875": "875",
    "password: Sunshine-99": "Sunshine",
    "Passwort ist Regenbogen7": "Regenbogen",
    "mot de passe: soleil22": "soleil",
    "contraseña: Verano2026": "Verano",
    "PIN 90417": "90417",
    "one-time code 664209": "664209",
    "SSN 219-09-9999": "219-09",
    "ssn 219099998": "219099998",
    "NI number AB123456C": "AB123456",
    "SIN 046 454 286": "454 286",
    "TFN 123 456 782": "456 782",
    "Steuer-ID 86 095 742 719": "095 742",
    "Personalausweis L01X00T47": "L01X00T47",
    "Reisepass C01X00T48": "C01X00T48",
    "passport number 533380006": "533380006",
    "driver's license D1234562": "D1234562",
    "54362315K": "54362315",
    "NIE X1234567L": "1234567L",
    "RSSMRA85T10A562S": "RSSMRA85",
    "sécurité sociale 1 85 05 78 006 084 91": "006 084",
    "personnummer 19811228-9874": "1228-9874",
    "BSN 111222333": "111222333",
    "PESEL 44051401359": "44051401359",
    "CPF 529.982.247-25": "982.247",
    "Aadhaar 2345 6789 0124": "6789 0124",
    "CURP GOMC850507HDFRRL09": "GOMC850507",
    "national id 8001015009087": "8001015009087",
    "born 7 May 1985": "May 1985",
    "DOB 05/07/1986": "07/1986",
    "D.O.B: 19870507": "19870507",
    "d.o.b. 7.5.1988": "7.5.1988",
    "geboren am 07.05.1989": "05.1989",
    "née le 07/05/1990": "05/1990",
    "nacida el 7 de mayo de 1991": "mayo de",
    "birth date 1992/05/07": "1992/05",
}
KEPT = (
    "order 4111111111, 3 boxes, 12/27 at 14:30, case 1234567, invoice 2026-0042",
    "the password was reset, she has no pin yet",
    "her born child's name is in the card, ending in 4821",
    "tracking 1Z999AA10123456784, modem SN-48213377, tax of 8.25 %",
    "call 512-555-0147 after 6 pm, zip 78701, W2378156",
)
INTERACTIONS = """\
source: desk
interactions:
  - id: id
    when: at
    channel: { constant: chat }
    customer: { email: mail }
    subject: subject
    text: [text, more]
    outcome: outcome
    agent: agent
    team: team
    place: place
    device: device
    refs: { order: order, account: account }
"""
CUSTOMERS = """\
source: desk
merge: [email]
customers:
  - id: id
    name: name
    address: address
    city: city
    region: region
    keys: { email: mail, phone: phone, account: account, external: other }
    facts: { note: note, several: several, amount: { from: amount, as: number } }
"""


@pytest.fixture
def feeds(database: Database, tmp_path: Path) -> Feeds:
    return Feeds(database, tmp_path)


def taken(feeds: Feeds, mapping: str, rows: list[dict[str, Any]]) -> ImportReport:
    feed = load_feed(feeds.mapping("desk", mapping))
    take = import_interactions if feed.interactions else import_customers
    return take(feeds.database, [feeds.jsonl("desk.jsonl", rows)], feed, now=NOW)


@pytest.mark.parametrize("said", PLANTED)
def test_each_is_masked_wherever_it_stands_in_a_sentence(said: str) -> None:
    for text in (said, f"She says: {said}.", f"{said}, and more", f"x\n{said}\ny"):
        assert PLANTED[said] not in without_secrets(text), text


@pytest.mark.parametrize("said", KEPT)
def test_what_only_looks_like_one_is_kept(said: str) -> None:
    assert without_secrets(said) == said


@pytest.mark.each_engine
def test_none_is_in_a_row_or_a_file_whichever_field_it_came_in(
    feeds: Feeds, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    words = ("subject", "text", "more", "outcome", "agent", "team", "place", "device", "order", "account")
    contacts = [
        {"id": f"c{number}{field}", "at": "2026-11-20T10:00:00Z", "mail": "dana@example.org", field: said}
        for number, said in enumerate(PLANTED)
        for field in words
    ]
    taken(feeds, INTERACTIONS, contacts)
    fields = ("name", "address", "city", "region", "phone", "account", "other", "note", "several", "amount")
    people = [
        {
            "id": f"p{number}{field}",
            "mail": f"p{number}{field}@example.org",
            field: [said] if field == "several" else said,
        }
        for number, said in enumerate(PLANTED)
        for field in fields
    ]
    people += [{"id": said, "name": "by its id"} for said in PLANTED]
    people += [{"id": f"n{number}", "amount": 4111111111111111} for number in range(2)]
    report = taken(feeds, CUSTOMERS, people)
    assert report.rejected >= len(PLANTED)
    with feeds.database.writing.begin() as session:
        customer = session.scalars(select(RecordRow.customer)).first()
        assert customer is not None
        for said in PLANTED:
            entries.write(session, customer, EntryKind.NOTE, said, by=Author("U1", "S"), audiences=SERVING, now=NOW)
    # Three digits stand in many a time and hash; of those the whole sentence is looked for.
    secrets = [*PLANTED, *(part for part in PLANTED.values() if len(part) > 6), "4111111111111111"]
    with feeds.database.reading() as session:
        rows = [
            vars(row)
            for table in (RecordRow, InteractionRow, entries.EntryRow)
            for row in session.scalars(select(table))
        ]
    told = json.dumps(rows, default=str, ensure_ascii=False)
    assert [secret for secret in secrets if secret in told] == []
    files = [*tmp_path.glob("test.db*"), *tmp_path.glob("*.rejected.jsonl")]
    data = b"".join(file.read_bytes() for file in files)
    assert files
    assert [secret for secret in secrets if secret.encode() in data] == []
    assert [secret for secret in secrets if secret in caplog.text] == []


SECRET_COLUMNS = """
    cvv|card.cvc|Card Number|cardNumber|creditCard|PIN|ssn|Date of Birth|dateOfBirth|birthday|born_on|Geburtsdatum
    |passport-no|Tax ID|national id|Password|security code|driversLicense
"""
ORDINARY_COLUMNS = "pinned|passenger|panel|company|discard_no_reason|tax_rate|opinion|singles"


@pytest.mark.parametrize("column", [name.strip() for name in SECRET_COLUMNS.split("|")])
def test_a_mapping_may_not_name_a_column_of_them(column: str, feeds: Feeds) -> None:
    mapping = CUSTOMERS.replace("note: note", f'note: "{column}"')
    with pytest.raises(SettingsError, match="never keeps"):
        load_feed(feeds.mapping("desk", mapping))


@pytest.mark.parametrize("column", ORDINARY_COLUMNS.split("|"))
def test_a_column_that_only_sounds_like_one_may_be_named(column: str, feeds: Feeds) -> None:
    taken = load_feed(feeds.mapping("desk", CUSTOMERS.replace("note: note", f"note: {column}")))
    assert column in repr(taken.records)


@pytest.mark.each_engine
def test_of_the_bank_no_code_and_no_date_of_birth_is_anywhere(database: Database, tmp_path: Path) -> None:
    export = SHARED / "banking_customers" / "db.json"
    told = json.loads(export.read_text())
    secrets = {str(value) for name, value in leaves(told) if name in {"cvv", "date_of_birth"} and len(str(value)) > 4}
    numbers = {str(value) for name, value in leaves(told) if name == "card_number" and len(str(value)) > 8}
    assert len(secrets) > 20
    copy = tmp_path / "db.json"
    copy.write_bytes(export.read_bytes())
    feed = load_feed(PROJECT / "examples" / "mappings" / "banking.yaml")
    import_customers(database, [copy], feed, now=NOW)
    with database.reading() as session:
        kept = json.dumps([row.fields for row in session.scalars(select(RecordRow))])
    assert {secret for secret in secrets | numbers if secret in kept} == set()
    if not database.on_server:
        data = b"".join(file.read_bytes() for file in tmp_path.glob("test.db*"))
        assert {secret for secret in secrets | numbers if secret.encode() in data} == set()


def leaves(value: object, name: str = "") -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in leaves(each, str(key))]
    if isinstance(value, list):
        return [leaf for each in value for leaf in leaves(each, name)]
    return [(name, value)]


def test_a_refused_file_quotes_no_value(feeds: Feeds) -> None:
    with pytest.raises(ImportRefused) as refused:
        taken(feeds, CUSTOMERS, [{"id": "4111 1111 1111 1111", "name": "x"}])
    # The path of the file may hold four ones by chance.
    assert "1111" not in re.sub(r"/\S+", "", str(refused.value))
