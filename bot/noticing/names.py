"""What things that signals are about are called, and where the page shows them."""

from collections.abc import Callable

from sqlalchemy import select

from bot.experience.reading import Reading
from bot.friction.tables import ThemeRow
from bot.touchpoints import TouchpointMap


def names(reading: Reading) -> Callable[[str], str]:
    """For `Signal.sentence`: a theme by its label in quotation marks, things of the map by their names."""
    labels = {
        f"theme:{id_}": f"“{label}”" for id_, label in reading.session.execute(select(ThemeRow.id, ThemeRow.label))
    }
    return lambda id_: labels.get(id_) or reading.world.map.name_of(id_)


def path_of(id_: str, map_: TouchpointMap) -> str:
    """The path of a thing on the page, "" where it has none there."""
    kind, _, number = id_.partition(":")
    if kind == "theme" and number.isascii() and number.isdecimal():
        return f"/themes/{number}"
    if id_ in map_.cx:
        return f"/map?cell={map_.cx[id_].channel}.{map_.cx[id_].stage}#cell"
    if id_ in map_.ex:
        return f"/tickets?touchpoint={id_}&state=all"
    return f"/tickets?tool={id_}&state=all" if id_ in map_.tools else ""
