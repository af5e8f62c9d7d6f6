"""A small strict Slack on the loopback address: it keeps what it accepts, and fails as it is told to.

The local workspace (`bot/simulator`) shows what people see; this one lies about what it did, call by call.
"""

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs

TOKEN = "xoxb-strict"
PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"


class Lie(Enum):
    """What an answer looks like instead. The ones that begin with ACCEPTED were carried out all the same."""

    LIMITED = auto()
    FAULT = auto()
    GATEWAY = auto()
    DROPPED = auto()
    ACCEPTED_FAULT = auto()
    ACCEPTED_GATEWAY = auto()
    ACCEPTED_DROPPED = auto()
    ACCEPTED_HALF = auto()

    @property
    def ambiguous(self) -> bool:
        """Whether the one who asked cannot know that it was carried out."""
        return self.name.startswith("ACCEPTED")


@dataclass(frozen=True)
class Said:
    """A message as everybody sees it, or one person only. `heard`: whether the one who asked was told that it is."""

    channel: str
    ts: str
    text: str
    thread: str = ""
    only: str = ""
    token: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    blocks: Sequence[Mapping[str, Any]] = ()
    heard: bool = True


@dataclass
class StrictSlack:
    """Until the end of the block. `lies` says what to answer instead: a lie, an error code, or "" for the truth."""

    lies: Callable[[str, Mapping[str, str]], "Lie | str"] = lambda _method, _arguments: ""
    retry_after: int = 1
    channels: frozenset[str] | None = None
    said: list[Said] = field(default_factory=list)
    homes: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[float, str]] = field(default_factory=list)
    told: Counter[Lie] = field(default_factory=Counter)
    page: int = 200

    def __enter__(self) -> Self:
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/api/"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def counted(self, method: str) -> int:
        return sum(1 for _, called in self.calls if called == method)

    def answer(self, method: str, arguments: Mapping[str, str], token: str) -> tuple[int, Any, "Lie | None"]:
        """Status, body and what goes wrong on the way."""
        with self._lock:
            self.calls.append((time.monotonic(), method))
            told = self.lies(method, arguments)
            lie = told if isinstance(told, Lie) else None
            self._unheard = bool(lie and lie.ambiguous)
            if lie:
                self.told[lie] += 1
            if told and not (lie and lie.ambiguous):
                return 200, {"ok": False, "error": "" if lie else told}, lie
            if token != TOKEN and method != "response":
                return 200, {"ok": False, "error": "invalid_auth"}, None
            try:
                return 200, {"ok": True, **getattr(self, f"_{method.replace('.', '_')}")(arguments)}, lie
            except _RefusedError as refused:
                return 200, {"ok": False, "error": str(refused)}, None

    def _auth_test(self, _arguments: Mapping[str, str]) -> dict[str, Any]:
        return {"user_id": "U0BOT", "team_id": "T0"}

    def _chat_postMessage(self, given: Mapping[str, str]) -> dict[str, Any]:  # noqa: N802 - Slack's name
        one = self._written(given, thread=given.get("thread_ts", ""))
        return {"channel": one.channel, "ts": one.ts}

    def _chat_postEphemeral(self, given: Mapping[str, str]) -> dict[str, Any]:  # noqa: N802 - Slack's name
        return {"message_ts": self._written(given, only=given["user"]).ts}

    def _chat_update(self, given: Mapping[str, str]) -> dict[str, Any]:
        place = next((n for n, one in enumerate(self.said) if (one.channel, one.ts) == _place(given)), None)
        if place is None or self.said[place].only:
            raise _RefusedError("message_not_found")
        before = self.said[place]
        self.said[place] = replace(before, text=given["text"], blocks=_blocks(given))
        return {"channel": before.channel, "ts": before.ts}

    def _views_publish(self, given: Mapping[str, str]) -> dict[str, Any]:
        self.homes[given["user_id"]] = json.loads(given["view"])
        return {}

    def _conversations_open(self, given: Mapping[str, str]) -> dict[str, Any]:
        return {"channel": {"id": f"D{given['users'][1:]}"}}

    def _conversations_history(self, given: Mapping[str, str]) -> dict[str, Any]:
        return self._listed(given, [one for one in self.said if not one.thread][::-1])

    def _conversations_replies(self, given: Mapping[str, str]) -> dict[str, Any]:
        return self._listed(given, [one for one in self.said if given["ts"] in {one.thread, one.ts}])

    def _response(self, given: Mapping[str, str]) -> dict[str, Any]:
        self._written({"channel": "response", **given}, only="whoever asked")
        return {}

    def _written(self, given: Mapping[str, str], *, thread: str = "", only: str = "") -> Said:
        if self.channels is not None and given["channel"] not in self.channels:
            raise _RefusedError("channel_not_found")
        if not (given.get("text") or given.get("blocks")):
            raise _RefusedError("no_text")
        metadata = json.loads(given.get("metadata") or "{}")
        token = str(metadata.get("event_payload", {}).get("outbox_id", ""))
        ts = f"{time.time():.6f}"
        if self.said and ts <= self.said[-1].ts:
            ts = f"{float(self.said[-1].ts) + 0.000001:.6f}"
        text, blocks = given.get("text", ""), _blocks(given)
        said = Said(given["channel"], ts, text, thread, only, token, metadata, blocks, heard=not self._unheard)
        self.said.append(said)
        return self.said[-1]

    def _listed(self, given: Mapping[str, str], messages: list[Said]) -> dict[str, Any]:
        here = [one for one in messages if one.channel == given["channel"] and not one.only]
        here = [one for one in here if float(one.ts) > float(given.get("oldest") or 0)]
        start, limit = int(given.get("cursor") or 0), min(int(given.get("limit") or 100), self.page)
        shown = given.get("include_all_metadata") in {"1", "true"}
        return {
            "messages": [
                {"ts": one.ts, "text": one.text, **({"metadata": one.metadata} if shown and one.metadata else {})}
                for one in here[start : start + limit]
            ],
            "response_metadata": {"next_cursor": str(start + limit) if start + limit < len(here) else ""},
        }


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # whoever asked was killed meanwhile
            super().handle_error(request, client_address)


