"""The touchpoint map as the generator needs it, read with a plain YAML library."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Cx:
    """Where customers meet the company; `symptoms` are the map's own words."""

    id: str
    name: str
    stage: str
    channel: str
    symptoms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ex:
    """What employees do; `written` are pairs of an item of data and a tool that it is written with."""

    id: str
    name: str
    serves: tuple[str, ...]
    roles: tuple[str, ...]
    tools: tuple[str, ...]
    partners: tuple[str, ...]
    written: tuple[tuple[str, str], ...]
    symptoms: tuple[str, ...]

    @property
    def written_twice(self) -> list[tuple[str, tuple[str, str]]]:
        """Items that two tools want, with these."""
        found = []
        for item in dict.fromkeys(item for item, _ in self.written):
            tools = tuple(dict.fromkeys(tool for each, tool in self.written if each == item))
            if len(tools) > 1:
                found.append((item, (tools[0], tools[1])))
        return found


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything under its id, in the order of the file; names of tools and partners; teams that own something."""

    stages: tuple[str, ...]
    cx: dict[str, Cx]
    ex: dict[str, Ex]
    names: dict[str, str]
    crm: str
    teams: tuple[str, ...]

    def serving(self, cx: str) -> list[str]:
        return [one.id for one in self.ex.values() if cx in one.serves]


def read_ground(file: Path) -> Ground:
    """Raises `SettingsError` where the file is no map."""
    try:
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
        cx = {one["id"]: _cx(one) for one in told["cx_touchpoints"]}
        ex = {one["id"]: _ex(one) for one in told["ex_touchpoints"]}
        things = [*told["tools"], *told.get("partners", [])]
        return Ground(
            stages=tuple(one["id"] for one in told["stages"]),
            cx=cx,
            ex=ex,
            names={one["id"]: one["name"] for one in things},
            crm=_crm(told["tools"], ex.values()),
            teams=tuple(sorted({one["owner"] for one in _owned(told) if one.get("owner")})),
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as fault:
        raise SettingsError(
            f"{file} cannot be read as a touchpoint map ({type(fault).__name__}: {fault}). `throughline map check` "
            "names the line; `--map` takes another file."
        ) from None


def _owned(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in ("tools", "partners", "cx_touchpoints", "ex_touchpoints"):
        yield from told.get(name, ())


def _cx(one: dict[str, Any]) -> Cx:
    return Cx(one["id"], one["name"], one["stage"], one["channel"], tuple(one.get("customer_symptoms", ())))


def _ex(one: dict[str, Any]) -> Ex:
    steps = one.get("steps", [])
    return Ex(
        one["id"],
        one["name"],
        tuple(one.get("serves", ())),
        tuple(one.get("roles", ())),
        tuple(dict.fromkeys(step["tool"] for step in steps if "tool" in step)),
        tuple(dict.fromkeys(step["partner"] for step in steps if "partner" in step)),
        tuple((item, step["tool"]) for step in steps if "tool" in step for item in _items(step.get("writes"))),
        tuple(one.get("employee_symptoms", ())),
    )


def _items(written: str | list[str] | None) -> list[str]:
    return [written] if isinstance(written, str) else list(written or ())


def _crm(tools: list[dict[str, Any]], work: Iterable[Ex]) -> str:
    """The tool that people call CRM, else the one that most work needs."""
    for tool in tools:
        if "crm" in {str(alias).casefold() for alias in tool.get("aliases", ())}:
            return str(tool["id"])
    used = [tool for one in work for tool in one.tools]
    return max(dict.fromkeys(used), key=used.count)
