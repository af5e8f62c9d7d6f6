"""In the bot: contacts that came in since, corrected ones, and those that a new map may move, while people work."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.customers.tables import InteractionRow
from bot.database import Database
from bot.errors import AlreadyRunning
from bot.routing import batches
from bot.routing.reading import Reader
from bot.touchpoints import TouchpointMap

# Of what is there to do little at a time, and as long a rest as that takes: questions are answered meanwhile.
STEP = 200
PAUSE_SECONDS = 0.5
EVERY_SECONDS = 10.0
# A source corrects a text now and then; to look for that reads every row.
LOOK_FOR_CORRECTED = timedelta(hours=1)


class RoutingWork:
    """One step of a worker: routes some contacts, and returns when to look again.

    `renew` makes the map as it is now the newest version and gives it; `reader` is for one map. `alone`: of several
    replicas, and a command beside them, one routes. It raises `AlreadyRunning` where another does.
    """

    def __init__(
        self,
        database: Database,
        renew: Callable[[], TouchpointMap],
        reader: Callable[[TouchpointMap], Reader],
        *,
        alone: Callable[[], AbstractContextManager[None]],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database, self._renew, self._make, self._alone, self._clock = database, renew, reader, alone, clock
        self._map: TouchpointMap | None = None
        self._reader: Reader | None = None
        # What goes over contacts that were routed before, a batch a step.
        self._under_way: Iterator[int] | None = None
        self._looked = datetime.min.replace(tzinfo=UTC)

    def __call__(self) -> float:
        map_ = self._renew()
        with self._database.reading() as session:  # without a model, where there is nothing to route
            if not map_.cx or session.scalar(select(InteractionRow.id).limit(1)) is None:
                return EVERY_SECONDS
        try:
            with self._alone():
                return self._step(map_)
        except AlreadyRunning:
            return EVERY_SECONDS

    def _step(self, map_: TouchpointMap) -> float:
        with self._database.reading() as session:
            waiting = session.scalar(batches.some_new())
            moved = batches.to_bring_up(session)
        now = self._clock()
        look = now - self._looked >= LOOK_FOR_CORRECTED
        if not (waiting or moved or look or self._under_way):
            return EVERY_SECONDS
        reader = self._reader_for(map_)
        if waiting:
            batches.route_new(self._database, reader, limit=STEP)
        elif self._under_way:
            if next(self._under_way, None) is None:
                self._under_way = None
        elif moved:
            self._under_way = batches.route_moved(self._database, reader, map_, now=now, limit=STEP)
        else:
            self._under_way = batches.route_all(self._database, reader, batches.corrected(), limit=STEP)
            self._looked = now
        return PAUSE_SECONDS

    def _reader_for(self, map_: TouchpointMap) -> Reader:
        if self._reader is None or self._map is not map_:
            self._map, self._reader, self._under_way = map_, self._make(map_), None
        return self._reader
