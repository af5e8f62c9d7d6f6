"""The HTTP edge of the Web API: token, rate, arguments, the method, and Slack's way to say what went wrong."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.simulator.arguments import Arguments, read_arguments
from bot.simulator.errors import SlackError
from bot.simulator.faults import RESPONSE_URL, Mishap
from bot.simulator.journal import ApiCall
from bot.simulator.methods import METHODS
from bot.simulator.methods.call import Call
from bot.simulator.mishaps import half, instead
from bot.simulator.rates import Rates
from bot.simulator.replies import Reply
from bot.simulator.sockets import Sockets
from bot.simulator.tcp import Lines
from bot.simulator.workspace import Workspace

Json = dict[str, Any]

APP_TOKEN_METHODS = frozenset({"apps.connections.open"})


@dataclass(frozen=True)
class WebApi:
    """Answers `/api/<method>` and the response URLs."""

    workspace: Workspace
    sockets: Sockets
    rates: Rates
    lines: Lines

    async def answer(self, request: Request) -> Response:
        """One call. Slack answers 200 to all but a rate limit, and says `ok` or an error inside."""
        method = request.path_params["method"]
        return await self.carry_out(request, method, lambda arguments, token: self._called(method, arguments, token))

    async def carry_out(self, request: Request, method: str, act: Callable[[Arguments, str], Json]) -> Response:
        """Let `act` answer a call, with all that may befall calls. It gets the arguments and the token."""
        await self._wait()
        faults = self.workspace.faults
        mishap = faults.draw(method)
        line = self.lines.under(request)
        if mishap and not mishap.takes_effect:
            self.workspace.record(ApiCall(method, {}, {"ok": False, "error": ""}, mishap.value))
            return instead(mishap, retry_after=faults.retry_after, cut=line.cut)
        arguments, status = Arguments({}), 200
        headers = {"X-OAuth-Scopes": self.workspace.grants.header}
        try:
            arguments, token = await read_arguments(request)
            answer = {"ok": True, **act(arguments, token)}
        except SlackError as fault:
            answer = refusal(fault, method)
            if fault.retry_after is not None:
                status, headers["Retry-After"] = 429, str(fault.retry_after)
        self.workspace.record(ApiCall(method, arguments.shown, answer, mishap.value if mishap else ""))
        if mishap is None:
            return JSONResponse(answer, status_code=status, headers=headers)
        if answer["ok"]:
            faults.ambiguous[method] += 1
        if mishap is Mishap.HALF_ANSWER:
            return half(answer, close=line.close)
        return instead(mishap, retry_after=faults.retry_after, cut=line.cut)

    async def respond(self, request: Request) -> Response:
        """A post to a response URL. Slack's hooks answer in plain words."""
        await self._wait()
        faults = self.workspace.faults
        mishap = faults.draw(RESPONSE_URL)
        line = self.lines.under(request)
        if mishap and not mishap.takes_effect:
            return instead(mishap, retry_after=faults.retry_after, cut=line.cut)
        answer = await self._respond(request)
        if mishap is None:
            return answer
        if answer.status_code == 200:  # noqa: PLR2004 - HTTP's own number
            faults.ambiguous[RESPONSE_URL] += 1
        return instead(Mishap.DROPPED_AFTER, retry_after=faults.retry_after, cut=line.cut)

    async def _respond(self, request: Request) -> Response:
        try:
            arguments, _ = await read_arguments(request)
            # An empty body is as wordless as a body without words.
            reply = Reply.read(arguments.values or {"text": ""})
            if reply:
                self.workspace.reply(self.workspace.hooks.spend(request.path_params["secret"]), reply)
        except SlackError as fault:
            gone = fault.code in ("expired_url", "used_url")
            return PlainTextResponse(fault.code, status_code=404 if gone else 400)
        return PlainTextResponse("ok")

    async def _wait(self) -> None:
        """A slow network."""
        if self.workspace.faults.slow_by:
            await asyncio.sleep(self.workspace.faults.slow_by)

    def _called(self, method: str, arguments: Arguments, token: str) -> Json:
        self._authorize(method, token)
        self.limit(method, arguments)
        self.workspace.grants.check(method)
        return METHODS[method](Call(self.workspace, method, arguments, self._socket_url))

    def _authorize(self, method: str, token: str) -> None:
        if method not in METHODS or self.workspace.faults.hides(method):
            raise SlackError("unknown_method")
        if not token:
            raise SlackError("not_authed")
        tokens = self.workspace.tokens
        if tokens.is_dead(token):
            raise SlackError("account_inactive")
        if not tokens.knows(token):
            raise SlackError("invalid_auth")
        if token != (tokens.app if method in APP_TOKEN_METHODS else tokens.bot):
            raise SlackError("not_allowed_token_type")

    def limit(self, method: str, arguments: Arguments) -> None:
        """Count a call. Raises SlackError `ratelimited` where there were too many."""
        seconds = math.ceil(self.workspace.faults.limited_for) or self.rates.wait_for(method, arguments.text("channel"))
        if seconds:
            raise SlackError("ratelimited", retry_after=seconds)

    def _socket_url(self) -> str:
        return self.sockets.url(self.workspace.address)


def refusal(fault: SlackError, method: str) -> Json:
    """What Slack answers to a call that it refuses."""
    answer: Json = {"ok": False, "error": fault.code, **fault.more}
    if fault.code == "unknown_method":
        answer["req_method"] = method
    if fault.messages:
        words = [message.removeprefix("[ERROR] ") for message in fault.messages]
        answer |= {"errors": words, "response_metadata": {"messages": [f"[ERROR] {one}" for one in words]}}
    return answer
