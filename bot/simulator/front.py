"""Slack as an app meets it that several workspaces install: one API, one page to ask for consent, one request URL."""

import os
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.simulator.client import Client
from bot.simulator.consent_page import ConsentPage
from bot.simulator.errors import NotLoopback, PortTaken
from bot.simulator.front_api import FrontApi
from bot.simulator.keys import check_keys
from bot.simulator.listening import ServerThread, address_of, listen
from bot.simulator.loopback import LOOPBACK, OnlyLoopback, check_host
from bot.simulator.oauth import Consents
from bot.simulator.openid import Identities
from bot.simulator.rendering import HERE
from bot.simulator.server import LocalSlack
from bot.simulator.sign_in_page import SignInPage

AUTHORIZE = "/oauth/v2/authorize"


class SlackFront:
    """Workspaces behind one address. `start()` starts those that do not run yet, and `stop()` stops them all.

    The first of `redirect_urls` is where consent leads unless a request names another of them. Ids and secrets are
    random unless given; the one signing secret signs what every workspace posts. Raises NotLoopback for addresses of
    other computers, RealTokens beside a key to a real Slack, ValueError for workspaces that are not of one app.
    """

    def __init__(
        self,
        *slacks: LocalSlack,
        redirect_urls: Sequence[str],
        client_id: str = "",
        client_secret: str = "",
        signing_secret: str = "",
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        check_host(host)
        check_keys(os.environ)
        _check_redirects(redirect_urls)
        _check_family(slacks)
        self.slacks = slacks
        self.client = Client(
            client_id or f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}",
            client_secret or secrets.token_hex(16),
            tuple(redirect_urls),
        )
        self.signing_secret = signing_secret or secrets.token_hex(16)
        for slack in slacks:
            slack.signing_secret = self.signing_secret
            slack.workspace.client = self.client
        self._consents = Consents()
        self._identities = Identities(self.client)
        self._address = ""
        self._host, self._port = host, port
        self._server: ServerThread | None = None

    @property
    def url(self) -> str:
        """Where the front is, once started."""
        return f"{self._address}/"

    @property
    def api_url(self) -> str:
        """What a bot takes as SLACK_API_URL."""
        return f"{self.url}api/"

    @property
    def authorize_url(self) -> str:
        """Where a bot sends an admin who wants to install it."""
        return f"{self._address}{AUTHORIZE}"

    def start(self) -> "SlackFront":
        """Listen and serve; when started again, on the port it had. Raises PortTaken where another listens."""
        try:
            for slack in self.slacks:
                if not slack.is_running:
                    slack.start()
            listening = listen(self._host, self._port)
        except PortTaken:
            self.stop()
            raise
        self._port = listening.getsockname()[1]
        self._address = address_of(listening, self._host)
        self._server = ServerThread(self._application)
        self._server.start(listening)
        return self

    def stop(self) -> None:
        """Free every port."""
        for slack in self.slacks:
            slack.stop()
        if self._server:
            self._server.stop()
            self._server = None

    def set_request_url(self, url: str) -> None:
        """From now on every workspace posts to this address, signed. Raises as LocalSlack's does."""
        for slack in self.slacks:
            slack.set_request_url(url)

    def _application(self) -> Starlette:
        server = self._server
        assert server  # noqa: S101 - the server calls this
        api = FrontApi(self.slacks, self.client, self._consents, server.lines)
        page = ConsentPage(self.slacks, self.client, self._consents)

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            server.up.set()
            yield

        sign_in = SignInPage([slack.workspace for slack in self.slacks], self._identities)
        routes = [
            *sign_in.routes,
            Route("/api/{method}", api.answer, methods=["GET", "POST"]),
            Route(AUTHORIZE, page.ask, methods=["GET"]),
            Route(AUTHORIZE, page.answer, methods=["POST"]),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]
        guard = Middleware(OnlyLoopback, programs=("/api/",))
        return Starlette(routes=routes, middleware=[guard], lifespan=lifespan)


def _check_redirects(urls: Sequence[str]) -> None:
    if not urls:
        raise ValueError("The app has no redirect URL; name at least one in redirect_urls.")
    for url in urls:
        if urlsplit(url).hostname not in LOOPBACK:
            raise NotLoopback(f"Consent leads to this computer only, not to {url!r}. Give an address on 127.0.0.1.")


def _check_family(slacks: Sequence[LocalSlack]) -> None:
    installations = [slack.workspace.installation for slack in slacks]
    if len({one.team.id for one in installations}) < len(slacks):
        raise ValueError("Two of these workspaces are the same team. Give each a seed of its own.")
    if len({one.bot.app_id for one in installations}) != 1:
        raise ValueError("These workspaces are not of one app. Give their seeds bots with one app_id.")
