"""A bot connected to Slack: its workers, its couriers, its line. Put together once, started, stopped."""

import logging
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry import RetryHandler
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot import inbox, pacing, readiness
from bot.app import House
from bot.database import Database
from bot.errors import SettingsError
from bot.handlers import register
from bot.handlers.arrival import Arrival
from bot.handlers.border import Border, guarded
from bot.handlers.channels import SlackChannels
from bot.handlers.delivery import TIMEOUT_SECONDS, Delivery
from bot.handlers.directory import SlackDirectory
from bot.handlers.http import HttpServer
from bot.handlers.membership import Changes
from bot.handlers.optional_calls import OptionalCalls
from bot.handlers.presence import TIMEOUT_SECONDS as AT_MOST
from bot.handlers.presence import Presence
from bot.handlers.reminding import Reminding
from bot.handlers.sockets import Connection, SocketMode
from bot.handlers.strict import StrictApp
from bot.handlers.turns import Turnstile, WaitingLine
from bot.jobs import COURIERS, IDLE_SECONDS, WORKERS, Housekeeping, InboxWork, LeaseKeeping, OutboxWork, Pool
from bot.leases import Hands, replica_in
from bot.offered import doors_of, surfaces_of
from bot.slack_settings import SlackOverHttp, SlackTokens
from bot.throttle import Limits

log = logging.getLogger(__name__)

# One covers the other while Slack refreshes it, which takes half a second every few hours.
CONNECTIONS = 2
# Each time as long as Slack says, or a little longer than the last time.
RETRIES = 3


class RunningBot:
    """A bot connected to Slack or to the local workspace, until it is stopped."""

    def __init__(
        self,
        house: House,
        *,
        tokens: SlackTokens | SlackOverHttp,
        api_url: str,
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        """`lost` is told when Slack was not heard for long: then a fresh process is the better one."""
        client = WebClient(token=tokens.bot, base_url=api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
        asking = WebClient(token=tokens.bot, base_url=api_url, timeout=TIMEOUT_SECONDS, retry_handlers=_patience())
        identity = _identity(asking, tokens)
        people = SlackDirectory(
            asking,
            house.directory,
            team=identity.team_id or "",
            enterprise=identity.enterprise_id or "",
            named=lambda: house.library.audiences_named(now=datetime.now(UTC)),
            news=Changes(house.database).news,
        )
        replica = replica_in(house.settings.data_dir, machine=platform.node())
        events, messages = Hands(replica), Hands(replica)
        optional = OptionalCalls()
        delivery = Delivery(house.database, client, optional)
        couriers = Pool(
            "courier",
            guarded(OutboxWork(house.database, delivery.deliver, messages), wait=IDLE_SECONDS),
            size=COURIERS,
        )
        keeping = LeaseKeeping(house.database, events=events, messages=messages)
        presence = Presence(WebClient(token=tokens.bot, base_url=api_url, timeout=AT_MOST), optional)
        surfaces = surfaces_of(
            house,
            people,
            presence,
            channels=SlackChannels(asking),
            bot=identity.bot_user_id or "",
            wake=couriers.wake,
        )
        work = {kind: done for surface in surfaces for kind, done in surface.work.items()}
        border = Border(house.database, work, wake=couriers.wake)
        workers = Pool("worker", guarded(InboxWork(house.database, border, events), wait=IDLE_SECONDS), size=WORKERS)
        # Who we are is asked once, at the start. Bolt would ask for it while an event waits for its ack, and refuse the
        # event where Slack limits calls just then.
        logger = logging.getLogger("slack_bolt")
        app = StrictApp(
            authorize=lambda: identity, client=WebClient(base_url=api_url, timeout=TIMEOUT_SECONDS), logger=logger
        )
        self._doors = doors_of(house.database, surfaces, token=tokens.bot, api_url=api_url)
        limits = Limits(house.settings.questions_per_person, house.settings.questions_per_workspace)
        arrival = Arrival(
            house.database, surfaces, faults=self._doors.faults, turnstile=Turnstile(limits), wake=workers.wake
        )
        register(app, arrival, self._doors)
        self._database = house.database
        self._events = events
        keeper = Pool("keeper", guarded(keeping, wait=IDLE_SECONDS), size=1)
        janitor = Pool("janitor", guarded(Housekeeping(house.database), wait=IDLE_SECONDS), size=1)
        reminding = Reminding(house.database, house.owners, zone=house.settings.timezone)
        clock = Pool("clock", guarded(reminding, wait=IDLE_SECONDS), size=1)
        line = Pool("line", guarded(WaitingLine(house.database, wake=couriers.wake), wait=IDLE_SECONDS), size=1)
        # Stopped from the last to the first: leases are kept until nobody is at work.
        self._pools = (keeper, janitor, clock, line, couriers, workers)
        self._line = _line(app, tokens, house.database, logger=logger, lost=lost)

    def start(self) -> "RunningBot":
        with self._database.writing.begin() as session:
            left = inbox.left_unfinished(session, self._events.claim())
            pacing.admit(session)  # Slack knows our token: it has just said who we are
        if left:
            log.warning("%s events were left unfinished by the last run; they are worked on now", left)
        for pool in self._pools:
            pool.start()
        try:
            self._line.start()
        except SlackApiError as fault:
            self.stop()
            raise _refused(fault, "SLACK_APP_TOKEN", "scope connections:write, Socket Mode switched on") from fault
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
        self._doors.close()
        for pool in reversed(self._pools):
            pool.stop()


class Line(Protocol):
    """How Slack's requests reach the bot."""

    @property
    def where(self) -> str:
        """In words, once started."""

    def start(self) -> None:
        """Return when Slack is heard."""

    def stop(self) -> None:
        """Take nothing new."""


def _line(
    app: App,
    slack: SlackTokens | SlackOverHttp,
    database: Database,
    *,
    logger: logging.Logger,
    lost: Callable[[], None],
) -> Line:
    if isinstance(slack, SlackOverHttp):
        return HttpServer(app, slack, examine=lambda: readiness.examine(database, now=datetime.now(UTC)))
    connections = [Connection(app, slack.app, logger=logger) for _ in range(CONNECTIONS)]
    return SocketMode(connections, lost=lost)


def _patience() -> list[RetryHandler]:
    """For questions to Slack: work on an event waits for their answers. What is posted has the outbox instead."""
    return [
        ConnectionErrorRetryHandler(max_retry_count=RETRIES),
        RateLimitErrorRetryHandler(max_retry_count=RETRIES),
        ServerErrorRetryHandler(max_retry_count=RETRIES),
    ]


def _identity(client: WebClient, tokens: SlackTokens | SlackOverHttp) -> AuthorizeResult:
    """Who the bot is in this workspace."""
    try:
        said = client.auth_test()
    except SlackApiError as fault:
        raise _refused(fault, "SLACK_BOT_TOKEN", "the app installed in the workspace") from fault
    except (OSError, SlackClientError) as fault:
        raise SettingsError(
            f"Slack cannot be reached at {client.base_url} ({fault}). Check the network, a proxy, and SLACK_API_URL."
        ) from fault
    return AuthorizeResult.from_auth_test_response(bot_token=tokens.bot, auth_test_response=said)


def _refused(fault: SlackApiError, name: str, needs: str) -> SettingsError:
    code = fault.response.get("error", "an unknown error")
    return SettingsError(f"Slack refused {name} ({code}). Copy it again from the app's page; it needs {needs}.")
