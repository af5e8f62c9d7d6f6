"""Serves the page on this machine's own address, and notes where, for the links to it."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount

from bot.errors import SettingsError
from bot.handlers.http.listening import Listener
from bot.visits import whereabouts
from bot.web import faults
from bot.web.guard import Guarded
from bot.web.pages import Pages
from bot.web.site import Site

HOST = "127.0.0.1"
# Beside the local workspace's.
USUAL_PORT = 8023


class WebPage:
    """From `start()` to `stop()`. `port` None: the usual one, or a free one where that is taken."""

    def __init__(self, site: Site, *, port: int | None, data_dir: Path) -> None:
        self._pages = Pages(site)
        self._url = site.url
        self._port = port
        self._data_dir = data_dir
        self._listener = self._on(USUAL_PORT if port is None else port)

    @property
    def address(self) -> str:
        """Once started: "http://127.0.0.1:8023"."""
        return self._listener.address

    def start(self) -> "WebPage":
        """Return when it answers. Raises `SettingsError` where another program has the port that was asked for."""
        try:
            self._listener.start()
        except SettingsError:
            if self._port is not None:
                raise
            self._listener = self._on(0)
            self._listener.start()
        whereabouts.note(self._data_dir, self._url or self.address)
        return self

    def stop(self) -> None:
        whereabouts.forget(self._data_dir, self._url or self.address)
        self._listener.stop()
        self._pages.wait()

    def _on(self, port: int) -> Listener:
        handlers = faults.told_by(self._pages.frame.around, self._pages.way_in)
        inside = Starlette(routes=self._pages.routes, exception_handlers=handlers)
        return Listener(
            [Mount("/", app=Guarded(inside, url=self._url))], host=HOST, port=port, settings="WEB_PORT (0: no page)"
        )
