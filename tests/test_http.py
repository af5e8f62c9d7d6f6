"""Over HTTP only what Slack signed, just now and for the first time, is read; nothing else has any effect."""

import hashlib
import hmac
import json
import logging
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from bot import running
from bot.errors import SettingsError
from bot.handlers.http import health
from bot.handlers.http.signatures import Claim, Seen
from bot.slack_settings import SlackOverHttp
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from listening import Listening, listening_in
from offices import until
from slack_requests import CANARIES, FORM, JSON, SECRET, encoded, recorded, signed

NUMBERS = count(1)


@pytest.fixture(scope="module")
def listening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    with listening_in(tmp_path_factory.mktemp("http") / "var") as heard:
        yield heard


def question() -> tuple[bytes, str]:
    """A command that nobody has sent before."""
    return encoded(recorded("command") | {"trigger_id": f"1.2.{next(NUMBERS)}", "text": " ".join(CANARIES)})


Headers = Callable[[bytes], list[tuple[str, str | bytes]]]


def good(body: bytes, **others: Any) -> dict[str, str | bytes]:
    return signed(body, FORM, **others)


def without(name: str) -> Headers:
    return lambda body: [(key, value) for key, value in good(body).items() if key != name]


def but(name: str, value: str | bytes) -> Headers:
    return lambda body: list({**good(body), name: value}.items())


