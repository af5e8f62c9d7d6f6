"""Builds everything once, from settings to a running bot. The only wiring."""

import logging
import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
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
from sqlalchemy.exc import DBAPIError

from bot import golden, inbox, migrations, pacing, personal, postgresql, readiness, requests, suggestions
from bot.assistant import Assistant
from bot.channels import settings_of
from bot.curation import Curator
from bot.database import Database, open_database
from bot.deadletters import DeadLetters
from bot.editorial import Editor
from bot.errors import AlreadyRunning, RolledBack, SettingsError
from bot.golden import GoldenQuestion
from bot.handlers import doors as forms
from bot.handlers import register
from bot.handlers.addressees import Addressees
from bot.handlers.arrival import Arrival
from bot.handlers.ask import Ask
from bot.handlers.ask_human import AskHuman
from bot.handlers.border import Border, guarded
from bot.handlers.channels import SlackChannels
from bot.handlers.delivery import TIMEOUT_SECONDS, Delivery
from bot.handlers.directory import SlackDirectory
from bot.handlers.doors import Doors
from bot.handlers.feedback import Feedback
from bot.handlers.friction import Friction
from bot.handlers.home import RECENT, Home
from bot.handlers.http import HttpServer
from bot.handlers.human_replies import HumanReplies
from bot.handlers.knowledge import Knowledge
from bot.handlers.membership import Changes, Membership
from bot.handlers.objections import Objections
from bot.handlers.optional_calls import OptionalCalls
from bot.handlers.page_proposals import PageProposals
from bot.handlers.presence import TIMEOUT_SECONDS as AT_MOST
from bot.handlers.presence import Presence
from bot.handlers.reminding import Reminding
from bot.handlers.routing import Router
from bot.handlers.share import Share
from bot.handlers.sockets import Connection, SocketMode
from bot.handlers.strict import StrictApp
from bot.handlers.surfaces import Forms, Surface
from bot.handlers.throughline import Throughline
from bot.handlers.turns import Turnstile, WaitingLine
from bot.handlers.welcome import Welcome
from bot.jobs import COURIERS, IDLE_SECONDS, WORKERS, Housekeeping, InboxWork, LeaseKeeping, OutboxWork, Pool
from bot.leases import Hands, replica_in
from bot.people import Directory, Owners, Person, load_directory, load_owners
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Library
from bot.retrieval.pages import pages_in
from bot.retrieval.reindexing import Plan, Report, Step
from bot.settings import Settings
from bot.slack_settings import SlackOverHttp, SlackTokens
from bot.summaries import knowledge, personal_lists
from bot.summaries.summary import Summary
from bot.throttle import Limits
from bot.verdicts import Verdicts

log = logging.getLogger(__name__)

# One covers the other while Slack refreshes it, which takes half a second every few hours.
CONNECTIONS = 2
# Each time as long as Slack says, or a little longer than the last time.
RETRIES = 3


