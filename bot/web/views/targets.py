"""Targets: what is beside what was aimed for, weeks missed; goals, on what evidence they stand; what serves none."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.errors import SettingsError
from bot.experience.aims import COMPLAINTS, CSAT, Aimed, aims
from bot.metrics.measure import Measure
from bot.touchpoints.goals import Evidence, EvidenceKind, Goal, Metric, feedback_linked, orphans, with_evidence
from bot.web import periods
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.site import Site

TARGETS = View(Entry.OVERVIEW, "/targets", "Targets")
WEEKS = 12
# In a row: so many and it is no bad week.
STANDING = 3
SHOWN = {"missed": "Missed", "met": "Met", "unknown": "Not enough data", "all": "All targets"}
NAMES = {CSAT: "mean score", COMPLAINTS: "complaints per 1,000 contacts"}
METRICS = {
    Metric.CSAT: "satisfaction",
    Metric.COMPLAINTS: "complaints per 1,000 contacts",
    Metric.REPEAT_CONTACTS: "repeat contacts",
    Metric.HOURS_LOST: "hours lost",
    Metric.MINUTES: "minutes",
    Metric.TIME_TO_RESOLVE: "time to resolve",
}


class TargetsRoom:
    views = (TARGETS,)

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [Route(TARGETS.path, frame.reading(TARGETS, self._show))]

    def _show(self, visit: Visit, session: Session) -> Response:
        asked, map_ = visit.request.query_params.get("show", ""), self._site.map()
        asked = asked if asked in SHOWN else "missed"
        reading = periods.reading(self._site, visit, session, weeks=WEEKS)
        found = aims(reading)
        of_state = {state: [one for one in found if state in {_state(one), "all"}] for state in SHOWN}
        goals, wrong = self._goals()
        lost = orphans(map_, goals)
        came = {at: sum(one.complaints) for at, one in reading.contacts.items()}
        shown = {
            "headline": _headline(found),
            "targets": of_state[asked],
            "counts": {state: len(some) for state, some in of_state.items()},
            "asked": asked,
            "shown": SHOWN,
            "what": NAMES,
            "weeks": WEEKS,
            "standing": STANDING,
            "away": _away,
            "number": _number,
            "cell_of": lambda id_: f"{map_.cx[id_].channel}.{map_.cx[id_].stage}",
            "goals": goals,
            "wrong": wrong,
            "metrics": METRICS,
            "because": lambda one: _because(one, map_.name_of),
            "linked": with_evidence(goals),
            "feedback": feedback_linked(goals, came),
            "orphans": [(one, "customers" if one in map_.cx else "work") for one in lost],
            "touchpoints": len(map_.cx) + len(map_.ex),
            "name_of": map_.name_of,
            "owner_of": self._site.owners.name,
            "today": self._site.today(),
        }
        return visit.page("targets.html", shown)

    def _goals(self) -> tuple[Sequence[Goal], str]:
        """The goals, and what is wrong with their file."""
        try:
            return self._site.goals(), ""
        except SettingsError as fault:
            return (), str(fault)


def _state(one: Aimed) -> str:
    if one.variance.actual.value is None:
        return "unknown"
    return "missed" if one.variance.weeks_missed else "met"


def _headline(found: Sequence[Aimed]) -> str:
    missed = [one for one in found if one.variance.weeks_missed]
    for_long = sum(one.variance.weeks_missed >= STANDING for one in missed)
    if not missed:
        return "Every target that can be told is met" if any(map(_told, found)) else "What is aimed for, and what is"
    return f"{len(missed)} targets are missed, {for_long} of them for {STANDING} weeks or more"


def _told(one: Aimed) -> bool:
    return one.variance.actual.value is not None


def _away(one: Aimed) -> str:
    """ "0.2 below", "3.1 above"."""
    away = one.variance.variance.value
    if away is None:
        return ""
    return f"{_number(abs(away))} {'above' if away > 0 else 'below'}" if round(away, 1) else "as aimed"


def _number(value: float | Measure | None) -> str:
    if isinstance(value, Measure):
        value = value.value
    return "" if value is None else f"{value:,.1f}".removesuffix(".0")


def _because(one: Evidence, name_of: Callable[[str], str]) -> tuple[str, str]:
    """In words, and where its rows are."""
    if one.kind is EvidenceKind.COMPLAINTS:
        return f"complaints at {name_of(one.what)}", f"/courses?cell=touchpoint:{one.what}"
    number = one.what.removeprefix("F-")
    if one.kind is EvidenceKind.THEME:
        return f"theme {number}", f"/themes/{number}"
    return f"ticket FR-{number}", f"/tickets/FR-{number}"
