"""Friction, week by week: new tickets with their whole life, and those who join them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.demo.chances import about, overdispersed, stream
from bot.demo.ground import Ex, Ground
from bot.demo.load import Expected, Load
from bot.demo.people import Employee, customer_number
from bot.demo.plants import Kind, Plant
from bot.demo.times import Period, Rhythm, written
from bot.demo.wording import Wording

COLUMNS = (
    "number", "same_as", "reported", "reporter", "role", "place", "words", "kind", "tools", "partner", "touchpoint",
    "minutes", "frequency", "effect", "customer", "status", "acknowledged", "waiting_for", "waiting_from",
    "waiting_until", "resolved", "reopened", "resolved_again", "resolution", "answer", "closed", "still",
)  # fmt: skip
# So much of what is reported is a me-too, where there is an open ticket of the last so many days to join.
_JOINED, _JOINED_WITHIN = 0.6, timedelta(days=30)
_EFFECTS = ("none", "waited", "repeated_info", "wrong_info", "charged_wrong")
_QUIET_EFFECTS = (60, 22, 10, 6, 2)
_TWICE_EFFECTS = (15, 45, 20, 5, 15)
_ENDS = ("fixed", "workaround_published", "training_given", "not_reproducible", "by_design")
_OFTEN = {Kind.DOUBLE_ENTRY: "per_customer", Kind.SILENT_COST: "daily", Kind.SLOW_TOOL: "daily"}
_ANSWERS = {
    "fixed": "The fault was found and mended.",
    "workaround_published": "The way around it is on the page of the tool now.",
    "training_given": "We went through it with the team.",
    "not_reproducible": "We could not make it happen again.",
    "by_design": "It has to be like this because of the law.",
    "partner_fixed": "The partner has put it right.",
}
_NOON_SHARE = 0.75
_FIXED = frozenset({Kind.FIX_WORKED, Kind.FIX_FAILED})
# What is filed shortly before a fix waits for it; what was filed earlier was got around somehow.
_WAITS_FOR_FIX = timedelta(days=42)
_DAY = timedelta(days=1)


@dataclass(slots=True)
class _Open:
    """A ticket that may be joined, until it ends."""

    number: str
    filed: datetime
    ends: datetime | None
    reporters: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Wronged:
    """A customer who stood there while an employee struggled, and what they will complain about."""

    customer: int
    at: datetime
    cx: str
    plant: Plant


class Friction:
    """Rows of one company; `wronged` are the customers of the week that was made last."""

    def __init__(
        self,
        ground: Ground,
        load: Load,
        staff: list[Employee],
        wording: Wording,
        period: Period,
        seed: str,
        *,
        customers: int,
    ) -> None:
        self._chance = stream(f"{seed}/friction")
        self._ground, self._load, self._wording, self._period = ground, load, wording, period
        self._end = period.begins(period.weeks)
        self._customers = customers
        self._people = {id_: _people_of(one, staff) for id_, one in ground.ex.items()}
        self._rhythm, self._noon = Rhythm("work"), Rhythm("noon")
        self._open: dict[str, list[_Open]] = {id_: [] for id_ in ground.ex}
        self._tickets = self._reports = 0
        self.wronged: list[Wronged] = []

    @property
    def tickets(self) -> int:
        return self._tickets

    @property
    def reports(self) -> int:
        return self._reports

    def week(self, week: int) -> Iterator[tuple[str, ...]]:
        """The rows of a week in the order of time."""
        self.wronged = []
        monday = self._period.monday(week)
        due: list[tuple[datetime, int, str, Expected]] = []
        for id_ in self._ground.ex:
            expected = self._load.reports(id_, week)
            for _ in range(overdispersed(self._chance, expected.mean, expected.size)):
                noon = expected.plant is not None and expected.plant.kind is Kind.NOON
                rhythm = self._noon if noon and self._chance.random() < _NOON_SHARE else self._rhythm
                due.append((rhythm.moment(self._chance, monday), len(due), id_, expected))
        for at, _, id_, expected in sorted(due, key=lambda one: one[:2]):
            yield self._row(at, self._ground.ex[id_], expected)

    def _row(self, at: datetime, ex: Ex, expected: Expected) -> tuple[str, ...]:
        chance, plant = self._chance, expected.plant
        who = chance.choice(self._people[ex.id])
        joined = self._joined(at, ex.id, who)
        self._reports += 1
        number = f"R-{self._reports:06}" if joined else f"T-{self._tickets + 1:06}"
        said = self._said(at, ex, plant)
        if plant is not None:
            plant.rows["reports"].append(number)
        if joined is not None:
            joined.reporters.add(who.email)
            still = self._still(plant, joined.ends)
            words = self._words(ex, plant) if chance.random() < 0.5 else ""  # noqa: PLR2004 - half say nothing more
            return (number, joined.number, *_who(at, who), words, *_THEIRS, *said, *_NO_LIFE, still)
        self._tickets += 1
        life = self._life(at, plant)
        self._open[ex.id].append(_Open(number, at, life.ends, {who.email}))
        if plant is not None:
            plant.rows["tickets"].append(number)
        still = self._still(plant, life.resolved)
        words = self._words(ex, plant)
        return (number, "", *_who(at, who), words, *self._subject(ex, plant), *said, *life.cells(), still)

    def _joined(self, at: datetime, ex: str, who: Employee) -> _Open | None:
        mine = [
            one for one in self._open[ex] if at - one.filed < _JOINED_WITHIN and (one.ends is None or one.ends > at)
        ]
        self._open[ex] = mine
        able = [one for one in mine if who.email not in one.reporters]
        return self._chance.choice(able) if able and self._chance.random() < _JOINED else None

    def _words(self, ex: Ex, plant: Plant | None) -> str:
        chance, kind = self._chance, plant.kind if plant else None
        own = chance.random() < 0.6  # noqa: PLR2004 - the rest is what is said there anyway
        if plant is not None and own and kind is Kind.DOUBLE_ENTRY:
            return self._wording.twice(chance, plant.item, plant.tools)
        if plant is not None and own and kind is Kind.SLOW_TOOL:
            return self._wording.slow(chance, plant.tools[0])
        if plant is not None and own and kind is Kind.PARTNER_DELAY:
            return self._wording.late(chance, plant.partner)
        return self._wording.friction(chance, ex.id)

    def _said(self, at: datetime, ex: Ex, plant: Plant | None) -> tuple[str, str, str, str]:
        """Minutes, how often, what it did to the customer, and which customer that was."""
        chance, kind = self._chance, plant.kind if plant else None
        twice = kind is Kind.DOUBLE_ENTRY
        minutes = about(chance, plant.sizes["minutes"] if plant and kind is Kind.SILENT_COST else 4.0, 0.35)
        effect = "none"
        if ex.serves and kind is not Kind.SILENT_COST:
            effect = chance.choices(_EFFECTS, _TWICE_EFFECTS if twice else _QUIET_EFFECTS)[0]
        customer = ""
        if ex.serves and chance.random() < (0.6 if twice else 0.15):
            number = chance.randrange(1, self._customers + 1)
            customer = customer_number(number)
            if twice and plant is not None:
                self.wronged.append(Wronged(number, at, chance.choice(ex.serves), plant))
        often = _OFTEN.get(kind, "weekly") if kind else chance.choices(("once", "weekly", "monthly"), (3, 5, 2))[0]
        return str(max(1, round(minutes))), often, effect, customer

    def _life(self, at: datetime, plant: Plant | None) -> "_Life":
        """What is known of it by the end; what comes later is not written."""
        chance, kind = self._chance, plant.kind if plant else None
        acknowledged = at + timedelta(hours=about(chance, 5, 0.9))
        waits, since, until = "", None, None
        working = timedelta(days=about(chance, 4, 0.8)) + timedelta(hours=2)
        late = kind is Kind.PARTNER_DELAY and chance.random() < 0.85  # noqa: PLR2004 - most of them
        if late or chance.random() < 0.12:  # noqa: PLR2004 - now and then somebody is asked
            waits = "partner" if late else "reporter"
            since = acknowledged + timedelta(hours=about(chance, 6, 0.6))
            days = plant.sizes["days"] if late and plant else 1.2
            until = since + timedelta(days=about(chance, days, 0.35))
            working += until - acknowledged
        resolved = acknowledged + working
        reopened = again = None
        if plant and kind in _FIXED and timedelta() < self._fix_of(plant) - at < _WAITS_FOR_FIX:
            waits, since, until = "", None, None
            acknowledged = min(acknowledged, self._fix_of(plant) - timedelta(hours=1))
            acknowledged = max(acknowledged, at)
            resolved = self._fix_of(plant) + timedelta(minutes=chance.randrange(240))
        fixed = plant is not None and kind in _FIXED and resolved >= self._fix_of(plant)
        failed = fixed and kind is Kind.FIX_FAILED
        if chance.random() < (0.4 if failed else 0.03):
            reopened = resolved + timedelta(days=about(chance, 4, 0.4))
            again = reopened + timedelta(days=about(chance, 9, 0.6))
        code = chance.choices(_ENDS, (55, 15, 10, 10, 10))[0]
        if kind in _FIXED:
            code = "fixed" if fixed else "workaround_published"
        code = "partner_fixed" if late else code
        last = again or resolved
        closed = last + timedelta(days=about(chance, 6, 0.2))
        told = _Life(acknowledged, waits, since, until, resolved, reopened, again, closed, code)
        return told.known_by(self._end)

    def _fix_of(self, plant: Plant) -> datetime:
        return self._period.begins(plant.first) + timedelta(hours=9)

    def _still(self, plant: Plant | None, resolved: datetime | None) -> str:
        """Whether it still happens, as somebody says once it was resolved; most say nothing."""
        if resolved is None or self._chance.random() > 0.4:  # noqa: PLR2004 - who answers
            return ""
        failed = plant is not None and plant.kind is Kind.FIX_FAILED
        return "yes" if self._chance.random() < (0.7 if failed else 0.1) else "no"

    def _subject(self, ex: Ex, plant: Plant | None) -> tuple[str, str, str, str]:
        """Kind, tools, partner and touchpoint."""
        kind = _KINDS.get(plant.kind, "") if plant else ""
        tools = plant.tools if plant and plant.tools else ex.tools[:1]
        partner = plant.partner if plant else (ex.partners[0] if ex.partners else "")
        return kind or self._wording.kinds[ex.id], "; ".join(tools), partner, ex.id


_KINDS = {Kind.DOUBLE_ENTRY: "duplicate_entry", Kind.SLOW_TOOL: "slow", Kind.PARTNER_DELAY: "partner_delay"}


@dataclass(frozen=True, slots=True)
class _Life:
    """None where it has not happened by the end."""

    acknowledged: datetime | None = None
    waits: str = ""
    since: datetime | None = None
    until: datetime | None = None
    resolved: datetime | None = None
    reopened: datetime | None = None
    again: datetime | None = None
    closed: datetime | None = None
    code: str = ""

    @property
    def ends(self) -> datetime | None:
        """When nobody can join it any more."""
        return self.resolved

    @property
    def status(self) -> str:
        if self.closed:
            return "closed"
        if self.again or (self.resolved and not self.reopened):
            return "resolved"
        if self.reopened:
            return "in_progress"
        if self.since and not self.until:
            return f"waiting_{self.waits}"
        return "in_progress" if self.since else "acknowledged" if self.acknowledged else "new"

    def known_by(self, end: datetime) -> "_Life":
        """What is later has not happened yet."""

        def by_then(at: datetime | None) -> datetime | None:
            return at if at is not None and at < end else None

        return _Life(
            by_then(self.acknowledged),
            self.waits if by_then(self.since) else "",
            by_then(self.since),
            by_then(self.until),
            by_then(self.resolved),
            by_then(self.reopened),
            by_then(self.again),
            by_then(self.closed),
            self.code if by_then(self.resolved) else "",
        )

    def cells(self) -> tuple[str, ...]:
        times = (self.resolved, self.reopened, self.again)
        return (
            self.status, written(self.acknowledged), self.waits, written(self.since), written(self.until),
            *map(written, times), self.code, _ANSWERS.get(self.code, ""), written(self.closed),
        )  # fmt: skip


# Of whoever joins: what it is about and its life are the ticket's.
_THEIRS, _NO_LIFE = ("",) * 4, ("",) * 11


def _who(at: datetime, who: Employee) -> tuple[str, str, str, str]:
    return written(at), who.email, who.roles[0], who.place


def _people_of(one: Ex, staff: list[Employee]) -> list[Employee]:
    return [each for each in staff if set(each.roles) & set(one.roles)] or staff
