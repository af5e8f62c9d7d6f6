"""The page on which somebody signs in to an app with their Slack account, and the keys that prove what it was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.simulator.api import refusal
from bot.simulator.arguments import credentials, read_arguments
from bot.simulator.errors import NotInWorkspace, SlackError
from bot.simulator.oauth import NotAskedRight
from bot.simulator.openid import Identities, SignInAsked, sign_in_asked
from bot.simulator.pages import HEADERS
from bot.simulator.people import Person
from bot.simulator.redirects import answering, not_asked_right, origin
from bot.simulator.rendering import whole_page
from bot.simulator.workspace import Workspace

AUTHORIZE = "/openid/connect/authorize"
KEYS = "/openid/connect/keys"
EXCHANGE = "/api/openid.connect.token"
# What the app asks for, and what its links and forms must carry on.
_FIELDS = (
    *("client_id", "scope", "state", "nonce", "redirect_uri", "response_type"),
    *("code_challenge", "code_challenge_method"),
)


@dataclass(frozen=True)
class SignInView:
    """What the page shows. `choices` are the workspaces with the address that chooses each."""

    app: str
    team: str
    team_id: str
    choices: tuple[tuple[str, str, bool], ...]
    people: tuple[Person, ...]
    chosen: str
    fields: Mapping[str, str]
    goes_to: str


class SignInPage:
    """Answers /openid/connect/authorize, takes codes back, gives the keys. What is not asked right is said without a
    redirect."""

    def __init__(self, workspaces: Sequence[Workspace], identities: Identities) -> None:
        self._workspaces = {one.installation.team.id: one for one in workspaces}
        self._identities = identities

    @property
    def routes(self) -> list[BaseRoute]:
        """To be served at the root, before those of the Web API: no token of a workspace is needed here."""
        return [
            Route(AUTHORIZE, self._ask, methods=["GET"]),
            Route(AUTHORIZE, self._answer, methods=["POST"]),
            Route(KEYS, self._keys, methods=["GET"]),
            Route(EXCHANGE, self._token, methods=["POST"]),
        ]

    def _keys(self, _request: Request) -> Response:
        return JSONResponse(self._identities.keys)

    async def _token(self, request: Request) -> Response:
        try:
            arguments, _ = await read_arguments(request)
            by = credentials(request, arguments)
            told = self._identities.exchange(arguments, by, issuer=str(request.base_url).rstrip("/"))
        except SlackError as fault:
            return JSONResponse(refusal(fault, EXCHANGE.removeprefix("/api/")))
        return JSONResponse({"ok": True, **told})

    def _ask(self, request: Request) -> Response:
        query = dict(request.query_params)
        try:
            wanted = sign_in_asked(self._identities.client, query)
        except NotAskedRight as fault:
            return not_asked_right(fault)
        page = whole_page("sign_in.html", view=self._view(wanted, query))
        return HTMLResponse(page, headers=answering(wanted.redirect_uri))

    async def _answer(self, request: Request) -> Response:
        """Sign in or Cancel was pressed."""
        async with request.form() as posted:
            form = {name: value for name, value in posted.items() if isinstance(value, str)}
        try:
            wanted = sign_in_asked(self._identities.client, form)
        except NotAskedRight as fault:
            return not_asked_right(fault)
        headers = answering(wanted.redirect_uri)
        if form.get("do") != "allow":
            return RedirectResponse(wanted.answered(error="access_denied"), status_code=303, headers=headers)
        try:
            workspace = self._workspace(form.get("team", ""))
            person = workspace.person(form.get("as", ""))
        except NotInWorkspace as fault:
            return PlainTextResponse(str(fault), status_code=403, headers=HEADERS)
        code = self._identities.issue(workspace, person, wanted)
        return RedirectResponse(wanted.answered(code=code), status_code=303, headers=headers)

    def _workspace(self, team: str) -> Workspace:
        if team not in self._workspaces:
            raise NotInWorkspace("There is no such workspace here. Go back and choose one.")
        return self._workspaces[team]

    def _view(self, wanted: SignInAsked, query: Mapping[str, str]) -> SignInView:
        fields = {name: query[name] for name in _FIELDS if query.get(name)}
        team_id = query.get("team", "")
        if team_id not in self._workspaces:
            team_id = next(iter(self._workspaces))
        workspace = self._workspaces[team_id]
        people = tuple(one for one in workspace.people if one.team == workspace.installation.team and not one.deleted)
        named = query.get("as", "")
        return SignInView(
            app=workspace.installation.bot.name,
            team=workspace.installation.team.name,
            team_id=team_id,
            choices=tuple(
                (one.installation.team.name, f"?{urlencode({**fields, 'team': key})}", key == team_id)
                for key, one in self._workspaces.items()
            ),
            people=people,
            chosen=named if named in {one.id for one in people} else people[0].id,
            fields={**fields, "team": team_id},
            goes_to=origin(wanted.redirect_uri),
        )
