"""The map in words: what its page opens with, and what is told of it where nobody sees a picture."""

from bot.experience.picture import Cell, Picture
from bot.touchpoints import TouchpointMap


def headline(picture: Picture, map_: TouchpointMap) -> str:
    """ "Where employees hurt most: Shop, Return or leave"."""
    worst = picture.worst
    if worst is None:
        return "Where customers and employees meet"
    if worst.complaints and worst.hours:
        return "Where customers and employees hurt together"
    who = "customers" if worst.complaints else "employees"
    return f"Where {who} hurt most: {map_.name_of(worst.channel)}, {map_.name_of(worst.stage)}"


def complaints(cell: Cell) -> str:
    """ "34 complaints"."""
    return f"{cell.complaints or 'no'} {'complaint' if cell.complaints == 1 else 'complaints'}"


def hours(cell: Cell) -> str:
    """ "7.4 h a week"."""
    if cell.hours:
        return f"{round(cell.hours, 1):g} h a week"
    return "hours of too few people to tell" if cell.few else "no hours reported"


def beneath(cell: Cell, map_: TouchpointMap) -> str:
    """ "CareDesk ≠ Orion" where the two do not share what both hold; "" where no tool is named."""
    if cell.apart:
        return " ≠ ".join(map(map_.name_of, cell.apart))
    return ", ".join(map(map_.name_of, cell.tools))
