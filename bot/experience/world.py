"""What numbers need to know beside the tickets: the map, who works where and when, what an hour costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from sqlalchemy import FromClause

from bot.experience.headcounts import Headcounts
from bot.touchpoints import TouchpointMap
from bot.working_time import Calendar


@dataclass(frozen=True, slots=True)
class Rates:
    """In the currency of the company: what an hour of work costs, and a contact with a customer; None: nobody said."""

    hour: float | None = None
    contact: float | None = None


@dataclass(frozen=True, slots=True)
class Pulses:
    """What employees answered in one tap: 0 to 10 whether they would recommend us as employer, 1 to 7 how easy it was.

    One entry for each answer; `people` is how many different people gave the answers of each.
    """

    recommend: tuple[int, ...] = ()
    ease: tuple[int, ...] = ()
    people_recommending: int = 0
    people_easing: int = 0


@dataclass(frozen=True)
class World:
    """`clocks` are the working hours of teams, by their keys; `usual` those of tickets of nobody.

    `routes` says at which touchpoint each interaction was: anything with the columns `interaction`, `touchpoint` and
    `complaint`; None where nothing was routed.
    """

    map: TouchpointMap
    headcounts: Headcounts = field(default_factory=Headcounts)
    clocks: Mapping[str, Calendar] = field(default_factory=dict)
    usual: Calendar = field(default_factory=Calendar)
    zone: tzinfo | None = None
    rates: Rates = field(default_factory=Rates)
    pulses: Pulses = field(default_factory=Pulses)
    routes: FromClause | None = None
