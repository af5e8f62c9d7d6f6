"""The words of somebody whom something fought: masked, guessed about, and compared with what is known already."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from bot.friction import filing
from bot.friction.filing import Filed, Said, Subject
from bot.friction.guessing import Field, Guesser, Guesses
from bot.friction.kinds import Kind
from bot.friction.known import STORED, Known
from bot.friction.likeness import Described, Space
from bot.friction.nearest import BAR, Near
from bot.friction.reporters import Reporter
from bot.friction.sealing import Sealer
from bot.friction.slots import slots_in
from bot.friction.tables import TicketVectorRow
from bot.friction.teaching import Teaching
from bot.friction.tickets import number_of
from bot.personal.persons import Roster
from bot.personal.reported import without_personal
from bot.touchpoints import TouchpointMap

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A report before it is filed: `words` as they will be kept. `guesses` fill the form in, `near` are the nearest."""

    words: str
    guesses: Guesses
    near: tuple[Near, ...]
    vector: NDArray[np.float32]

    @property
    def likely(self) -> tuple[Near, ...]:
        """Those of `near` that may well be the same."""
        return tuple(one for one in self.near if one.score >= BAR)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What people chose of a ticket; None and nothing where they left it to the guess."""

    kind: Kind | None = None
    tools: tuple[str, ...] = ()
    touchpoint: str = ""


class Intake:
    """Made once for a map. `known` are the names of people of the company."""

    def __init__(
        self, map_: TouchpointMap, encode: Encode, *, model: str, known: Collection[str], places: dict[str, str]
    ) -> None:
        self._map = map_
        self._embed = encode
        self._model = model
        self._guesser = Guesser(map_, encode)
        self._places = places
        self._teaching = Teaching(model)
        self._space = Space(map_, tuple(places))
        self._known = Known(self._space, model=model, places=places)
        self._roster = Roster.of(known)
        self._never = [*map_.names, *places.values()]

    def masked(self, text: str, names: Collection[str] = ()) -> str:
        """`names` are further names to mask: of the customer in question."""
        words = without_personal(text, known=names, never=self._never) if names else text
        return without_personal(words, known=self._roster, never=self._never).strip()

    def read(
        self, session: Session, text: str, *, role: str, place: str, now: datetime, names: Collection[str] = ()
    ) -> Draft:
        words = self.masked(text, names)
        vector = self._embed([words])[0]
        guesses = self._guesser.guess(
            words, role=role, place=self._places.get(place, ""), learned=self._teaching.learned(session), vector=vector
        )
        described = Described.of(vector, guesses, place=place, slots=slots_in(words, self._places))
        return Draft(words, guesses, self._known.nearest(session, described, now=now), vector)

    def read_many(self, session: Session, texts: Sequence[tuple[str, Collection[str]]]) -> list[Draft]:
        """Texts with further names to mask in each; what they may be the same as is not looked for."""
        words = [self.masked(text, names) for text, names in texts]
        learned, different = self._teaching.learned(session), list(dict.fromkeys(words))
        vectors = self._embed(different) if different else ()
        drafts = {
            text: Draft(text, self._guesser.guess(text, learned=learned, vector=vector), (), vector)
            for text, vector in zip(different, vectors, strict=True)
        }
        return [drafts[text] for text in words]

    @property
    def model(self) -> str:
        """What made the vectors."""
        return self._model

    def vectors(self, words: Sequence[str]) -> NDArray[np.float32]:
        return self._embed(words) if words else np.zeros((0, 0), np.float32)

    def guessed(self, words: str, vector: NDArray[np.float32], *, role: str, place: str) -> Guesses:
        """What the words tell, of a ticket of which no guesses are kept."""
        return self._guesser.guess(words, role=role, place=self._places.get(place, ""), vector=vector)

    def placed(self, vector: NDArray[np.float32], guessed: Guesses, *, chosen: Chosen) -> NDArray[np.float32]:
        """Where a ticket stands among others, for themes: the same pain has the same theme in every place."""
        # What somebody chose is no guess any more.
        guesses = Guesses(
            kind_shares={} if chosen.kind else guessed.kind_shares,
            tool_shares={} if chosen.tools else guessed.tool_shares,
            touchpoint_shares={} if chosen.touchpoint else guessed.touchpoint_shares,
        )
        described = Described.of(vector, guesses, kind=chosen.kind, tools=chosen.tools, touchpoint=chosen.touchpoint)
        return self._space.of(described, place_counts=0.0)

    def look(self, session: Session, *, now: datetime) -> None:
        """At the tickets that there are: of ten thousand the first report would wait for seconds."""
        self._known.look(session, now=now)

    def like(self, session: Session, number: int, *, now: datetime) -> list[int]:
        """The numbers of up to three other tickets that may well be the same, the most alike first."""
        return [number_of(one.key) or 0 for one in self._known.like(session, number, now=now)]

    def file(
        self,
        session: Session,
        draft: Draft,
        subject: Subject,
        said: Said,
        who: Reporter,
        *,
        sealer: Sealer,
        now: datetime,
    ) -> Filed:
        """A ticket of its own, with what it means and what was guessed of it. Raises `MoveRefused`."""
        corrections = [
            filing.Correction(field, _guessed(draft.guesses, field), chosen)
            for field, chosen in _chosen(subject, said).items()
            if chosen
        ]
        filed = filing.file(session, subject, said, who, sealer=sealer, now=now, corrections=corrections)
        stored = draft.vector.astype(STORED).tobytes()
        guessed = draft.guesses.likeliest()
        session.add(TicketVectorRow(ticket=filed.ticket, model=self._model, vector=stored, guessed=guessed))
        session.flush()
        return filed

    def team_of(self, subject: Subject) -> str:
        """Who owns it by the map: whoever owns the first tool with an owner, else the touchpoint, else the partner."""
        owners = (self._map.owner_of(id_) for id_ in (*subject.tools, subject.touchpoint, subject.partner) if id_)
        return next(filter(None, owners), "")


def _guessed(guesses: Guesses, field: Field) -> str:
    guess = getattr(guesses, field)
    if guess is None:
        return ""
    return "+".join(guess.value) if field is Field.TOOLS else str(guess.value)


def _chosen(subject: Subject, said: Said) -> dict[Field, str]:
    return {
        Field.KIND: subject.kind,
        Field.TOOLS: "+".join(subject.tools),
        Field.TOUCHPOINT: subject.touchpoint,
        Field.MINUTES: "" if said.minutes is None else str(said.minutes),
        Field.FREQUENCY: said.frequency or "",
        Field.EFFECT: said.effect,
    }
