"""Before and after: what was mended, and whether it is reported less than what nobody touched."""

from dataclasses import dataclass
from math import log

from sqlalchemy.orm import Session
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.experience.fix_days import AT_ONCE, TOGETHER
from bot.experience.fixes import BESIDE, Fix, fixes
from bot.signals.effects import LEAST_WEEKS, Verdict
from bot.steering import roadmap
from bot.web import periods
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.site import Site

FIXES = View(Entry.OVERVIEW, "/fixes", "Fixes")
# Fixes of half a year, and what is compared with the first of them.
_WEEKS = 26 + BESIDE
# The ratios that have room; what is beyond stands at the edge, and in words.
_LOW, _HIGH = 1 / 8, 8.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A fix with the places of its ratio and of its ends on a scale of logarithms, in percent; `at` None: no ratio."""

    fix: Fix
    at: float | None
    low: float
    high: float
    said: str


class FixesRoom:
    views = (FIXES,)

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [Route(FIXES.path, frame.reading(FIXES, self._show))]

    def _show(self, visit: Visit, session: Session) -> Response:
        decided = roadmap.themes_done(session, visit.viewer, self._site.zone)
        reading = periods.reading(self._site, visit, session, weeks=_WEEKS)
        found = [_drawn(one) for one in fixes(reading, tuple(decided.items()))]
        known = [one for one in found if one.fix.effect.ratio is not None]
        fell = sum(one.fix.effect.verdict is Verdict.FELL for one in known)
        shown = {
            "fixes": found,
            "headline": f"Fewer reports after {fell} of {len(known)} fixes" if known else "What did fixing it do?",
            "at_once": AT_ONCE,
            "together": TOGETHER,
            "most": BESIDE,
            "least": LEAST_WEEKS,
            "weeks": _WEEKS,
            "name_of": self._site.map().name_of,
        }
        return visit.page("fixes.html", shown)


def _drawn(one: Fix) -> Drawn:
    found = one.effect
    if found.ratio is None or found.low is None:
        return Drawn(one, None, 0, 0, found.why)
    high = found.high if found.high is not None else _HIGH
    ends = f"{found.low:.2f} to {found.high:.2f}" if found.high is not None else f"{found.low:.2f} or more"
    said = f"{found.ratio:.2f} times what it was, untouched work being 1 (90 % interval {ends})"
    return Drawn(one, _place(found.ratio), _place(found.low), _place(high), said)


def _place(ratio: float) -> float:
    """0 to 100 on a scale where half as many and twice as many are equally far from 1."""
    inside = min(max(ratio, _LOW), _HIGH)
    return round(100 * (log(inside) - log(_LOW)) / (log(_HIGH) - log(_LOW)), 1)
