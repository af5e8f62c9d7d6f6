"""Who is asked now: those at work who were here lately, at most once a week, about a tool that their role uses."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from bot import outbox
from bot.database import Database
from bot.errors import PeopleUnknown
from bot.friction.kinds import Privacy
from bot.friction.sealing import Sealer
from bot.friction.suppression import FEWEST
from bot.handlers.friction.callers import Callers
from bot.handlers.pulses import cards
from bot.handlers.pulses.surface import question_value
from bot.outbox import Destination
from bot.people import Directory, Person
from bot.pulses import asking, uses
from bot.pulses.questions import Choice, choose, monday_of, rested
from bot.touchpoints import TouchpointMap
from bot.workspaces import of_session

EVERY_SECONDS = 120.0
# So that a large company is asked over some minutes, and what others wait for goes out in between.
AT_ONCE = 50
# Nothing changes sooner of somebody who cannot be asked now.
_LOOKED_AT_AGAIN = timedelta(minutes=20)
_COUNTED_AGAIN = timedelta(hours=12)


class Asking:
    """One step of a worker: asks whose turn it is, and returns when to look again."""

    def __init__(
        self,
        database: Database,
        callers: Callers,
        *,
        sealer: Sealer,
        directory: Directory,
        map_: Callable[[], TouchpointMap],
        zone: tzinfo | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._callers = callers
        self._sealer = sealer
        self._directory = directory
        self._map = map_
        self._zone = zone
        self._clock = clock
        self._not_before: dict[str, datetime] = {}
        self._counted: tuple[datetime, Counter[str]] | None = None

    def __call__(self) -> float:
        now = self._clock()
        with self._database.reading() as session:
            here = uses.uses(session, self._sealer, now=now)
            closed = uses.closed_for(session, self._sealer, now=now)
        self._not_before = {one: at for one, at in self._not_before.items() if at > now}
        asked = 0
        for user in sorted({*here, *closed} - self._not_before.keys()):
            asked += self._ask(user, here, closed.get(user, ()), now)
            if asked == AT_ONCE:
                break
        return EVERY_SECONDS

    def _ask(self, user: str, here: Mapping[str, Sequence[datetime]], closed: Sequence[str], now: datetime) -> bool:
        """Whether they were asked. Slack is asked who they are before anything is written."""
        self._not_before[user] = now + _LOOKED_AT_AGAIN
        if not closed and len(here.get(user, ())) < uses.FEWEST_USES:
            return False
        try:
            person = self._callers.person(user)
        except PeopleUnknown:  # another one is asked meanwhile
            return False
        calendar = self._directory.calendar(person.place, zone=self._zone)
        if person.outsider or not asking.is_at_work(calendar, now=now):
            return False
        choice = self._choice(person, here, closed, now)
        return choice is not None and self._owe(person, choice, now)

    def _choice(
        self, person: Person, here: Mapping[str, Sequence[datetime]], closed: Sequence[str], now: datetime
    ) -> Choice | None:
        with self._database.reading() as session:
            who = self._callers.reporter(person, workspace=of_session(session))
            handle = asking.handle_of(who, self._sealer)
            before = asking.asked_before(session, handle)
            if asking.is_stopped(session, handle) or not rested(before, now=now):
                return None
        last = max((one.at for one in before), default=datetime.min.replace(tzinfo=UTC))
        is_due = sum(at > last for at in here.get(person.id, ())) >= uses.FEWEST_USES
        people = self._people(here, now) if is_due else Counter[str]()
        return choose(
            before,
            closed=closed,
            tools=[tool for tool in self._tools_of(person) if people[tool] >= FEWEST] if is_due else (),
            recommend=is_due and people[""] >= FEWEST,
            monday=monday_of(now.astimezone(self._zone).date()),
        )

    def _owe(self, person: Person, choice: Choice, now: datetime) -> bool:
        with self._database.writing.begin() as session:
            who = self._callers.reporter(person, workspace=of_session(session))
            found = asking.ask(session, who, choice, sealer=self._sealer, now=now, zone=self._zone)
            if found is None:  # another replica was first, or they stopped it meanwhile
                return False
            outbox.owe(
                session,
                key=f"pulse:{found.number}",
                kind=cards.QUESTION,
                to=Destination(
                    "", only=self._sealer.reached(person.id, Privacy.CONFIDENTIAL), sealed=True, whose=found.handle
                ),
                value=question_value(found, self._map()),
                now=now,
            )
            return True

    def _tools_of(self, person: Person) -> list[str]:
        """Those with which people of these roles work, in the order of the map."""
        map_ = self._map()
        used = {tool for role in person.roles for one in map_.touchpoints_of(role) for tool in one.tools}
        return [tool for tool in map_.tools if tool in used]

    def _people(self, here: Mapping[str, Sequence[datetime]], now: datetime) -> Counter[str]:
        """How many of those who were here lately work with each tool, under "" how many there are.

        Of what fewer than five could be asked about nothing could ever be shown: it would cost their time for nothing.
        """
        if self._counted is None or now - self._counted[0] >= _COUNTED_AGAIN:
            counted = Counter[str]()
            for user in here:
                try:
                    person = self._callers.person(user)
                except PeopleUnknown:
                    continue
                if not person.outsider:
                    counted.update(["", *self._tools_of(person)])
            self._counted = (now, counted)
        return self._counted[1]
