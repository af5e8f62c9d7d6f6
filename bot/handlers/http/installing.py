"""Installing the bot in one more workspace: `/slack/install` goes to Slack, which comes back with a code for a token.

Slack's own flow (OAuth 2.0, v2), by Bolt; here are its two addresses, and what whoever installs sees in the end.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus

from anyio import CapacityLimiter, to_thread
from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_bolt.error import BoltError
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth.installation_store import Installation
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.handlers.http.pages import page
from bot.handlers.manifest import INSTALL_PATH, REDIRECT_PATH, bot_scopes
from bot.installations import STATE_SECONDS, Installations
from bot.slack_settings import SlackInstalled

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
# Nobody installs a bot in many workspaces at once; a stranger who knocks gets no more of our threads.
THREADS = 2

NOT_OURS = "not_our_workspace"
_SAID = {
    "access_denied": "You said no, so nothing was installed. Begin again whenever you like.",
    "invalid_browser": "This page was opened in another browser than the one that began, or loaded a second time.",
    "invalid_state": "More than ten minutes went by, or this page was loaded a second time.",
    "invalid_code": "Slack did not take back what it had given. It may have been used already.",
    "missing_code": "This address is where Slack comes back to; nobody begins here.",
    NOT_OURS: (
        "This workspace is not one of those for which Throughline was set up, so it was taken out again. "
        "Whoever runs it adds the id {workspace} to SLACK_WORKSPACES first."
    ),
}


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

    @property
    def routes(self) -> list[BaseRoute]:
        return [Route(INSTALL_PATH, self._begin), Route(REDIRECT_PATH, self._come_back)]

    async def _begin(self, request: Request) -> Response:
        return await self._through(self._flow.handle_installation, request)

    async def _come_back(self, request: Request) -> Response:
        return await self._through(self._flow.handle_callback, request)

    async def _through(self, handle: Callable[[BoltRequest], BoltResponse], request: Request) -> Response:
        answered = await to_thread.run_sync(handle, to_bolt_request(request, b""), limiter=self._threads)
        return to_starlette_response(answered)

    def _succeeded(self, args: SuccessArgs) -> BoltResponse:
        self._installed()
        return page(
            HTTPStatus.OK,
            f"Throughline is in {args.installation.team_name}",
            "Open Slack and write to Throughline, or mention it in a channel. You can close this page.",
        )

    def _failed(self, args: FailureArgs) -> BoltResponse:
        reason = NOT_OURS if isinstance(args.error, NotOurs) else args.reason
        said = _SAID.get(reason)
        if said is None:
            log.error("an installation failed: %s", reason, exc_info=args.error)
            said = "It could not be stored. The log of Throughline says why."
        status = args.suggested_status_code if reason != NOT_OURS else HTTPStatus.FORBIDDEN
        workspace = args.error.workspace if isinstance(args.error, NotOurs) else ""
        return page(
            HTTPStatus(status), "Throughline was not installed", said.format(workspace=workspace), again=INSTALL_PATH
        )


class NotOurs(BoltError):
    """The bot was installed in a workspace for which it was not set up."""

    def __init__(self, workspace: str) -> None:
        super().__init__(NOT_OURS)
        self.workspace = workspace


class _Flow(OAuthFlow):
    """Bolt's, for certain workspaces only."""

    def __init__(
        self, workspaces: frozenset[str], *, client: WebClient, logger: logging.Logger, settings: OAuthSettings
    ) -> None:
        super().__init__(client=client, logger=logger, settings=settings)
        self._workspaces = workspaces

    def store_installation(self, request: BoltRequest, installation: Installation) -> None:
        workspace = "" if installation.is_enterprise_install else installation.team_id or ""
        if workspace not in self._workspaces:
            self._take_out_again(installation)
            raise NotOurs(workspace or "of each of your workspaces")
        super().store_installation(request, installation)

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
