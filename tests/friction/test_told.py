"""Whoever reads every list, filter, sum and export of friction, and subtracts, learns no number of fewer than five."""

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import numpy as np
import pytest
from bot import friction_wording as wording
from bot.database import Database
from bot.friction import acting, export, filing, groups, history, listing, sums, tickets
from bot.friction.acting import Act
from bot.friction.filing import Said, Subject
from bot.friction.groups import By
from bot.friction.kinds import Frequency, Kind, Privacy, Severity
from bot.friction.listing import Asked
from bot.friction.moves import Event
from bot.friction.reporters import Reporter
from bot.friction.roles import Actor
from bot.friction.sums import Counted, Part
from bot.friction.suppression import FEWEST
from bot.friction.tickets import Ticket
from bot.friction.weights import rounded
from bot.touchpoints import TouchpointMap
from scipy.optimize import linprog
from sqlalchemy.orm import Session

from friction.desk import NOW, SEALER

EMPLOYEE = frozenset({"everyone"})
PLACES, TOOLS = ("", "north", "south", "east"), ("orion", "caredesk", "pos")
RUTH = Actor("U0RUTH", "T0", "Ruth", triager=True)
MAP = TouchpointMap({}, {}, {}, {}, {}, {})
PEOPLE, HOURS = "people", "hours"
_numbers = count()

Cell = tuple[int, str]  # a ticket, and a place
Cells = frozenset[Cell]


@dataclass
class Learned:
    """What an attacker writes down: cells of which the sum is known, or lies between two bounds."""

    cells: list[Cell]
    exact: dict[str, dict[Cells, float]] = field(default_factory=lambda: {PEOPLE: {}, HOURS: {}})
    bounds: list[tuple[Cells, float, float]] = field(default_factory=list)

    def of(self, number: int) -> Cells:
        return frozenset(cell for cell in self.cells if cell[0] == number)

    def fixed(self, targets: Iterable[Cells], what: str) -> set[Cells]:
        """The sums that have one value in everything that agrees with what was learned."""
        place = {cell: number for number, cell in enumerate(self.cells)}

        def row(cells: Cells) -> np.ndarray:
            line = np.zeros(len(place))
            line[[place[cell] for cell in cells]] = 1
            return line

        known = self.exact[what]
        between = self.bounds if what == PEOPLE else []
        system = {
            "A_eq": np.array([row(cells) for cells in known]) if known else None,
            "b_eq": list(known.values()) or None,
            "A_ub": np.array([sign * row(cells) for cells, _, _ in between for sign in (1, -1)]) if between else None,
            "b_ub": [bound for _, least, most in between for bound in (most, -least)] or None,
            "bounds": (0, 500),
        }

        def solved(goal: np.ndarray) -> np.ndarray:
            found = linprog(goal, **system)
            assert found.status == 0, found.message
            return found.x

        left = {cells: row(cells) for cells in targets}
        dice = np.random.default_rng(3)
        seen = [solved(dice.normal(size=len(place))) for _ in range(8)]
        left = {cells: line for cells, line in left.items() if np.ptp([line @ one for one in seen]) < 1e-6}
        return {cells for cells, line in left.items() if line @ solved(-line) - line @ solved(line) < 1e-6}


@dataclass
class Company:
    """What is so: of each ticket and place how many people, and the hours that they lose."""

    truth: dict[Cell, tuple[int, float]]
    groups: dict[int, frozenset[tuple[str, str]]]

    @property
    def numbers(self) -> list[int]:
        return sorted(self.groups)

    def people(self, cells: Iterable[Cell]) -> int:
        return sum(self.truth[cell][0] for cell in cells if cell in self.truth)

    def secrets(self, learned: Learned) -> list[Cells]:
        """Sums of few people: of a ticket, of it in one place, of a group, a place, and of two groups at once."""
        of_group: dict[tuple[str, str], set[int]] = defaultdict(set)
        for number, inside in self.groups.items():
            for group in inside:
                of_group[group].add(number)
        both = [mine - other for mine in of_group.values() for other in of_group.values()]
        each = [mine & other for mine in of_group.values() for other in of_group.values()]
        sums = [
            *(frozenset({cell}) for cell in learned.cells),
            *(learned.of(number) for number in self.numbers),
            *(frozenset(cell for cell in learned.cells if cell[1] == place) for place in PLACES),
            *(frozenset(cell for cell in learned.cells if cell[0] in some) for some in [*both, *each]),
        ]
        return [cells for cells in dict.fromkeys(sums) if 0 < self.people(cells) < FEWEST]


