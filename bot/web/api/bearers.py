"""Who asks: by a token in the header and by nothing else, so that no other site makes a browser ask."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from starlette.requests import Request

from bot.experience.viewers import Viewer, must_see
from bot.visits import tokens
from bot.web.site import Site

A_MINUTE = 60
_WINDOW = timedelta(minutes=1)


class NoToken(Exception):
    """Nothing was shown that opens anything; `shown` says whether something was."""

    def __init__(self, *, shown: bool) -> None:
        super().__init__()
        self.shown = shown


class TooOften(Exception):
    """So many `seconds` until there is room again."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class Rates:
    """So many requests of one token in any minute; counted by the process that serves the page, there is one."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._asked: dict[int, deque[datetime]] = {}

    def spend(self, token: int) -> None:
        """Raises `TooOften`; what was refused does not count."""
        with self._lock:
            now = self._clock()
            asked = self._asked.setdefault(token, deque())
            while asked and asked[0] <= now - _WINDOW:
                asked.popleft()
            if len(asked) >= A_MINUTE:
                raise TooOften(int((asked[0] + _WINDOW - now).total_seconds()) + 1)
            asked.append(now)


class Bearers:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._rates = Rates(site.clock)

    def viewer(self, request: Request) -> Viewer:
        """What whoever shows a token may see now. Raises `NoToken`, `TooOften`, `NotAllowed`, and as `Site.who`."""
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if scheme.casefold() != "bearer":
            raise NoToken(shown=False)
        now = self._site.clock()
        with self._site.database.reading() as session:
            token = tokens.shown(session, secret.strip(), now=now)
        if token is None:
            raise NoToken(shown=True)
        self._rates.spend(token.id)
        if tokens.to_note(token, now=now):
            with self._site.database.writing.begin() as session:
                tokens.note_seen(session, token.id, now=now)
        viewer = self._site.who(token.visitor)  # Slack may be asked: not inside a transaction
        must_see(viewer)
        return viewer
