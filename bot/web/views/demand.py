"""Demand and partners: when customers come beside when friction is reported; partners on their own clock, and what they
were told."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot import deadlines
from bot.errors import SteeringRefused
from bot.experience.partners import partner_lane
from bot.experience.peaks import peaks
from bot.steering import partner_notices
from bot.steering.partner_notices import PartnerNotice
from bot.steering.steerers import may_steer
from bot.web import demand_drawing, exporting, periods
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.periods import PERIODS
from bot.web.rendering import day
from bot.web.site import Site

DEMAND = View(Entry.OVERVIEW, "/demand", "Demand and partners")
NOTICES = "/partners/notices"
_COLUMNS = ("notice", "partner", "since", "until", "what_changed", "state")
# How long a notice stands, in days.
STANDS = {"30": "a month", "7": "a week", "90": "three months"}
# Waits of a partner before their median is told.
FEWEST_WAITS = 5


class DemandRoom:
    views = (DEMAND,)

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(DEMAND.path, frame.reading(DEMAND, self._show)),
            Route(f"{NOTICES}.csv", frame.reading(DEMAND, self._export)),
            Route(NOTICES, frame.reading(DEMAND, self._for_partner)),
            Route(NOTICES, frame.sent(DEMAND, self._write), methods=["POST"]),
            Route(f"{NOTICES}/acknowledge", frame.sent(DEMAND, self._acknowledge), methods=["POST"]),
        ]

    def _show(self, visit: Visit, session: Session) -> Response:
        site, map_ = self._site, self._site.map()
        period = periods.asked(visit.request.query_params)
        reading = periods.reading(site, visit, session, weeks=int(period))
        told = partner_notices.notices(session, visit.viewer, calendar=site.calendar, now=site.clock())
        shown = {
            "demand": demand_drawing.drawn(peaks(reading), map_.name_of),
            "period": period,
            "periods": PERIODS,
            "lanes": partner_lane(reading),
            "fewest": FEWEST_WAITS,
            "notices": told,
            "of_partner": {id_: [one for one in told if self._on_map(one.partner) == id_] for id_ in map_.partners},
            "reached": {self._on_map(key) for key in site.partners},
            "late_after": partner_notices.LATE_AFTER_DAYS,
            "may_acknowledge": lambda key: partner_notices.may_acknowledge(visit.viewer, self._owner(key)),
            "told_partners": sorted({one.partner for one in told}),
            "owner_of": lambda id_: site.owners.name(map_.owner_of(id_)),
            "partners": site.partners,
            "may_steer": may_steer(visit.viewer),
            "stands": STANDS,
            "name_of": map_.name_of,
            "did": visit.request.query_params.get("did", ""),
            "zone": site.zone,
        }
        return visit.page("demand.html", shown)

    def _for_partner(self, visit: Visit, session: Session) -> Response:
        """What one partner was told, to be printed and given to them: nothing of us, of customers or of others."""
        told, partner = self._told(visit, session)
        if not partner:
            return RedirectResponse(f"{DEMAND.path}#notices", 303)
        shown = {
            "partner": partner,
            "rows": [_row(one, self._site) for one in told],
            "late": sum(one.late for one in told),
            "late_after": partner_notices.LATE_AFTER_DAYS,
            "csv": f"{NOTICES}.csv?partner={quote(partner)}",
            "today": self._site.today(),
        }
        return visit.page("partner_notices.html", shown)

    def _export(self, visit: Visit, session: Session) -> Response:
        """The same of one partner, or for us of all of them, without the names of whoever wrote and noted it."""
        told, partner = self._told(visit, session)
        rows = (_row(one, self._site) for one in told)
        return exporting.file(
            "partner-notices" if partner else "notices-of-all-partners", _COLUMNS, rows, day=self._site.today()
        )

    def _told(self, visit: Visit, session: Session) -> tuple[list[PartnerNotice], str]:
        """Of the partner that the address asks for; of all, and "", where nothing was ever meant for it."""
        site = self._site
        told = partner_notices.notices(session, visit.viewer, calendar=site.calendar, now=site.clock())
        asked = visit.request.query_params.get("partner", "")
        if not asked:
            return told, ""
        of_partner = [one for one in told if one.partner == asked]
        if not of_partner and asked not in site.partners:
            raise SteeringRefused("Choose a partner of config/people.yaml, or one who was told something.")
        return of_partner, asked

    def _write(self, visit: Visit, fields: Mapping[str, str]) -> Response:
        partner, days, now = fields.get("partner", ""), fields.get("days", ""), self._site.clock()
        if partner not in self._site.partners:
            raise SteeringRefused("Choose a partner of config/people.yaml: nobody else can be told.")
        if days not in STANDS:
            raise SteeringRefused("Say how long it stands: a week, a month or three months.")
        until = now + timedelta(days=int(days))
        with self._site.database.writing.begin() as session:
            partner_notices.write(
                session, fields.get("words", ""), partner, visit.viewer,
                until=until, said=deadlines.said(until, zone=self._site.zone), now=now,
            )  # fmt: skip
        return RedirectResponse(f"{DEMAND.path}?did=written#notices", 303)

    def _acknowledge(self, visit: Visit, fields: Mapping[str, str]) -> Response:
        number, partner = fields.get("notice", ""), fields.get("partner", "")
        known = number.isdecimal() and len(number) < 10  # noqa: PLR2004 - what a number holds
        with self._site.database.writing.begin() as session:
            partner_notices.acknowledge(
                session, int(number) if known else 0, partner, visit.viewer,
                owner=self._owner(partner), now=self._site.clock(),
            )  # fmt: skip
        return RedirectResponse(f"{DEMAND.path}?did=acknowledged#notices", 303)

    def _on_map(self, key: str) -> str:
        """The partner of the map that config/people.yaml calls so, by its id, its name or an alias; "" for none."""
        said = key.casefold()
        partners = self._site.map().partners.values()
        return next(
            (one.id for one in partners if said in {one.id, one.name.casefold(), *map(str.casefold, one.aliases)}), ""
        )

    def _owner(self, key: str) -> str:
        """The team that answers for it."""
        return self._site.map().owner_of(self._on_map(key))


def _row(one: PartnerNotice, site: Site) -> dict[str, object]:
    """As the partner may read it."""
    if one.acknowledged_at:
        state = f"acknowledged on {day(one.acknowledged_at, site.zone)}"
    elif one.late:
        state = f"not acknowledged after {partner_notices.LATE_AFTER_DAYS} working days"
    else:
        state = "not acknowledged yet"
    return {
        "notice": one.number,
        "partner": one.partner,
        "since": day(one.at, site.zone),
        "until": day(one.until, site.zone),
        "what_changed": one.text,
        "state": state,
    }
