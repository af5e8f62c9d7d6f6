"""The journey of customers in one line: of each stage their complaints, and the hours of those who serve them."""

from dataclasses import dataclass

from bot.experience.figures import figure
from bot.experience.mapped import hours_at
from bot.experience.picture import picture
from bot.experience.reading import Reading
from bot.touchpoints import CxTouchpoint


@dataclass(frozen=True, slots=True)
class Stage:
    """`hours` a week, None where none is told; `few`: there is something, and too few people to say.

    `aimed` of its `touchpoints` have a target.
    """

    id: str
    complaints: int
    hours: float | None
    few: bool
    touchpoints: int
    aimed: int


@figure
def stages(reading: Reading, lately: int) -> tuple[Stage, ...]:
    """In the order of the map; complaints of the last so many weeks."""
    map_ = reading.world.map
    complaints = {id_: sum(came.complaints[-lately:]) for id_, came in reading.contacts.items()}
    cells = picture(map_, complaints=complaints, hours=hours_at(reading), gaps={}).cells
    found = []
    for id_ in map_.stages:
        here = [cell for cell in cells if cell.stage == id_]
        told = [cell.hours for cell in here if cell.hours is not None]
        at = [one for one in map_.cx.values() if one.stage == id_]
        found.append(
            Stage(
                id_,
                sum(cell.complaints for cell in here),
                sum(told) if told else None,
                any(cell.few for cell in here),
                len(at),
                sum(_aimed(one) for one in at),
            )
        )
    return tuple(found)


def _aimed(one: CxTouchpoint) -> bool:
    return one.targets.csat is not None or one.targets.complaints_per_1000 is not None
