"""A bot connected to Slack: the workspaces that it attends, and its line. Put together once, started, stopped."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urljoin

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from starlette.routing import BaseRoute

from bot import readiness, wording
from bot.app import House
from bot.attended import Attended, EveryWorkspace, OneWorkspace, authorizing
from bot.errors import SettingsError
from bot.handlers import register
from bot.handlers.border import guarded
from bot.handlers.delivery import TIMEOUT_SECONDS
from bot.handlers.http import HttpServer
from bot.handlers.http.installing import Installing
from bot.handlers.sockets import Connection, SocketMode
from bot.handlers.strict import StrictApp
from bot.installations import Installations
from bot.jobs import IDLE_SECONDS, Housekeeping, Pool
from bot.slack_settings import Slack, SlackInstalled, SlackTokens

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
        self._line = _line(app, tokens, house, self.attended, routes, lost=lost)

    def start(self) -> "RunningBot":
        self.attended.start()
        self._janitor.start()
        try:
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
        """Where Slack is heard, in words; once started."""
        return self._line.where

    def stop(self) -> None:
        """Take nothing new, finish what is under way."""
        self._line.stop()
        self.attended.stop()
        self._janitor.stop()


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
    lost: Callable[[], None],
) -> Line:
    if isinstance(slack, SlackTokens):
        logger = logging.getLogger("slack_bolt")
        return SocketMode([Connection(app, slack.app, logger=logger) for _ in range(CONNECTIONS)], lost=lost)

    def examine() -> Mapping[str, str]:
        return readiness.examine(house.database, attended.databases(), now=datetime.now(UTC))

    return HttpServer(app, slack, examine=examine, installing=routes)
