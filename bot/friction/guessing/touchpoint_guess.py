"""Where on the map a report happened: by what is said there, its tools, who works there and on what channel."""

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bot.touchpoints import TouchpointMap

# Chosen on the made-up reports that are not held out.
WORDS, TOOL, ROLE, CHANNEL, CORRECTED = 0.15, 0.25, 0.1, 0.05, 0.5
SHARPNESS = 0.06
_LATER = 0.85
# Words of places, roles and channels that are one: a "shop" is a channel called "store".
_ONE = (
    frozenset({"shop", "store", "branch", "counter", "retail", "associate"}),
    frozenset({"phone", "call", "calls", "hotline", "voice"}),
    frozenset({"chat", "messaging"}),
    frozenset({"email", "mail", "inbox"}),
    frozenset({"field", "home", "door", "van", "visit", "install"}),
    frozenset({"social"}),
)
_WORD = re.compile(r"[a-z]+")


class TouchpointGuesser:
    """Scores in the order of `ids`."""

    def __init__(self, map_: TouchpointMap, tools: tuple[str, ...]) -> None:
        self._map = map_
        self.ids = tuple(map_.ex)
        # How much each touchpoint is about each tool: its first fully.
        self._needs = np.array(
            [[_LATER ** used.index(tool) if tool in used else 0.0 for tool in tools] for used in self._used()]
        ).reshape(len(self.ids), len(tools))
        self._channels = [
            _meant(" ".join(f"{id_} {map_.channels[id_].name}" for id_ in map_.channels_at(one))) for one in self.ids
        ]

    def scores(
        self,
        alike: NDArray[np.float64],
        words: NDArray[np.float64],
        *,
        tools: NDArray[np.float64],
        role: str,
        place: str,
        votes: Mapping[str, float],
    ) -> NDArray[np.float64]:
        """`tools`: the score of each tool."""
        if not self.ids:
            return np.zeros(0)
        at = _meant(f"{role} {place}")
        return np.asarray(
            alike
            + WORDS * words
            + TOOL * (self._needs * np.minimum(tools, 1.0)).max(axis=1, initial=0.0)
            + ROLE * np.array([role in one.roles for one in self._map.ex.values()])
            + CHANNEL * np.array([bool(at & channels) for channels in self._channels])
            + CORRECTED * np.array([votes.get(id_, 0.0) for id_ in self.ids])
        )

    def tools_of(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much each tool is needed where it probably happened."""
        return np.asarray(shares @ self._needs)

    def _used(self) -> list[tuple[str, ...]]:
        return [(*one.partners, *one.tools) for one in self._map.ex.values()]


def _meant(said: str) -> frozenset[int]:
    found = set(_WORD.findall(said.lower().replace("e-mail", "email")))
    return frozenset(place for place, names in enumerate(_ONE) if names & found)
