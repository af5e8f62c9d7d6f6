"""The map as lines that a phone shows: customers above, employees below, the tool beneath."""

from bot.experience import map_words
from bot.experience.picture import Cell, Picture
from bot.summaries.summary import Item, Summary
from bot.touchpoints import TouchpointMap

_PERIOD = "Complaints of four weeks; hours as they are lost in a week."
_ONE = "`/throughline map` and a stage shows its cells."
_NO_PAGE = "The page of leads is not served at the moment."


def of_stage(picture: Picture, map_: TouchpointMap, stage: str, *, address: str) -> Summary:
    """Its cells, the worst first; `address` is where the page is served, "" for nowhere."""
    cells = [cell for cell in picture.ranked if cell.stage == stage]
    quiet = [cell for cell in picture.cells if cell.stage == stage and cell.touchpoints and cell not in cells]
    items = [Item("\n".join((_title(cell, picture, map_), *_lines(cell, map_)))) for cell in cells]
    foot = [_PERIOD]
    if quiet:
        foot.insert(0, f"Nothing at {', '.join(map_.name_of(cell.channel) for cell in quiet)}.")
    name = map_.name_of(stage)
    title = name if items else f"{name}: nothing complained of, nothing reported"
    return Summary(title, tuple(items), " ".join([*foot, _link(address, cells[0] if cells else None)]))


def of_journey(picture: Picture, map_: TouchpointMap, *, address: str) -> Summary:
    """Every stage in the order of the journey, each with its worst cell."""
    items = []
    for stage in picture.stages:
        worst = worst_of(picture, stage)
        lines = (f"{map_.name_of(worst.channel)}{_flag(worst, picture)}", *_lines(worst, map_)) if worst else ("quiet",)
        items.append(Item("\n".join((map_.name_of(stage), *lines))))
    title = map_words.headline(picture, map_)
    return Summary(title, tuple(items), " ".join((_PERIOD, _ONE, _link(address, picture.worst))))


def worst_of(picture: Picture, stage: str) -> Cell | None:
    return next((cell for cell in picture.ranked if cell.stage == stage and picture.share(cell)), None)


def _title(cell: Cell, picture: Picture, map_: TouchpointMap) -> str:
    return f"{map_.name_of(cell.channel)}{_flag(cell, picture)}"


def _flag(cell: Cell, picture: Picture) -> str:
    return " (hurts most of all)" if cell == picture.worst else ""


def _lines(cell: Cell, map_: TouchpointMap) -> list[str]:
    beneath = map_words.beneath(cell, map_)
    gaps = f"{cell.gaps} {'question' if cell.gaps == 1 else 'questions'} nothing answered"
    return [
        f"Customers: {map_words.complaints(cell)}",
        f"Employees: {map_words.hours(cell)}",
        *([f"Beneath: {beneath}"] if beneath else []),
        *([gaps] if cell.gaps else []),
    ]


def _link(address: str, cell: Cell | None) -> str:
    """Everything in it is an id of the map, so nothing in it can be mistaken for markup."""
    if not address:
        return _NO_PAGE
    return f"<{address}/map{f'?cell={cell.key}#cell' if cell else ''}|Open the map>"
