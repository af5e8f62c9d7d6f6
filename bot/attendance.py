"""Everything that works for one workspace of Slack's: its workers, its couriers, its surfaces. Started and stopped."""

import logging
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry import RetryHandler
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot import inbox, pacing
from bot.app import House
from bot.errors import SettingsError, TokenRefused
from bot.handlers.arrival import Arrival
from bot.handlers.border import Border, guarded
from bot.handlers.customers.withholding import Withholding
from bot.handlers.digests import Digesting
from bot.handlers.friction.again import AskingAgain
from bot.handlers.friction.callers import Callers
from bot.handlers.friction.rounds import Cards, Post, Rounds
from bot.handlers.friction.watch import Watch
from bot.handlers.letters.alerting import Alerting
from bot.handlers.letters.surging import EVERY_SECONDS as SURGE_SECONDS
from bot.handlers.letters.surging import Surging
from bot.handlers.letters.writing import Writing
from bot.handlers.optional_calls import OptionalCalls
from bot.handlers.posting.delivery import TIMEOUT_SECONDS, Delivery
from bot.handlers.presence import TIMEOUT_SECONDS as AT_MOST
from bot.handlers.presence import Presence
from bot.handlers.pulses.asking import EVERY_SECONDS as PULSE_SECONDS
from bot.handlers.pulses.asking import Asking
from bot.handlers.requests.reminding import Reminding
from bot.handlers.surfaces import Surface
from bot.handlers.turns import Turnstile, WaitingLine
from bot.handlers.watching import EVERY_SECONDS, Watching
from bot.handlers.workspace.addressees import Addressees
from bot.handlers.workspace.channels import SlackChannels
from bot.handlers.workspace.directory import SlackDirectory
from bot.handlers.workspace.membership import Changes
from bot.jobs import COURIERS, IDLE_SECONDS, WORKERS, InboxWork, LeaseKeeping, OutboxWork, Pool
from bot.leases import Hands, replica_in
from bot.offered import doors_of, readers_of, surfaces_of
from bot.throttle import Limits
from bot.visits import whereabouts
from bot.worlds import world_of

log = logging.getLogger(__name__)

# Each time as long as Slack says, or a little longer than the last time.
RETRIES = 3
# What Slack says of a token once its app was uninstalled, or it was revoked.
WORTHLESS = frozenset({"account_inactive", "invalid_auth", "token_revoked"})


