"""`config/friction.yaml`: what is promised to whoever reports friction, checked, each fault with its line."""

import re
from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import yaml

from bot.conditions.reading import Fault, pairs_of, text_of
from bot.friction.due import Allowance, Priority, Promises, Reach
from bot.friction.kinds import Severity
from bot.yaml_lines import composed, fault_at

FILE = "friction.yaml"
PRIORITY, DUE = "priority", "due"
ACKNOWLEDGE, RESOLVE = "acknowledge", "resolve"
# More than a year of work is no promise.
MOST_HOURS = 2000

_MAX_BYTES = 65_536
_LASTING = re.compile(r"(?:(\d{1,4})h)?\s*(?:(\d{1,4})m)?")
_P1, _P2, _P3, _P4 = Priority

DEFAULT = Promises(
    priorities={
        severity: dict(zip(Reach, row, strict=True))
        for severity, row in {
            Severity.S1: (_P1, _P1, _P1, _P1),
            Severity.S2: (_P3, _P2, _P2, _P1),
            Severity.S3: (_P4, _P3, _P3, _P2),
            Severity.S4: (_P4, _P4, _P3, _P3),
        }.items()
    },
    allowances={
        _P1: Allowance(timedelta(hours=1), timedelta(hours=8)),
        _P2: Allowance(timedelta(hours=4), timedelta(hours=24)),
        _P3: Allowance(timedelta(hours=8), timedelta(hours=80)),
        _P4: Allowance(timedelta(hours=16), timedelta(hours=160)),
    },
)


def load_promises(file: Path) -> Promises:
    """With the usual ones for whatever the file does not say, and where there is none.

    Raises `SettingsError` with the line at fault.
    """

    def fault(line: int, what: str) -> Exception:
        return fault_at(file, line + 1, what)

    node = composed(file, at_most=_MAX_BYTES)
    sections = {name: (line, value) for name, line, value in pairs_of(node, fault=fault)} if node else {}
    for name, (line, _) in sections.items():
        if name not in {PRIORITY, DUE}:
            raise fault(line, f"`{name}` says nothing here; this file has {PRIORITY} and {DUE}")
    priorities, allowances = dict(DEFAULT.priorities), dict(DEFAULT.allowances)
    lines: dict[str, int] = {}
    if PRIORITY in sections:
        for severity, line, value in _rows(sections[PRIORITY][1], list(Severity), fault):
            priorities[Severity(severity)], lines[severity] = _priorities(severity, line, value, fault), line
    if DUE in sections:
        for priority, line, value in _rows(sections[DUE][1], list(Priority), fault):
            allowances[Priority(priority)], lines[priority] = _allowance(priority, line, value, fault), line
    _check(priorities, allowances, lines, fault)
    return Promises(priorities, allowances)


def _rows(node: yaml.Node, known: list[str], fault: Fault) -> list[tuple[str, int, yaml.Node]]:
    rows = pairs_of(node, fault=fault)
    for name, line, _ in rows:
        if name not in known:
            raise fault(line, f"{name!r} is none of {', '.join(known)}; mend the spelling")
    return rows


def _priorities(severity: str, line: int, node: yaml.Node, fault: Fault) -> Mapping[Reach, Priority]:
    row = [text_of(each, fault=fault) for each in node.value] if isinstance(node, yaml.SequenceNode) else []
    if len(row) != len(Reach) or not set(row) <= set(Priority):
        reaches = ", ".join(Reach)
        raise fault(
            line, f"{severity} needs a priority, P1 to P4, for each reach of {reaches} people: [P3, P2, P2, P1]"
        )
    if row != sorted(row, reverse=True):
        raise fault(line, f"with more people {severity} gets less urgent; let the priorities rise from left to right")
    return dict(zip(Reach, map(Priority, row), strict=True))


def _allowance(priority: str, line: int, node: yaml.Node, fault: Fault) -> Allowance:
    entries = {name: (at, value) for name, at, value in pairs_of(node, fault=fault)}
    if set(entries) != {ACKNOWLEDGE, RESOLVE}:
        raise fault(line, f"{priority} says two times: {{ {ACKNOWLEDGE}: 1h, {RESOLVE}: 8h }}")
    acknowledge, resolve = (_lasting(*entries[name], fault) for name in (ACKNOWLEDGE, RESOLVE))
    if acknowledge > resolve:
        raise fault(line, f"{priority} would be resolved before it is acknowledged; give {RESOLVE} the longer time")
    return Allowance(acknowledge, resolve)


def _lasting(line: int, node: yaml.Node, fault: Fault) -> timedelta:
    written = text_of(node, fault=fault)
    found = _LASTING.fullmatch(written)
    hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0)
    lasting = timedelta(hours=hours, minutes=minutes)
    if not timedelta() < lasting <= timedelta(hours=MOST_HOURS):
        raise fault(
            line,
            f"{written!r} is no working time; write 30m, 8h or 1h 30m, at most {MOST_HOURS}h (five days of eight hours "
            "are 40h)",
        )
    return lasting


def _check(
    priorities: Mapping[Severity, Mapping[Reach, Priority]],
    allowances: Mapping[Priority, Allowance],
    lines: Mapping[str, int],
    fault: Fault,
) -> None:
    """That what is worse is never less urgent, and what is more urgent never slower."""
    for worse, milder in pairwise(Severity):
        if any(priorities[worse][reach] > priorities[milder][reach] for reach in Reach):
            raise fault(_line(lines, worse, milder), f"{milder} would be more urgent than {worse}; mend one of them")
    for first, second in pairwise(Priority):
        sooner, later = allowances[first], allowances[second]
        if sooner.acknowledge > later.acknowledge or sooner.resolve > later.resolve:
            raise fault(
                _line(lines, first, second), f"{second} would be dealt with sooner than {first}; mend one of them"
            )


def _line(lines: Mapping[str, int], first: str, second: str) -> int:
    """Of the second where the file says it."""
    return lines.get(second, lines.get(first, 0))
