"""The lanes beneath the map, stage by stage: what partners have a part in, and whether one contact was enough.

Operations are what the company does across channels: where a customer has to come again on another one, it did not
hold together. Both are of the same part of the map as the picture above them.
"""

from dataclasses import dataclass

from bot.experience import returning
from bot.experience.figures import figure
from bot.experience.mapped import ALL_OF_IT, Part, mapped, touchpoints_of
from bot.experience.reading import Reading
from bot.metrics.measure import Measure, Unit, untold
from bot.touchpoints import TouchpointMap


@dataclass(frozen=True, slots=True)
class PartnerPart:
    """`complaints` came in where it has a part; `hours` a week of tickets that name it, None where none are told.

    `few`: there are some, of too few people. `owner` is the team that answers for the partner.
    """

    partner: str
    owner: str
    complaints: int
    hours: float | None
    few: bool


@dataclass(frozen=True, slots=True)
class LaneCell:
    """Of a stage. `again` is the share of contacts after which the customer came on another channel within 72 h.

    `owners` are the teams of the touchpoints where they came.
    """

    stage: str
    partners: tuple[PartnerPart, ...]
    again: Measure
    owners: tuple[str, ...]


@figure
def lanes(reading: Reading, part: Part = ALL_OF_IT) -> tuple[LaneCell, ...]:
    """In the order of the stages."""
    map_ = reading.world.map
    here = {id_ for id_ in map_.cx if touchpoints_of(map_, part)(id_)}
    again = returning.by_stage(reading, frozenset(here), place=part.place)
    asked = [part.partner] if part.partner else list(map_.partners)
    parts = {partner: _parts(reading, Part(part.place, partner)) for partner in asked}
    return tuple(
        LaneCell(
            stage,
            tuple(of_stage[stage] for of_stage in parts.values() if stage in of_stage),
            again.get(stage, untold(Unit.PERCENT, 0, "contacts")),
            _owners(map_, stage, here),
        )
        for stage in map_.stages
    )


def _parts(reading: Reading, part: Part) -> dict[str, PartnerPart]:
    """Stage -> its part, where it has one or tickets name it: the numbers are those of the map of that partner."""
    map_ = reading.world.map
    cells = mapped(reading, part).cells
    found: dict[str, PartnerPart] = {}
    for stage in map_.stages:
        there = [one for one in cells if one.stage == stage]
        hours = [one.hours for one in there if one.hours is not None]
        few = any(one.few for one in there)
        if hours or few or any(part.partner in one.partners for one in there):
            found[stage] = PartnerPart(
                part.partner,
                map_.owner_of(part.partner),
                sum(one.complaints for one in there),
                sum(hours) if hours else None,
                few=few,
            )
    return found


def _owners(map_: TouchpointMap, stage: str, here: set[str]) -> tuple[str, ...]:
    owners = (one.owner for one in map_.cx.values() if one.stage == stage and one.id in here)
    return tuple(dict.fromkeys(owner for owner in owners if owner))
