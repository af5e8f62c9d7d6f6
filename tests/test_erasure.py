"""Whoever is erased is in no row and in no byte that the program keeps, and it proves that."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import bot.cli  # noqa: F401 - with it comes every model
import pytest
from bot import audit, exchanges, inbox, outbox, requests
from bot.audit import Purpose, View
from bot.audit.rows import AuditRow
from bot.customers import entries
from bot.customers.entries import Author, EntryKind
from bot.customers.feeds.writing import TakingBack
from bot.customers.identity import merging
from bot.customers.identity.lookup import look_up
from bot.customers.tables import CustomerRow, InteractionRow
from bot.database import Base, Database
from bot.erasure import Eraser, Receipt, load_backups, treatments
from bot.erasure.tables import ErasureRow
from bot.erasure.treatments import Treatment
from bot.errors import NotAllowed
from bot.exchanges import Exchange, ExchangeRow, Gap
from bot.friction import tickets
from bot.outbox import Destination, OutboxRow
from bot.people import Person
from bot.requests import Asking, Place, RequestRow
from bot.retrieval import notices
from bot.retrieval.engines import server_tables
from bot.serving import operator
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feeds import NOW, SERVING, Feeds, call, person
from friction.desk import filed

TEXT = "She is still billed for three boxes although she brought two of them back to the shop on Harbour Street."
LONG = f"{TEXT} " * 120
DANA = {
    "mail": "dana.ruiz@example.org",
    "phone": "512-555-0147",
    "street": "9 Elm Avenue",
    "city": "Austin",
    "zip": "78701",
}


@pytest.fixture
def feeds(database: Database, tmp_path: Path) -> Feeds:
    folder = tmp_path / "exports"
    folder.mkdir()
    return Feeds(database, folder)


@pytest.fixture
def told(feeds: Feeds) -> Feeds:
    """Dana and Omar, with what happened on the phone; both live at other places."""
    feeds.customers(
        "crm",
        [
            person("crm-4711", "Dana Ruíz", **DANA),
            person(
                "crm-4712",
                "Omar Haddad",
                mail="omar@example.org",
                phone="512-555-0199",
                street="3 Oak Road",
                zip="78702",
            ),
        ],
    )
    feeds.calls(
        [
            call("call-90001", mail="dana.ruiz@example.org", notes=TEXT, order="W2378156"),
            call("call-90002", mail="dana.ruiz@example.org", notes=LONG),
            call(
                "call-90003", mail="omar@example.org", notes="His neighbor Dana Ruíz (512) 555-0147 has the same fault."
            ),
        ]
    )
    return feeds


def eraser(database: Database, tmp_path: Path) -> Eraser:
    (tmp_path / "var").mkdir(exist_ok=True)
    return Eraser(database, tmp_path / "var", clock=lambda: NOW, staff=["Sam Tran"])


def erase(database: Database, tmp_path: Path, customer: int) -> Receipt:
    return eraser(database, tmp_path).erase(customer, by=operator(), reason="asked by dana.ruiz@example.org")


def number_of(feeds: Feeds, words: str) -> int:
    found = feeds.look_up(words).customer
    assert found is not None
    return found.id


def count(database: Database, row: type[Base]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def test_every_table_declares_what_an_erasure_does_with_it() -> None:
    assert set(treatments.TABLES) == set(Base.metadata.tables) | set(server_tables.metadata.tables)
    for table in treatments.tables():
        goes = treatments.treatment_of(table) is Treatment.GOES
        assert goes == treatments.leads_to_customers(table), table.name
        assert set(treatments.TABLES[table.name].masked) <= {column.name for column in treatments.texts_of(table)}
        assert treatments.TABLES[table.name].why


@pytest.mark.each_engine
def test_nothing_of_whoever_is_erased_is_left_in_any_row_or_file(
    told: Feeds, database: Database, tmp_path: Path
) -> None:
    dana = number_of(told, "dana.ruiz@example.org")
    with database.writing.begin() as session:
        alias = session.get_one(CustomerRow, dana).alias
        entries.write(
            session,
            dana,
            EntryKind.NOTE,
            "Call her back before noon, please",
            by=Author("U1", "Sam"),
            audiences=SERVING,
            now=NOW,
        )
        asked = Exchange("U1", "D1", "", "has dana.ruiz@example.org sent it back?", "nothing", True, 0.1, (), 1.0)
        exchange = exchanges.record(session, asked, gap=Gap("billing", frozenset({"everyone"}), ()), now=NOW)
        about = Exchange("U1", "D1", "", "has she sent it back?", "", True, 0.9, (), 1.0)
        noted = exchanges.record(session, about, gap=None, now=NOW)
        other = Exchange("U1", "D1", "", "how long is a refund?", "", True, 0.9, (), 1.0)
        exchanges.record(session, other, gap=None, now=NOW)
        audit.record(session, View("U1", alias, Purpose.CARD, ("name",), "D1", f"exchange:{noted}"), now=NOW)
        asking = Asking(exchange, "U1", "Sam", "billing", "who saw +1 512.555.0147?", "", Place("D1"))
        requests.ask(session, asking, now=NOW)
        outbox.owe(session, key="card:1", kind="words", to=Destination("D1"), value={"text": f"x\n{TEXT}"}, now=NOW)
        outbox.owe(session, key="card:2", kind="words", to=Destination("D1"), value={"customer": alias}, now=NOW)
        outbox.owe(session, key="card:3", kind="words", to=Destination("D1"), value={"text": "something else"}, now=NOW)
        value = {"person": "U1", "text": "look\nDANA.RUIZ@example.org up"}
        inbox.accept(session, key="e1", kind="question", conversation="D1", value=value, now=NOW)
    receipt = erase(database, tmp_path, dana)
    assert receipt.proven, receipt.told
    assert receipt.removed["interactions"] == 2
    assert (
        receipt.removed | {"customers": 1, "exchanges": 2, "gaps": 1, "requests": 1, "outbox": 2, "inbox": 1}
        == receipt.removed
    )
    assert receipt.masked == {"interactions": 1}
    assert (
        left(
            database,
            tmp_path,
            "dana",
            "5125550147",
            "512) 555-0147",
            "billed for three boxes",
            "crm-4711",
            "w2378156",
            "9 elm",
        )
        == []
    )
    with database.reading() as session:
        assert session.scalars(select(ExchangeRow.question)).all() == ["how long is a refund?"]
        assert session.scalars(select(OutboxRow.key)).all() == ["card:3"]
        assert (
            session.scalars(select(InteractionRow.text)).one() == "His neighbor [erased] [erased] has the same fault."
        )
        verdict = audit.verify(session)
    assert (verdict.fault, verdict.rows) == (None, 2)
    assert count(database, RequestRow) == 0
    assert told.look_up("omar@example.org").customer is not None


def left(database: Database, tmp_path: Path, *words: str) -> list[str]:
    """Where any of these words stands: in any row, in any file of the data folder or of an SQLite database."""
    found = []
    with database.reading() as session:
        for table in treatments.tables():
            if not database.on_server and table.name in treatments.ON_SERVER:
                continue
            for row in session.execute(select(table)):
                told = json.dumps([str(value) for value in row], ensure_ascii=False).casefold()
                found += [f"{table.name}: {word}" for word in words if word in told]
    files = [*(tmp_path / "var").rglob("*"), *tmp_path.glob("test.db*")]
    for file in files:
        if file.is_file():
            data = file.read_bytes().lower()
            found += [f"{file}: {word}" for word in words if word.encode() in data or word.encode("utf-16-le") in data]
    return found


def test_what_colleagues_reported_about_a_customer_stays_without_them(
    told: Feeds, database: Database, tmp_path: Path
) -> None:
    dana = number_of(told, "crm-4711")
    with database.writing.begin() as session:
        number = filed(session, "dana.ruiz@example.org waited while the till hung", customer=dana)
    receipt = erase(database, tmp_path, dana)
    assert receipt.proven, receipt.told
    assert receipt.removed["friction_report_customers"] == 1
    with database.reading() as session:
        (report,) = tickets.reports(session, number)
        assert report.words == "[erased] waited while the till hung"
        one = tickets.ticket(session, number, audiences=frozenset({"everyone"}))
    assert (one.title, one.weight.customers) == (report.words, None)


def test_what_others_have_too_is_not_looked_for_and_the_receipt_says_why(
    told: Feeds, database: Database, tmp_path: Path
) -> None:
    couple = person(
        "crm-4713", "Rui Ruíz", mail="dana.ruiz@example.org", phone="512-555-0123", street="9 Elm Avenue", zip="78701"
    )
    told.customers(
        "billing",
        [person("b-100", "Dana Ruíz", mail="d2@example.org", phone="", street="1 Other Way", zip="10001"), couple],
    )
    dana = number_of(told, "crm-4711")
    receipt = erase(database, tmp_path, dana)
    assert receipt.proven, receipt.told
    why = {(one.what, one.why) for one in receipt.not_looked_for}
    assert ("name", "another customer has it too") in why
    assert ("e-mail address", "another customer has it too") in why
    assert ("address", "another customer has it too") in why
    assert told.look_up("dana.ruiz@example.org").customer is not None  # the other half of the couple
    assert told.look_up("512-555-0147").customer is None


def test_the_receipt_holds_nothing_of_whom_it_is_of(told: Feeds, database: Database, tmp_path: Path) -> None:
    receipt = erase(database, tmp_path, number_of(told, "crm-4711"))
    file = eraser(database, tmp_path).file_of(receipt)
    written = file.read_text() + file.with_suffix(".txt").read_text()
    assert "asked by [erased]" in written
    assert not [
        word for word in ("dana", "ruiz", "555-0147", "5550147", "elm", "crm-4711") if word in written.casefold()
    ]
    told_again = json.loads(file.read_text())
    assert (told_again["proven"], told_again["removed"]["interactions"]) == (True, 2)
    assert file.stat().st_mode & 0o077 == 0


def test_a_file_in_the_data_folder_that_still_holds_them_is_named_and_it_is_finished_later(
    told: Feeds, database: Database, tmp_path: Path
) -> None:
    kept = tmp_path / "var" / "export.csv"
    kept.parent.mkdir()
    kept.write_bytes("id;Dana Ruíz;DANA.RUIZ@EXAMPLE.ORG".encode("utf-16-le"))
    receipt = erase(database, tmp_path, number_of(told, "crm-4711"))
    assert not receipt.proven
    assert [place.where for place in receipt.found] == [str(kept)]
    assert list((tmp_path / "var" / "erasing").iterdir()) != []
    [again] = eraser(database, tmp_path).finish()
    assert not again.proven
    kept.unlink()
    [last] = eraser(database, tmp_path).finish()
    assert last.proven
    assert last.number == receipt.number
    assert list((tmp_path / "var" / "erasing").iterdir()) == []
    assert eraser(database, tmp_path).finish() == []


def test_exports_and_backups_that_still_hold_them_are_named(told: Feeds, database: Database, tmp_path: Path) -> None:
    dana = number_of(told, "crm-4711")
    folder = tmp_path / "backups"
    folder.mkdir()
    with closing(sqlite3.connect(tmp_path / "test.db")) as connection:
        connection.execute("VACUUM INTO ?", (str(folder / "monday.db"),))
    (folder / "other.db").write_bytes(b"nobody")
    (folder / "old.zip").write_bytes(b"packed")
    earlier = (NOW - timedelta(days=2)).timestamp()
    for file in folder.iterdir():
        os.utime(file, (earlier, earlier))
    (tmp_path / "var").mkdir()
    config = tmp_path / "config"
    config.mkdir()
    (config / "backups.yaml").write_text(f"folders:\n  - path: {folder}\n    kept: 30d\n")
    told.folder.joinpath("billing.jsonl").write_text("{}")
    done = Eraser(database, tmp_path / "var", clock=lambda: NOW, folders=load_backups(config)).erase(
        dana, by=operator(), reason=""
    )
    assert done.proven
    holding = {(Path(copy.place).name, copy.holds) for copy in done.copies if copy.holds != "no"}
    assert holding == {("crm.jsonl", "yes"), ("calls.csv", "yes"), ("monday.db", "yes"), ("old.zip", "cannot tell")}
    [monday] = [copy for copy in done.copies if copy.place.endswith("monday.db")]
    assert monday.remedy == "It is deleted by 2026-12-20; until then restore it only together with a new erasure."


@pytest.mark.each_engine
def test_an_import_does_not_bring_back_who_was_erased_unless_somebody_says_so(
    told: Feeds, database: Database, tmp_path: Path
) -> None:
    erase(database, tmp_path, number_of(told, "crm-4711"))
    again = person("crm-9999", "Dana Ruiz", mail="Dana.Ruiz@example.org")
    number = person("crm-9998", "Dana Ruíz", mail="", phone="(512) 555-0147")
    recycled = person("crm-9997", "Lia Novak", mail="lia@example.org", phone="(512) 555-0147")
    report = told.customers("billing", [again, number, recycled])
    assert (report.added, report.erased, report.rejected) == (1, 2, 0)
    reasons = (told.folder / "billing.jsonl.rejected.jsonl").read_text()
    assert reasons.count("its customer was erased") == 2
    assert "dana" not in reasons.casefold()
    before, later = (
        call("call-91", mail="dana.ruiz@example.org", notes="x"),
        call("call-92", mail="dana.ruiz@example.org", started="11/22/2026 08:14"),
    )
    assert told.calls([call("call-90001", caller="512-555-0100", notes="y"), before, later]).erased == 2
    assert told.look_up("dana.ruiz@example.org").customer is not None  # somebody new, who wrote after it
    back = TakingBack("os:ann", "she is a customer again")
    report = told.customers("billing", [again, number], back=back)
    assert (report.added, report.erased) == (2, 0)
    assert told.customers("crm", [person("crm-4711", "Dana Ruíz", **DANA)]).erased == 0
    with database.reading() as session:
        rows = session.scalars(
            select(AuditRow).where(AuditRow.purpose == Purpose.ERASURE).order_by(AuditRow.number)
        ).all()
        assert [row.person for row in rows] == [operator().id, "os:ann"]
        assert rows[1].reference.endswith("taken back: she is a customer again")
        assert audit.verify(session).fault is None


@pytest.mark.each_engine
def test_merged_customers_go_together(told: Feeds, database: Database, tmp_path: Path) -> None:
    told.customers("billing", [person("b-20001", "Dana Ruiz-Vega", mail="vega@example.org")])
    with database.writing.begin() as session:
        dana, vega = (look(session, words) for words in ("crm-4711", "b-20001"))
        merging.merge(session, dana, vega, by="Sam", reason="the same woman, she told us", now=NOW)
    receipt = erase(database, tmp_path, dana)
    assert receipt.proven, receipt.told
    assert (receipt.removed["customers"], receipt.removed["customer_merges"]) == (2, 1)
    assert left(database, tmp_path, "vega", "the same woman") == []


def look(session: Session, words: str) -> int:
    found = look_up(session, words, audiences=SERVING).customer
    assert found is not None
    return found.id


def test_who_is_no_admin_erases_nobody(told: Feeds, database: Database, tmp_path: Path) -> None:
    clerk = Person("U1", "Sam", SERVING)
    with pytest.raises(NotAllowed, match="Only an admin"):
        eraser(database, tmp_path).erase(number_of(told, "crm-4711"), by=clerk, reason="")
    assert count(database, InteractionRow) == 3


def test_a_page_that_names_them_is_for_a_person_to_mend(told: Feeds, database: Database, tmp_path: Path) -> None:
    with database.writing.begin() as session:
        notices.post(
            session,
            "Dana Ruíz waits at the desk",
            until=NOW + timedelta(days=1),
            said="",
            audiences=["everyone"],
            by="Elif",
            now=NOW,
        )
    receipt = erase(database, tmp_path, number_of(told, "crm-4711"))
    assert [place.where.partition(",")[0] for place in receipt.found if "table" in place.where] == [
        "table knowledge_notices"
    ]
    assert not receipt.proven


DIES = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.database import open_database
from bot.erasure import Eraser, cleaning
from bot.serving import operator
import bot.cli
def die(*_):
    os.kill(os.getpid(), 9)
{where}
database = open_database(sys.argv[1])
now = datetime(2026, 11, 22, 12, tzinfo=UTC)
Eraser(database, Path(sys.argv[2]), clock=lambda: now).erase(int(sys.argv[3]), by=operator(), reason="")
"""


