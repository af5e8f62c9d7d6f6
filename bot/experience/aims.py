"""What is beside what was aimed for, touchpoint by touchpoint: metric 24."""

from dataclasses import dataclass

from bot.experience import contacts
from bot.experience.contacts import Contacts, Scores
from bot.experience.figures import figure
from bot.experience.reading import Reading
from bot.metrics.targets import Aim, Variance, variance

CSAT, COMPLAINTS = "csat", "complaints_per_1000"


@dataclass(frozen=True, slots=True)
class Aimed:
    """A target of a CX touchpoint, by its name on the map, and how far the latest week with data is from it."""

    touchpoint: str
    target: str
    variance: Variance


@figure
def aims(reading: Reading) -> tuple[Aimed, ...]:
    """Every target of the map, those missed longest first."""
    nothing = (0,) * len(reading.weeks)
    found: list[Aimed] = []
    for one in reading.world.map.cx.values():
        if one.targets.csat is not None:
            weeks = reading.scores.get(one.id, [Scores()] * len(reading.weeks))
            found.append(Aimed(one.id, CSAT, variance(Aim(one.targets.csat), [week.mean for week in weeks])))
        if one.targets.complaints_per_1000 is not None:
            came = reading.contacts.get(one.id, Contacts(nothing, nothing))
            rates = [contacts.rate(*week) for week in zip(came.complaints, came.contacts, strict=True)]
            aim = Aim(one.targets.complaints_per_1000, more_is_better=False)
            found.append(Aimed(one.id, COMPLAINTS, variance(aim, rates)))
    return tuple(sorted(found, key=lambda one: (-one.variance.weeks_missed, one.touchpoint, one.target)))
