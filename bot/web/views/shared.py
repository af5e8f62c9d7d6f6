"""Themes that appear together with complaints: of a theme, of a cell of the map or all; right or not, people say."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.errors import SteeringRefused
from bot.friction.tables import ThemeRow
from bot.noticing.names import names
from bot.noticing.noticed import WEEKS, Noticed, noticed
from bot.signals.signal import Kind, Signal
from bot.steering.steerers import may_steer, must_steer
from bot.steering.verdicts import Verdict, judge, take_back, verdicts
from bot.touchpoints import TouchpointMap
from bot.web import periods, signal_places
from bot.web.entries import Entry, View
from bot.web.filtering import theme_number
from bot.web.frame import Frame, Visit
from bot.web.site import Site

SHARED = View(Entry.MAP, "/shared", "Shared issues")
_SAYS = {"same": True, "different": False}


@dataclass(frozen=True, slots=True)
class Part:
    """Of what shared issues are shown: of a theme, of the CX touchpoints of a cell, of all with neither."""

    theme: int | None = None
    cell: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Part":
        return cls(theme_number(query.get("theme", "")), query.get("cell", "")[:80])

    @property
    def back(self) -> str:
        """The page that it is a part of."""
        if self.theme is not None:
            return f"/themes/{self.theme}#shared"
        return f"/map?{urlencode({'cell': self.cell})}#shared" if self.cell else SHARED.path

    @property
    def address(self) -> str:
        asked = {"theme": str(self.theme or ""), "cell": self.cell}
        return f"{SHARED.path}?{urlencode({name: value for name, value in asked.items() if value})}"

    def holds(self, theme: int, touchpoint: str, map_: TouchpointMap) -> bool:
        here = map_.cx.get(touchpoint)
        in_cell = not self.cell or (here is not None and f"{here.channel}.{here.stage}" == self.cell)
        return in_cell and self.theme in {None, theme}


@dataclass(frozen=True, slots=True)
class Pair:
    """A theme and a CX touchpoint; no signal where, as somebody said, they are not the same thing."""

    theme: int
    touchpoint: str
    signal: Signal | None
    verdict: Verdict | None


class SharedRoom:
    views = (SHARED,)

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(SHARED.path, frame.reading(SHARED, self._show)),
            Route(SHARED.path, frame.sent(SHARED, self._judge), methods=["POST"]),
        ]

    def _show(self, visit: Visit, session: Session) -> Response:
        part, map_ = Part.of(visit.request.query_params), self._site.map()
        reading = periods.reading(self._site, visit, session, weeks=WEEKS)
        found = noticed(reading, frozenset({Kind.SHARED_ISSUE}))
        said = verdicts(session, visit.viewer)
        shown = {
            "part": part,
            "pairs": [one for one in pairs(found, said) if part.holds(one.theme, one.touchpoint, map_)],
            "as_of": found.as_of,
            "weeks": reading.weeks,
            "zone": self._site.zone,
            "name_of": names(reading),
            "may_steer": may_steer(visit.viewer),
            **signal_places.shown(map_, pages=self._site.keeping is not None),
        }
        return visit.page("shared.html", shown)

    def _judge(self, visit: Visit, fields: Mapping[str, str]) -> Response:
        must_steer(visit.viewer)
        theme, touchpoint, said = (
            theme_number(fields.get("pair_theme", "")),
            fields.get("pair_at", ""),
            fields.get("said"),
        )
        with self._site.database.writing.begin() as session:
            if theme is None or session.get(ThemeRow, theme) is None or touchpoint not in self._site.map().cx:
                raise SteeringRefused(
                    "The theme or the touchpoint is no more. Open the page again to see what there is."
                )
            if said in _SAYS:
                judge(session, theme, touchpoint, visit.viewer, same=_SAYS[said], now=self._site.clock())
            elif said == "nothing":
                take_back(session, theme, touchpoint, visit.viewer)
            else:
                raise SteeringRefused("Say whether it is the same thing: press one of the buttons.")
        return RedirectResponse(Part.of(fields).back, 303)


def pairs(found: Noticed, said: Mapping[tuple[int, str], Verdict]) -> list[Pair]:
    """What was noticed, the likeliest first, and then what people said of other pairs, the newest first."""
    told = [(int(one.where[0].partition(":")[2]), one.where[-1], one) for one in found.signals]
    noticed = [Pair(theme, at, signal, said.get((theme, at))) for theme, at, signal in told]
    seen = {(one.theme, one.touchpoint) for one in noticed}
    others = sorted((one for pair, one in said.items() if pair not in seen), key=lambda one: one.at, reverse=True)
    return [*noticed, *(Pair(one.theme, one.touchpoint, None, one) for one in others)]
