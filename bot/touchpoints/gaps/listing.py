"""The gaps of a map: all of them, kind by kind, in the order of the lines."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from bot.touchpoints.gaps.finding import Gap, GapKind
from bot.touchpoints.gaps.stages import front_loaded
from bot.touchpoints.gaps.terms import other_words
from bot.touchpoints.kinds import EdgeKind, EdgeStatus, SelfService
from bot.touchpoints.map import TouchpointMap
from bot.touchpoints.model import ExTouchpoint


def gaps_of(map_: TouchpointMap, pages: Path | None = None) -> tuple[Gap, ...]:
    """G8 compares pages, so it needs their folder; without one it is left out."""
    found = chain(
        _typed_twice(map_),
        _out_of_step(map_),
        _not_alone(map_),
        _no_standard(map_),
        _passed_on(map_),
        _retiring(map_),
        front_loaded(map_),
        other_words(map_, pages) if pages else (),
    )
    return tuple(sorted(found, key=lambda gap: (gap.kind, gap.line)))


def _typed_twice(map_: TouchpointMap) -> Iterator[Gap]:
    """G1: one item of data written with two tools within one piece of work."""
    for one in map_.ex.values():
        for item, writing in _written(one).items():
            if len(writing) > 1:
                names = " and again into ".join(map_.name_of(tool) for tool in writing)
                told = f"{one.name}: whoever does it types {item} into {names}."
                yield Gap(GapKind.TYPED_TWICE, (one.id, *writing), told, list(writing.values())[1], one.owner)


def _written(one: ExTouchpoint) -> dict[str, dict[str, int]]:
    """Item -> each tool that it is written with, and the line of the step."""
    found: dict[str, dict[str, int]] = {}
    for step in one.steps:
        for item in step.writes if step.tool else ():
            found.setdefault(item, {}).setdefault(step.tool, step.line)
    return found


def _out_of_step(map_: TouchpointMap) -> Iterator[Gap]:
    for edge in map_.declared:
        if edge.kind is not EdgeKind.SHOULD_SYNC or edge.status is EdgeStatus.WORKS:
            continue
        ends = map_.name_of(edge.source), map_.name_of(edge.target)
        how = "does not get there" if edge.status is EdgeStatus.BROKEN else "gets there late"
        told = f"{ends[0]} and {ends[1]} should be in step; what changes in {ends[0]} {how}."
        owner = edge.owner or map_.owner_of(edge.source)
        yield Gap(GapKind.OUT_OF_STEP, (edge.source, edge.target), told, edge.line, owner)


def _not_alone(map_: TouchpointMap) -> Iterator[Gap]:
    """G3: what the map says should be possible alone and is not; and stages in which nothing is.

    Not each `no`: an installer at the door is no gap.
    """
    for one in map_.cx.values():
        if one.self_service is SelfService.MISSING:
            told = f"{one.name}: customers should be able to do it alone, and cannot."
            yield Gap(GapKind.NOT_ALONE, (one.id,), told, map_.lines.get(one.id, 0), one.owner)
    for stage in map_.stages.values():
        here = [one for one in map_.cx.values() if one.stage == stage.id]
        if here and all(one.self_service is not SelfService.YES for one in here):
            told = f"{stage.name}: there is nothing that customers can do alone."
            yield Gap(GapKind.NOT_ALONE, (stage.id,), told, map_.lines.get(stage.id, 0), "")


def _no_standard(map_: TouchpointMap) -> Iterator[Gap]:
    for one in map_.ex.values():
        if one.standard is None:
            what = "nothing says how it should go, and how long it may take"
        elif not one.standard.policy:
            what = f"it may take {one.standard.minutes:g} minutes, and no page says how it should go"
        else:
            continue
        yield Gap(GapKind.NO_STANDARD, (one.id,), f"{one.name}: {what}.", map_.lines.get(one.id, 0), one.owner)


def _passed_on(map_: TouchpointMap) -> Iterator[Gap]:
    for edge in map_.declared:
        if edge.kind is EdgeKind.HANDS_OFF and not edge.owner:
            told = (
                f"{map_.name_of(edge.source)} passes work on to {map_.name_of(edge.target)}, and nobody is named who "
                "sees that it arrives."
            )
            ids = (edge.source, edge.target)
            yield Gap(GapKind.NOBODY_PASSES_ON, ids, told, edge.line, map_.owner_of(edge.source))


def _retiring(map_: TouchpointMap) -> Iterator[Gap]:
    for tool in map_.tools.values():
        needing = map_.touchpoints_with(tool.id) if tool.retiring_on else ()
        if needing:
            names = ", ".join(one.name for one in needing)
            told = f"{tool.name} ends on {tool.retiring_on}, and is needed for: {names}."
            ids = (tool.id, *(one.id for one in needing))
            yield Gap(GapKind.RETIRING, ids, told, map_.lines.get(tool.id, 0), tool.owner)
