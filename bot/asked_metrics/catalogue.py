"""All measures that questions can be about."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.asked_metrics.complaints import ComplaintsOf, complaints
from bot.asked_metrics.contacts import CONTACTS, REPEAT_CONTACTS
from bot.asked_metrics.hours import HOURS_LOST
from bot.asked_metrics.lasting import LastingOf, partner_waiting, time_to_resolve
from bot.asked_metrics.measure import Measure
from bot.asked_metrics.people import PEOPLE_REPORTING
from bot.asked_metrics.questions import PAGES_USED, UNANSWERED
from bot.asked_metrics.satisfaction import SATISFACTION
from bot.asked_metrics.tickets import AGE_OF_OPEN, TICKETS_FILED, TICKETS_OPEN, TICKETS_RESOLVED


@dataclass(frozen=True, slots=True)
class Sources:
    """What is counted elsewhere; what has no source is no measure, and questions about it are for the pages."""

    complaints: ComplaintsOf | None = None
    resolving: LastingOf | None = None
    waiting: LastingOf | None = None


def measures(sources: Sources) -> tuple[Measure, ...]:
    return tuple(_each(sources))


def _each(sources: Sources) -> Iterator[Measure]:
    yield from (HOURS_LOST, TICKETS_FILED, TICKETS_RESOLVED, TICKETS_OPEN, AGE_OF_OPEN, PEOPLE_REPORTING)
    yield from (CONTACTS, REPEAT_CONTACTS, SATISFACTION, PAGES_USED, UNANSWERED)
    if sources.complaints is not None:
        yield complaints(sources.complaints)
    if sources.resolving is not None:
        yield time_to_resolve(sources.resolving)
    if sources.waiting is not None:
        yield partner_waiting(sources.waiting)
