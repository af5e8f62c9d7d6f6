"""How many weeks back somebody looks, as an address has it and in words, and what is read of them."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from bot.experience.mapped import WEEKS
from bot.experience.reading import Reading
from bot.experience.viewers import Viewer
from bot.experience.weeks import last_weeks, week_at
from bot.web.frame import Visit
from bot.web.site import Site

PERIODS: Mapping[str, str] = {"4": "four weeks", "12": "twelve weeks", "1": "this week", "26": "half a year"}
USUAL = str(WEEKS)
_A_WHILE = timedelta(minutes=1)


def asked(query: Mapping[str, str]) -> str:
    """One of `PERIODS`, the usual one for anything else."""
    period = query.get("weeks", "")
    return period if period in PERIODS else USUAL


def address(path: str, period: str, **parts: str) -> str:
    """With nothing in it that is usual, or empty."""
    said = ({"weeks": period} if period != USUAL else {}) | {name: value for name, value in parts.items() if value}
    return f"{path}?{urlencode(said)}" if said else path


def reading(site: Site, visit: Visit, session: Session, *, weeks: int = int(USUAL)) -> Reading:
    """Of the last weeks, this one among them; the page says when they were counted, where that is a while ago."""
    found = beside(site, visit.viewer, session, weeks=weeks)
    if found.asked_at - found.now >= _A_WHILE:
        visit.counted_at = min(found.now, visit.counted_at or found.now)
    return found


def beside(site: Site, viewer: Viewer, session: Session, *, weeks: int = int(USUAL)) -> Reading:
    """The same, for what stands beside things of this very moment."""
    now = site.clock()
    back = last_weeks(weeks, until=week_at(now, site.zone))
    return site.snapshots.reading(session, back, site.world_in(session), viewer=viewer, now=now)
