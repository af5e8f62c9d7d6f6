"""The touchpoint map as a picture: customers above the line, employees below it, the tool beneath."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.touchpoints import TouchpointMap
from bot.touchpoints.kinds import EdgeKind, EdgeStatus, SelfService
from bot.touchpoints.model import CxTouchpoint


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a stage and a channel meet; `touchpoints` are the CX ones there, none where customers meet nobody.

    `complaints` are those of the period; `hours` (a week) what employees lose for it, None where nothing can be told:
    `few` says that there is something, of too few people. `gaps` are questions that nothing answered. `apart` are two
    tools that hold the same thing and do not share it. `no_way`: customers would do it here, and cannot.
    """

    stage: str
    channel: str
    touchpoints: tuple[str, ...] = ()
    complaints: int = 0
    hours: float | None = None
    few: bool = False
    gaps: int = 0
    tools: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    no_way: bool = False

    @property
    def key(self) -> str:
        """ "store.leave"."""
        return f"{self.channel}.{self.stage}"


@dataclass(frozen=True, slots=True)
class Picture:
    """Every cell, row by row; `worst` is the one with the largest share of all complaints and of all hours together.

    `complaints` and `hours` are what is placed. `unplaced` complaints fit no touchpoint, and so do `unplaced_hours`.
    """

    stages: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    worst: Cell | None
    complaints: int
    hours: float
    unplaced: int = 0
    unplaced_hours: float = 0.0

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(cell for _, row in self.rows for cell in row)

    def cell(self, key: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.key == key and cell.touchpoints), None)

    def share(self, cell: Cell) -> float:
        """Of all complaints and of all hours, added: 0 to 2."""
        complaints = cell.complaints / self.complaints if self.complaints else 0.0
        return complaints + ((cell.hours or 0.0) / self.hours if self.hours else 0.0)

    @property
    def ranked(self) -> tuple[Cell, ...]:
        """Those with something in them, the worst first."""
        some = [cell for cell in self.cells if cell.complaints or cell.hours or cell.few or cell.gaps]
        return tuple(sorted(some, key=lambda cell: (-self.share(cell), -cell.gaps, cell.key)))


def picture(
    map_: TouchpointMap,
    *,
    complaints: Mapping[str, int],
    hours: Mapping[str, float | None],
    gaps: Mapping[str, int],
) -> Picture:
    """`complaints` and `gaps` by CX touchpoint, `hours` by EX touchpoint: None where too few people have it.

    Hours of work that serves several cells are divided among them evenly: their sum stays what it is. Channels and
    stages are in the order of the map; a channel where customers meet us nowhere has no row.
    """
    of_cell: dict[tuple[str, str], list[CxTouchpoint]] = {}
    for one in map_.cx.values():
        of_cell.setdefault((one.channel, one.stage), []).append(one)
    divided, few = _divided(map_, hours)
    stages = tuple(map_.stages)
    rows = tuple(
        (
            channel,
            tuple(
                _cell(map_, channel, stage, of_cell.get((channel, stage), []), complaints, divided, few, gaps)
                for stage in stages
            ),
        )
        for channel in map_.channels
        if any((channel, stage) in of_cell for stage in stages)
    )
    placed = Picture(
        stages=stages,
        rows=rows,
        worst=None,
        complaints=sum(count for id_, count in complaints.items() if id_ in map_.cx),
        hours=sum(divided.values()),
        unplaced=sum(count for id_, count in complaints.items() if id_ not in map_.cx),
        unplaced_hours=sum(told or 0.0 for id_, told in hours.items() if not map_.served_by(id_)),
    )
    worst = next((cell for cell in placed.ranked if placed.share(cell)), None)
    return Picture(
        placed.stages, placed.rows, worst, placed.complaints, placed.hours, placed.unplaced, placed.unplaced_hours
    )


def _divided(
    map_: TouchpointMap, hours: Mapping[str, float | None]
) -> tuple[dict[tuple[str, str], float], set[tuple[str, str]]]:
    """The hours of each cell, and the cells with something of which nothing can be told."""
    found: dict[tuple[str, str], float] = {}
    few: set[tuple[str, str]] = set()
    for id_, told in hours.items():
        cells = sorted({(one.channel, one.stage) for one in map_.served_by(id_)})
        for cell in cells:
            if told is None:
                few.add(cell)
            else:
                found[cell] = found.get(cell, 0.0) + told / len(cells)
    return found, few


def _cell(
    map_: TouchpointMap,
    channel: str,
    stage: str,
    there: list[CxTouchpoint],
    complaints: Mapping[str, int],
    hours: Mapping[tuple[str, str], float],
    few: set[tuple[str, str]],
    gaps: Mapping[str, int],
) -> Cell:
    ids = tuple(one.id for one in there)
    tools = tuple(dict.fromkeys(tool.id for id_ in ids for tool in map_.tools_at(id_)))
    return Cell(
        stage=stage,
        channel=channel,
        touchpoints=ids,
        complaints=sum(complaints.get(id_, 0) for id_ in ids),
        hours=hours.get((channel, stage)),
        few=(channel, stage) in few,
        gaps=sum(gaps.get(id_, 0) for id_ in ids),
        tools=tools,
        partners=tuple(dict.fromkeys(one.id for id_ in ids for one in map_.partners_at(id_))),
        apart=next(_apart(map_, ids), ()),
        no_way=bool(there) and all(one.self_service is SelfService.MISSING for one in there),
    )


def _apart(map_: TouchpointMap, ids: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Pairs of tools that one piece of work needs here, that should be in step, and are not."""
    together = [set(work.tools) for id_ in ids for work in map_.serving(id_)]
    for edge in map_.declared:
        broken = edge.kind is EdgeKind.SHOULD_SYNC and edge.status is EdgeStatus.BROKEN
        if broken and any({edge.source, edge.target} <= tools for tools in together):
            yield edge.source, edge.target
