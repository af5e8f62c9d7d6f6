"""The scorecard of total experience: how good we say we are at its five components, beside what is measured."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.errors import SteeringRefused
from bot.experience.weeks import Week, last_weeks, week_of
from bot.steering import rating_gaps, ratings
from bot.steering.measured import measured
from bot.steering.ratings import Component, Quarter, Rating
from bot.steering.steerers import may_steer
from bot.web import trend_drawing
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.site import Site

SCORECARD = View(Entry.OVERVIEW, "/scorecard", "Scorecard")
COMPONENTS: Mapping[Component, tuple[str, str]] = {
    Component.MOBILE: ("Mobile devices", "Customers and employees get it done on a phone."),
    Component.LISTENING: ("Social listening", "What is said about us in public reaches those who can mend it."),
    Component.CHANNELS: ("Service channels", "Customers come by the channel that suits them, and need only one."),
    Component.REAL_TIME: ("In real time", "Whoever says something hears from us while it matters."),
    Component.ANALYTICS: ("Analytics", "What customers and employees say is counted where it belongs."),
}
SCORES = {1: "1, lagging", 2: "2", 3: "3, as others", 4: "4", 5: "5, leading"}
# Where the rows of a component are.
ROWS: Mapping[Component, str] = {
    Component.MOBILE: "/courses?cell=channel:mobile_app",
    Component.LISTENING: "/courses?cell=channel:social",
    Component.CHANNELS: "/demand",
    Component.REAL_TIME: "/courses#resolve",
    Component.ANALYTICS: "/targets?show=all",
}
# Quarters that can be rated at least, the present one among them.
_OFFERED = 8
_QUARTER = re.compile(r"(20[0-9]{2})-Q([1-4])")


class RatingsRoom:
    views = (SCORECARD,)

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(SCORECARD.path, frame.reading(SCORECARD, self._show)),
            Route(SCORECARD.path, frame.sent(SCORECARD, self._rate), methods=["POST"]),
        ]

    def _show(self, visit: Visit, session: Session) -> Response:
        this = ratings.quarter_of(self._site.today())
        quarter = min(_asked(visit.request.query_params.get("quarter", "")) or this, this)
        history = ratings.every_quarter(session, visit.viewer, until=this)
        rated = ratings.ratings(session, {*history, quarter}, visit.viewer)
        weeks = self._weeks(quarter)
        reading = self._site.snapshots.reading(
            session, weeks, self._site.world_in(session), viewer=visit.viewer, now=self._site.clock()
        )
        shown = {
            "quarter": quarter,
            "quarters": ratings.last_quarters(max(_OFFERED, len(history)), until=this)[::-1],
            "weeks": len(weeks),
            "components": [(one, *COMPONENTS[one]) for one in Component],
            "rated": rated[quarter],
            "history": history,
            "all_rated": rated,
            "trends": [(one, COMPONENTS[one][0], trend_drawing.drawn(one, history, rated)) for one in Component],
            "measured": measured(reading),
            "gaps": rating_gaps.gaps(rated[quarter], rating_gaps.yardsticks(reading)),
            "step": rating_gaps.STEP,
            "fewest": rating_gaps.FEWEST,
            "rows": ROWS,
            "names": {one: name for one, (name, _) in COMPONENTS.items()},
            "headline": _headline(rated[quarter]),
            "scores": SCORES,
            "may_steer": may_steer(visit.viewer),
            "did": visit.request.query_params.get("did", ""),
            "zone": self._site.zone,
        }
        return visit.page("scorecard.html", shown)

    def _rate(self, visit: Visit, fields: Mapping[str, str]) -> Response:
        this = ratings.quarter_of(self._site.today())
        quarter, component, score = (
            _asked(fields.get("quarter", "")),
            fields.get("component", ""),
            fields.get("score", ""),
        )
        if quarter is None or quarter > this:
            raise SteeringRefused(f"Rate this quarter, {this.key}, or one before it.")
        if component not in set(Component):
            raise SteeringRefused(f"The components are {', '.join(Component)}.")
        with self._site.database.writing.begin() as session:
            ratings.rate(
                session, quarter, Component(component), int(score) if score.isdecimal() and len(score) == 1 else 0,
                fields.get("why", ""), visit.viewer, now=self._site.clock(),
            )  # fmt: skip
        return RedirectResponse(f"{SCORECARD.path}?quarter={quarter.key}&did={component}", 303)

    def _weeks(self, quarter: Quarter) -> tuple[Week, ...]:
        """Those whose Thursday is in it, as far as they have begun; a week is in one quarter alone."""
        after = quarter.following.first_day
        last = min(week_of(self._site.today()), _last_before(after))
        first = _last_before(quarter.first_day).following
        return last_weeks(max((last.monday - first.monday).days // 7 + 1, 1), until=last)


def _last_before(day: date) -> Week:
    """The last one whose Thursday is before a day."""
    return week_of(day - timedelta(days=4))


def _asked(written: str) -> Quarter | None:
    found = _QUARTER.fullmatch(written)
    return Quarter(int(found[1]), int(found[2])) if found else None


def _headline(rated: Mapping[Component, Rating]) -> str:
    if not rated:
        return "How good are we at total experience?"
    least, most = (min(one.score for one in rated.values()), max(one.score for one in rated.values()))
    if least == most:
        return f"Rated {least} of 5 throughout"
    weakest = [COMPONENTS[one][0] for one in Component if one in rated and rated[one].score == least]
    return f"Furthest behind: {', '.join(weakest)}"