@dataclass(frozen=True, slots=True)
class House:
    """Everything below Slack, built from the settings."""

    settings: Settings
    database: Database
    library: Library
    assistant: Assistant
    directory: Directory
    owners: Owners
    curator: Curator
    dead_letters: DeadLetters

    def reindex(
        self, folder: Path, progress: Callable[[Step], None] = lambda _step: None, *, margin: float | None = None
    ) -> Report:
        """Make a folder the live knowledge, if it passes its golden questions; one reindex at a time on one database.

        `margin`: the share of the golden questions that it may lose, else as set; with 1 everything is accepted, also
        what was rolled back before. Raises `RolledBack` for that otherwise.
        """
        with self._only_reindex():
            return self._reindex(folder, progress, margin)

    @contextmanager
    def reindexing(self) -> Iterator[Callable[[Path], Report]]:
        """Nobody else reindexes meanwhile; what it gives makes a folder the live knowledge, as `reindex` does.

        Raises `AlreadyRunning` where somebody does.
        """
        with self._only_reindex():
            yield self._reindex

    @property
    def editor(self) -> Editor:
        return Editor(self.database, self.library, self.owners, alone=self.reindexing)

    def _reindex(
        self, folder: Path, progress: Callable[[Step], None] = lambda _step: None, margin: float | None = None
    ) -> Report:
        allowed = self.settings.golden_margin if margin is None else margin
        now = datetime.now(UTC)
        questions = golden.read(folder / golden.FILE, self.directory)
        planned = self._planned(folder, questions, progress)
        left = self.library.was_rolled_back(planned)
        if left and allowed < 1:
            raise RolledBack(
                f"These are the very pages of {left:%Y-%m-%d %H:%M} UTC that were rolled back, so the state before "
                "them stays live. Mend the pages, or run `throughline reindex --accept` to take them all the same."
            )
        return self.library.carry_out(
            planned,
            examine=golden.examiner(questions, margin=allowed, today=now.date(), progress=progress),
            now=now,
            progress=progress,
        )

    def plan(self, folder: Path, progress: Callable[[Step], None] = lambda _step: None) -> Report:
        """What a reindex of a folder would do; nothing is written."""
        return self._planned(folder, golden.read(folder / golden.FILE, self.directory), progress).report

    def _planned(self, folder: Path, questions: Sequence[GoldenQuestion], progress: Callable[[Step], None]) -> Plan:
        return self.library.plan(
            pages_in(folder), folder=str(folder), golden=golden.digest_of(questions), progress=progress
        )

    @contextmanager
    def _only_reindex(self) -> Iterator[None]:
        what, remedy = "A reindex is under way", "Wait until it is done."
        with _locked(self.settings.data_dir / "reindex.lock", what, remedy):
            if not self.database.on_server:
                yield
                return
            with postgresql.alone(self.database.engine, "reindex") as first:
                if not first:
                    raise AlreadyRunning(f"{what}. {remedy}")
                yield


def build(settings: Settings) -> House:
    """Open the database, bring its tables up to date, and put the rooms together. Loads no model yet."""
    directory = load_directory(settings.config / "people.yaml")
    owners = load_owners(settings.config / "owners.yaml")
    database = open_store(settings)
    library = Library(database, Embedder(settings.model, cache=settings.models))
    curator = Curator(database, library, owners)
    assistant = Assistant(library, owners)
    return House(settings, database, library, assistant, directory, owners, curator, DeadLetters(database))


def open_store(settings: Settings) -> Database:
    """The database with its newest tables.

    Raises `SettingsError` where the data folder cannot be written, `DatabaseUnavailable` where the server refuses us.
    """
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as fault:
        raise SettingsError(
            f"The data folder {settings.data_dir} cannot be made ({fault.strerror}). Set DATA_DIR to one that can."
        ) from fault
    database = open_database(settings.database_url)
    try:
        migrations.upgrade(database.engine)
    except DBAPIError as fault:
        database.close()
        if database.on_server:
            raise postgresql.unavailable(settings.database_shown, fault) from fault
        raise
    return database


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Holds the data folder: a second bot on it would answer every question twice."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(
        settings.data_dir / "run.lock",
        f"Throughline already runs on {settings.data_dir}",
        "Stop it, or set DATA_DIR to another folder for a second one.",
    ):
        yield


@contextmanager
def _locked(file: Path, what: str, remedy: str) -> Iterator[None]:
    lock = FileLock(file)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise AlreadyRunning(f"{what}. {remedy}") from None
    except OSError as fault:
        raise SettingsError(
            f"The data folder {file.parent} cannot be written ({fault.strerror}). Give this user the right to, free "
            "some space, or set DATA_DIR to another one."
        ) from fault
    try:
        yield
    finally:
        lock.release()


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
        self._doors = _doors(house.database, surfaces, token=tokens.bot, api_url=api_url)
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


