"""Who comes in and goes out: by a link that works once, or by signing in with Slack."""

import logging
from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.experience.viewers import must_enter
from bot.handlers.manifest import SIGNED_IN_PATH
from bot.visits import visiting
from bot.visits.visiting import Visitor
from bot.web import cookies, forms, rendering
from bot.web.faults import LinkUseless, SignInBroken
from bot.web.forms import SESSION
from bot.web.openid import SignInRefused, SlackAway, SlackOpenId
from bot.web.site import Site

log = logging.getLogger(__name__)

BEGUN = "throughline_sign_in"
SIGN_IN = "/sign-in"
# Nobody reads consent for longer.
_BEGUN_SECONDS = 600
_LONGEST_PATH = 1000


class Doors:
    def __init__(self, site: Site, openid: SlackOpenId | None) -> None:
        """`openid` None: nobody signs in with Slack here."""
        self._site = site
        self._openid = openid

    @property
    def routes(self) -> list[BaseRoute]:
        with_slack = [Route(SIGN_IN, self._sign_in), Route(SIGNED_IN_PATH, self._signed_in)] if self._openid else []
        return [
            Route("/enter/{secret}", self._door),
            Route("/enter", self._enter, methods=["POST"]),
            Route("/leave", self._leave, methods=["POST"]),
            *with_slack,
        ]

    def _door(self, request: Request) -> Response:
        """What a link shows: a button. Whatever fetches links ahead of people uses none up."""
        secret = request.path_params["secret"]
        with self._site.database.reading() as session:
            visitor = visiting.offered(session, secret, now=self._site.clock())
        if visitor is None:
            raise LinkUseless
        return HTMLResponse(rendering.page("enter.html", name=visitor.name, secret=secret))

    async def _enter(self, request: Request) -> Response:
        fields = await forms.read(request)
        token = await run_in_threadpool(self._entered, fields.get("secret", ""))
        if token is None:
            raise LinkUseless
        return _inside(request, RedirectResponse("/", 303), token)

    async def _leave(self, request: Request) -> Response:
        await forms.own(request)
        await run_in_threadpool(self._left, forms.token_of(request))
        again = SIGN_IN if self._openid else ""
        words = "Sign in again whenever you like." if again else "/friction page in Slack opens the page again."
        answer = HTMLResponse(rendering.page("message.html", title="You are signed out", words=words, sign_in=again))
        cookies.drop(request, answer, SESSION)
        return answer

    def _sign_in(self, request: Request) -> Response:
        """Off to Slack; `next` is where on this page somebody wanted to go."""
        assert self._openid  # noqa: S101 - else there is no such route
        where, secret = self._openid.begin(self._comes_back_to(request))
        answer = RedirectResponse(where, 303)
        path = quote(_own(request.query_params.get("next", "")), safe="")
        cookies.put(request, answer, BEGUN, f"{secret}:{path}", seconds=_BEGUN_SECONDS)
        return answer

    def _signed_in(self, request: Request) -> Response:
        """Back from Slack. Whoever may read nothing here gets no session."""
        assert self._openid  # noqa: S101 - as above
        secret, _, path = cookies.read(request, BEGUN).partition(":")
        query = request.query_params
        if "error" in query:
            raise SignInBroken("Slack was told no, so nothing was signed in.")
        try:
            told = self._openid.finish(
                secret,
                state=query.get("state", ""),
                code=query.get("code", ""),
                redirect_uri=self._comes_back_to(request),
            )
        except SignInRefused as fault:
            log.warning("somebody could not sign in to the page: %s", fault)
            raise SignInBroken("Slack did not say who you are.") from fault
        except SlackAway as fault:
            log.warning("somebody could not sign in to the page, Slack cannot be reached: %s", fault)
            raise SignInBroken("Slack could not be reached just now.") from fault
        visitor = Visitor(told.name, "", told.person, told.workspace)
        viewer = self._site.who(visitor)
        must_enter(viewer)
        with self._site.database.writing.begin() as session:
            token = visiting.begin(
                session, Visitor(viewer.name, "", told.person, told.workspace), now=self._site.clock()
            )
        answer = _inside(request, RedirectResponse(_own(unquote(path)), 303), token)
        cookies.drop(request, answer, BEGUN)
        return answer

    def _comes_back_to(self, request: Request) -> str:
        """As it is registered at Slack, whatever a browser says of itself."""
        here = self._site.url if cookies.secure(request) else f"http://{request.url.netloc}"
        return f"{here}{SIGNED_IN_PATH}"

    def _entered(self, secret: str) -> str | None:
        with self._site.database.writing.begin() as session:
            return visiting.enter(session, secret, now=self._site.clock())

    def _left(self, token: str) -> None:
        with self._site.database.writing.begin() as session:
            visiting.leave(session, token)


def _inside(request: Request, answer: Response, token: str) -> Response:
    cookies.put(request, answer, SESSION, token, seconds=visiting.SESSION_LASTS.total_seconds())
    return answer


def _own(path: str) -> str:
    """A path of this page; anything else, as another site's address, is the overview."""
    odd = not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable()
    return "/" if odd or len(path) > _LONGEST_PATH else path
