"""What things that signals are about are called."""

from collections.abc import Callable

from sqlalchemy import select

from bot.experience.reading import Reading
from bot.friction.tables import ThemeRow


def names(reading: Reading) -> Callable[[str], str]:
    """For `Signal.sentence`: a theme by its label in quotation marks, things of the map by their names."""
    labels = {
        f"theme:{id_}": f"“{label}”" for id_, label in reading.session.execute(select(ThemeRow.id, ThemeRow.label))
    }
    return lambda id_: labels.get(id_) or reading.world.map.name_of(id_)
