"""Conditions as JSON, for tables and between processes."""

from typing import Any

from bot.conditions.language import AnyOf, Condition, Conditions, Op, Test


def as_stored(conditions: Conditions) -> list[Any]:
    return [_stored(one) for one in conditions]


def from_stored(stored: Any) -> Conditions:  # noqa: ANN401 - whatever JSON holds
    """Raises `ValueError`, `TypeError` or `KeyError` for what `as_stored` does not make."""
    if not isinstance(stored, list):
        raise TypeError("not a list of conditions")
    return tuple(map(_read, stored))


def _stored(one: Condition | AnyOf) -> dict[str, Any]:
    if isinstance(one, AnyOf):
        return {"any": [as_stored(group) for group in one.groups]}
    tests = [[test.op.value, list(test.values)] for test in one.tests]
    return {"fact": one.fact, "tests": tests, "ask": one.ask}


def _read(stored: Any) -> Condition | AnyOf:  # noqa: ANN401 - as above
    if not isinstance(stored, dict):
        raise TypeError("not a condition")
    if "any" in stored:
        return AnyOf(tuple(map(from_stored, stored["any"])))
    tests = tuple(Test(Op(op), tuple(map(str, values))) for op, values in stored["tests"])
    return Condition(str(stored["fact"]), tests, str(stored["ask"]))
