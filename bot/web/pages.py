"""The routes: in and out, and every view that the rooms of this site have."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from bot.handlers.manifest import SIGNED_IN_PATH
from bot.web import rendering
from bot.web.api import Interface
from bot.web.doors import SIGN_IN, Doors
from bot.web.frame import Frame
from bot.web.site import Site
from bot.web.views import rooms_of


class Pages:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._doors = Doors(site, site.openid)
        self._rooms = rooms_of(site)
        self.frame = Frame(site, [view for room in self._rooms for view in room.views])

    @property
    def routes(self) -> list[BaseRoute]:
        return [
            *(route for room in self._rooms for route in room.routes(self.frame)),
            *self._doors.routes,
            Interface(self._site).mounted,
            Mount("/static", StaticFiles(directory=rendering.HERE / "static")),
        ]

    def wait(self) -> None:
        """Until what was begun here, and takes longer than an answer, is over."""
        if self._site.keeping:
            self._site.keeping.reindexing.wait()

    def way_in(self, request: Request) -> str:
        """Where somebody signs in with Slack and comes back to what they asked for; "" where nobody does."""
        if not self._site.openid:
            return ""
        asked = request.url.path if request.method == "GET" else ""
        query = f"?{request.url.query}" if request.url.query else ""
        back = asked not in {"", "/", SIGN_IN, SIGNED_IN_PATH} and not asked.startswith("/enter")
        return f"{SIGN_IN}?{urlencode({'next': asked + query})}" if back else SIGN_IN
