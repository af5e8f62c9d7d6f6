"""Live events over real HTTP: signed, taken once, acknowledged when they are safe, and beside an import."""

import hashlib
import hmac
import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bot import doctor_customers, settings
from bot.customers.feeds.importing import import_interactions
from bot.customers.feeds.mapping import load_feed
from bot.customers.tables import InteractionRow, RecordRow
from bot.database import Database
from bot.errors import SettingsError
from bot.handlers.http import feeds as door
from bot.handlers.http.feeds import FeedListener, load_feeds
from sqlalchemy import select

from feeds import CALLS, CRM, PROJECT, Feeds, call, person
from listening import listening_in

SECRET, NEWER = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
TODAY = datetime.now(UTC)
STARTED = f"{TODAY:%m/%d/%Y} 00:00"


SHOP = """\
source: shop
customers:
  - at: data.customer
    id: id
    name: name
    keys: { external: id }
  - at: data.orders
    kind: order
    id: number
    keys: { order: number }
    belongs_to: { external: customer }
interactions:
  - at: data.visit
    id: id
    when: at
    channel: { constant: store }
    customer: { external: customer }
    text: said
"""


class Sender:
    """A system that sends its events."""

    def __init__(self, address: str) -> None:
        self.host = address.removeprefix("http://")

    def send(
        self,
        value: object,
        *,
        source: str = "crm",
        secret: str = SECRET,
        at: float | None = None,
        body: bytes | None = None,
        method: str = "POST",
        **changed: str | None,
    ) -> tuple[int, dict[str, Any]]:
        """The status and what was said."""
        raw = json.dumps(value).encode() if body is None else body
        stamp = str(int(time.time() if at is None else at))
        digest = hmac.new(secret.encode(), f"v1:{stamp}:".encode() + raw, hashlib.sha256).hexdigest()
        headers: dict[str, str | None] = {
            "Content-Type": "application/json",
            "X-Throughline-Timestamp": stamp,
            "X-Throughline-Signature": f"v1={digest}",
        }
        headers |= {name.replace("_", "-"): value for name, value in changed.items()}
        with closing(http.client.HTTPConnection(self.host, timeout=30)) as connection:
            connection.request(
                method, f"/feeds/{source}", raw, {name: value for name, value in headers.items() if value is not None}
            )
            answer = connection.getresponse()
            said = answer.read()
            self.retry_after = answer.getheader("Retry-After")
            return answer.status, json.loads(said) if said else {}


def mapped(folder: Path) -> Path:
    mappings = folder / "feeds"
    mappings.mkdir(exist_ok=True)
    (mappings / "crm.yaml").write_text(CRM)
    (mappings / "phones.yaml").write_text(CALLS)
    return mappings


@pytest.fixture
def sender(database: Database, tmp_path: Path) -> Iterator[Sender]:
    environ = {
        "FEED_SECRET_CRM": f"{NEWER}, {SECRET}",
        "FEED_SECRET_PHONES": SECRET,
        "FEED_MAPPINGS": str(mapped(tmp_path)),
    }
    live = load_feeds(settings.load(environ, folder=tmp_path).feeds)
    listener = FeedListener(database, live, host="127.0.0.1", port=0)
    listener.start()
    yield Sender(listener.address)
    listener.stop()


@pytest.fixture
def feeds(database: Database, tmp_path: Path) -> Feeds:
    return Feeds(database, tmp_path)


DANA = person("1", "Dana Ruiz", mail="dana@example.org", phone="512-555-0147")


@pytest.mark.each_engine
def test_events_are_added_corrected_and_deleted_as_an_export_would(sender: Sender, feeds: Feeds) -> None:
    status, told = sender.send([DANA, person("2", "Omar Haddad", mail="omar@example.org"), {"name": "nobody"}])
    assert (status, told["received"], told["added"], told["rejected"]) == (202, 3, 2, 1)
    assert told["reasons"] == [{"event": "event 3", "reason": "it has no id in id"}]
    assert (
        sender.send(call("c1", mail="dana@example.org", notes="Where is it?", started=STARTED), source="phones")[0]
        == 202
    )
    found = feeds.look_up("dana@example.org").customer
    assert found is not None
    assert found.last_channel == "phone"
    status, told = sender.send(DANA | {"name": "Dana Vega"}, secret=NEWER)
    assert (status, told["changed"], told["added"]) == (202, 1, 0)
    assert sender.send(DANA | {"name": "Dana Vega", "boxes": None}, secret=NEWER)[1]["unchanged"] == 1
    corrected = call("c1", mail="dana@example.org", notes="It came.", started=STARTED)
    assert sender.send(corrected, source="phones")[1]["changed"] == 1
    with feeds.database.reading() as session:
        assert session.scalars(select(InteractionRow.text)).all() == ["It came."]