class Attendance:
    """The bot in one workspace, as which it was installed with one token."""

    def __init__(self, house: House, *, token: str, api_url: str, more: Sequence[Surface] = ()) -> None:
        """`more` surfaces come before all others. Raises `TokenRefused`, or `SettingsError`
        where Slack cannot be reached."""
        client = WebClient(token=token, base_url=api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
        asking = WebClient(token=token, base_url=api_url, timeout=TIMEOUT_SECONDS, retry_handlers=_patience())
        # Who we are is asked once, at the start. Bolt would ask for it while an event waits for its ack, and refuse the
        # event where Slack limits calls just then.
        self.identity = _identity(asking, token)
        self.house = house = house.of(self.workspace)
        self.people = people = SlackDirectory(
            asking,
            house.directory,
            team=self.workspace,
            enterprise=self.identity.enterprise_id or "",
            named=lambda: house.library.audiences_named(now=datetime.now(UTC)),
            news=Changes(house.database).news,
        )
        replica = replica_in(house.settings.data_dir, machine=platform.node())
        self._events, messages = Hands(replica), Hands(replica)
        optional = OptionalCalls()
        delivery = Delivery(house.database, client, optional, opened=house.friction.sealer.opened)
        deliver = Withholding(house.database, people, deliver=delivery.deliver)
        couriers = self._pool("courier", OutboxWork(house.database, deliver, messages), size=COURIERS)
        channels = SlackChannels(asking)
        presence = Presence(WebClient(token=token, base_url=api_url, timeout=AT_MOST), optional)
        surfaces = (
            *more,
            *surfaces_of(
                house,
                people,
                presence,
                channels=channels,
                bot=self.identity.bot_user_id or "",
                wake=couriers.wake,
            ),
        )
        work = {kind: done for surface in surfaces for kind, done in surface.work.items()}
        border = Border(house.database, work, wake=couriers.wake)
        workers = self._pool("worker", InboxWork(house.database, border, self._events), size=WORKERS)
        self.doors = doors_of(house.database, surfaces, token=token, api_url=api_url)
        limits = Limits(house.settings.questions_per_person, house.settings.questions_per_workspace)
        self.arrival = Arrival(
            house.database, surfaces, faults=self.doors.faults, turnstile=Turnstile(limits), wake=workers.wake
        )
        keeper = self._pool("keeper", LeaseKeeping(house.database, events=self._events, messages=messages))
        clock = self._pool("clock", Reminding(house.database, house.owners, zone=house.settings.timezone))
        again = AskingAgain(house.database, house.library, house.friction, zone=house.settings.timezone)
        pages = self._pool("pages", again)
        addressees = Addressees(channels, people, people=house.directory)
        cards = Cards(house.database, house.friction, addressees, owners=house.owners)
        rounds = self._pool(
            "friction", Rounds(cards, Post(house.database), Watch(house.database, house.friction, addressees))
        )
        line = self._pool("line", WaitingLine(house.database, wake=couriers.wake))
        watching = Watching(
            house.database,
            people,
            addressees,
            most=house.settings.customers_per_hour,
            zone=house.settings.timezone,
        )
        digesting = Digesting(
            house.database,
            channels,
            people,
            channel=house.settings.digest_channel,
            map_=lambda: house.touchpoints.map,
            zone=house.settings.timezone,
        )
        readers = readers_of(house, people, addressees)
        knowing: dict[str, Any] = {
            "world": partial(world_of, house),
            "calendar": lambda: house.friction.clocks.usual,
            "address": partial(whereabouts.noted, house.settings.data_dir),
            "zone": house.settings.timezone,
        }
        letters = Pool("letters", guarded(Writing(house.database, readers, **knowing), wait=EVERY_SECONDS), size=1)
        alerting = Pool("alerts", guarded(Alerting(house.database, readers, **knowing), wait=EVERY_SECONDS), size=1)
        surging = Surging(
            house.database,
            addressees,
            house.assistant,
            owners=house.owners,
            world=partial(world_of, house),
            tracks=lambda: house.tracks.tracks,
            address=knowing["address"],
            zone=house.settings.timezone,
        )
        surges = Pool("surges", guarded(surging, wait=SURGE_SECONDS), size=1)
        asking_people = Asking(
            house.database,
            Callers(people, house.owners),
            sealer=house.friction.sealer,
            directory=house.directory,
            map_=lambda: house.touchpoints.map,
            zone=house.settings.timezone,
        )
        pulse = Pool("pulse", guarded(asking_people, wait=PULSE_SECONDS), size=1)
        weekly = Pool("weekly", guarded(digesting, wait=EVERY_SECONDS), size=1)
        # Where Slack does not answer it is asked again with the next look, not at once.
        lookout = Pool("lookout", guarded(watching, wait=EVERY_SECONDS), size=1)
        # Stopped from the last to the first: leases are kept until nobody is at work.
        asked = (pulse,) if house.settings.pulse else ()
        told = (letters, alerting) if house.settings.leads_digest else ()
        hurried = (surges,) if house.settings.surge_alerts else ()
        self._pools = (keeper, clock, pages, lookout, weekly, *told, *hurried, *asked, line, rounds, couriers, workers)

    @property
    def workspace(self) -> str:
        """Its id at Slack."""
        return self.identity.team_id or ""

    def start(self) -> None:
        with self.house.database.writing.begin() as session:
            left = inbox.left_unfinished(session, self._events.claim())
            pacing.admit(session)  # Slack knows our token: it has just said who we are
        if left:
            log.warning("%s events were left unfinished by the last run; they are worked on now", left)
        for pool in self._pools:
            pool.start()

    def stop(self) -> None:
        """Finish what is under way."""
        self.doors.close()
        for pool in reversed(self._pools):
            pool.stop()

    def _pool(self, name: str, step: Callable[[], float | None], *, size: int = 1) -> Pool:
        return Pool(name, guarded(step, wait=IDLE_SECONDS), size=size)


def is_taken(token: str, *, api_url: str) -> bool:
    """Whether Slack takes a token still. Raises what the client raises where Slack does not say."""
    client = WebClient(token=token, base_url=api_url, timeout=TIMEOUT_SECONDS, retry_handlers=_patience())
    try:
        client.auth_test()
    except SlackApiError as fault:
        if fault.response.get("error") in WORTHLESS:
            return False
        raise
    return True


def _patience() -> list[RetryHandler]:
    """For questions to Slack: work on an event waits for their answers. What is posted has the outbox instead."""
    return [
        ConnectionErrorRetryHandler(max_retry_count=RETRIES),
        RateLimitErrorRetryHandler(max_retry_count=RETRIES),
        ServerErrorRetryHandler(max_retry_count=RETRIES),
    ]


def _identity(client: WebClient, token: str) -> AuthorizeResult:
    """Who the bot is in this workspace."""
    try:
        said = client.auth_test()
    except SlackApiError as fault:
        raise TokenRefused(str(fault.response.get("error", "an unknown error"))) from fault
    except (OSError, SlackClientError) as fault:
        raise SettingsError(
            f"Slack cannot be reached at {client.base_url} ({fault}). Check the network, a proxy, and SLACK_API_URL."
        ) from fault
    return AuthorizeResult.from_auth_test_response(bot_token=token, auth_test_response=said)
