"""A question inside one customer: quoted from their contacts and what was written of them, or a plain no.

Words and meaning are weighed in memory, and nothing is worded here but the no. Whoever may not see the customer has no
contacts to ask of.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

import numpy as np
from numpy.typing import NDArray

from bot.customers.questions import asked as reading
from bot.customers.questions.sources import Source, Text, sources_of
from bot.customers.questions.weighing import Scales
from bot.customers.timeline import Interaction

MOST = 3
# A further contact is quoted only if it scores nearly as well as the first.
NEARLY = 0.3
# The meaning of a note is not kept: so many of the newest are read with the question, the others found by their words.
_NOTES_READ = 16
# Of a log of an hour the sentences with the most words of the question are read, not all.
_SENTENCES_READ = 6
_CONTEXT_CHARACTERS = 280

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Quoted:
    """`quote` are the deciding words as they stand, `context` what stands around them.

    `interaction` is None for what else was written, which `text` names then.
    """

    interaction: int | None
    text: str
    at: datetime
    channel: str
    direction: str
    quote: str
    context: str
    outcome: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The best first. Where nothing answers there are no quotes, and `refusal` says so.

    `narrowed` says to what the search was kept: "of October", "by phone"; "" where to nothing.
    """

    quotes: tuple[Quoted, ...]
    refusal: str
    narrowed: str


def ask(
    question: str,
    interactions: Sequence[Interaction],
    parts: Sequence[NDArray[np.float32]] | None = None,
    *,
    embed: Embed | None = None,
    now: datetime,
    zone: tzinfo | None,
    texts: Iterable[Text] = (),
) -> Found:
    """`interactions` are newest first, `parts` the unit vectors of the parts of each, as `meanings_of` gives them.

    Without them, or without `embed` for the question itself, words decide alone.
    """
    asked = reading.read(question, now=now, zone=zone)
    sources = sources_of(interactions, parts, texts, asked=asked, zone=zone)
    there = [one for one in sources if asked.concerns(one.at, one.channel, one.identifiers, zone=zone)]
    if not there:
        return Found((), _none_there(len(sources), asked.narrowed), asked.narrowed)
    vector, there = _read(question, there, embed if parts is not None else None)
    scales = Scales(asked, sources, vector)
    good = _good(scales, there)
    if not good:
        among = " ".join(filter(None, (_counted(len(there)), asked.narrowed)))
        refusal = f"Nothing in {among} answers that. Ask in other words, or look through the timeline."
        return Found((), refusal, asked.narrowed)
    places = _deciding([one for _, one in good], scales, embed if vector is not None else None)
    quotes = tuple(_quoted(one, score, place) for (score, one), place in zip(good, places, strict=True))
    return Found(quotes, "", asked.narrowed)


def _read(question: str, sources: list[Source], embed: Embed | None) -> tuple[NDArray[np.float32] | None, list[Source]]:
    """The meaning of the question, and the sources with that of the newest notes."""
    if embed is None:
        return None, sources
    notes = [place for place, one in enumerate(sources) if one.parts is None][:_NOTES_READ]
    vectors = embed([question, *(" ".join(sources[place].sentences) for place in notes)])
    read = list(sources)
    for place, vector in zip(notes, vectors[1:], strict=True):
        read[place] = replace(sources[place], parts=vector[np.newaxis])
    return vectors[0], read


def _good(scales: Scales, sources: Iterable[Source]) -> list[tuple[float, Source]]:
    scored = sorted(((scales.weigh(one), one) for one in sources), key=lambda pair: -pair[0])
    least = max(scales.bar, scored[0][0] - NEARLY)
    return [(score, one) for score, one in scored[:MOST] if score >= least]


def _quoted(one: Source, score: float, place: int) -> Quoted:
    return Quoted(
        interaction=one.interaction,
        text=one.text,
        at=one.at,
        channel=one.channel,
        direction=one.direction,
        quote=one.sentences[place],
        context=_around(one.sentences, place),
        outcome=one.outcome,
        score=score,
    )


def _deciding(sources: Sequence[Source], scales: Scales, embed: Embed | None) -> list[int]:
    """Of each the place of the sentence that answers best; the model reads those of all at once."""
    ranked = [
        sorted(range(len(one.sentences)), key=lambda place: -scales.weigh_sentence(one, one.sentences[place]))
        for one in sources
    ]
    if embed is None or not scales.has_topic:
        return [places[0] for places in ranked]
    several = [places[:_SENTENCES_READ] if len(places) > 1 else [] for places in ranked]
    texts = [one.sentences[place] for one, places in zip(sources, several, strict=True) for place in places]
    meanings = iter(scales.meaning(embed(texts)) if texts else [])
    return [_best(one, places, scales, meanings) for one, places in zip(sources, several, strict=True)]


def _best(one: Source, places: Sequence[int], scales: Scales, meanings: Iterator[float]) -> int:
    weights = {place: scales.weigh_sentence(one, one.sentences[place]) + next(meanings) for place in places}
    return max(weights, key=weights.__getitem__, default=0)


def _around(sentences: Sequence[str], place: int) -> str:
    """The sentence with its neighbors, as long as that stays short."""
    first, last = place, place + 1
    length = len(sentences[place])
    for grown in (True, False) * len(sentences):
        near = last if grown else first - 1
        if 0 <= near < len(sentences) and length + len(sentences[near]) < _CONTEXT_CHARACTERS:
            length += len(sentences[near])
            first, last = (first, last + 1) if grown else (first - 1, last)
    return " ".join((*(["…"] if first else []), *sentences[first:last], *(["…"] if last < len(sentences) else [])))


def _none_there(count: int, narrowed: str) -> str:
    if not count:
        return "There are no contacts with this customer yet."
    return f"Among {_counted(count)} there is none {narrowed}. Ask without that, or look through the timeline."


def _counted(count: int) -> str:
    return "1 contact" if count == 1 else f"{count} contacts"
