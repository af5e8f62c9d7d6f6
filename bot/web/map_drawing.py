"""Where the bars of the map stand: one scale for all cells, so that what looks larger is larger.

Above the line one scale for complaints, below it one for hours; the largest of each is as high as there is room for.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.experience.picture import Cell, Picture
from bot.web.rendering import short as told_hours

# In pixels: the highest bars, the numbers at their ends, and the least that a bar is, so that one is seen.
ABOVE, BELOW = 86, 70
NUMBER, LEAST = 22, 3
# A box of something that is not told.
BOX = 10


@dataclass(frozen=True, slots=True)
class Drawn:
    """A cell with its geometry. `up` and `down` are heights of bars, 0 for none; `line` is where the line is."""

    cell: Cell
    height: int
    line: int
    up: int
    down: int
    complaints: str
    hours: str
    tools: tuple[str, ...]
    partners: tuple[str, ...]
    label: str
    worst: bool

    @property
    def there(self) -> bool:
        return bool(self.cell.touchpoints)


@dataclass(frozen=True, slots=True)
class DrawnRow:
    channel: str
    name: str
    cells: tuple[Drawn, ...]


def drawn(picture: Picture, name_of: Callable[[str], str]) -> tuple[DrawnRow, ...]:
    most_complaints = max((cell.complaints for cell in picture.cells), default=0)
    most_hours = max((cell.hours or 0.0 for cell in picture.cells), default=0.0)

    def row(channel: str, cells: tuple[Cell, ...]) -> DrawnRow:
        ups = [_high(cell.complaints, most_complaints, ABOVE) for cell in cells]
        downs = [_high(cell.hours or 0.0, most_hours, BELOW) for cell in cells]
        line = max(*ups, BOX) + NUMBER
        height = line + max(*downs, BOX) + NUMBER
        return DrawnRow(
            channel,
            name_of(channel),
            tuple(
                _drawn(picture, cell, name_of, height=height, line=line, up=up, down=down)
                for cell, up, down in zip(cells, ups, downs, strict=True)
            ),
        )

    return tuple(row(channel, cells) for channel, cells in picture.rows)


def _drawn(
    picture: Picture, cell: Cell, name_of: Callable[[str], str], *, height: int, line: int, up: int, down: int
) -> Drawn:
    tools = tuple(name_of(tool) for tool in (cell.apart or cell.tools[:1]))
    return Drawn(
        cell=cell,
        height=height,
        line=line,
        up=up,
        down=down,
        complaints=str(cell.complaints) if cell.complaints else "",
        hours=f"{told_hours(round(cell.hours, 1))} h" if cell.hours else "",
        tools=tools,
        partners=tuple(map(name_of, cell.partners)),
        label=told(cell, name_of),
        worst=picture.worst is not None and cell.key == picture.worst.key,
    )


def told(cell: Cell, name_of: Callable[[str], str]) -> str:
    """The cell in words, for whoever does not see it: "Shop, Return or leave: 34 complaints, 7.4 hours a week ..."."""
    where = f"{name_of(cell.channel)}, {name_of(cell.stage)}"
    if not cell.touchpoints:
        return f"{where}: no touchpoint"
    parts = [f"{cell.complaints} {'complaint' if cell.complaints == 1 else 'complaints'}"]
    if cell.hours:
        parts.append(f"{told_hours(round(cell.hours, 1))} hours a week")
    elif cell.few:
        parts.append("hours of too few people to say")
    else:
        parts.append("no hours reported")
    if cell.gaps:
        parts.append(f"{cell.gaps} unanswered {'question' if cell.gaps == 1 else 'questions'}")
    if cell.no_way:
        parts.append("customers have no way to do it here")
    if cell.apart:
        parts.append(f"{' and '.join(map(name_of, cell.apart))} do not share what they hold")
    elif cell.tools:
        parts.append(f"tool: {name_of(cell.tools[0])}")
    return f"{where}: {', '.join(parts)}"


def _high(number: float, most: float, room: int) -> int:
    """In whole pixels; what is not nothing is seen."""
    return max(round(room * number / most), LEAST) if number and most else 0