@pytest.mark.each_engine
def test_the_same_request_twice_is_harmless_even_after_a_correction(sender: Sender, feeds: Feeds) -> None:
    now = time.time()
    first = sender.send([DANA], at=now)
    assert sender.send([DANA | {"name": "Dana Vega"}])[1]["changed"] == 1
    again = sender.send([DANA], at=now)
    assert (first[1]["again"], again[1]["again"], again[0]) == (False, True, 202)
    assert again[1]["added"] == 1  # as it was told the first time
    found = feeds.look_up("dana@example.org").customer
    assert found is not None
    assert found.name == "Dana Vega"


def test_several_parts_of_an_event_are_read_by_their_paths(database: Database, tmp_path: Path) -> None:
    mappings = tmp_path / "feeds"
    mappings.mkdir()
    (mappings / "shop.yaml").write_text(SHOP)
    environ = {"FEED_SECRET_SHOP": SECRET, "FEED_MAPPINGS": str(mappings)}
    listener = FeedListener(
        database, load_feeds(settings.load(environ, folder=tmp_path).feeds), host="127.0.0.1", port=0
    )
    listener.start()
    data = {
        "customer": {"id": "c-1000001", "name": "Dana Ruiz"},
        "orders": [{"number": "W1000001", "customer": "c-1000001"}, {"number": "W1000002", "customer": "c-1000001"}],
        "visit": {"id": "v1", "customer": "c-1000001", "at": "2026-01-02T10:00:00Z", "said": "It leaks"},
    }
    status, told = Sender(listener.address).send([{"data": data}, {"other": 1}], source="shop")
    listener.stop()
    assert (status, told["added"], told["rejected"]) == (202, 4, 1)
    assert told["reasons"][0]["reason"] == "it holds no fields at data.customer or data.orders or data.visit"
    with database.reading() as session:
        assert len(set(session.scalars(select(RecordRow.customer)))) == 1


def test_who_does_not_know_the_secret_changes_nothing_and_every_refusal_says_what_to_do(
    sender: Sender, feeds: Feeds, caplog: pytest.LogCaptureFixture
) -> None:
    refused = {
        "another secret": (401, sender.send([DANA], secret="x" * 32)),
        "no signature": (401, sender.send([DANA], X_Throughline_Signature=None)),
        "no time": (401, sender.send([DANA], X_Throughline_Timestamp=None)),
        "too old": (401, sender.send([DANA], at=time.time() - 301)),
        "too early": (401, sender.send([DANA], at=time.time() + 310)),
        "Slack's way": (401, sender.send([DANA], X_Throughline_Signature="v0=" + "0" * 64)),
        "the secret of another": (401, sender.send([DANA], source="phones", secret=NEWER)),
        "another source": (404, sender.send([DANA], source="nobody")),
        "no POST": (405, sender.send([DANA], method="PUT")),
        "no JSON": (415, sender.send([DANA], Content_Type="text/csv")),
        "broken": (400, sender.send(None, body=b'{"id": ')),
        "deep": (400, sender.send(None, body=b"[" * 100_000)),
        "too many": (413, sender.send([DANA] * 1001)),
        "too large": (413, sender.send(None, body=b" " * (door.MOST_BYTES + 1))),
        "nothing to take": (422, sender.send([{"name": "nobody"}, 7])),
    }
    assert {why: status for why, (_, (status, _)) in refused.items()} == {
        why: want for why, (want, _) in refused.items()
    }
    assert all(told["error"] and told["message"].endswith((".", ",")) for _, (_, told) in refused.values())
    assert [one["event"] for one in refused["nothing to take"][1][1]["reasons"]] == ["event 2", "event 1"]
    assert "dana" not in json.dumps([told for _, (_, told) in refused.values()]).casefold()
    assert "dana" not in caplog.text.casefold()
    assert feeds.look_up("dana@example.org").customer is None


def test_secrets_and_codes_are_masked_as_in_an_import(sender: Sender, feeds: Feeds) -> None:
    notes = "Card 4111 1111 1111 1111, cvv 123, password is Sunshine9"
    assert sender.send(call("c1", mail="dana@example.org", notes=notes, started=STARTED), source="phones")[0] == 202
    with feeds.database.reading() as session:
        assert (
            session.scalars(select(InteractionRow.text)).one() == "Card [card], cvv [card code], password is [password]"
        )


@pytest.mark.each_engine
def test_events_and_an_import_go_on_side_by_side_and_nothing_is_lost(
    sender: Sender, feeds: Feeds, database: Database
) -> None:
    feed = load_feed(feeds.mapping("phones"))
    started = f"{TODAY - timedelta(days=5):%m/%d/%Y} 08:00"
    rows = [
        call(f"file{number}", started=started, mail=f"p{number % 50}@example.org", notes=f"call {number}")
        for number in range(6000)
    ]
    file = feeds.csv("many.csv", rows)
    made = (TODAY - timedelta(days=2)).timestamp()
    os.utime(file, (made, made))
    with ThreadPoolExecutor(1) as beside:
        importing = beside.submit(import_interactions, database, [file], feed, now=TODAY)
        sent = []
        while not importing.done() or len(sent) < 5:
            events = [call(f"live{len(sent)}-{n}", mail="live@example.org", started=STARTED) for n in range(3)]
            status, _ = sender.send(events, source="phones")
            sent.append(status)
        assert importing.result().added == 6000  # a snapshot, and it took out nothing that came meanwhile
    assert set(sent) == {202}
    with database.reading() as session:
        ids = session.scalars(select(InteractionRow.source_id).where(InteractionRow.source_id.startswith("live"))).all()
    assert len(ids) == 3 * len(sent)


