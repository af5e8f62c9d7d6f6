"""Somebody's own tokens: made, seen once, used by their programs, revoked."""

from collections.abc import Mapping

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.visits import tokens
from bot.web.api.interface import DOCS
from bot.web.entries import View
from bot.web.frame import Frame, Visit
from bot.web.site import Site

# What leads there is the own name in the bar.
TOKENS = View(None, "/tokens", "Tokens")
_MOST_DIGITS = 9


class TokensRoom:
    views: tuple[View, ...] = ()

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(TOKENS.path, frame.seen(TOKENS, self._show), methods=["GET"]),
            Route(TOKENS.path, frame.sent(TOKENS, self._make), methods=["POST"]),
            Route(f"{TOKENS.path}/revoke", frame.sent(TOKENS, self._revoke), methods=["POST"]),
        ]

    def _show(self, visit: Visit, secret: str = "") -> Response:
        with self._site.database.reading() as session:
            mine = tokens.of(session, visit.visitor, now=self._site.clock())
        shown = {
            "tokens": mine,
            "secret": secret,
            "days": tokens.DAYS,
            "usual": tokens.USUAL_DAYS,
            "longest": tokens.LONGEST_LABEL,
            "docs": DOCS,
            "zone": self._site.zone,
        }
        return visit.page("tokens.html", shown)

    def _make(self, visit: Visit, fields: Mapping[str, str]) -> Response:
        """Shown in this answer, and never again."""
        with self._site.database.writing.begin() as session:
            secret = tokens.make(
                session,
                visit.visitor,
                fields.get("label", ""),
                days=_number(fields, "days"),
                now=self._site.clock(),
            )
        return self._show(visit, secret)

    def _revoke(self, visit: Visit, fields: Mapping[str, str]) -> Response:
        """One that is gone already is gone."""
        with self._site.database.writing.begin() as session:
            tokens.revoke(session, _number(fields, "number"), visit.visitor)
        return RedirectResponse(TOKENS.path, 303)


def _number(fields: Mapping[str, str], name: str) -> int:
    """0 for what is none."""
    written = fields.get(name, "")
    return int(written) if written.isdecimal() and len(written) <= _MOST_DIGITS else 0
