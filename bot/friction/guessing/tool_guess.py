"""What tools or partners a report is about: those it names, else what the map's phrases that it is like are about."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from bot.friction.guessing.learned import Encode
from bot.friction.guessing.named import Mention
from bot.friction.kinds import Kind
from bot.touchpoints import Partner, Tool, TouchpointMap

# Chosen on the made-up reports that are not held out. What is named comes before what it is only like.
NAMED, LIKE, HALF_NAMED, HOME, WHERE, CORRECTED = 1.0, 0.5, 0.6, 0.8, 0.6, 0.8
# A second mention is as sure, but what is said first is mostly what it is about.
_FIRST = 0.02
# Kinds of friction that live in one tool, whatever a company calls it: the one whose names are most like these.
_LIVES_IN = {
    Kind.LOGIN: "single sign-on, login page, password",
    Kind.UNCLEAR_POLICY: "policy pages, knowledge base, handbook, wiki",
    Kind.MISSING_POLICY: "policy pages, knowledge base, handbook, wiki",
}
STRANGER = 0.7
_OTHER = list(Kind).index(Kind.OTHER)
_IS_HOME = 0.5
_PARTNER = 0.5


class ToolGuesser:
    """Scores in the order of `ids`: the map's tools, then its partners."""

    def __init__(self, map_: TouchpointMap, encode: Encode) -> None:
        things: tuple[Tool | Partner, ...] = (*map_.tools.values(), *map_.partners.values())
        self.ids = tuple(one.id for one in things)
        self._homes = np.zeros((len(Kind), len(self.ids)))
        if things:
            names = [(place, name) for place, one in enumerate(things) for name in (one.name, *one.aliases)]
            vectors = encode([name for _, name in names])
            for kind, like in _LIVES_IN.items():
                alike = vectors @ encode([like])[0]
                if alike.max() >= _IS_HOME:
                    self._homes[list(Kind).index(kind), names[int(alike.argmax())][0]] = 1
        self._is_home = self._homes.max(axis=0, initial=0.0)
        self._homes[list(Kind).index(Kind.PARTNER_DELAY), len(map_.tools) :] = _PARTNER

    def scores(
        self,
        mentions: Iterable[Mention],
        *,
        like: NDArray[np.float64],
        half_named: NDArray[np.float64],
        kinds: NDArray[np.float64],
        votes: Mapping[str, float],
    ) -> NDArray[np.float64]:
        # A cold shop is like everything and about no tool.
        about_tools = 1 - float(kinds[_OTHER])
        at_home = kinds @ self._homes
        # Other kinds of friction do not live there.
        like = like * (1 - STRANGER * self._is_home * (1 - np.minimum(at_home, 1)))
        scores = about_tools * (LIKE * like + HALF_NAMED * half_named + HOME * at_home)
        for place, mention in enumerate(mentions):
            at = self.ids.index(mention.id)
            scores[at] = max(scores[at], NAMED * mention.sure - _FIRST * place + LIKE * like[at])
        for value, vote in votes.items():
            for tool in value.split("+"):
                if tool in self.ids:
                    scores[self.ids.index(tool)] += CORRECTED * vote
        return scores
