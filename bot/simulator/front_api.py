"""The one Web API before several workspaces: whose token comes with a call says who answers it."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.simulator.api import refusal
from bot.simulator.arguments import Arguments, credentials, read_arguments
from bot.simulator.client import Client
from bot.simulator.errors import SlackError
from bot.simulator.messages import Json
from bot.simulator.methods import METHODS
from bot.simulator.oauth import Consents, exchange
from bot.simulator.server import LocalSlack
from bot.simulator.tcp import Lines

EXCHANGE = "oauth.v2.access"


@dataclass(frozen=True)
class FrontApi:
    """Answers `/api/<method>`. Faults, rates and the journal are those of the workspace that is meant."""

    slacks: Sequence[LocalSlack]
    client: Client
    consents: Consents
    lines: Lines

    async def answer(self, request: Request) -> Response:
        """One call. What belongs to no workspace is refused here."""
        method = request.path_params["method"]
        try:
            arguments, token = await read_arguments(request)
            if method == EXCHANGE:
                return await self._exchanged(request, arguments)
            api = self._whose(method, token).api_over(self.lines)
            return await api.answer(request) if api else _away()
        except SlackError as fault:
            return JSONResponse(refusal(fault, method))

    def _whose(self, method: str, token: str) -> LocalSlack:
        for slack in self.slacks:
            if slack.workspace.tokens.knows(token):
                return slack
        if method not in METHODS:
            raise SlackError("unknown_method")
        raise SlackError("invalid_auth" if token else "not_authed")

    async def _exchanged(self, request: Request, arguments: Arguments) -> Response:
        """Answered by the workspace whose admin gave the code."""
        consent = self.consents.find(arguments.text("code"))
        by = credentials(request, arguments)
        if consent is None:
            return JSONResponse({"ok": True, **exchange(self.client, None, arguments, by)})
        slack = next(one for one in self.slacks if one.workspace is consent.workspace)
        api = slack.api_over(self.lines)
        if api is None:
            return _away()

        def act(arguments: Arguments, _token: str) -> Json:
            api.limit(EXCHANGE, arguments)
            return exchange(self.client, consent, arguments, by)

        return await api.carry_out(request, EXCHANGE, act)


def _away() -> Response:
    return PlainTextResponse("This workspace does not run. Start it, or the front with it.", status_code=503)