SIGNATURE, TIMESTAMP = "X-Slack-Signature", "X-Slack-Request-Timestamp"
HOSTILE: dict[str, Headers] = {
    "no header at all": lambda _body: [("Content-Type", FORM)],
    "no signature": without(SIGNATURE),
    "no timestamp": without(TIMESTAMP),
    "an empty signature": but(SIGNATURE, ""),
    "an empty timestamp": but(TIMESTAMP, ""),
    "another secret": lambda body: list(good(body, secret="0" * 32).items()),
    "the signature of another body": lambda body: list(good(body + b"&more=1").items()),
    "the signature of an empty body": lambda _body: list(good(b"").items()),
    "an old request": lambda body: list(good(body, at=time.time() - 302).items()),
    "a request from the future": lambda body: list(good(body, at=time.time() + 310).items()),
    "another timestamp than was signed": but(TIMESTAMP, str(int(time.time()) - 100)),
    "a timestamp in words": but(TIMESTAMP, "now"),
    "a negative timestamp": but(TIMESTAMP, "-1"),
    "a timestamp with a fraction": but(TIMESTAMP, f"{time.time()}"),
    "a timestamp in other digits": but(TIMESTAMP, "١٧٦٤٠٠٠٠٠٠".encode()),
    "a timestamp without end": but(TIMESTAMP, "1" * 5000),
    "a signature that is not ASCII": but(SIGNATURE, "v0=é".encode("latin-1")),
    "a signature in another alphabet": but(SIGNATURE, b"v0=" + "ａ".encode() * 64),
    "a signature of another version": but(SIGNATURE, "v1=" + "0" * 64),
    "a signature without its version": lambda body: list(
        {**good(body), SIGNATURE: str(good(body)[SIGNATURE]).removeprefix("v0=")}.items()
    ),
    "a signature cut short": lambda body: list({**good(body), SIGNATURE: str(good(body)[SIGNATURE])[:-1]}.items()),
    "a signature in capitals": lambda body: list(
        {**good(body), SIGNATURE: "v0=" + str(good(body)[SIGNATURE])[3:].upper() + "A"}.items()
    ),
    "two signatures": lambda body: [*good(body).items(), (SIGNATURE, "v0=" + "0" * 64)],
    "two timestamps": lambda body: [*good(body).items(), (TIMESTAMP, "0")],
    "a promise to be a retry": lambda _body: [("Content-Type", FORM), ("X-Slack-Retry-Num", "1")],
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_headers_are_refused_and_nothing_runs(listening: Listening, case: str) -> None:
    before = len(listening.accepted())
    body, _ = question()
    refused = listening.post(body, HOSTILE[case](body))
    assert (refused.status_code, len(listening.accepted())) == (401, before)
    # It was the headers: the same body with good ones is accepted.
    assert listening.post(body, good(body)).status_code == 200
    assert len(listening.accepted()) == before + 1


@pytest.mark.parametrize("body", [b"ssl_check=1&token=t", encoded(recorded("command") | {"ssl_check": "1"})[0]])
def test_a_check_of_the_certificate_runs_nothing_whether_signed_or_not(listening: Listening, body: bytes) -> None:
    before = len(listening.accepted())
    assert listening.post(body, {"Content-Type": FORM}).status_code == 401
    assert listening.post(body, good(body)).status_code == 200
    assert len(listening.accepted()) == before


def test_a_request_that_is_recorded_and_sent_again_is_refused(listening: Listening) -> None:
    before = len(listening.accepted())
    body, media = question()
    headers = signed(body, media)
    assert [listening.post(body, headers).status_code for _ in range(3)] == [200, 401, 401]
    assert len(listening.accepted()) == before + 1


def test_a_redelivery_of_slacks_is_acked_and_works_on_nothing_twice(listening: Listening) -> None:
    before = len(listening.accepted())
    payload = recorded("message")
    payload["event"]["ts"] = f"1764000100.{next(NUMBERS):06}"
    body, media = encoded(payload)
    now = time.time()
    statuses = [
        listening.post(body, {**signed(body, media, at=now + age), "X-Slack-Retry-Num": str(age)}).status_code
        for age in (0, 1, 60)
    ]
    assert statuses == [200, 200, 200]
    assert len(listening.accepted()) == before + 1


def test_a_request_that_we_could_not_take_may_come_again(listening: Listening) -> None:
    body, media = question()
    headers = signed(body, media)
    with listening.house.database.writing.begin() as session:
        session.execute(text("ALTER TABLE inbox RENAME TO away"))
    assert listening.post(body, headers).status_code == 503
    with listening.house.database.writing.begin() as session:
        session.execute(text("ALTER TABLE away RENAME TO inbox"))
    assert listening.post(body, headers).status_code == 200


DEEP = b'{"type":"event_callback","event":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
HALF = encoded(recorded("message"))[0].replace(b"Canary", b"\\ud800")
MALFORMED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", JSON),
    "a list": (b"[]", JSON),
    "null": (b"null", JSON),
    "half an object": (b'{"type": "event_callback"', JSON),
    "no UTF-8": (b'{"type": "\xff"}', JSON),
    "too many brackets": (DEEP, JSON),
    "a number of many digits": (b'{"type": ' + b"1" * 9000 + b"}", JSON),
    "half a character": (HALF, JSON),
    "a form as JSON": (b"command=%2Fask", JSON),
    "JSON as a form": (b'{"type": "event_callback"}', FORM),
    "an empty form": (b"", FORM),
    "a form about nothing": (b"a=1&b=2", FORM),
    "a form of too many fields": (b"&".join(b"a%d=1" % number for number in range(200)) + b"&command=%2Fask", FORM),
    "an empty payload": (b"payload=", FORM),
    "a payload of null": (b"payload=null", FORM),
    "a payload that is a list": (b"payload=%5B1%5D", FORM),
    "an event of null": (b'{"type": "event_callback", "event": null}', JSON),
    "a view of null": (b"payload=%7B%22type%22%3A%22view_submission%22%2C%22view%22%3Anull%7D", FORM),
    "authorizations that are a number": (b'{"type": "event_callback", "authorizations": 5}', JSON),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_signed_body_that_slack_would_not_send_is_set_aside(listening: Listening, case: str) -> None:
    before = len(listening.accepted())
    body, media = MALFORMED[case]
    timestamp = str(int(time.time()) - next(NUMBERS) % 200)  # two of these bodies are alike
    assert listening.post(body, _signed_bytes(body, media, timestamp)).status_code == 400
    assert len(listening.accepted()) == before


def _signed_bytes(body: bytes, media: str, timestamp: str) -> dict[str, str]:
    """As `signed`, for bodies that are no text, which Slack's library refuses to sign."""
    digest = hmac.new(SECRET.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"Content-Type": media, TIMESTAMP: timestamp, SIGNATURE: f"v0={digest}"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_posts_are_read(listening: Listening, method: str) -> None:
    body, media = question()
    refused = listening.client.request(method, "/slack/events", content=body, headers=signed(body, media))
    assert refused.status_code == 405


@pytest.mark.parametrize("media", ["text/plain", "multipart/form-data; boundary=x", "", "application/jsonx"])
def test_only_what_slack_sends_is_read(listening: Listening, media: str) -> None:
    body, _ = question()
    assert listening.post(body, signed(body, media)).status_code == 415


def test_a_content_type_may_have_parameters(listening: Listening) -> None:
    body, _ = question()
    assert listening.post(body, signed(body, f"{FORM.upper()}; charset=utf-8")).status_code == 200


def test_a_body_of_more_than_a_mebibyte_is_cut_while_it_comes(listening: Listening) -> None:
    body = b"command=%2Fask&text=" + b"x" * 1024 * 1024
    refused = listening.client.post("/slack/events", content=iter([body[:500_000], body[500_000:]]), headers=good(body))
    assert refused.status_code == 413


def test_a_body_that_is_announced_as_too_large_is_not_read(listening: Listening) -> None:
    assert _raw(listening, f"Content-Length: {1024 * 1024 + 1}", good(b"")).startswith(b"HTTP/1.1 413 ")


def _raw(listening: Listening, lines: str, headers: Mapping[str, str | bytes], body: str = "") -> bytes:
    """What the server says until it hangs up."""
    host, port = listening.bot._line.address.removeprefix("http://").split(":")
    more = "".join(f"{name}: {value!s}\r\n" for name, value in headers.items())
    with socket.create_connection((host, int(port)), timeout=20) as raw:
        raw.sendall(f"POST /slack/events HTTP/1.1\r\nHost: x\r\n{lines}\r\n{more}\r\n{body}".encode())
        return b"".join(iter(lambda: raw.recv(4096), b""))


def test_a_body_that_never_comes_is_not_waited_for(listening: Listening) -> None:
    body, media = question()
    start = time.monotonic()
    assert _raw(listening, "Content-Length: 999", signed(body, media), "half").startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    "lines", ["Content-Length: abc", "Content-Length: -1", "Content-Length: 1\r\nContent-Length: 2", "No colon"]
)
def test_what_is_no_http_is_refused_by_the_server(listening: Listening, lines: str) -> None:
    assert _raw(listening, lines, {}).startswith(b"HTTP/1.1 400 ")


def test_the_challenge_of_the_settings_page_is_answered_to_slack_only(listening: Listening) -> None:
    body, media = encoded({"type": "url_verification", "token": "t", "challenge": "3eZbrw1aBm2rZgRNFdxV"})
    assert listening.post(body, {"Content-Type": media}).status_code == 401
    answered = listening.post(body, signed(body, media))
    assert (answered.status_code, answered.json()) == (200, {"challenge": "3eZbrw1aBm2rZgRNFdxV"})


@pytest.mark.parametrize("kind", ["message", "app_mention", "command", "block_actions"])
def test_every_kind_of_request_is_written_down_before_its_ack(listening: Listening, kind: str) -> None:
    before = len(listening.accepted())
    payload = recorded(kind)
    fresh = f"1764000200.{next(NUMBERS):06}"
    if "event" in payload:
        payload["event"]["ts"] = fresh
    payload |= {"trigger_id": fresh}
    for action in payload.get("actions", []):
        action["action_ts"] = fresh
    body, media = encoded(payload)
    assert listening.post(body, signed(body, media)).status_code == 200
    rows = listening.accepted()
    assert len(rows) == before + 1
    assert rows[-1].value["person"] == "U0MAYA"


def test_no_log_holds_a_body_a_signature_or_a_secret(listening: Listening, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        body, media = question()
        headers = signed(body, media)
        listening.post(body, {**headers, SIGNATURE: "v0=" + "0" * 64})
        listening.post(body, headers)
        listening.post(body.replace(b"user_id=", b"nobody="), signed(body.replace(b"user_id=", b"nobody="), media))
        cut = encoded(recorded("message"))[0][:-5]
        listening.post(cut, signed(cut, JSON))
    written = caplog.text
    assert "a request of kind /ask was set aside: user_id is not what Slack sends there" in written
    for secret in (*CANARIES, SECRET, str(headers[SIGNATURE])):
        assert secret not in written


def test_it_says_that_it_lives_and_whether_it_can_work(listening: Listening) -> None:
    assert listening.client.get("/healthz").json() == {"alive": True}
    ready = listening.client.get("/readyz")
    assert (ready.status_code, ready.json()) == (
        503,
        {"ready": False, "database": "ok", "knowledge": "nothing is indexed yet", "couriers": "ok"},
    )


def test_a_database_that_hangs_does_not_hang_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.1)
    free = Event()

    def hang() -> dict[str, str]:
        free.wait(20)
        return {"database": "ok"}

    with TestClient(Starlette(routes=[Route("/readyz", health.Readiness(hang).answer)])) as client:
        answers = [client.get("/readyz") for _ in range(3)]
        free.set()
        until(lambda: client.get("/readyz").status_code == 200)
    assert {answer.status_code for answer in answers} == {503}
    assert answers[2].json() == {"ready": False, "database": "does not answer within 0.1 s"}


def test_a_port_that_is_taken_is_said_with_what_to_do(tmp_path: Path, listening: Listening) -> None:
    taken = int(listening.bot._line.address.rpartition(":")[2])
    slack = SlackOverHttp(bot="xoxb-1", signing_secret=SECRET, port=taken)
    with pytest.raises(SettingsError, match=rf"Cannot listen on 127.0.0.1 port {taken} .* set HTTP_PORT"):
        running._line(None, slack, listening.house, listening.bot.attended, (), lost=lambda: None).start()


def claim(number: int, *, at: int = 1000) -> Claim:
    return Claim(str(at).encode(), b"v0=%064d" % number)


def test_a_signature_is_remembered_as_long_as_it_could_be_used_again() -> None:
    seen = Seen()
    assert seen.add(claim(1), now=1000.0)
    assert not seen.add(claim(1), now=1300.0)
    assert seen.add(claim(2, at=1301), now=1301.0)
    assert len(seen) == 1  # the first is refused for its age by now


def test_the_memory_of_signatures_is_bounded() -> None:
    seen = Seen(limit=10)
    assert all(seen.add(claim(number), now=1000.0) for number in range(100))
    assert len(seen) == 10
    assert [seen.add(claim(number), now=1000.0) for number in (99, 89)] == [False, True]


def test_json_travels_as_it_was_signed(listening: Listening) -> None:
    """Spaces and escapes are Slack's business: the signature is over bytes."""
    payload = recorded("message")
    payload["event"]["ts"] = f"1764000300.{next(NUMBERS):06}"
    payload["event"]["text"] = "été 🚀 ünïcode / ١٢"
    body = json.dumps(payload, indent=3, ensure_ascii=False).encode()
    assert listening.post(body, signed(body, JSON)).status_code == 200
    assert listening.accepted()[-1].value["text"] == "été 🚀 ünïcode / ١٢"
