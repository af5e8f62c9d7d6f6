"""Contacts of customers, week by week, and the surveys that some of them answer."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.demo.chances import about, overdispersed, stream
from bot.demo.ground import Cx, Ground
from bot.demo.load import Load
from bot.demo.people import SHOPS, customer_number
from bot.demo.plants import Kind, Plant, Sites
from bot.demo.tickets import Wronged
from bot.demo.times import Period, Rhythm, written
from bot.demo.wording import Wording

COLUMNS = ("id", "at", "customer", "channel", "text", "outcome", "team", "place", "transfers")
SURVEY_COLUMNS = ("id", "answered", "customer", "question", "score", "comment", "contact")
# What people write themselves comes as JSON lines, the rest as CSV.
WRITTEN = frozenset({"chat", "email", "social"})
_TEAMS = {"store": "Shops", "phone": "Hotline", "chat": "Chat team", "email": "Mail team", "social": "Social team"}
# Of the customers of whom a clerk typed everything twice so many complain, within so many days.
_COMPLAINS, _WITHIN_DAYS = 0.6, (1.0, 12.0)
_REPEATS, _REPEATS_WITHIN_DAYS = 0.06, (0.5, 13.5)
_ANSWERS, _RECOMMENDS = 0.22, 0.02
_NOON_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Contact:
    """`plant` is the one that it belongs to; `repeats` is how likely the same customer comes back about it."""

    customer: int
    at: datetime
    cx: Cx
    complaint: bool
    plant: Plant | None = None
    repeats: float = 0.0


@dataclass(frozen=True, slots=True)
class Survey:
    """An answer; `cx` is None where it is about everything."""

    customer: int
    at: datetime
    cx: Cx | None
    score: int
    contact: str


class Contacts:
    """Rows of one company in the order of time."""

    def __init__(
        self, ground: Ground, sites: Sites, load: Load, wording: Wording, period: Period, seed: str, *, customers: int
    ) -> None:
        self._chance = stream(f"{seed}/contacts")
        self._ground, self._sites, self._load, self._wording, self._period = ground, sites, load, wording, period
        self._customers = customers
        self._before = frozenset(sites[Kind.FRONT_LOADED].cx)
        self._rhythms = {one.channel: Rhythm(one.channel) for one in ground.cx.values()} | {"noon": Rhythm("noon")}
        self._pending: list[tuple[datetime, int, Contact]] = []
        self._answers: list[tuple[datetime, int, Survey]] = []
        self._made = 0
        self.contacts = self.surveys = 0

    def week(self, week: int, wronged: Iterable[Wronged]) -> Iterator[tuple[str, Contact, tuple[str, ...]]]:
        """The id, the contact and its cells, of everything until the week is over."""
        for cx in self._ground.cx.values():
            for complaint in (False, True):
                self._expect(cx, week, complaint=complaint)
        for one in wronged:
            if self._chance.random() < _COMPLAINS:
                at = one.at + timedelta(days=self._chance.uniform(*_WITHIN_DAYS))
                self._push(self._complaint_of(one.customer, at, self._ground.cx[one.cx], one.plant))
        over = self._period.begins(week + 1)
        while self._pending and self._pending[0][0] < over:
            yield self._said(heapq.heappop(self._pending)[2])

    def answers(self, week: int) -> Iterator[tuple[str, Survey, tuple[str, ...]]]:
        """The surveys that came back until the week is over."""
        over = self._period.begins(week + 1)
        while self._answers and self._answers[0][0] < over:
            one = heapq.heappop(self._answers)[2]
            self.surveys += 1
            number = f"s-{self.surveys:07}"
            most = 5 if one.cx else 10
            question = f"How satisfied were you: {one.cx.name}?" if one.cx else "Would you recommend us to a friend?"
            comment = self._wording.comment(self._chance, one.score) if one.cx else ""
            yield number, one, (
                number, written(one.at), customer_number(one.customer), question, f"{one.score}/{most}", comment,
                one.contact,
            )  # fmt: skip

    def _expect(self, cx: Cx, week: int, *, complaint: bool) -> None:
        chance = self._chance
        expected = (self._load.complaints if complaint else self._load.neutral)(cx.id, week)
        noon = expected.plant is not None and expected.plant.kind is Kind.NOON
        for _ in range(overdispersed(chance, expected.mean, expected.size)):
            rhythm = self._rhythms["noon" if noon and chance.random() < _NOON_SHARE else cx.channel]
            at = rhythm.moment(chance, self._period.monday(week))
            customer = chance.randrange(1, self._customers + 1)
            self._push(
                self._complaint_of(customer, at, cx, expected.plant)
                if complaint
                else Contact(customer, at, cx, complaint=False)
            )

    def _complaint_of(self, customer: int, at: datetime, cx: Cx, plant: Plant | None) -> Contact:
        twice = plant is not None and plant.kind is Kind.DOUBLE_ENTRY
        return Contact(
            customer,
            at,
            cx,
            complaint=True,
            plant=plant,
            repeats=plant.sizes["repeats"] if twice and plant else _REPEATS,
        )

    def _push(self, one: Contact) -> None:
        self._made += 1
        heapq.heappush(self._pending, (one.at, self._made, one))

    def _said(self, one: Contact) -> tuple[str, Contact, tuple[str, ...]]:
        chance, cx = self._chance, one.cx
        self.contacts += 1
        number = f"c-{self.contacts:07}"
        if one.complaint:
            text = self._wording.complaint(chance, cx)
            outcome = chance.choices(("not solved", "call back promised", "solved"), (5, 3, 2))[0]
            transfers = chance.choices(("0", "1", "2", "3"), (60, 25, 10, 5))[0]
        else:
            text, outcome = self._wording.question(chance, cx), "solved"
            transfers = "1" if chance.random() < 0.08 else "0"  # noqa: PLR2004 - some are passed on
        place = chance.choice(SHOPS) if cx.channel == "store" else ""
        self._note(number, one)
        self._follow(number, one)
        return number, one, (
            number, written(one.at), customer_number(one.customer), cx.channel, text, outcome,
            _TEAMS.get(cx.channel, ""), place, transfers,
        )  # fmt: skip

    def _note(self, number: str, one: Contact) -> None:
        if one.plant is not None:
            one.plant.rows["interactions"].append(number)
        surge = self._sites[Kind.SURGE]
        if one.complaint and self._period.begins(surge.first) <= one.at < self._period.begins(surge.last + 1):
            surge.rows["interactions"].append(number)

    def _follow(self, number: str, one: Contact) -> None:
        """A repeated contact, once; an answer to a survey."""
        chance = self._chance
        if one.complaint and chance.random() < one.repeats:
            at = one.at + timedelta(days=chance.uniform(*_REPEATS_WITHIN_DAYS))
            self._push(Contact(one.customer, at, one.cx, complaint=True, plant=one.plant))
        if chance.random() < _ANSWERS:
            at = one.at + timedelta(hours=about(chance, 6, 0.8))
            self._push_survey(Survey(one.customer, at, one.cx, self._score(one), number))
        if chance.random() < _RECOMMENDS:
            at = one.at + timedelta(days=about(chance, 2, 0.5))
            score = min(10, max(0, round(chance.gauss(4 if one.complaint else 8, 2))))
            self._push_survey(Survey(one.customer, at, None, score, number))

    def _push_survey(self, one: Survey) -> None:
        self._made += 1
        heapq.heappush(self._answers, (one.at, self._made, one))

    def _score(self, one: Contact) -> int:
        if one.complaint:
            weights = (28, 34, 22, 12, 4)
        else:
            weights = (1, 2, 7, 30, 60) if one.cx.id in self._before else (2, 5, 13, 40, 40)
        return self._chance.choices((1, 2, 3, 4, 5), weights)[0]
