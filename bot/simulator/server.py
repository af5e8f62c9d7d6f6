"""The local Slack: a workspace behind Slack's own Web API and Socket Mode, and a page to use it by hand."""

import os
import secrets

from bot.simulator.api import WebApi
from bot.simulator.client import Client
from bot.simulator.errors import RequestUrlRefused
from bot.simulator.keys import check_keys
from bot.simulator.listening import address_of, listen
from bot.simulator.loopback import check_host
from bot.simulator.request_url import RequestUrl
from bot.simulator.serving import Serving
from bot.simulator.tcp import Lines
from bot.simulator.workspace import Workspace


class LocalSlack:
    """A workspace that a bot can connect to. `start()` returns when it answers, `stop()` when its port is free.

    Tokens and the signing secret are random unless given. `burst` is how many calls Slack lets through at once before
    its rate limits bite. With a `request_url`, where the bot must listen already, everything is posted there instead of
    sent by sockets. Raises NotLoopback for a host that others could reach, RealTokens beside a key to a real Slack.
    """

    def __init__(
        self,
        workspace: Workspace,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        bot_token: str = "",
        app_token: str = "",
        burst: int = 200,
        request_url: str = "",
        signing_secret: str = "",
    ) -> None:
        check_host(host)
        check_keys(os.environ)
        check_keys({"SLACK_BOT_TOKEN": bot_token, "SLACK_APP_TOKEN": app_token})
        self.workspace = workspace
        workspace.tokens.choose(bot=bot_token, app=app_token)
        self.signing_secret = signing_secret or secrets.token_hex(16)
        # As which an app signs people in; where it may lead them is anywhere on this computer.
        self.client = Client(f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}", secrets.token_hex(16), ())
        self._host, self._port = host, port
        self._request_url = request_url
        self._burst = burst
        self._serving: Serving | None = None

    @property
    def bot_token(self) -> str:
        """What lets the bot in; empty while the app is not installed."""
        return self.workspace.tokens.bot

    @property
    def app_token(self) -> str:
        """What lets the app open sockets."""
        return self.workspace.tokens.app

    @property
    def url(self) -> str:
        """Where the page is, once started."""
        return f"{self.workspace.address}/"

    @property
    def api_url(self) -> str:
        """What a bot takes as SLACK_API_URL."""
        return f"{self.url}api/"

    def start(self) -> "LocalSlack":
        """Listen and serve; when started again, on the port it had. Raises PortTaken where another listens."""
        listening = listen(self._host, self._port)
        self._port = listening.getsockname()[1]
        self.workspace.address = address_of(listening, self._host)
        self._serving = Serving(self.workspace, self.client, burst=self._burst)
        self._serving.start(listening)
        if self._request_url:
            try:
                self.set_request_url(self._request_url)
            except RequestUrlRefused:
                self.stop()
                raise
        return self

    def stop(self) -> None:
        """Close every connection and free the port."""
        if self._serving:
            self._serving.stop()
            self._serving = None

    def set_request_url(self, url: str) -> None:
        """From now on post everything, signed, to this address, once it has answered Slack's challenge.

        Raises RequestUrlRefused where it does not, NotLoopback for an address of another computer.
        """
        way = RequestUrl(url, secret=self.signing_secret, clock=self.workspace.clock, faults=self.workspace.faults)
        if self._serving:
            self._serving.deliver_to(way)
        self._request_url = url

    @property
    def is_running(self) -> bool:
        """Whether it answers."""
        return self._serving is not None

    def api_over(self, lines: Lines) -> WebApi | None:
        """Its Web API for a server of other connections, or None while it does not run."""
        return self._serving.api_over(lines) if self._serving else None

    def envelopes_under_way(self) -> int:
        """How many events, commands and pressed buttons the bot has not acked yet: 0 when all is quiet."""
        return self._serving.under_way() if self._serving else 0

    def refresh_connections(self) -> None:
        """Ask the bot to open new sockets in place of its old ones, as Slack does every few hours."""
        if self._serving:
            self._serving.soon(self._serving.sockets.refresh)

    def drop_connections(self) -> None:
        """Cut the bot's sockets without a word, as a dying network does."""
        if self._serving:
            self._serving.soon(self._serving.sockets.drop)

    def silence_connections(self) -> None:
        """Let the bot's sockets die without a sign: they stay open, bring nothing, and answer no ping."""
        if self._serving:
            self._serving.soon(self._serving.sockets.silence)
