"""A local Slack on a free port, a real Bolt bot connected to it, and a real browser in front of it."""

import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from bot.simulator import LocalSlack, Workspace
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode.websocket_client import SocketModeClient
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as connect_websocket

from offices import PATIENCE_SECONDS
from wsgi_apps import serving

CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium_path() -> str:
    """Where the system's browser is, or should be.

    Rather the one without windows and menus: the same pages take it half of the processor time.
    """
    found = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return found or "/usr/bin/chromium"


@pytest.fixture
def workspace() -> Workspace:
    """The default people and channels, in real time: a slow machine must not look like a bot that forgot its ack."""
    return Workspace(commands=("/ask", "/customer"))


@pytest.fixture
def slack(workspace: Workspace, stop_later: Callable[[LocalSlack], None]) -> Iterator[LocalSlack]:
    """The workspace, served."""
    served = LocalSlack(workspace).start()
    yield served
    stop_later(served)


@pytest.fixture(scope="module")
def stop_later() -> Iterator[Callable[[LocalSlack], None]]:
    """A server takes a fifth of a second to stop. Nobody waits for it but the end of the module, which sees faults."""
    with ThreadPoolExecutor(4) as stopping:
        stopped: list[Future[None]] = []
        yield lambda slack: stopped.append(stopping.submit(slack.stop))
        for one in stopped:
            one.result()


@pytest.fixture
def client(slack: LocalSlack) -> WebClient:
    """Slack's own client, with the bot's token."""
    return WebClient(token=slack.bot_token, base_url=slack.api_url)


@pytest.fixture
def app(client: WebClient) -> App:
    """A Bolt app that listens to nothing yet."""
    return App(client=client)


@pytest.fixture
def connect(app: App, slack: LocalSlack, workspace: Workspace) -> Iterator[Callable[[], SocketModeHandler]]:
    """Open one more socket for the app, with the handler that the bot uses."""
    handlers: list[SocketModeHandler] = []

    def open_one() -> SocketModeHandler:
        handler = SocketModeHandler(app, slack.app_token)
        handlers.append(handler)
        handler.connect()
        workspace.wait_for(lambda: workspace.connections == len(handlers))
        return handler

    yield open_one
    _close(handlers, slack)


@pytest.fixture
def answering_bot(app: App, connect: Callable[[], SocketModeHandler]) -> App:
    """A bot that answers every question with a cited quote, and every pressed button with thanks."""

    @app.event("app_mention")
    def mention(event, client):
        client.chat_postMessage(
            channel=event["channel"], thread_ts=event.get("thread_ts") or event["ts"], text="x", blocks=ANSWER
        )

    @app.event("message")
    def message(event, client):
        if event["channel_type"] == "im" and "bot_id" not in event:
            client.chat_postMessage(channel=event["channel"], text="x", blocks=ANSWER)

    @app.event("app_home_opened")
    def opened():
        return None

    @app.command("/ask")
    def ask(ack):
        ack(text="Just for you.", blocks=ANSWER)

    @app.action(re.compile("."))
    def pressed(ack, body, client):
        ack()
        client.chat_postEphemeral(
            channel=body["channel"]["id"],
            user=body["user"]["id"],
            text=f"Thanks for *{body['actions'][0]['value']}*.",
            thread_ts=body["container"].get("thread_ts"),
        )

    connect()
    return app


@pytest.fixture
def serve() -> Iterator[Callable[[Callable], str]]:
    """A function that serves a WSGI app on a free port of this computer and returns its address."""
    with serving() as start:
        yield start


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Headless Chromium, the system's own."""
    path = chromium_path()
    if not os.access(path, os.X_OK):
        pytest.fail(f"No browser at {path}: install Debian's chromium-headless-shell or chromium, or set CHROMIUM.")
    expect.set_options(timeout=1000 * PATIENCE_SECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, slack: LocalSlack) -> Iterator[Callable[..., Page]]:
    """Open the page in a window of its own. A script error or a refusal by the browser fails the test."""
    faults: list[str] = []
    contexts = []

    def open_page(query: str = "", *, width: int = 1280, javascript: bool = True) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 844}, java_script_enabled=javascript)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE_SECONDS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if _is_fault(said) else None)
        page.goto(slack.url + query)
        if javascript:
            # Before its stream is open, a page would miss what a test then does.
            page.locator("html[data-live=yes]").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def open_socket(slack: LocalSlack, client: WebClient) -> Iterator[Callable[[], "BareSocket"]]:
    """Open a Socket Mode connection without a bot behind it, to see and do what no bot would."""
    with ExitStack() as open_until_the_end:

        def open_one() -> BareSocket:
            url = client.apps_connections_open(app_token=slack.app_token)["url"]
            return BareSocket(open_until_the_end.enter_context(connect_websocket(url, close_timeout=0.5)))

        yield open_one


@dataclass
class BareSocket:
    """What comes over one connection, read by hand. Acks are up to the test."""

    websocket: ClientConnection

    def read(self, timeout: float = 5.0) -> dict[str, Any]:
        """The next thing that Slack says. Raises TimeoutError."""
        return json.loads(self.websocket.recv(timeout))

    def ack(self, envelope: dict[str, Any], payload: dict[str, Any] | None = None) -> None:
        """Take an envelope."""
        self.websocket.send(
            json.dumps({"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {}))
        )


def _close(handlers: list[SocketModeHandler], slack: LocalSlack) -> None:
    """Close without waiting. A client that closes its own socket may take ten seconds to notice that it did."""
    ended = [_end_of_session(handler.client) for handler in handlers]
    slack.drop_connections()
    for handler, end in zip(handlers, ended, strict=True):
        end.wait(5)
        # It looks only once a second whether it was closed, unless something comes in.
        handler.client.closed = True
        handler.client.message_queue.put(None)
        handler.close()


def _end_of_session(client: SocketModeClient) -> threading.Event:
    """Set when the session that the client has now ends; one that was replaced before may end only then too."""
    ended = threading.Event()
    client.auto_reconnect_enabled = False
    client.on_close_listeners.append(lambda session: ended.set() if session is client.current_session else None)
    return ended


def _is_fault(said: ConsoleMessage) -> bool:
    """An error of the page itself. That a server stopped, or refused something, is what some tests are about."""
    is_refusal = re.search("status of 4(04|09)", said.text) and "/static/" not in said.location["url"]
    return said.type == "error" and not is_refusal and not re.search("net::|htmx:sse:error", said.text)


ANSWER = [
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_quote",
                "elements": [
                    {"type": "text", "text": "Returned within 30 days is not charged. [1]\nAfter that it is."}
                ],
            }
        ],
    },
    {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": "[1] <https://example.org|Equipment returns> · Returns"}],
    },
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "feedback",
                "positive_button": {"text": {"type": "plain_text", "text": "Helpful"}, "value": "good"},
                "negative_button": {"text": {"type": "plain_text", "text": "Not helpful"}, "value": "bad"},
            }
        ],
    },
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "human",
                "text": {"type": "plain_text", "text": "Ask a human"},
                "value": "a human",
            }
        ],
    },
]
