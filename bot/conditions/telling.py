"""Conditions in words, and how they stand for one customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.conditions.facts import Facts, Known, day_of, flag_of, shown
from bot.conditions.language import DATES, WORDS, AnyOf, Condition, Conditions, Op, Standing, Test, facts_in, standing

# A fact called tenure_months is a tenure, counted in months.
_UNITS = frozenset({"minutes", "hours", "days", "weeks", "months", "years"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition in words, and how it stands; `standing` is None where no customer is in focus.

    `found` says what is known of the customer instead, `ask` what to find out where nothing is. `facts` are the names
    of what was looked at.
    """

    words: str
    standing: Standing | None = None
    found: str = ""
    ask: str = ""
    facts: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """ "segment is gold: met", "tenure at least 12 months: not met (it is 3)", "check: is it under dispute?"."""
        said = f" ({self.found})" if self.found else ""
        match self.standing:
            case None:
                return self.words
            case Standing.NOT_KNOWN:
                return f"check: {self.ask}{said}"
            case Standing.MET:
                return f"{self.words}: {self.standing}"
            case _:
                return f"{self.words}: {self.standing}{said}"


def judged(conditions: Conditions, facts: Facts, *, today: date) -> tuple[Judged, ...]:
    """Each condition, as it stands for the customer of whom these facts are known."""
    return tuple(_judged(one, facts, today) for one in conditions)


def unjudged(conditions: Conditions) -> tuple[Judged, ...]:
    """Each condition, where no customer is in focus."""
    return tuple(Judged(phrase(one), facts=tuple(facts_in((one,)))) for one in conditions)


def phrase(one: Condition | AnyOf) -> str:
    """ "segment is gold or platinum", "tenure at least 12 months", "purchased within the last 30 days"."""
    if isinstance(one, AnyOf):
        return ", or ".join(" and ".join(map(phrase, group)) for group in one.groups)
    name, unit = _named(one.fact)
    return f"{name} {' and '.join(_tested(test, unit) for test in one.tests)}"


def _judged(one: Condition | AnyOf, facts: Facts, today: date) -> Judged:
    return Judged(
        words=phrase(one),
        standing=standing(one, facts, today=today),
        found="" if isinstance(one, AnyOf) else _found(facts.get(one.fact)),
        ask=_question(one, facts, today),
        facts=tuple(facts_in((one,))),
    )


def _question(one: Condition | AnyOf, facts: Facts, today: date) -> str:
    if isinstance(one, AnyOf):
        open_ones = dict.fromkeys(
            _question(each, facts, today)
            for group in one.groups
            for each in group
            if standing(each, facts, today=today) is Standing.NOT_KNOWN
        )
        return " or ".join(open_ones)
    if one.ask:
        return one.ask
    (test, *more) = one.tests
    if not more and test.op is Op.IS and flag_of(test.values[0]) is not None:
        return f"{_named(one.fact)[0]}, yes or no?"
    return f"{phrase(one)}?"


def _found(fact: Known | None) -> str:
    if fact is None or not fact.said:
        return ""
    values = dict.fromkeys(shown(one.value) for one in fact.said)
    if len(values) == 1:
        return f"it is {next(iter(values))}" if next(iter(values)) else ""
    return ", ".join(f"{one.source or 'one system'} says {shown(one.value) or 'nothing'}" for one in fact.said)


def _named(fact: str) -> tuple[str, str]:
    """ "tenure" and "months" of tenure_months."""
    name, _, unit = fact.rpartition("_")
    if name and unit in _UNITS:
        return name.replace("_", " "), f" {unit}"
    return fact.replace("_", " "), ""


def _tested(test: Test, unit: str) -> str:
    value = test.values[0]
    if test.op in WORDS:
        return f"{'is' if test.op is Op.IS else 'is not'} {_either(test.values)}{unit}"
    if test.op in DATES:
        return f"{test.op} {_day(value)}"
    match test.op:
        case Op.WITHIN:
            return f"within the last {_days(value)}"
        case Op.LONGER_AGO:
            return f"more than {_days(value)} ago"
        case Op.NEXT:
            return f"in the next {_days(value)}"
        case _:
            return f"{test.op} {value}{unit}"


def _either(values: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(values[:-1]), values[-1])))


def _days(count: str) -> str:
    return "day" if count == "1" else f"{count} days"


def _day(written: str) -> str:
    day = day_of(written)
    return f"{day.day} {day:%B %Y}" if day else written
