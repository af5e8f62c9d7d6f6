"""Hands a verified request to Bolt, and Bolt's answer back to Slack."""

import logging
from http import HTTPStatus

from anyio import CapacityLimiter, to_thread
from slack_bolt import App, BoltRequest, BoltResponse
from starlette.responses import JSONResponse, Response

from bot.handlers import shapes
from bot.handlers.http import bodies
from bot.handlers.http.guard import Verified

log = logging.getLogger(__name__)

# Each may hold a connection to the database, of which a replica has thirty; workers and couriers need eight.
THREADS = 16


class Reception:
    def __init__(self, app: App) -> None:
        self._app = app
        self._threads = CapacityLimiter(THREADS)

    async def __call__(self, request: Verified) -> Response:
        body = bodies.parsed(request.body, request.media)
        if body is None:
            log.warning("a signed request was set aside: %s bytes of %s are none", len(request.body), request.media)
            return JSONResponse({"error": "malformed"}, HTTPStatus.BAD_REQUEST)
        try:
            # Bolt reads ids out of the body here, before any of its own handling of errors. As in Socket Mode it gets
            # what was parsed already, and does not verify again: it would write the body of a late one into its log.
            asked = BoltRequest(body=body, headers=dict(request.retries), mode="socket_mode")
        except shapes.UNREADABLE:
            log.warning("a signed request of kind %s was set aside: Slack sends none like it", shapes.kind_of(body))
            return JSONResponse({"error": "malformed"}, HTTPStatus.BAD_REQUEST)
        answered: BoltResponse = await to_thread.run_sync(self._app.dispatch, asked, limiter=self._threads)
        return Response(answered.body, status_code=answered.status, headers=answered.first_headers_without_set_cookie())
