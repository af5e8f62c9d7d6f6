"""The map as people read it, 80 columns wide, and as JSON."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from textwrap import wrap
from typing import Any

from bot.errors import NotOnTheMap
from bot.touchpoints.kinds import EdgeStatus, SelfService, Thing
from bot.touchpoints.map import TouchpointMap
from bot.touchpoints.model import CxTouchpoint, Edge, ExTouchpoint, Partner, Stage, Tool
from bot.touchpoints.naming import folded, meant

WIDTH = 80
NO_MAP = "There is no touchpoint map yet. Write {file}; docs/touchpoints.md says how."
# The key of a team -> its name.
Named = Callable[[str], str]


def counted(map_: TouchpointMap) -> str:
    """What is on it, in a line."""
    parts = (
        _count(len(map_.stages), "stage"),
        _count(len(map_.channels), "channel"),
        f"{_count(len(map_.cx), 'CX touchpoint')} with "
        + _count(sum(len(one.customer_symptoms) for one in map_.cx.values()), "symptom"),
        f"{_count(len(map_.ex), 'EX touchpoint')} with "
        + _count(sum(len(one.employee_symptoms) for one in map_.ex.values()), "symptom"),
        _count(len(map_.tools), "tool"),
        _count(len(map_.partners), "partner"),
    )
    return f"{', '.join(parts)}."


def stage_called(map_: TouchpointMap, words: str) -> Stage:
    """A stage by its id or name. Raises `NotOnTheMap`."""
    wanted = folded(words)
    for stage in map_.stages.values():
        if wanted in {folded(stage.id), folded(stage.name)}:
            return stage
    raise NotOnTheMap(f"The map has no stage {words!r}; {meant(words, map_.stages)}".rstrip(".") + ".")


def called(words: str, touchpoints: Mapping[str, CxTouchpoint] | Mapping[str, ExTouchpoint], thing: Thing) -> str:
    """The id of a touchpoint by its id or name. Raises `NotOnTheMap`."""
    wanted = folded(words)
    for one in touchpoints.values():
        if wanted in {folded(one.id), folded(one.name)}:
            return one.id
    raise NotOnTheMap(f"The map has no {thing} {words!r}; {meant(words, touchpoints)}".rstrip(".") + ".")


def told(map_: TouchpointMap, stages: Iterable[Stage], *, named: Named) -> Iterator[str]:
    """Of each stage what customers do, and what employees do behind it; at the end what stands behind all."""
    shown = list(stages)
    for stage in shown:
        here = [one for one in map_.cx.values() if one.stage == stage.id]
        yield f"{stage.name.upper()} ({stage.id})"
        for cx in here:
            yield from _cx(map_, cx, named)
        yield "  Behind it:"
        for ex in _behind(map_, here):
            yield from _ex(map_, ex, named)
        yield ""
    if len(shown) < len(map_.stages):
        return
    yield "BEHIND ALL OF IT"
    for ex in map_.ex.values():
        if not ex.serves:
            yield from _ex(map_, ex, named)
    yield from ("", "TOOLS AND PARTNERS")
    things: tuple[Tool | Partner, ...] = (*map_.tools.values(), *map_.partners.values())
    for thing in things:
        yield from _tool(thing, named)
    troubled = [edge for edge in map_.declared if edge.status is not EdgeStatus.WORKS]
    if troubled:
        yield from ("", "NOT IN STEP")
        for edge in troubled:
            yield from _lines("  ", _edge(map_, edge))


def as_json(map_: TouchpointMap, stages: Iterable[Stage]) -> dict[str, Any]:
    """The same things with all that stands on the map of them; of fewer stages only what belongs to those."""
    shown = [stage.id for stage in stages]
    cx = [one for one in map_.cx.values() if one.stage in shown]
    whole = len(shown) == len(map_.stages)
    ex = list(map_.ex.values()) if whole else list(_behind(map_, cx))
    ids = {id_ for one in ex for id_ in (one.id, *one.tools, *one.partners)}
    return {
        "stages": [asdict(map_.stages[stage]) for stage in shown],
        "channels": [asdict(one) for one in map_.channels.values() if whole or one.id in {it.channel for it in cx}],
        "cx_touchpoints": [{**asdict(one), "served_by": [it.id for it in map_.serving(one.id)]} for one in cx],
        "ex_touchpoints": [{**asdict(one), "tools": one.tools, "partners": one.partners} for one in ex],
        "tools": [_tool_json(one) for one in map_.tools.values() if whole or one.id in ids],
        "partners": [asdict(one) for one in map_.partners.values() if whole or one.id in ids],
        "edges": [asdict(one) for one in map_.edges if whole or one.source in ids or one.target in ids],
    }


def _cx(map_: TouchpointMap, cx: CxTouchpoint, named: Named) -> Iterator[str]:
    said = [map_.name_of(cx.channel), f"owner {named(cx.owner)}"]
    if cx.targets.csat is not None:
        said.append(f"CSAT {cx.targets.csat:g}")
    if cx.targets.complaints_per_1000 is not None:
        said.append(f"{_count(cx.targets.complaints_per_1000, 'complaint')} in 1,000")
    if cx.self_service is not SelfService.NO:
        said.append("alone" if cx.self_service is SelfService.YES else "not alone yet")
    if cx.treatment_track:
        said.append(f"track {cx.treatment_track}")
    yield from _lines("  ", f"{cx.name} · {cx.id}")
    yield from _lines("      ", " · ".join(said))


def _ex(map_: TouchpointMap, ex: ExTouchpoint, named: Named) -> Iterator[str]:
    owner = f"owner {named(ex.owner)}"
    if ex.owner_from:
        owner += f" (of its only tool, {map_.name_of(ex.owner_from)})"
    said = [", ".join(ex.roles), owner]
    if ex.standard and ex.standard.minutes is not None:
        said.append(_count(ex.standard.minutes, "minute"))
    if ex.standard and ex.standard.policy:
        said.append(ex.standard.policy)
    needed = ", ".join(map_.name_of(one) for one in (*ex.tools, *ex.partners))
    yield from _lines("    ", f"{ex.name} · {ex.id}")
    yield from _lines("        ", " · ".join(said))
    if needed:
        yield from _lines("        ", f"with {needed}")


def _tool(thing: Tool | Partner, named: Named) -> Iterator[str]:
    said = [f"{thing.name} · {thing.id}", f"owner {named(thing.owner)}"]
    if isinstance(thing, Partner):
        said.append(f"partner, {thing.kind.replace('_', ' ')}")
    elif thing.retiring_on:
        said.append(f"ends on {thing.retiring_on}")
    yield from _lines("  ", " · ".join(said))
    if thing.aliases:
        yield from _lines("      ", f"also {', '.join(thing.aliases)}")


def _edge(map_: TouchpointMap, edge: Edge) -> str:
    return f"{map_.name_of(edge.source)} → {map_.name_of(edge.target)}: {edge.status}"


def _behind(map_: TouchpointMap, cx: Iterable[CxTouchpoint]) -> Iterator[ExTouchpoint]:
    ids = {one.id for one in cx}
    return (one for one in map_.ex.values() if ids & set(one.serves))


def _tool_json(tool: Tool) -> dict[str, Any]:
    return {**asdict(tool), "retiring_on": tool.retiring_on.isoformat() if tool.retiring_on else None}


def _lines(indent: str, text: str) -> list[str]:
    return wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _count(number: float, what: str) -> str:
    return f"{number:g} {what}" if number == 1 else f"{number:g} {what}s"