def test_where_the_database_is_busy_the_sender_is_asked_to_come_again(
    sender: Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
        with database.engine.connect() as connection:  # the pool's connections wait for a moment only
            connection.exec_driver_sql("PRAGMA busy_timeout = 50")
        monkeypatch.setattr("bot.database.BUSY_TIMEOUT_MS", 50)
        database.engine.dispose()
        other.execute("BEGIN IMMEDIATE")
        status, told = sender.send([DANA])
        other.execute("ROLLBACK")
    assert (status, told["error"], sender.retry_after) == (503, "service_unavailable", "5")
    assert sender.send([DANA])[0] == 202


def test_whoever_hangs_up_in_the_middle_leaves_nothing(sender: Sender, feeds: Feeds) -> None:
    host, port = sender.host.split(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(
            b"POST /feeds/crm HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\nContent-Type: application/json\r\n\r\n{"
        )
    assert sender.send([DANA])[0] == 202


@pytest.mark.parametrize(
    ("environ", "fault"),
    [
        ({"FEED_SECRET_CRM": "short"}, "FEED_SECRET_CRM is no secret"),
        ({"FEED_SECRET_OTHER": SECRET}, "there is no mapping file .*other.yaml"),
        ({"FEED_PORT": "x"}, "FEED_PORT is 'x'"),
        ({"FEED_HOST": "example.org"}, "FEED_HOST is 'example.org'"),
    ],
)
def test_a_half_set_feed_is_refused_with_what_to_do(environ: dict[str, str], fault: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=fault) as refused:
        load_feeds(settings.load({"FEED_MAPPINGS": str(mapped(tmp_path)), **environ}, folder=tmp_path).feeds)
    assert SECRET not in str(refused.value)


EXAMPLES = re.findall(r"```(bash|python)\n(.*?)```", (PROJECT / "docs" / "customer-data.md").read_text(), re.DOTALL)


@pytest.mark.parametrize(("language", "example"), EXAMPLES, ids=[language for language, _ in EXAMPLES])
def test_the_examples_of_the_documentation_work_as_printed(
    language: str, example: str, sender: Sender, feeds: Feeds
) -> None:
    words = {"bash": ["bash", "-euc"], "python": [sys.executable, "-c"]}[language]
    if language == "bash" and not (shutil.which("curl") and shutil.which("openssl")):
        pytest.skip("curl and openssl are not on this machine")
    told = subprocess.run(
        [*words, example.replace("127.0.0.1:8030", sender.host)],
        env={**os.environ, "FEED_SECRET_CRM": SECRET},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(told.stdout)["added"] == 1
    assert feeds.look_up("dana@example.org").customer is not None


def test_a_port_of_their_own_is_served_until_somebody_stops_it(tmp_path: Path) -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "FEED_SECRET_CRM": SECRET,
        "FEED_MAPPINGS": str(mapped(tmp_path)),
    }
    serve = [sys.executable, "-m", "bot", "feeds", "serve", "--port", "0"]
    with subprocess.Popen(serve, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = process.stdout.readline()
        address = re.search(r"http://\S+?(?=/feeds/SOURCE)", told)
        assert address is not None, told
        assert Sender(address[0]).send([DANA])[0] == 202
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_the_doctor_says_where_events_are_waited_for_and_what_is_missing(tmp_path: Path, database: Database) -> None:
    mappings = mapped(tmp_path)
    told = {
        port: list(
            doctor_customers.feeds(
                settings.load({"FEED_SECRET_CRM": SECRET, "FEED_MAPPINGS": str(mappings), **port_set}, folder=tmp_path)
            )
        )
        for port, port_set in (("none", {}), ("own", {"FEED_PORT": "8030"}))
    }
    assert [finding.state for finding in told["none"]] == ["warning", "warning"]
    assert "phones.yaml is there, but no secret" in told["none"][0].what
    assert "on no port" in told["none"][1].what
    assert told["own"][1].what == "Live events: crm at http://127.0.0.1:8030/feeds"


@pytest.mark.parametrize("port", ["0", None])
def test_a_bot_takes_live_events_on_its_own_port_or_beside_slacks_requests(port: str | None, tmp_path: Path) -> None:
    variables = {"FEED_SECRET_CRM": SECRET, "FEED_MAPPINGS": str(mapped(tmp_path))} | (
        {"FEED_PORT": port} if port else {}
    )
    with listening_in(tmp_path / "var", **variables) as heard:
        address = heard.bot.where.rpartition(" ")[2].removesuffix(door.PATH) if port else str(heard.client.base_url)
        assert Sender(address.rstrip("/")).send([DANA])[0] == 202
