"""The fault panel: its switches, what they did so far, and what the app did meanwhile."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.datastructures import FormData

from bot.simulator.errors import NotInWorkspace
from bot.simulator.faults import Faults, Mishap
from bot.simulator.journal import ApiCall
from bot.simulator.places import Place
from bot.simulator.sockets import Sockets
from bot.simulator.traffic import Traffic
from bot.simulator.workspace import Workspace

SLOW_SECONDS = (1, 3, 10)
LIMITED_SECONDS = (10, 30, 60)
# A bad day: of four calls one goes wrong, in every way that a call can.
STORM = dict.fromkeys(
    (Mishap.RATE_LIMITED, Mishap.BAD_GATEWAY, Mishap.LOST_ANSWER, Mishap.DROPPED_BEFORE, Mishap.HALF_ANSWER), 0.05
)
# The switches that are on until they are pressed again, and what each sets.
TOGGLES = {"twice": "deliver_twice", "unknown": "no_ai_methods", "silent": "silent_sockets"}
MOST_CALLS = 100
MOST_SECONDS = 600
SHOWN_CALLS = 8


@dataclass(frozen=True)
class Done:
    """One call of the app, as one line."""

    at: datetime
    method: str
    outcome: str


@dataclass(frozen=True)
class Board:
    """What the panel shows. `counts` says what was injected so far, by its words.

    `may_uninstall`: the app is here, and by OAuth it can come again.
    """

    on: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    mishaps: tuple[Mishap, ...]
    slow: tuple[tuple[int, bool], ...]
    limited: tuple[int, ...]
    limited_for: int
    is_on: dict[str, bool]
    traffic: Traffic
    calls: tuple[Done, ...]
    may_uninstall: bool


def board_of(workspace: Workspace, traffic: Traffic) -> Board:
    """Read what there is to show."""
    faults = workspace.faults
    return Board(
        on=faults.names,
        counts=_counts(faults),
        mishaps=tuple(Mishap),
        slow=tuple((seconds, faults.slow_by == seconds) for seconds in SLOW_SECONDS),
        limited=LIMITED_SECONDS,
        limited_for=math.ceil(faults.limited_for),
        is_on={
            **{name: bool(getattr(faults, field)) for name, field in TOGGLES.items()},
            "storm": faults.is_by_chance,
        },
        traffic=traffic,
        calls=tuple(_done(call) for call in workspace.journal.latest(SHOWN_CALLS)),
        may_uninstall=workspace.client is not None and workspace.is_installed,
    )


class Switches:
    """Breaks things on request, and mends them."""

    def __init__(self, sockets: Sockets, *, wake: Callable[[], None]) -> None:
        self._sockets = sockets
        self._wake = wake

    def press(self, workspace: Workspace, _place: Place, form: FormData) -> None:
        """Press one switch: `fault` is its name and, behind a space, how much or which."""
        name, _, amount = str(form.get("fault", "")).partition(" ")
        if not name:
            return  # Enter in the field for how many
        if name == "uninstall":
            workspace.uninstall()
            return
        try:
            self._act(workspace.faults, name, amount, count=str(form.get("count", "")))
        except ValueError as fault:
            raise NotInWorkspace(f"The fault panel has no such switch or number: {fault}.") from fault
        self._wake()

    def _act(self, faults: Faults, name: str, amount: str, *, count: str) -> None:
        match name:
            case "next":
                faults.strike_next(Mishap(amount), min(max(int(count), 1), MOST_CALLS))
            case "limit":
                faults.limit_calls(_seconds(amount))
            case "slow":
                faults.slow_by = 0.0 if faults.slow_by == _seconds(amount) else _seconds(amount)
            case _ if name in TOGGLES:
                setattr(faults, TOGGLES[name], not getattr(faults, TOGGLES[name]))
            case "storm":
                faults.strike_share({} if faults.is_by_chance else STORM, seed=1)
            case "clear":
                faults.clear()
            case "forget":
                faults.forget()
            case _:
                self._on_sockets(faults, name)

    def _on_sockets(self, faults: Faults, name: str) -> None:
        acts = {"cut": self._sockets.drop, "silence": self._sockets.silence, "refresh": self._sockets.refresh}
        if name not in acts:
            raise ValueError(repr(name))
        # The sockets count the silent ones themselves.
        if name != "silence":
            faults.ended[name] += len(self._sockets.deliveries.connections)
        acts[name]()


def _seconds(amount: str) -> float:
    return float(min(max(int(amount), 0), MOST_SECONDS))


def _counts(faults: Faults) -> tuple[tuple[str, int], ...]:
    struck = Counter[str]()
    for (mishap, _method), times in faults.struck.items():
        struck[mishap.value] += times
    others = {
        "an outcome the app cannot know": faults.ambiguous.total(),
        "event sent twice": faults.doubled,
        "socket silenced": faults.silenced,
        "socket cut": faults.ended["cut"],
        "socket refreshed": faults.ended["refresh"],
    }
    return tuple((words, times) for words, times in (*struck.items(), *others.items()) if times)


def _done(call: ApiCall) -> Done:
    return Done(datetime.fromtimestamp(call.at, UTC).astimezone(), call.method, call.mishap or call.error or "ok")
