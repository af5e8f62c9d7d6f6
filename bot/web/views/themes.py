"""Themes by what they cost, each with its tickets and its weeks, and where it stands on the roadmap; root causes."""

from collections.abc import Mapping

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot import friction_wording
from bot.errors import NoSuchPage
from bot.experience import finding
from bot.experience.causes import Cause, causes
from bot.experience.reading import Reading
from bot.experience.theme_story import ThemeStory, theme_story
from bot.experience.themes import Theme, Themes, themes
from bot.metrics.shares import Share
from bot.steering import efforts, roadmap
from bot.steering.steerers import may_steer, must_steer
from bot.web import controls, deciding, exporting, filtering, pareto_drawing, periods
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.periods import PERIODS, USUAL
from bot.web.site import Site

THEMES = View(Entry.THEMES, "/themes", "Themes")
# Of the weeks of a theme: enough for limits, and for what half a year is like.
COURSE = 26
MOST_TICKETS = 20
# What the forms of themes are sent to, from wherever one is shown.
_CAUSES = "/causes.csv"
_DECIDED, _ESTIMATED = "/themes/roadmap", "/themes/effort"
_GONE = "There is no such theme any more: it was merged, or its tickets went elsewhere."
_COLUMNS = (
    "theme", "label", "tickets", "hours_a_week", "people_at_least", "customers_a_week", "cost_of_delay_a_week",
    "effort_days", "saved_by_a_day", "share_of_hours", "share_together", "roadmap",
)  # fmt: skip
_CAUSE_COLUMNS = (
    "cause", "tickets", "counted", "hours_a_week", "people_at_least", "share_of_hours", "share_together",
)  # fmt: skip


