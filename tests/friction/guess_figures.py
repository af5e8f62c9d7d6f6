"""How good the guesses, the nearest ones and the themes are, on reports made up here and on the shared sixty."""

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from bot.friction.clustering.linkage import clusters
from bot.friction.clustering.themes import ALIKE, ALIKE_IN_WORDS
from bot.friction.guessing import Correction, Encode, Field, Guesser, Guesses, Learned
from bot.friction.kinds import Kind
from bot.friction.likeness import Described, Space
from bot.friction.nearest import KnownTickets, Near
from bot.friction.slots import slots_in
from bot.touchpoints import TouchpointMap
from numpy.typing import NDArray

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "data"
PLACES = {"Harbour Street": "harbour-street", "Mill Road": "mill-road"}
# The sixty call tools and touchpoints by names of their own.
_THEIR_TOOLS = {"partner_fieldserv": "fieldpro"}
_THEIR_TOUCHPOINTS = {
    "checkout": "ex.store.checkout",
    "return_refund": "ex.store.return_refund",
    "equipment_return": "ex.store.equipment_return",
    "account_lookup": "ex.desk.account_lookup",
    "installation": "ex.field.installation",
    "support_email": "ex.email.support",
    "login": "ex.desk.login",
    "support_call": "ex.phone.support_call",
    "product_availability": "ex.store.product_availability",
    "order_pickup": "ex.store.order_pickup",
}


@dataclass(frozen=True)
class Labelled:
    """A report and what is right of it; of tools and touchpoints any is."""

    text: str
    theme: str
    kind: str
    tools: tuple[str, ...]
    touchpoints: tuple[str, ...]
    minutes: float | None = None
    frequency: str | None = None
    effect: str | None = None
    role: str = ""
    place: str = ""


