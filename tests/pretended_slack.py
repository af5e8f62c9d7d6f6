"""A Slack of a few methods over real HTTP, which says of people whatever a test wants, or nothing."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


@dataclass
class PretendedSlack:
    """`fault` is an error code or an HTTP status for every call; `calls` are the methods, in order."""

    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    fault: str | int = ""
    api_url: str = ""

    def answer(self, method: str, arguments: dict[str, str]) -> dict[str, Any]:
        if self.fault:
            return {"ok": False, "error": self.fault}
        match method:
            case "users.info":
                user = self.users.get(arguments["user"])
                return {"ok": False, "error": "user_not_found"} if user is None else {"ok": True, "user": user}
            case "conversations.members":
                return self._members(arguments)
            case "conversations.info":
                return self._shown(arguments["channel"])
            case "usergroups.list":
                groups = [{"handle": handle, "users": users, "date_delete": 0} for handle, users in self.groups.items()]
                return {"ok": True, "usergroups": groups}
            case _:
                return {"ok": False, "error": "unknown_method"}

    def _shown(self, channel: str) -> dict[str, Any]:
        if channel not in self.channels:
            return {"ok": False, "error": "channel_not_found"}
        return {"ok": True, "channel": {"id": channel, "name": "field", "is_member": "UBOT" in self.channels[channel]}}

    def _members(self, arguments: dict[str, str]) -> dict[str, Any]:
        if arguments["channel"] not in self.channels:
            return {"ok": False, "error": "channel_not_found"}
        members, limit, start = (
            self.channels[arguments["channel"]],
            int(arguments["limit"]),
            int(arguments.get("cursor") or 0),
        )
        more = str(start + limit) if start + limit < len(members) else ""
        return {"ok": True, "members": members[start : start + limit], "response_metadata": {"next_cursor": more}}


@contextmanager
def serving(slack: PretendedSlack) -> Iterator[PretendedSlack]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            method = self.path.rpartition("/")[2]
            slack.calls.append(method)
            said = slack.answer(method, {name: values[0] for name, values in parse_qs(body).items()})
            written = json.dumps(said).encode()
            self.send_response(slack.fault if isinstance(slack.fault, int) else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        do_GET = do_POST  # noqa: N815 - the name that http.server looks for

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    slack.api_url = f"http://127.0.0.1:{server.server_address[1]}/api/"
    try:
        yield slack
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