@pytest.mark.parametrize("where", ["bot.erasure.eraser.removing.remove = die", "cleaning.clean = die"])
def test_an_erasure_that_is_killed_is_finished_by_running_it_again(
    where: str, told: Feeds, database: Database, tmp_path: Path
) -> None:
    dana = number_of(told, "crm-4711")
    (tmp_path / "var").mkdir()
    url = database.engine.url.render_as_string()
    died = subprocess.run(
        [sys.executable, "-c", DIES.format(where=where), url, str(tmp_path / "var"), str(dana)], check=False
    )
    assert died.returncode == -9
    done = eraser(database, tmp_path).finish()
    if "remove" in where:  # nothing was committed: it begins anew
        assert (done, count(database, InteractionRow)) == ([], 3)
        done = [erase(database, tmp_path, dana)]
    assert [receipt.proven for receipt in done] == [True]
    assert left(database, tmp_path, "dana", "5125550147", "crm-4711") == []


def test_what_a_running_bot_had_read_before_and_writes_meanwhile_is_swept_up(
    told: Feeds, database: Database, tmp_path: Path
) -> None:
    wrote = []

    def a_bot_writes(_what: str, _done: int, _total: int) -> None:
        with database.reading() as session:
            begun = session.scalar(select(func.count()).select_from(ErasureRow))
        if begun and not wrote:
            wrote.append(1)
            with database.writing.begin() as session:
                value = {"text": "Dana Ruíz called"}
                outbox.owe(session, key="late", kind="words", to=Destination("D1"), value=value, now=NOW)

    (tmp_path / "var").mkdir()
    late = Eraser(database, tmp_path / "var", clock=lambda: NOW, progress=a_bot_writes)
    receipt = late.erase(number_of(told, "crm-4711"), by=operator(), reason="")
    assert (wrote, receipt.proven, receipt.removed["outbox"]) == ([1], True, 1)
    assert left(database, tmp_path, "dana") == []


def test_whoever_comes_after_an_erasure_that_is_not_proven_yet_is_left_alone(
    told: Feeds, database: Database, tmp_path: Path
) -> None:
    kept = tmp_path / "var" / "export.csv"
    kept.parent.mkdir()
    kept.write_text("dana.ruiz@example.org")
    told.customers("billing", [person("b-90001", "Zoe Last", mail="zoe@example.org")])
    zoe = number_of(told, "zoe@example.org")  # with the highest number of all
    kept.write_text("zoe@example.org")
    assert not erase(database, tmp_path, zoe).proven
    told.customers("billing", [person("b-90002", "Ines Next", mail="ines@example.org")])
    assert number_of(told, "ines@example.org") != zoe
    kept.unlink()
    assert [receipt.proven for receipt in eraser(database, tmp_path).finish()] == [True]
    assert told.look_up("ines@example.org").customer is not None