def made_up(split: str) -> list[Labelled]:
    """`split`: "development" or "held out"; no theme is in both."""
    lines = (HERE / "reports.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for line in lines if (row := json.loads(line)).pop("split") == split]
    return [Labelled(**row | {"tools": tuple(row["tools"]), "touchpoints": tuple(row["touchpoints"])}) for row in rows]


def the_sixty() -> list[Labelled]:
    """None where there is no shared folder beside the project."""
    file = SHARED / "friction_reports_60.json"
    if not file.exists():
        return []
    return [
        Labelled(
            row["text"],
            row["theme"],
            row["type"],
            tuple(_THEIR_TOOLS.get(tool, tool) for tool in row["tool"].split("+")),
            (_THEIR_TOUCHPOINTS[row["touchpoint"]],),
        )
        for row in json.loads(file.read_text(encoding="utf-8"))
    ]


class Measured:
    """What is guessed of some reports, beside what is right."""

    def __init__(self, reports: Sequence[Labelled], guesser: Guesser, encode: Encode, map_: TouchpointMap) -> None:
        self.reports = reports
        self._guesser = guesser
        self.vectors = encode([one.text for one in reports])
        self.guesses = [self._guess(place, Learned.nothing()) for place in range(len(reports))]
        self._space = Space(map_, ["harbour-street", "mill-road", "call-center", "head-office"])
        self._themes = np.array([one.theme for one in reports])

    def kinds(self) -> tuple[float, float]:
        """Right in the first, and in the first three."""
        best = [(guess.kind.value, *guess.kind.others[:2]) if guess.kind else () for guess in self.guesses]
        pairs = list(zip(self.reports, best, strict=True))
        return (
            _share(bool(said) and said[0].value == one.kind for one, said in pairs),
            _share(Kind(one.kind) in said for one, said in pairs),
        )

    def tools(self) -> float:
        """The first tool of the guess is one of the right ones, where there are any."""
        return _share(self._right(one, guess)[Field.TOOLS] for one, guess in self._pairs() if one.tools)

    def touchpoints(self) -> float:
        return _share(self._right(one, guess)[Field.TOUCHPOINT] for one, guess in self._pairs() if one.touchpoints)

    def spoken(self, field: str) -> tuple[float, float]:
        """Of "minutes", "frequency" or "effect": what share of the guesses is right, and of what is said guessed."""
        guessed = said = right = 0
        for one, guess in self._pairs():
            found, truth = getattr(guess, field), getattr(one, field)
            guessed += found is not None
            said += truth is not None
            right += found is not None and found.value == truth
        return right / max(1, guessed), right / max(1, said)

    def nearest(self) -> tuple[float, float]:
        """One of the same theme is among the nearest three, and is the nearest, with no bar."""
        hits = [[near.key for near in self._nearest(place)] for place in range(len(self.reports))]
        same = [[self._themes[int(key)] == self._themes[place] for key in keys] for place, keys in enumerate(hits)]
        return _share(any(each) for each in same), _share(bool(each) and each[0] for each in same)

    def themes(self) -> tuple[float, float]:
        """Adjusted Rand index from the words alone, and with guessed tools and touchpoints."""
        # Here, since every process of the tests reads this file, and sklearn takes seconds.
        from sklearn.metrics import adjusted_rand_score  # noqa: PLC0415

        words = np.stack([self._space.of_words(one) for one in self.described])
        whole = np.stack([self._space.of(one, place_counts=0.0) for one in self.described])
        return (
            float(adjusted_rand_score(self._themes, clusters(words, alike=ALIKE_IN_WORDS))),
            float(adjusted_rand_score(self._themes, clusters(whole, alike=ALIKE))),
        )

    def learning(self, corrections: int = 20, turns: int = 4) -> tuple[float, float]:
        """How much of kind, tools and touchpoint is right in reports not seen, before and after that many corrections.

        Of each theme half the reports may be corrected, and the others are measured.
        """
        before: Counter[bool] = Counter()
        after: Counter[bool] = Counter()
        for seed in range(turns):
            taught, others = self._halves(seed)
            learned = self._taught(taught, corrections)
            for place in others:
                one = self.reports[place]
                for field, right in self._right(one, self.guesses[place]).items():
                    if getattr(one, _TRUTH[field]):
                        before[right] += 1
                        after[self._right(one, self._guess(place, learned))[field]] += 1
        return before[True] / before.total(), after[True] / after.total()

    @cached_property
    def described(self) -> list[Described]:
        return [
            Described.of(vector, guess, place=one.place, slots=slots_in(one.text, PLACES))
            for vector, guess, one in zip(self.vectors, self.guesses, self.reports, strict=True)
        ]

    @cached_property
    def _known(self) -> dict[str, Described]:
        return {str(place): one for place, one in enumerate(self.described)}

    def _nearest(self, place: int) -> tuple[Near, ...]:
        others = {key: one for key, one in self._known.items() if key != str(place)}
        return KnownTickets(self._space, others, before=self._all).nearest(self.described[place], at_least=0.0)

    @cached_property
    def _all(self) -> KnownTickets:
        return KnownTickets(self._space, self._known)

    def _pairs(self) -> Iterator[tuple[Labelled, Guesses]]:
        return zip(self.reports, self.guesses, strict=True)

    def _guess(self, place: int, learned: Learned) -> Guesses:
        one: Labelled = self.reports[place]
        return self._guesser.guess(
            one.text, role=one.role, place=one.place, learned=learned, vector=self.vectors[place]
        )

    @staticmethod
    def _right(one: Labelled, guess: Guesses) -> Mapping[Field, bool]:
        return {
            Field.KIND: guess.kind is not None and guess.kind.value == one.kind,
            Field.TOOLS: guess.tools is not None and guess.tools.value[0] in one.tools,
            Field.TOUCHPOINT: guess.touchpoint is not None and guess.touchpoint.value in one.touchpoints,
        }

    def _halves(self, seed: int) -> tuple[list[int], list[int]]:
        chance = random.Random(seed)
        taught: list[int] = []
        others: list[int] = []
        for theme in sorted(set(self._themes)):
            places = [place for place, one in enumerate(self.reports) if one.theme == theme]
            chance.shuffle(places)
            taught += places[: len(places) // 2]
            others += places[len(places) // 2 :]
        chance.shuffle(taught)
        return taught, others

    def _taught(self, places: Sequence[int], corrections: int) -> Learned:
        vectors: dict[str, NDArray[np.float32]] = {self.reports[place].text: self.vectors[place] for place in places}
        made = [
            Correction(self.reports[place].text, field, chosen)
            for place in places
            for field, right in self._right(self.reports[place], self.guesses[place]).items()
            if not right and (chosen := _chosen(self.reports[place], field))
        ]
        return Learned.of(made[:corrections], lambda texts: np.stack([vectors[text] for text in texts]))


_TRUTH = {Field.KIND: "kind", Field.TOOLS: "tools", Field.TOUCHPOINT: "touchpoints"}


def _chosen(one: Labelled, field: Field) -> str:
    if field is Field.TOOLS:
        return "+".join(one.tools)
    return one.kind if field is Field.KIND else next(iter(one.touchpoints), "")


def _share(right: Iterator[bool]) -> float:
    answers = list(right)
    return sum(answers) / max(1, len(answers))
