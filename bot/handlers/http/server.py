"""Listens where Slack, or the proxy before us, sends its requests."""

from collections.abc import Callable, Mapping, Sequence

from slack_bolt import App
from starlette.routing import BaseRoute, Route

from bot.handlers.http import health
from bot.handlers.http.guard import Guard
from bot.handlers.http.listening import Listener
from bot.handlers.http.reception import Reception
from bot.handlers.manifest import EVENTS_PATH, INSTALL_PATH
from bot.slack_settings import Listening


class HttpServer:
    """Serves `/slack/events`, `/healthz`, `/readyz`, what `installing` needs and `more` from `start()` to `stop()`."""

    def __init__(
        self,
        app: App,
        slack: Listening,
        *,
        examine: Callable[[], Mapping[str, str]],
        installing: Sequence[BaseRoute] = (),
        more: Sequence[BaseRoute] = (),
    ) -> None:
        self._installing = installing
        guard = Guard(Reception(app), signing_secret=slack.signing_secret)
        routes = [
            Route(EVENTS_PATH, guard),
            Route("/healthz", health.alive),
            Route("/readyz", health.Readiness(examine).answer),
            *installing,
            *more,
        ]
        self._listener = Listener(routes, host=slack.host, port=slack.port, settings="HTTP_PORT (and HTTP_HOST)")

    @property
    def address(self) -> str:
        """Where it listens, once started: "http://127.0.0.1:3000"."""
        return self._listener.address

    @property
    def where(self) -> str:
        heard = f"It waits for Slack's requests on {self.address}{EVENTS_PATH}"
        return (
            f"{heard}, and is installed in a workspace at {self.address}{INSTALL_PATH}" if self._installing else heard
        )

    def start(self) -> None:
        """Return when requests are answered. Raises `SettingsError` where it cannot listen."""
        self._listener.start()

    def stop(self) -> None:
        """Take nothing new; return when what is under way is answered and the port is free."""
        self._listener.stop()
