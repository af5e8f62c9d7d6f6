"""Who looked at which customer, for auditors: each time it is read a row of the audit says so, as everywhere."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot import deadlines
from bot.experience.viewers import must_oversee
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.keeping import Keeping
from bot.web.site import Site

AUDIT = View(Entry.KNOWLEDGE, "/knowledge/audit", "Who looked at customers", must_oversee)
CHAIN = "/knowledge/audit/chain"
PERIODS = {"1d": "The last day", "7d": "The last seven days", "30d": "The last thirty days", "365d": "The last year"}
USUAL_PERIOD = "30d"
EVER = "ever"
MOST_SHOWN = 100


class AuditRoom:
    views = (AUDIT,)

    def __init__(self, site: Site, keeping: Keeping) -> None:
        self._site = site
        self._oversight = keeping.oversight

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(AUDIT.path, frame.seen(AUDIT, self._show)),
            Route(f"{AUDIT.path}/customer", frame.sent(AUDIT, self._find), methods=["POST"]),
            Route(CHAIN, frame.seen(AUDIT, self._verify)),
        ]

    def _show(self, visit: Visit) -> Response:
        asked = visit.request.query_params
        period = asked.get("since", USUAL_PERIOD)
        period = period if period in {*PERIODS, EVER} else USUAL_PERIOD
        person, customer = asked.get("person", "").strip()[:200], asked.get("customer", "").strip()[:64]
        found = self._oversight.report(
            by=visit.viewer.person,
            now=self._site.clock(),
            customer=customer,
            person=person,
            since=self._since(period),
        )
        shown = {
            "report": found,
            "name": self._oversight.name,
            "periods": {**PERIODS, EVER: "Since it began"},
            "period": period,
            "asked_person": person,
            "asked_customer": customer,
            "most": MOST_SHOWN,
            "zone": self._site.zone,
            "narrowed": lambda **more: f"{AUDIT.path}?{urlencode({'since': period, **more})}",
        }
        return visit.page("audit.html", shown)

    def _find(self, visit: Visit, fields: Mapping[str, str]) -> Response:
        """By what a customer is known by; the address that follows has the alias alone."""
        alias = self._oversight.alias(fields.get("customer", "").strip(), by=visit.viewer.person)
        return RedirectResponse(f"{AUDIT.path}?{urlencode({'since': EVER, 'customer': alias})}", 303)

    def _verify(self, visit: Visit) -> Response:
        """Reads every row, which takes seconds where there are millions; so by itself."""
        return visit.page("chain.html", {"verdict": self._oversight.verify()})

    def _since(self, period: str) -> datetime | None:
        lasting = deadlines.ago(period)
        return self._site.clock() - lasting if lasting else None
