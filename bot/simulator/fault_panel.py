"""The switches of the fault panel."""

import asyncio
from collections.abc import Callable

from starlette.datastructures import FormData

from bot.simulator.places import Place
from bot.simulator.sockets import Sockets
from bot.simulator.workspace import Workspace

SLOW_SECONDS = 3.0
LIMITED_SECONDS = 30.0


class FaultPanel:
    """Breaks things on request. `wake` draws all pages anew."""

    def __init__(self, sockets: Sockets, *, wake: Callable[[], None]) -> None:
        self._sockets = sockets
        self._wake = wake

    def switch(self, workspace: Workspace, _place: Place, form: FormData) -> None:
        """Turn one fault on or off."""
        faults = workspace.faults
        match form.get("fault"):
            case "drop":
                self._sockets.drop()
            case "limit":
                faults.limit_calls(0 if faults.limited_for else LIMITED_SECONDS)
                asyncio.get_running_loop().call_later(LIMITED_SECONDS, self._wake)
            case "twice":
                faults.deliver_twice = not faults.deliver_twice
            case "slow":
                faults.slow_by = 0.0 if faults.slow_by else SLOW_SECONDS
        self._wake()
