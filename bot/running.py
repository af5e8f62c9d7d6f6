"""A bot connected to Slack: the workspaces that it attends, and its line. Put together once, started, stopped."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from starlette.routing import BaseRoute

from bot import readiness, wording
from bot.app import House
from bot.attended import Attended, EveryWorkspace, OneWorkspace, authorizing
from bot.errors import SettingsError
from bot.friction.nights import EVERY_SECONDS, Nights
from bot.handlers import register
from bot.handlers.border import guarded
from bot.handlers.http import HttpServer
from bot.handlers.http.feeds import PATH as FEEDS_PATH
from bot.handlers.http.feeds import FeedListener, LiveFeed, load_feeds
from bot.handlers.http.feeds import routes as feed_routes
from bot.handlers.http.installing import Installing
from bot.handlers.posting.delivery import TIMEOUT_SECONDS
from bot.handlers.sockets import Connection, SocketMode
from bot.handlers.strict import StrictApp
from bot.installations import Installations
from bot.jobs import IDLE_SECONDS, Housekeeping, Pool
from bot.noticing.renewing import Renewing
from bot.page_readers import in_slack, site_of
from bot.routing.working import RoutingWork
from bot.slack_settings import Slack, SlackInstalled, SlackTokens
from bot.touchpoints.channel_ids import channels_in
from bot.web import SlackOpenId, WebPage
from bot.web.guard import LOOPBACK
from bot.worlds import world_of

# One covers the other while Slack refreshes it, which takes half a second every few hours.
CONNECTIONS = 2


class RunningBot:
    """A bot connected to Slack or to the local workspace, until it is stopped."""

    def __init__(self, house: House, *, tokens: Slack, api_url: str, lost: Callable[[], None] = lambda: None) -> None:
        """`lost` is told when Slack was not heard for long: then a fresh process is the better one."""
        logger = logging.getLogger("slack_bolt")
        self.attended, routes = _attended(house, tokens, api_url=api_url)
        app = StrictApp(
            authorize=authorizing(self.attended),
            client=WebClient(base_url=api_url, timeout=TIMEOUT_SECONDS),
            logger=logger,
            user_facing_authorize_error_message=wording.NOT_ATTENDED,
        )
        register(app, self.attended.of)
        self._janitor = Pool("janitor", guarded(Housekeeping(house.database), wait=IDLE_SECONDS), size=1)
        self._nights = Nights(house.database, lambda: house.friction.reader.intake, zone=house.settings.timezone)
        self._night = Pool("night", guarded(self._nights, wait=EVERY_SECONDS), size=1)
        routing = RoutingWork(house.database, house.renewed_map, house.route_reader, alone=house.routing)
        self._routing = Pool("routing", guarded(routing, wait=EVERY_SECONDS), size=1)
        renewing = Renewing(house.database, house.snapshots, partial(world_of, house))
        self._signals = Pool("signals", guarded(renewing, wait=EVERY_SECONDS), size=1)
        live = load_feeds(house.settings.feeds, channels=channels_in(house.settings.knowledge))
        beside = feed_routes(house.database, live) if house.settings.feeds.port is None else []
        self._line = _line(app, tokens, house, self.attended, routes, more=beside, lost=lost)
        self._feeds = _own_listener(house, live)
        self._page = _page(house, self.attended, tokens, api_url=api_url)

    def start(self) -> "RunningBot":
        self.attended.start()
        self._janitor.start()
        self._night.start()
        self._routing.start()
        self._signals.start()
        try:
            if self._feeds:
                self._feeds.start()
            if self._page:
                self._page.start()
            self._line.start()
        except SlackApiError as fault:
            self.stop()
            code = fault.response.get("error", "an unknown error")
            raise SettingsError(
                f"Slack refused SLACK_APP_TOKEN ({code}). Copy it again from the app's page; it needs the scope "
                "connections:write and Socket Mode switched on."
            ) from fault
        except SettingsError:
            self.stop()
            raise
        return self

    @property
    def where(self) -> str:
        """Where Slack, and live events of other systems, are heard, in words; once started."""
        heard = self._line.where
        return f"{heard}. Live events: {self._feeds.address}{FEEDS_PATH}" if self._feeds else heard

    @property
    def page(self) -> str:
        """Where the page is, once started; "" where it is switched off."""
        return self._page.address if self._page else ""

    def stop(self) -> None:
        """Take nothing new, finish what is under way."""
        self._line.stop()
        if self._page:
            self._page.stop()
        if self._feeds:
            self._feeds.stop()
        self.attended.stop()
        self._nights.close()
        self._signals.stop()
        self._routing.stop()
        self._night.stop()
        self._janitor.stop()


def _own_listener(house: House, live: Mapping[str, LiveFeed]) -> FeedListener | None:
    """None where nobody sends events, or where they come in beside Slack's requests."""
    configured = house.settings.feeds
    if not live or configured.port is None:
        return None
    return FeedListener(house.database, live, host=configured.host, port=configured.port)


def _page(house: House, attended: Attended, slack: Slack, *, api_url: str) -> WebPage | None:
    """None where it is switched off. Slack leads people back over TLS only, the local workspace also without."""
    configured = house.settings
    if configured.web_port == 0:
        return None
    signs_in = slack.sign_in if configured.web_url or urlsplit(api_url).hostname in LOOPBACK else None
    openid = SlackOpenId(signs_in, api_url=api_url) if signs_in else None
    site = site_of(house, in_slack(attended, house.directory, house.owners), openid)
    return WebPage(site, port=configured.web_port, data_dir=configured.data_dir)


class Line(Protocol):
    """How Slack's requests reach the bot."""

    @property
    def where(self) -> str:
        """In words, once started."""

    def start(self) -> None:
        """Return when Slack is heard."""

    def stop(self) -> None:
        """Take nothing new."""


def _attended(house: House, slack: Slack, *, api_url: str) -> tuple[Attended, Sequence[BaseRoute]]:
    """The workspaces, and the addresses at which it is installed in more of them."""
    if not isinstance(slack, SlackInstalled):
        return OneWorkspace(house, token=slack.bot, api_url=api_url), ()
    installations = Installations(house.database, client_id=slack.client_id, keys=slack.keys)
    every = EveryWorkspace(house, installations, allowed=slack.workspaces, api_url=api_url)
    authorize_url = urljoin(api_url, "../oauth/v2/authorize")
    installing = Installing(slack, installations, api_url=api_url, authorize_url=authorize_url, installed=every.look)
    return every, installing.routes


def _line(
    app: App,
    slack: Slack,
    house: House,
    attended: Attended,
    routes: Sequence[BaseRoute],
    *,
    more: Sequence[BaseRoute] = (),
    lost: Callable[[], None],
) -> Line:
    if isinstance(slack, SlackTokens):
        logger = logging.getLogger("slack_bolt")
        return SocketMode([Connection(app, slack.app, logger=logger) for _ in range(CONNECTIONS)], lost=lost)

    def examine() -> Mapping[str, str]:
        return readiness.examine(house.database, attended.databases(), now=datetime.now(UTC))

    return HttpServer(app, slack, examine=examine, installing=routes, more=more)
