"""A company whose people are asked how easy their tools are, with a clock of the test's."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot import exchanges
from bot.database import Database
from bot.exchanges import Exchange
from bot.handlers.friction.callers import Callers
from bot.handlers.pulses.asking import Asking
from bot.handlers.workspace.directory import SlackDirectory
from bot.people import Directory, Member, Owners
from bot.pulses.asking import handle_of
from bot.pulses.tables import AskedRow
from bot.touchpoints import ExTouchpoint, Step, Tool, TouchpointMap
from bot.working_time import Calendar, Shift
from sqlalchemy import select

from friction.desk import SEALER
from quiet_slack import QuietSlack, Somebody

TEAM, SHOP = "T0", "harbour"
NEW_YORK = ZoneInfo("America/New_York")
SIX = tuple(f"U{number}" for number in range(6))
TOOLS = {"pos": ("shop",), "orion": ("shop", "office"), "keyring": ("shop", "office"), "ledger": ("office",)}
MAP = TouchpointMap(
    {},
    {},
    {id_: Tool(id_, id_.title(), "it") for id_ in TOOLS},
    {},
    {},
    {id_: ExTouchpoint(f"ex.{id_}", id_, roles, "it", (), steps=(Step("work", id_),)) for id_, roles in TOOLS.items()},
)
# Monday to Saturday, ten to six.
HOURS = Calendar((*((Shift(600, 1080),),) * 6, ()))


@dataclass
class Company:
    database: Database
    now: datetime
    slack: QuietSlack = field(default_factory=QuietSlack)

    def __post_init__(self) -> None:
        for user in SIX:
            self.hire(user)
        self.directory = Directory(
            roles={"shop": "", "office": ""},
            places={SHOP: "Harbour"},
            zones={SHOP: NEW_YORK},
            calendars={SHOP: HOURS},
            roster=tuple(Member(user, f"{user}@tidewater.example".lower(), frozenset({"shop"}), SHOP) for user in SIX),
        )
        self.here = self.database.of(TEAM)
        people = SlackDirectory(self.slack, self.directory, team=TEAM)  # type: ignore[arg-type]  # in its place
        self.callers = Callers(people, Owners({}))
        self.step = self.asking()

    def asking(self) -> Asking:
        return Asking(
            self.here,
            self.callers,
            sealer=SEALER,
            directory=self.directory,
            map_=lambda: MAP,
            zone=NEW_YORK,
            clock=lambda: self.now,
        )

    def hire(self, user: str, *, team: str = TEAM, **flags: bool) -> None:
        given = {flag for flag, is_so in flags.items() if is_so}
        self.slack.people[user] = Somebody(user, user, f"{user}@tidewater.example".lower(), team, given)

    def use(self, *users: str, times: int = 3) -> None:
        """Everybody asks something so often, within minutes."""
        with self.here.writing.begin() as session:
            for user in users:
                for minute in range(times):
                    asked = Exchange(user, "D1", "", "how much?", "", False, 1.0, (), 1.0)
                    at = self.now - timedelta(minutes=minute)
                    exchanges.record(session, asked, gap=None, now=at)

    def handle(self, user: str) -> str:
        who = self.callers.reporter(self.callers.person(user), workspace=TEAM)
        return handle_of(who, SEALER)

    def asked(self) -> list[AskedRow]:
        with self.database.reading() as session:
            return list(session.scalars(select(AskedRow).order_by(AskedRow.id)))


def utc(text: str) -> datetime:
    """A moment as clocks in New York show it."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)
