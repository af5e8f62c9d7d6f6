"""Installing the bot in one more workspace: `/slack/install` goes to Slack, which comes back with a code for a token.

Slack's own flow (OAuth 2.0, v2), by Bolt; here are its two addresses, and what whoever installs sees in the end.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus

from anyio import CapacityLimiter, to_thread
from psycopg import Error as ServerError
from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_bolt.error import BoltError
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot import postgresql, sqlite_faults
from bot.handlers.http.pages import page
from bot.handlers.manifest import INSTALL_PATH, REDIRECT_PATH, bot_scopes
from bot.installations import STATE_SECONDS, Installations
from bot.slack_settings import SlackInstalled

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
# Nobody installs a bot in many workspaces at once; a stranger who knocks gets no more of our threads.
THREADS = 2
MOST_WAITING = 8

_SAID = {
    "access_denied": "You said no, so nothing was installed. Begin again whenever you like.",
    "invalid_browser": "This page was opened in another browser than the one that began. Begin again in this one.",
    "invalid_state": (
        "This page was loaded a second time, or more than ten minutes went by. If it said that Throughline is in your "
        "workspace, all is well and you can close it. If not, begin again."
    ),
    "invalid_code": (
        "Slack did not take back what it had given. If that happens again, whoever runs Throughline finds the reason "
        "with the command throughline doctor."
    ),
    "missing_code": "This address is where Slack comes back to; nobody begins here.",
}
_OTHERWISE = "Slack did not allow it. Begin again, or ask an admin of your workspace."
_NOT_OURS = (
    "{name} is not one of the workspaces for which Throughline was set up, so it was taken out again. Whoever runs it "
    "adds the id {workspace} to SLACK_WORKSPACES first."
)
_WHOLE_ORGANIZATION = (
    "Throughline goes into one workspace at a time, not into a whole organization, so it was taken out again. Begin "
    "again and choose a workspace."
)
_NOT_STORED = "It could not be written down. Whoever runs Throughline finds the reason in its log. Then begin again."
_NOT_REACHED = "Slack could not be reached just now. Begin again in a minute."
_BUSY = "Too many people are at this page just now. Begin again in a minute."


class Installing:
    """The two addresses."""

    def __init__(
        self,
        slack: SlackInstalled,
        installations: Installations,
        *,
        api_url: str,
        authorize_url: str,
        installed: Callable[[], None],
    ) -> None:
        """`installed` is told when there is one more workspace."""
        self._installed = installed
        self._flow = _Flow(
            slack.workspaces,
            client=WebClient(base_url=api_url, timeout=TIMEOUT_SECONDS),
            logger=logging.getLogger("slack_bolt.oauth"),
            settings=OAuthSettings(
                client_id=slack.client_id,
                client_secret=slack.client_secret,
                scopes=bot_scopes(),
                user_scopes=[],
                install_path=INSTALL_PATH,
                redirect_uri_path=REDIRECT_PATH,
                install_page_rendering_enabled=False,
                authorization_url=authorize_url,
                installation_store=installations.store,
                state_store=installations.states,
                state_expiration_seconds=STATE_SECONDS,
                callback_options=CallbackOptions(success=self._succeeded, failure=self._failed),
            ),
        )
        self._threads = CapacityLimiter(THREADS)
        self._under_way = 0

    @property
    def routes(self) -> list[BaseRoute]:
        return [Route(INSTALL_PATH, self._begin), Route(REDIRECT_PATH, self._come_back)]

    async def _begin(self, request: Request) -> Response:
        return await self._through(self._flow.handle_installation, request)

    async def _come_back(self, request: Request) -> Response:
        return await self._through(self._flow.handle_callback, request)

    async def _through(self, handle: Callable[[BoltRequest], BoltResponse], request: Request) -> Response:
        if self._under_way >= THREADS + MOST_WAITING:
            return to_starlette_response(_refused(HTTPStatus.SERVICE_UNAVAILABLE, _BUSY))
        self._under_way += 1
        try:
            asked = to_bolt_request(request, b"")
            return to_starlette_response(await to_thread.run_sync(_kindly(handle), asked, limiter=self._threads))
        finally:
            self._under_way -= 1

    def _succeeded(self, args: SuccessArgs) -> BoltResponse:
        self._installed()
        return page(
            HTTPStatus.OK,
            f"Throughline is in {args.installation.team_name}",
            "Open Slack and write to Throughline, or mention it in a channel. You can close this page.",
        )

    def _failed(self, args: FailureArgs) -> BoltResponse:
        """Anybody can write a reason into the address, so none that is unknown is repeated or logged."""
        if isinstance(args.error, NotOurs):
            return _refused(HTTPStatus.FORBIDDEN, str(args.error))
        return _refused(HTTPStatus(args.suggested_status_code), _SAID.get(args.reason, _OTHERWISE))


def _refused(status: HTTPStatus, words: str) -> BoltResponse:
    return page(status, "Nothing was installed just now", words, again=INSTALL_PATH)


def _kindly(handle: Callable[[BoltRequest], BoltResponse]) -> Callable[[BoltRequest], BoltResponse]:
    """Also where Slack or the database is away, whoever installs reads what to do."""

    def answer(request: BoltRequest) -> BoltResponse:
        try:
            return handle(request)
        except (SlackClientError, OSError) as fault:
            log.warning("an installation was broken off, Slack cannot be reached: %s", type(fault).__name__)
            return _refused(HTTPStatus.SERVICE_UNAVAILABLE, _NOT_REACHED)
        except (SQLAlchemyError, ServerError) as fault:
            known = postgresql.explained(fault) or sqlite_faults.explained(fault)
            log.warning("an installation was not written down: %s", known, exc_info=None if known else fault)
            return _refused(HTTPStatus.SERVICE_UNAVAILABLE, _NOT_STORED)

    return answer


class NotOurs(BoltError):
    """The bot was installed where it was not set up for; the message is for whoever did it."""


class _Flow(OAuthFlow):
    """Bolt's, for certain workspaces only."""

    def __init__(
        self, workspaces: frozenset[str], *, client: WebClient, logger: logging.Logger, settings: OAuthSettings
    ) -> None:
        super().__init__(client=client, logger=logger, settings=settings)
        self._workspaces = workspaces

    def store_installation(self, request: BoltRequest, installation: Installation) -> None:
        if installation.is_enterprise_install:
            self._take_out_again(installation)
            raise NotOurs(_WHOLE_ORGANIZATION)
        if installation.team_id not in self._workspaces:
            self._take_out_again(installation)
            raise NotOurs(_NOT_OURS.format(name=installation.team_name, workspace=installation.team_id))
        super().store_installation(request, installation)

    def build_authorize_url(self, state: str, request: BoltRequest) -> str:
        """Bolt takes any text as the workspace to begin with, and with it further parameters."""
        team = (request.query.get("team") or [""])[0]
        return self.settings.authorize_url_generator.generate(state, team if team in self._workspaces else None)

    def _take_out_again(self, installation: Installation) -> None:
        """A bot that answers nobody is not left standing in a stranger's workspace."""
        try:
            self.client.apps_uninstall(
                token=installation.bot_token,
                client_id=self.settings.client_id,
                client_secret=self.settings.client_secret,
            )
        except (SlackApiError, SlackClientError, OSError) as fault:
            log.warning("the bot could not be taken out of workspace %s again: %s", installation.team_id, fault)