class ThemesRoom:
    views = (THEMES,)

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(THEMES.path, frame.reading(THEMES, self._list)),
            Route("/themes.csv", frame.reading(THEMES, self._export)),
            Route(_CAUSES, frame.reading(THEMES, self._export_causes)),
            Route(_DECIDED, frame.sent(THEMES, self._decide), methods=["POST"]),
            Route(_ESTIMATED, frame.sent(THEMES, self._estimate), methods=["POST"]),
            Route(f"{THEMES.path}/{{number}}", frame.reading(THEMES, self._one)),
        ]

    def _list(self, visit: Visit, session: Session) -> Response:
        period = periods.asked(visit.request.query_params)
        reading = self._reading(visit, session, int(period))
        found = themes(reading, efforts.days_by_theme(session, visit.viewer))
        behind = causes(reading)
        labels = finding.themes(session, viewer=visit.viewer)
        standing = {one.id for one in found.roadmap}
        shown = {
            "headline": pareto_drawing.headline(found, labels),
            "bars": pareto_drawing.bars(found.shares),
            "hidden": [one for one in found.roadmap if one.hours is None],
            "all_hours": sum(one.value for one in found.shares),
            "roadmap": found.roadmap,
            "costed": any(one.delay is not None for one in found.roadmap),
            "estimated": any(one.effort_days is not None for one in found.roadmap),
            "quiet": [(number, label) for number, label in labels.items() if number not in standing],
            "labels": labels,
            "stands": roadmap.stands(session, visit.viewer),
            "period": period,
            "periods": PERIODS,
            "csv": periods.address("/themes.csv", period),
            "causes": behind.causes,
            "cause_bars": pareto_drawing.bars(behind.shares),
            "cause_hours": sum(one.value for one in behind.shares),
            "cause_names": friction_wording.CAUSES,
            "causes_csv": periods.address(_CAUSES, period),
        }
        return visit.page("themes.html", shown)

    def _export(self, visit: Visit, session: Session) -> Response:
        reading = self._reading(visit, session, int(periods.asked(visit.request.query_params)))
        found = themes(reading, efforts.days_by_theme(session, visit.viewer))
        stands = roadmap.stands(session, visit.viewer)
        rows = [_row(one, found, stands.get(roadmap.of_theme(one.id))) for one in found.roadmap]
        return exporting.file("themes", _COLUMNS, rows, day=self._site.today())

    def _export_causes(self, visit: Visit, session: Session) -> Response:
        found = causes(self._reading(visit, session, int(periods.asked(visit.request.query_params))))
        shares = {one.id: one for one in found.shares}
        rows = [_cause_row(one, shares.get(one.id)) for one in found.causes]
        return exporting.file("causes", _CAUSE_COLUMNS, rows, day=self._site.today())

    def _one(self, visit: Visit, session: Session) -> Response:
        number = filtering.theme_number(visit.request.path_params["number"])
        reading, course = (self._reading(visit, session, weeks) for weeks in (int(USUAL), COURSE))
        estimated = efforts.days_by_theme(session, visit.viewer)
        told = theme_story(reading, course, number, estimated) if number else None
        if told is None:
            raise NoSuchPage(_GONE)
        return visit.page("theme.html", self._told(visit, session, told))

    def _told(self, visit: Visit, session: Session, told: ThemeStory) -> dict[str, object]:
        map_ = self._site.map()
        decisions = [one for one in roadmap.log(session, visit.viewer) if one.item == roadmap.of_theme(told.number)]
        served = dict.fromkeys(cx for id_, _ in told.touchpoints for cx in map_.served_by(id_))
        return {
            "told": told,
            "open": told.open[:MOST_TICKETS],
            "served": [(f"{cx.channel}.{cx.stage}", cx.name) for cx in served],
            "chart": controls.drawn(told.control),
            "decisions": decisions[::-1],
            "plan": deciding.lanes_from(decisions[-1].lane if decisions else None),
            "undo": deciding.undoing(decisions),
            "estimates": efforts.estimates(session, told.number, visit.viewer),
            "may_steer": may_steer(visit.viewer),
            "did": visit.request.query_params.get("did", ""),
            "name_of": map_.name_of,
            "owner_of": self._site.owners.name,
            "weight": friction_wording.weight,
            "zone": self._site.zone,
            "weeks": COURSE,
        }

    def _decide(self, visit: Visit, fields: Mapping[str, str]) -> Response:
        must_steer(visit.viewer)
        number = self._theme(fields)
        deciding.decide(self._site, visit.viewer, {**fields, "item": roadmap.of_theme(number)})
        return RedirectResponse(f"{THEMES.path}/{number}?did=decided", 303)

    def _estimate(self, visit: Visit, fields: Mapping[str, str]) -> Response:
        must_steer(visit.viewer)
        number = self._theme(fields)
        with self._site.database.writing.begin() as session:
            efforts.estimate(session, number, fields.get("days", ""), visit.viewer, now=self._site.clock())
        return RedirectResponse(f"{THEMES.path}/{number}?did=estimated#effort", 303)

    def _theme(self, fields: Mapping[str, str]) -> int:
        """Raises `NoSuchPage` where a form names none that there is."""
        number = filtering.theme_number(fields.get("theme", ""))
        with self._site.database.reading() as session:
            if number is None or deciding.thing(session, roadmap.of_theme(number), self._site.map()) is None:
                raise NoSuchPage(_GONE)
        return number

    def _reading(self, visit: Visit, session: Session, weeks: int) -> Reading:
        return periods.reading(self._site, visit, session, weeks=weeks)


def _row(one: Theme, found: Themes, stands: roadmap.Decision | None) -> dict[str, object]:
    share = next((each for each in found.shares if each.id == one.id), None)
    return {
        "theme": one.id,
        "label": one.label,
        "tickets": one.tickets,
        "hours_a_week": "few people" if one.hours is None else one.hours,
        "people_at_least": "few people" if one.people is None else one.people,
        "customers_a_week": None if one.customers is None else round(one.customers, 2),
        "cost_of_delay_a_week": None if one.delay is None else round(one.delay, 2),
        "effort_days": one.effort_days,
        "saved_by_a_day": None if one.priority.value is None else round(one.priority.value, 2),
        "share_of_hours": share and round(share.share, 4),
        "share_together": share and round(share.cumulative, 4),
        "roadmap": stands.lane if stands else None,
    }


def _cause_row(one: Cause, share: Share | None) -> dict[str, object]:
    return {
        "cause": one.id or "not said",
        "tickets": one.tickets,
        "counted": one.counted,
        "hours_a_week": "few people" if one.hours is None else one.hours,
        "people_at_least": "few people" if one.people is None else one.people,
        "share_of_hours": share and round(share.share, 4),
        "share_together": share and round(share.cumulative, 4),
    }
