"""`/healthz`: the process lives. `/readyz`: it can do its work. Both say nothing that a stranger may not know."""

import asyncio
from collections.abc import Callable, Mapping
from http import HTTPStatus

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse

# Whoever balances load asks every few seconds and waits about as long.
CHECK_SECONDS = 3.0
OK = "ok"


async def alive(_request: Request) -> JSONResponse:
    return JSONResponse({"alive": True})


class Readiness:
    """`examine` says of each part how it is, `OK` where nothing is the matter. One examination at a time."""

    def __init__(self, examine: Callable[[], Mapping[str, str]]) -> None:
        self._examine = examine
        self._one = CapacityLimiter(1)

    async def answer(self, _request: Request) -> JSONResponse:
        try:
            found = await asyncio.wait_for(
                to_thread.run_sync(self._examine, limiter=self._one, abandon_on_cancel=True), CHECK_SECONDS
            )
        except TimeoutError:
            found = {"database": f"does not answer within {CHECK_SECONDS:g} s"}
        ready = all(state == OK for state in found.values())
        return JSONResponse({"ready": ready, **found}, HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)
