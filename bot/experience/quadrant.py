"""Every CX touchpoint by the friction of those who serve it and the complaints of those who come: in which field."""

from dataclasses import dataclass

from bot.experience.cells import Across, Cell
from bot.experience.reading import Reading
from bot.experience.touchpoints import Spot, spots
from bot.signals.quadrants import Placed, Touchpoint, quadrants


@dataclass(frozen=True, slots=True)
class Field:
    """A touchpoint with its numbers, and where they place it."""

    spot: Spot
    placed: Placed


def fields(reading: Reading) -> tuple[Field, ...]:
    """In the order of the map. Where nobody reports anything, the friction is none, and not unknown."""
    map_ = reading.world.map
    found = spots(reading)
    rows = [
        Touchpoint(
            one.touchpoint,
            load=one.load.value if one.tickets else 0.0,
            people=reading.employees(Cell(Across.TOUCHPOINT, one.touchpoint)),
            complaints=one.complaints,
            contacts=one.contacts,
            hours=one.hours or 0.0,
            target=map_.cx[one.touchpoint].targets.complaints_per_1000,
        )
        for one in found
    ]
    return tuple(map(Field, found, quadrants(rows)))
