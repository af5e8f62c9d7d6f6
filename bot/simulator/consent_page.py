"""The page on which an admin lets an app into a workspace, or does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from bot.simulator.client import Client
from bot.simulator.errors import NotInWorkspace
from bot.simulator.oauth import Asked, Consents, NotAskedRight, asked
from bot.simulator.pages import HEADERS
from bot.simulator.people import Person
from bot.simulator.redirects import answering, not_asked_right, origin
from bot.simulator.rendering import whole_page
from bot.simulator.scope_words import said
from bot.simulator.server import LocalSlack
from bot.simulator.workspace import Workspace

# What the app asks for, and what its links and forms must carry on.
FIELDS = ("client_id", "scope", "state", "redirect_uri")


@dataclass(frozen=True)
class Choice:
    """A workspace that one could choose."""

    name: str
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Someone:
    """A person of the workspace whom one could be."""

    person: Person
    may_install: bool
    is_chosen: bool


@dataclass(frozen=True)
class ConsentView:
    """What the page shows."""

    app: str
    team: str
    team_id: str
    is_installed: bool
    wants: tuple[str, ...]
    choices: tuple[Choice, ...]
    people: tuple[Someone, ...]
    fields: Mapping[str, str]
    goes_to: str


class ConsentPage:
    """Answers /oauth/v2/authorize. What is not asked right is said on a page of Slack's own, without a redirect."""

    def __init__(self, slacks: Sequence[LocalSlack], client: Client, consents: Consents) -> None:
        self._workspaces = {slack.workspace.installation.team.id: slack.workspace for slack in slacks}
        self._client = client
        self._consents = consents

    async def ask(self, request: Request) -> Response:
        """Show who asks for what."""
        query = dict(request.query_params)
        try:
            wanted = asked(self._client, query)
        except NotAskedRight as fault:
            return not_asked_right(fault)
        view = self._view(wanted, query)
        return HTMLResponse(whole_page("consent.html", view=view), headers=answering(wanted.goes_to))

    async def answer(self, request: Request) -> Response:
        """Allow or Cancel was pressed."""
        async with request.form() as posted:
            form = {name: value for name, value in posted.items() if isinstance(value, str)}
        try:
            wanted = asked(self._client, form)
        except NotAskedRight as fault:
            return not_asked_right(fault)
        if form.get("do") != "allow":
            return RedirectResponse(
                wanted.answered(error="access_denied"), status_code=303, headers=answering(wanted.goes_to)
            )
        try:
            code = self._allowed(wanted, form)
        except NotInWorkspace as fault:
            return PlainTextResponse(str(fault), status_code=403, headers=HEADERS)
        return RedirectResponse(wanted.answered(code=code), status_code=303, headers=answering(wanted.goes_to))

    def _allowed(self, wanted: Asked, form: Mapping[str, str]) -> str:
        workspace = self._workspaces.get(form.get("team", ""))
        if workspace is None:
            raise NotInWorkspace("There is no such workspace here. Go back and choose one.")
        person = workspace.person(form.get("as", ""))
        if not workspace.may_install(person.id):
            team = workspace.installation.team
            raise NotInWorkspace(f"{person.name} may not install apps in {team.name}. Go back and choose an admin.")
        return self._consents.issue(workspace, person.id, wanted)

    def _view(self, wanted: Asked, query: Mapping[str, str]) -> ConsentView:
        fields = {name: query[name] for name in FIELDS if query.get(name)}
        team_id = query.get("team", "")
        if team_id not in self._workspaces:
            team_id = next(iter(self._workspaces))
        workspace = self._workspaces[team_id]
        return ConsentView(
            app=workspace.installation.bot.name,
            team=workspace.installation.team.name,
            team_id=team_id,
            is_installed=workspace.is_installed,
            wants=tuple(said(scope) for scope in wanted.scopes),
            choices=tuple(
                Choice(one.installation.team.name, f"?{urlencode({**fields, 'team': key})}", key == team_id)
                for key, one in self._workspaces.items()
            ),
            people=_people(workspace, query.get("as", "")),
            fields={**fields, "team": team_id},
            goes_to=origin(wanted.goes_to),
        )


def _people(workspace: Workspace, chosen: str) -> tuple[Someone, ...]:
    """Everybody, the first who may install apps chosen unless somebody else was."""
    ours = [one for one in workspace.people if one.team == workspace.installation.team and not one.deleted]
    able = [one.id for one in ours if workspace.may_install(one.id)]
    one_is = chosen if chosen in able else next(iter(able), "")
    return tuple(Someone(one, one.id in able, one.id == one_is) for one in ours)