def company(session: Session, dice: random.Random) -> Company:
    """Some tickets of a few places and tools, in which each person loses whole hours, as they are told."""
    truth: dict[Cell, tuple[int, float]] = {}
    inside: dict[int, frozenset[tuple[str, str]]] = {}
    for _ in range(dice.randint(4, 9)):
        kind, touchpoint = dice.choice(list(Kind)[:3]), dice.choice(("ex.a", "ex.b"))
        tools = tuple(dice.sample(TOOLS, dice.choice((1, 1, 2))))
        subject = Subject(kind, dice.choice(list(Severity)), tools=tools, touchpoint=touchpoint, team="care")
        filed_at = NOW - timedelta(days=dice.randint(0, 20))
        number = 0
        for _ in range(dice.choice((1, 1, 2, 3, 4, 5, 6, 9, 14))):
            place = dice.choice(PLACES[1:])
            privacy = dice.choice((Privacy.NAMED, Privacy.CONFIDENTIAL, Privacy.ANONYMOUS))
            hours = dice.randint(1, 4)
            said = Said("it is slow", privacy, 12.0 * hours, Frequency.DAILY)
            who = Reporter(f"U0P{next(_numbers)}", "T0", "Imelda Varga", role="shop", place=place)
            if number:
                filing.me_too(session, number, said, who, sealer=SEALER, now=NOW)
            else:
                number = filing.file(session, subject, said, who, sealer=SEALER, now=filed_at).ticket
            cell = (number, "" if privacy is Privacy.ANONYMOUS else place)
            people, lost = truth.get(cell, (0, 0.0))
            truth[cell] = (people + 1, lost + hours)
        monday = filed_at.date() - timedelta(days=filed_at.weekday())
        values = {("kind", kind.value), ("touchpoint", touchpoint), ("owner", "care"), ("theme", "")}
        inside[number] = frozenset(values | {("tool", tool) for tool in tools} | {("week", monday.isoformat())})
    return Company(truth, inside)


_TOLD = re.compile(r"FR-(\d+)[\s\S]*?(?:(\d+) (?:people|person)\b)(?: · ([\d.]+) h a week)?")


def read_everything(session: Session, so: Company) -> Learned:
    """Every door at which friction is read, as its readers see it."""
    learned = Learned([(number, place) for number in so.numbers for place in PLACES])
    asked = [Asked(), Asked(everything=True), *(Asked(tool=tool) for tool in TOOLS), Asked(team="care")]
    lists = [listing.hottest(session, one, audiences=EMPLOYEE) for one in asked]
    for one in {each.number: each for each in lists[0]}.values():
        _read_words(learned, _words_of(session, one))
    for row in [listing.as_json(one) for found in lists for one in found]:
        _read_row(learned, row)
    for row in export.ticket_rows(session, everything=True, audiences=EMPLOYEE):
        _read_row(learned, row)
    for by in By:
        for one in groups.groups(session, by, audiences=EMPLOYEE):
            if one.hours is not None:
                places = [one.id] if by is By.PLACE else PLACES
                learned.exact[HOURS][frozenset((number, place) for number in one.counted for place in places)] = (
                    one.hours
                )
    for place in PLACES[1:]:
        there = groups.at_place(session, place, audiences=EMPLOYEE)
        learned.bounds += [(frozenset({(number, place)}), FEWEST, 500) for number in there]
    return learned


def _words_of(session: Session, one: Ticket) -> list[str]:
    return [
        wording.line(one, MAP),
        "\n".join(wording.told(one, MAP, owner="Care", zone=None)),
        wording.joined(one),
        wording.receipt(one, MAP, owner="Care"),
        f"{one.key} {wording.weight(one)}",
        *(f"{one.key} {wording.happened(each, zone=None)}" for each in history.history(session, one)),
    ]


def _read_words(learned: Learned, told: Iterable[str]) -> None:
    for words in told:
        found = _TOLD.search(words.replace("fewer than 5 people", "few"))
        if found and "more people" not in words:
            learned.exact[PEOPLE][learned.of(int(found[1]))] = float(found[2])
            if found[3]:
                learned.exact[HOURS][learned.of(int(found[1]))] = float(found[3])
        elif found:
            assert int(found[2]) >= FEWEST
        else:
            number = tickets.number_of(words.split()[0].rstrip(":"))
            if "few" in words and number:
                learned.bounds.append((learned.of(number), 1, FEWEST - 1))


def _read_row(learned: Learned, row: dict) -> None:
    cells = learned.of(tickets.number_of(row["key"]) or 0)
    assert (row["people"] is None) == (row["hours_a_week"] is None) == (row["customers"] is None)
    if row["people"] is not None:
        learned.exact[PEOPLE][cells], learned.exact[HOURS][cells] = row["people"], row["hours_a_week"]


def leaks(session: Session, so: Company) -> set[Cells]:
    learned = read_everything(session, so)
    secrets = so.secrets(learned)
    return learned.fixed(secrets, PEOPLE) | learned.fixed(secrets, HOURS)


@pytest.mark.parametrize("seed", range(6))
def test_whoever_reads_and_subtracts_everything_learns_no_number_of_few_people(database: Database, seed: int) -> None:
    with database.writing.begin() as session:
        so = company(session, random.Random(seed))
        assert leaks(session, so) == set()
        for one in listing.hottest(session, Asked(), audiences=EMPLOYEE):
            exact = tickets.exact(session, one.number)
            assert exact.people == so.people(cell for cell in so.truth if cell[0] == one.number)
            assert (one.weight.people is None) == (exact.people < FEWEST)


def _exact_words(session: Session) -> Callable[[Ticket], str]:
    return lambda one: f"{tickets.people(session, one.number)} people"


def test_a_surface_that_tells_exact_numbers_is_found(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.writing.begin() as session:
        so = company(session, random.Random(1))
        monkeypatch.setattr(wording, "weight", _exact_words(session))
        assert leaks(session, so)


def test_a_sum_that_hides_nothing_is_found(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.writing.begin() as session:
        so = company(session, random.Random(1))
        monkeypatch.setattr(sums, "_enough", bool)
        assert leaks(session, so)


def made_up(dice: random.Random) -> tuple[list[Counted], Company]:
    """A company without a database, of sizes close to the bar; some people are on several tickets."""
    counted, truth, inside = [], {}, {}
    for number in range(dice.randint(2, 16)):
        parts = {}
        for place in dice.sample(PLACES, dice.randint(1, 4)):
            size = dice.choice((1, 1, 1, 2, 3, 4, 5, 6))
            people = tuple(f"{dice.randint(0, 30)}.{place}.{each}" for each in range(size))
            parts[place] = Part(people, float(dice.randint(0, 9)))
        fields = {name: frozenset({dice.choice("abc")}) for name in ("kind", "tool", "week")}
        size = sum(len(part.people) for part in parts.values())
        counted.append(Counted(number, size >= FEWEST, fields, parts))
        inside[number] = frozenset((name, value) for name, values in fields.items() for value in values)
        truth |= {(number, place): (len(part.people), part.hours) for place, part in parts.items()}
    return counted, Company(truth, inside)


@pytest.mark.parametrize("seed", range(40))
def test_even_who_knew_every_part_of_which_sums_are_made_would_learn_of_no_few(seed: int) -> None:
    counted, so = made_up(random.Random(seed))
    units, parts = sums.units(counted), sums.of_places(counted)
    learned = Learned([(number, place) for number in so.numbers for place in PLACES])
    for cells in [
        *(frozenset(cell for cell in learned.cells if cell[0] in unit.tickets) for unit in units),
        *(frozenset({(unit.tickets[0], place)}) for place, those in parts.items() for unit in those),
    ]:
        people = {person for number, place in cells for person in _people(counted[number], place)}
        assert len(people) >= FEWEST or counted[min(cells)[0]].told
        learned.exact[HOURS][cells] = sum(so.truth[cell][1] for cell in cells if cell in so.truth)
    # That nobody of many loses anything says it of each of them.
    secrets = [cells for cells in so.secrets(learned) if any(so.truth.get(cell, (0, 0.0))[1] for cell in cells)]
    assert learned.fixed(secrets, HOURS) == set()


def _people(one: Counted, place: str) -> tuple[str, ...]:
    return one.places[place].people if place in one.places else ()


def test_what_is_alike_is_bundled_and_what_lies_in_no_bundle_counts_nowhere() -> None:
    def ticket(number: int, people: int, tool: str, kind: str) -> Counted:
        part = Part(tuple(f"{number}.{each}" for each in range(people)), float(people))
        return Counted(number, people >= FEWEST, {"tool": frozenset({tool}), "kind": frozenset({kind})}, {"": part})

    found = sums.units(
        [
            ticket(1, 9, "orion", "slow"),
            ticket(2, 3, "orion", "slow"),
            ticket(3, 4, "orion", "slow"),
            ticket(4, 3, "orion", "login"),
            ticket(5, 2, "orion", "outage"),
            ticket(6, 2, "pos", "slow"),
        ]
    )
    assert [(unit.tickets, unit.hours) for unit in found] == [((1,), 9.0), ((2, 3), 7.0), ((4, 5), 5.0)]
    assert found[2].fields == {"tool": frozenset({"orion"}), "kind": frozenset()}


def test_hours_are_told_by_halves_and_from_ten_on_whole() -> None:
    assert [rounded(hours) for hours in (0.2, 0.3, 3.24, 9.8, 10.4, 31.5)] == [0.0, 0.5, 3.0, 10.0, 10.0, 32.0]


def filed(session: Session, people: int, *, minutes: float, severity: Severity = Severity.S3, days: int = 0) -> int:
    number = 0
    for _ in range(people):
        who = Reporter(f"U0P{next(_numbers)}", "T0", "Imelda Varga", place="north")
        said = Said("it is slow", Privacy.NAMED, minutes, Frequency.DAILY)
        at = NOW - timedelta(days=days)
        if number:
            filing.me_too(session, number, said, who, sealer=SEALER, now=at)
        else:
            number = filing.file(session, Subject(Kind.SLOW, severity), said, who, sealer=SEALER, now=at).ticket
    return number


def test_few_people_stand_after_all_others_by_how_grave_and_old_it_is(database: Database) -> None:
    with database.writing.begin() as session:
        heavy, light = filed(session, 3, minutes=120), filed(session, 1, minutes=1, days=3)
        grave = filed(session, 1, minutes=1, severity=Severity.S1)
        many, more = filed(session, 5, minutes=5), filed(session, 6, minutes=12)
        hot = listing.hottest(session, Asked(), audiences=EMPLOYEE)
        assert [one.number for one in hot] == [more, many, grave, light, heavy]
        assert wording.weight(hot[0]) == "6 people · 6 h a week"
        assert wording.weight(hot[-1]) == "fewer than 5 people"


def test_when_each_of_few_joined_is_not_in_the_history_and_of_many_only_the_weeks(database: Database) -> None:
    with database.writing.begin() as session:
        number = filed(session, 4, minutes=5)
        one = tickets.ticket(session, number, audiences=EMPLOYEE)
        assert [each.event for each in history.history(session, one)] == ["file"]
        for weeks, people in enumerate((3, 2, 1, 5, 2), start=1):
            for _ in range(people):
                who = Reporter(f"U0P{next(_numbers)}", "T0", "Imelda Varga")
                said = Said("", Privacy.CONFIDENTIAL)
                filing.me_too(session, number, said, who, sealer=SEALER, now=NOW + timedelta(weeks=weeks))
        one = tickets.ticket(session, number, audiences=EMPLOYEE)
        joined = [each for each in history.history(session, one) if each.event == history.JOINED]
        told = json.dumps([each.as_json() for each in history.history(session, one)])
    assert [each.people for each in joined] == [6, 10]
    assert sum(each.people or 0 for each in joined) == (one.weight.people or 0) - 1
    assert "T15:30" not in told


def test_whoever_is_not_named_has_a_day_in_the_history_and_no_hour(database: Database) -> None:
    with database.writing.begin() as session:
        said = Said("it is slow", Privacy.CONFIDENTIAL)
        who = Reporter("U0P", "T0", "Imelda Varga")
        subject = Subject(Kind.SLOW, Severity.S3)
        number = filing.file(session, subject, said, who, sealer=SEALER, now=NOW).ticket
        one = tickets.ticket(session, number, audiences=EMPLOYEE)
        (filed_,) = history.history(session, one)
        assert filed_.at is None
        assert "15:30" not in json.dumps([filed_.as_json(), listing.as_json(one)])


def test_a_merged_ticket_tells_no_number_that_could_be_subtracted_from_the_other(database: Database) -> None:
    with database.writing.begin() as session:
        large, other = filed(session, 9, minutes=5), filed(session, 5, minutes=5)
        acting.act(session, other, Act(Event.MERGE, other=large), RUTH, sealer=SEALER, now=NOW)
        merged = tickets.ticket(session, other, audiences=EMPLOYEE)
        assert merged.weight.people is None
        assert wording.weight(merged) == f"counts with FR-{large}"
        assert tickets.ticket(session, large, audiences=EMPLOYEE).weight.people == 14


def test_who_may_count_twice_makes_no_five(database: Database) -> None:
    """Reported by name on one ticket and without on another, which were merged: nobody knows that it is one person."""
    with database.writing.begin() as session:
        one, other = filed(session, 4, minutes=5), filed(session, 1, minutes=5)
        who = Reporter("U0P0", "T0", "Imelda Varga")
        said = Said("", Privacy.ANONYMOUS)
        filing.me_too(session, other, said, who, sealer=SEALER, now=NOW)
        acting.act(session, other, Act(Event.MERGE, other=one), RUTH, sealer=SEALER, now=NOW)
        exact = tickets.exact(session, one)
        assert (exact.people, exact.sure) == (6, 5)
        assert tickets.ticket(session, one, audiences=EMPLOYEE).weight.people == 6
