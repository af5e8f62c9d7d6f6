"""The house below Slack, built once from the settings."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from sqlalchemy.exc import DBAPIError

from bot import copies, golden, migrations, postgresql  # noqa: F401 - whoever opens the database knows all its tables
from bot.assistant import Assistant
from bot.curation import Curator
from bot.customers.story import due
from bot.customers.tracks import rules
from bot.customers.tracks.book import TrackBook
from bot.database import Database, open_database
from bot.deadletters import DeadLetters
from bot.editorial import Editor
from bot.erasure import tables as erasure_tables  # noqa: F401 - as above
from bot.errors import AlreadyRunning, RolledBack, SettingsError
from bot.friction import promised
from bot.friction.clocks import Clocks
from bot.friction.colleagues import Colleagues
from bot.friction.desk import Desk, Reader
from bot.friction.intake import Intake
from bot.friction.sealing import Sealer
from bot.friction.telling import Teller
from bot.golden import GoldenQuestion
from bot.noticing.snapshots import Snapshots
from bot.people import Directory, Owners, load_directory, load_owners
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Library
from bot.retrieval.pages import pages_in
from bot.retrieval.reindexing import Plan, Problem, Report, Step
from bot.routing import reading as route_reading
from bot.routing.router import Router
from bot.settings import Settings
from bot.steering import tables as steering_tables  # noqa: F401 - as above
from bot.summaries.knowledge import reindexed
from bot.summaries.summary import as_value
from bot.touchpoints import FILE as MAP_FILE
from bot.touchpoints import MapFaulty, TouchpointMap, goals, load_map, telling, versions
from bot.touchpoints.book import MapBook
from bot.touchpoints.identity import Former
from bot.touchpoints.versions import Taken
from bot.underway import Telling, Underway

log = logging.getLogger(__name__)


class Ended(Protocol):
    """Notes what came of a reindex."""

    def __call__(self, *, outcome: Mapping[str, object]) -> None: ...


def _silent(_step: Step) -> None:
    """Nobody watches."""


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
    tracks: TrackBook
    touchpoints: MapBook
    friction: Desk
    snapshots: Snapshots = field(default_factory=Snapshots)

    def reindex(
        self, folder: Path, progress: Callable[[Step], None] = _silent, *, margin: float | None = None
    ) -> Report:
        """Make a folder the live knowledge, if it passes its golden questions; one reindex at a time on one database.

        `margin`: the share of the golden questions that it may lose, else as set; with 1 everything is accepted, also
        what was rolled back before. Raises `RolledBack` for that otherwise.
        """
        with self._only_reindex(), self.underway.telling() as told:
            return self._reindex(folder, _both(progress, told), margin, ended=told.end)

    @contextmanager
    def reindexing(self) -> Iterator[Callable[[Path], Report]]:
        """Nobody else reindexes meanwhile; what it gives makes a folder the live knowledge, as `reindex` does.

        Raises `AlreadyRunning` where somebody does.
        """
        with self._only_reindex(), self.underway.telling() as told:
            yield lambda folder: self._reindex(folder, _both(_silent, told), ended=told.end)

    @property
    def underway(self) -> Underway:
        """How far a reindex is that somebody began on this data folder."""
        return Underway(self.settings.data_dir, "reindex")

    def warm_up(self) -> None:
        """Load what the first question, card and report would wait for. Raises `IndexMissing`."""
        self.library.warm_up()
        due.warm_up()
        self.friction.warm_up()

    def of(self, workspace: str) -> "House":
        """The same house for one workspace of Slack's: what was said there stays there; the knowledge is everyone's."""
        database = self.database.of(workspace)
        friction = replace(self.friction, database=database)
        return replace(self, database=database, dead_letters=DeadLetters(database), friction=friction)

    @property
    def editor(self) -> Editor:
        return Editor(self.database, self.library, self.owners, alone=self.reindexing)

    def _reindex(
        self, folder: Path, progress: Callable[[Step], None], margin: float | None = None, *, ended: Ended
    ) -> Report:
        start = time.monotonic()
        report = self._carried_out(folder, progress, margin)
        ended(outcome=as_value(reindexed(report, seconds=time.monotonic() - start)))
        return report

    def _carried_out(self, folder: Path, progress: Callable[[Step], None], margin: float | None) -> Report:
        allowed = self.settings.golden_margin if margin is None else margin
        now = datetime.now(UTC)
        questions = golden.read(folder / golden.FILE, self.directory)
        planned, map_ = self._planned(folder, questions, progress)
        left = self.library.was_rolled_back(planned)
        if left and allowed < 1:
            raise RolledBack(
                f"These are the very pages of {left:%Y-%m-%d %H:%M} UTC that were rolled back, so the state before "
                "them stays live. Mend the pages, or run `throughline reindex --accept` to take them all the same."
            )
        report = self.library.carry_out(
            planned,
            examine=golden.examiner(questions, margin=allowed, today=now.date(), progress=progress),
            now=now,
            progress=progress,
        )
        if self._is_knowledge(folder):
            self.take_map(map_, now=now)
        return report

    def take_map(self, map_: TouchpointMap, *, now: datetime) -> Taken:
        """Make a map the newest version, if it says something else; what it brought."""
        with self.database.writing.begin() as session:
            return versions.take(session, map_, now=now)

    def plan(self, folder: Path, progress: Callable[[Step], None] = _silent) -> Report:
        """What a reindex of a folder would do; nothing is written."""
        return self._planned(folder, golden.read(folder / golden.FILE, self.directory), progress)[0].report

    def _planned(
        self, folder: Path, questions: Sequence[GoldenQuestion], progress: Callable[[Step], None]
    ) -> tuple[Plan, TouchpointMap]:
        """The map is empty where there is none, or where it is faulty."""
        planned = self.library.plan(
            pages_in(folder), folder=str(folder), golden=golden.digest_of(questions), progress=progress
        )
        # The pages can do without tracks, map and goals; who works by them hears of a slip here.
        slips: list[Problem] = []
        map_ = self._map_in(folder, slips)
        brought = self._brought_by(map_) if self._is_knowledge(folder) else ()
        report = replace(planned.report, remarks=(*planned.report.remarks, *slips), map_changes=brought)
        return replace(planned, report=report), map_

    def _brought_by(self, map_: TouchpointMap) -> tuple[str, ...]:
        """Of the first map everything is new, so it is only counted."""
        with self.database.reading() as session:
            if map_ and not versions.current(session):
                return (f"first version: {telling.counted(map_)}",)
            return tuple(change.told for change in versions.difference(session, map_))

    def _is_knowledge(self, folder: Path) -> bool:
        """Reports are filed by the map of the knowledge folder, whatever other folder is tried."""
        return folder.resolve() == self.settings.knowledge.resolve()

    def _map_in(self, folder: Path, slips: list[Problem]) -> TouchpointMap:
        """The map of a folder, an empty one where it has a slip; every slip of tracks, map and goals is noted."""
        teams, tracks = self.owners.teams, None
        try:
            tracks = {track.key for track in rules.load_tracks(folder / rules.FILE, teams=teams)}
        except SettingsError as fault:
            slips.append(Problem(rules.FILE, str(fault)))
        try:
            map_ = load_map(
                folder / MAP_FILE,
                teams=teams,
                roles=self.directory.roles,
                tracks=tracks,
                pages=folder,
                former=_former(self.database),
            )
        except SettingsError as fault:
            slips += _told(MAP_FILE, fault)
            return TouchpointMap.empty()
        try:
            goals.load_goals(folder / goals.FILE, map_, teams=teams)
        except SettingsError as fault:
            slips += _told(goals.FILE, fault)
        return map_

    def routing(self) -> AbstractContextManager[None]:
        """Nobody else routes contacts meanwhile. Raises `AlreadyRunning` where somebody does."""
        return self._alone("routing", "Contacts are being routed")

    def renewed_map(self) -> TouchpointMap:
        """The map in use, which is the newest version from now on."""
        map_ = self.touchpoints.map
        with self.database.reading() as session:  # without the writers' turn: mostly nothing changed
            stands = not versions.difference(session, map_)
        if not stands:
            self.take_map(map_, now=datetime.now(UTC))
        return map_

    def route_reader(self, map_: TouchpointMap) -> route_reading.Reader:
        """Reads contacts by this map; loads the model."""
        encoder = self.library.encoder
        return route_reading.Reader(self.database, Router(map_, encoder.encode), encoder)

    def _only_reindex(self) -> AbstractContextManager[None]:
        return self._alone("reindex", "A reindex is under way")

    def importing(self) -> AbstractContextManager[None]:
        """Nobody else imports customers meanwhile. Raises `AlreadyRunning` where somebody does."""
        return self._alone("import", "An import is under way")

    @contextmanager
    def _alone(self, name: str, what: str) -> Iterator[None]:
        remedy = "Wait until it is done."
        with _locked(self.settings.data_dir / f"{name}.lock", what, remedy):
            if not self.database.on_server:
                yield
                return
            with postgresql.alone(self.database.engine, name) as first:
                if not first:
                    raise AlreadyRunning(f"{what}. {remedy}")
                yield


def _told(file: str, fault: SettingsError) -> list[Problem]:
    return [Problem(file, told) for told in (fault.told if isinstance(fault, MapFaulty) else [str(fault)])]


def _both(progress: Callable[[Step], None], told: Telling) -> Callable[[Step], None]:
    def step(at: Step) -> None:
        told.step(at.phase, at.done, at.total)
        progress(at)

    return step


def build(settings: Settings, encoder: Embedder | None = None) -> House:
    """Open the database, bring its tables up to date, and put the rooms together. Loads no model yet.

    `encoder` is the model of the settings where it is loaded already.
    """
    directory = load_directory(settings.config / "people.yaml")
    owners = load_owners(settings.config / "owners.yaml")
    database = open_store(settings)
    library = Library(database, encoder or Embedder(settings.model, cache=settings.models))
    curator = Curator(database, library, owners)
    tracks = TrackBook(settings.knowledge / rules.FILE, teams=owners.teams)
    map_ = MapBook(
        settings.knowledge / MAP_FILE,
        teams=owners.teams,
        roles=directory.roles,
        tracks=partial(rules.keys_in, settings.knowledge / rules.FILE, teams=owners.teams),
        former=partial(_former, database),
    )
    colleagues = Colleagues(database, lambda: map_.map, model=lambda: library.encoder.identity)
    assistant = Assistant(library, owners, colleagues)
    desk = Desk(
        database,
        Reader(lambda: map_.map, partial(_intake, library, directory)),
        Sealer.of(settings.reporter_key, settings.data_dir),
        Teller(lambda: map_.map, owners, partial(directory.calendar, zone=settings.timezone)),
        _clocks(settings, directory, owners),
    )
    return House(
        settings, database, library, assistant, directory, owners, curator, DeadLetters(database), tracks, map_, desk
    )


def _former(database: Database) -> Mapping[str, Former]:
    with database.reading() as session:
        return versions.former(session)


def _clocks(settings: Settings, directory: Directory, owners: Owners) -> Clocks:
    """Each team keeps its promises in the hours of the place where most of its people work."""
    calendars = {
        key: directory.calendar(directory.place_of(team), zone=settings.timezone) for key, team in owners.teams.items()
    }
    usual = directory.calendar("", zone=settings.timezone)
    return Clocks(promised.load_promises(settings.config / promised.FILE), calendars, usual)


def _intake(library: Library, directory: Directory, map_: TouchpointMap) -> Intake:
    """What reports are read by, with this map."""
    encoder = library.encoder
    return Intake(
        map_,
        encoder.encode,
        model=encoder.identity,
        known=[member.name for member in directory.roster],
        places=dict(directory.places),
    )


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