def surfaces_of(
    house: House,
    people: SlackDirectory,
    presence: Presence,
    *,
    channels: SlackChannels,
    bot: str,
    wake: Callable[[], None],
) -> Sequence[Surface]:
    """Everything that people can do with the bot; the first that knows a request takes it."""
    zone = house.settings.timezone
    suggest = partial(_suggested, house)
    verdicts = Verdicts(house.database, house.library, house.owners)
    addressees = Addressees(channels, people, people=house.directory)
    welcome = Welcome(house.database, people, presence, bot=bot, suggest=suggest)
    return (
        *_asking_people(house, people, channels, bot=bot),  # before a question: replies in the threads of their cards
        Ask(
            house.database,
            house.assistant,
            people,
            bot=bot,
            names_a_customer=personal.names_a_customer,
            welcome=welcome.greet,
            presence=presence,
            zone=zone,
        ),
        Feedback(house.database, verdicts),
        Objections(house.database, verdicts, house.library, people, addressees, mask=personal.masked, zone=zone),
        Share(house.database, house.assistant, people, mask=personal.masked, zone=zone),
        welcome,  # before Membership: where the bot itself comes in, it says hello
        Membership(house.database),
        Friction(house.database),
        Home(
            house.database,
            house.library,
            house.curator,
            people,
            owners=house.owners,
            suggest=suggest,
            parts=[partial(_requests, house, people), partial(_undelivered, house)],
            zone=zone,
        ),
        Throughline(house.database, house.library, people, owners=house.owners, zone=zone),
        Knowledge(
            house.database,
            house.curator,
            house.assistant,
            people,
            dead_letters=house.dead_letters,
            editor=house.editor,
            directory=house.directory,
            owners=house.owners,
            reindex=partial(house.reindex, house.settings.knowledge),
            wake=wake,
            zone=zone,
        ),
    )


def _requests(house: House, people: SlackDirectory, person: Person, _now: datetime) -> list[Summary]:
    """On somebody's Home: what they asked people, and what people ask of their teams."""
    zone = house.settings.timezone
    teams = house.owners.teams_of(people.address(person.id))
    with house.database.reading() as session:
        made = requests.of_asker(session, person.id, limit=RECENT)
        waiting = [one for team in sorted(teams) for one in requests.open_for(session, team)]
    parts = [personal_lists.requests_made(made, zone=zone)] if made else []
    return [*parts, *([personal_lists.requests_waiting(waiting, zone=zone)] if waiting else [])]


def _undelivered(house: House, person: Person, now: datetime) -> list[Summary]:
    """On an admin's Home: what Slack did not take, where there is any."""
    if not person.admin or not (letters := house.dead_letters.letters(by=person)):
        return []
    standing = house.dead_letters.deliveries(by=person, now=now)
    return [knowledge.undelivered(standing, letters, zone=house.settings.timezone)]


def _asking_people(house: House, people: SlackDirectory, channels: SlackChannels, *, bot: str) -> Sequence[Surface]:
    zone = house.settings.timezone
    router = Router(
        channels, people, people=house.directory, owners=house.owners, escalation=partial(_escalation, house)
    )
    return (
        HumanReplies(house.database, people, owners=house.owners, mask=personal.masked, bot=bot),
        AskHuman(
            house.database, house.library, people, router, people=house.directory, mask=personal.masked, zone=zone
        ),
        PageProposals(
            house.database,
            house.library,
            people,
            house.editor,
            people=house.directory,
            owners=house.owners,
            mask=personal.masked,
            zone=zone,
        ),
    )


def _escalation(house: House, channel: str) -> str:
    """The channel where people are asked about what is asked in a channel, "" for the owners of the pages."""
    with house.database.reading() as session:
        return settings_of(session, channel).escalation


def _suggested(house: House, person: Person) -> list[str]:
    """Questions to try, for somebody; none where the knowledge has no questions of its own."""
    questions = golden.read(house.settings.knowledge / golden.FILE, house.directory)
    today = datetime.now(house.settings.timezone).date()
    return suggestions.for_person(person, questions, library=house.library, today=today)


def _doors(database: Database, surfaces: Sequence[Surface], *, token: str, api_url: str) -> Doors:
    asking = [surface for surface in surfaces if isinstance(surface, Forms)]
    return Doors(
        database,
        WebClient(token=token, base_url=api_url, timeout=forms.TIMEOUT_SECONDS),
        opens={name: opens for surface in asking for name, opens in surface.opens.items()},
        checks={name: check for surface in asking for name, check in surface.checks.items()},
    )


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