class _RefusedError(Exception):
    """With Slack's code."""


def _blocks(given: Mapping[str, str]) -> Sequence[Mapping[str, Any]]:
    return json.loads(given.get("blocks") or "[]")


def _place(given: Mapping[str, str]) -> tuple[str, str]:
    return given["channel"], given["ts"]


# What is answered in place of the truth.
_FALSE: Mapping[Lie | None, tuple[int, str]] = {
    **dict.fromkeys((Lie.FAULT, Lie.ACCEPTED_FAULT), (500, '{"ok": false, "error": "internal_error"}')),
    **dict.fromkeys((Lie.GATEWAY, Lie.ACCEPTED_GATEWAY), (502, PAGE)),
    Lie.LIMITED: (429, '{"ok": false, "error": "ratelimited"}'),
}


def _arguments(kind: str, body: str) -> dict[str, str]:
    if kind.startswith("application/json"):
        given = json.loads(body).items()
        return {name: value if isinstance(value, str) else json.dumps(value) for name, value in given}
    return {name: values[-1] for name, values in parse_qs(body).items()}


def _handler(slack: StrictSlack) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            if len(body.encode()) < length:  # whoever asked was killed meanwhile
                self.close_connection = True
            else:
                self._answer(body)

        def _answer(self, body: str) -> None:
            arguments = _arguments(self.headers.get("Content-Type", ""), body)
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            method = self.path.removeprefix("/api/")
            status, said, lie = slack.answer("response" if "/" in method else method, arguments, token)
            self._send(status, json.dumps(said), lie)

        def _send(self, status: int, body: str, lie: Lie | None) -> None:
            self.close_connection = True
            if lie in {Lie.DROPPED, Lie.ACCEPTED_DROPPED}:
                return
            status, body = _FALSE.get(lie, (status, body))
            written = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if body is PAGE else "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(written)))
            if lie is Lie.LIMITED:
                self.send_header("Retry-After", str(slack.retry_after))
            self.end_headers()
            self.wfile.write(written[: len(written) // 2] if lie is Lie.ACCEPTED_HALF else written)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler
