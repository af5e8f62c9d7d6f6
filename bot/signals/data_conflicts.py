"""Which systems disagree about customers, fact by fact: one row for a pair of systems, not for each customer."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.signals.signal import Evidence, Kind, Number, Period, Signal, sentence, thing


@dataclass(frozen=True, slots=True)
class Told:
    """What two systems or more say of one fact of one customer, and whether that cannot both be so.

    `customers.story.facts.Fact` knows: `systems` are the sources of its `said`, `disputed` its own.
    """

    customer: str
    fact: str
    systems: tuple[str, ...]
    disputed: bool


@dataclass(frozen=True, slots=True)
class DataConflict:
    """Of so many `compared` customers of whom both systems tell the fact, `customers` are told differently."""

    fact: str
    systems: tuple[str, str]
    customers: tuple[str, ...]
    compared: int

    def signal(self, period: Period) -> Signal:
        return Signal(
            kind=Kind.DATA_CONFLICT,
            verdict="systems disagree",
            where=self.systems,
            parts=sentence(
                thing(self.systems[0]),
                " and ",
                thing(self.systems[1]),
                f" disagree about {self.fact.replace('_', ' ')} of {len(self.customers)} of {self.compared} customers",
            ),
            evidence=(Evidence("customer", self.customers),),
            numbers=(Number("share", len(self.customers) / self.compared, self.compared, "customers"),),
            period=period,
        )


def data_conflicts(told: Iterable[Told]) -> list[DataConflict]:
    """By fact and pair of systems, what most customers are told differently of first.

    A fact of three systems counts for each of their pairs: which of them is wrong nobody knows. Source: R47.
    """
    compared: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    disputed: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in told:
        systems = sorted(set(one.systems))
        for row, system in enumerate(systems):
            for other in systems[row + 1 :]:
                compared[one.fact, system, other].add(one.customer)
                if one.disputed:
                    disputed[one.fact, system, other].add(one.customer)
    found = [
        DataConflict(fact, (system, other), tuple(sorted(customers)), len(compared[fact, system, other]))
        for (fact, system, other), customers in disputed.items()
    ]
    return sorted(found, key=lambda one: (-len(one.customers), one.fact, one.systems))
