"""Passages -> an answer of whole quoted blocks, or an honest no. Nothing is worded here: every word is a page's own."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.conditions import Standing
from bot.retrieval.applying import standing_of
from bot.retrieval.conflicts import Clash
from bot.retrieval.contradictions import Place, opposed
from bot.retrieval.documents import Answer, Block, BlockKind, Citation, Hit, PassedOver, Quote, Reason
from bot.retrieval.passages import FoundPassage
from bot.words import stems

# The passages whose blocks are weighed against each other, and how many of the rest are named as closest pages.
CONSIDERED = 20
CONSIDERED_A_PAGE = 5
CLOSEST = 3
# A block's own meaning counts whole, the rare words it shares with the question and its passage's rank count less.
# Chosen on the starter's questions by which block held the words of the right answer.
WORDS_WEIGHT = 0.3
RANK_WEIGHT = 0.5
# A further block is quoted only if it scores nearly as well as the first, and only while the answer stays short. One of
# another page must be nearer: where it was not, a reader found it beside the point.
NEARLY = 0.085
NEARLY_ELSEWHERE = 0.05
MOST_QUOTES = 4
MOST_WORDS = 130
# Clauses for other customers that are named.
MOST_PASSED_OVER = 2
# What a clause gains that is said of just such customers as the one asked about, as if the question had named them.
# Without it, pages for everybody stood before the rule for businesses that a question about a business meant.
PARTICULAR = 0.08
# The share of the words of two blocks that both hold, from which on one of them is enough.
SAME_THOUGHT = 0.75
# A block that scores within this of the best answers the question too, well enough to vouch for a conflict of the two.
VOUCHED = 0.09

# A full stop after "ext." or "8 p.m." ends no sentence.
_SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\bext\.)(?<!\b[ap]\.m\.)(?<!\b[ei]\.[ge]\.)(?<!\bNo\.)[\"')\]]*\s+(?=[\"'(\[]?[A-Z])"
)
_STANDS_ALONE = re.compile(r"[.!?)\]\"'”’%]$|\w$")
_ONLY_NUMBER = re.compile(r"(?:^|\s)\(?\d+[.)]?$")
_BEGINS_A_SENTENCE = re.compile(r"[\"'“‘(\[]*+(?![a-z]+\W*$).+")
_ENDS_A_SENTENCE = re.compile(r"[.!?…][)\]\"'”’]*$")
_FEWEST_WORDS = 4
# A line this short without a full stop is a label or a link's wording ("Check out the screen shots"), not a rule.
_FEWEST_UNENDED_WORDS = 9
_NONE: Mapping[int, float] = {}
_NOBODY: Mapping[int, FoundPassage] = {}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A block that could be quoted. `merit` is how well it answers, `score` what is left of it after judgments."""

    found: FoundPassage
    place: int
    merit: float
    score: float

    @property
    def block(self) -> Block:
        return self.found.blocks[self.place]

    @property
    def key(self) -> tuple[int, int]:
        return self.found.section, self.place


def compose(
    hits: Sequence[Hit],
    passages: Mapping[int, FoundPassage],
    *,
    vector: NDArray[np.float32],
    rarity: Mapping[str, float],
    certainty: float,
    bar: float,
    today: date,
    clashes: Sequence[Clash] = (),
    lowered: Mapping[int, float] = _NONE,
    unmet: Mapping[int, FoundPassage] = _NOBODY,
    certainty_with_unmet: float = 0.0,
) -> Answer:
    """The answer from the hits of a question, best first.

    `passages` are those of the first hits that the asker may see; `vector` is that of the question;
    `rarity` holds the inverse document frequency of the stems of the question; `certainty` is compared with the bar.
    `clashes` are the conflicts of these passages; a side that is not among `passages` is as good as unknown.
    `lowered` is what people's judgments take off the blocks of a section. `unmet` are passages of the hits that do not
    hold for the customer who is asked about: they are named, never quoted. `certainty_with_unmet` counts them, too.
    """
    known = [(hit, passages[hit.passage]) for hit in hits if hit.passage in passages]
    if not known and not unmet:
        return Answer(reason=Reason.EMPTY_INDEX)
    closest = _closest([found for _, found in known], today)
    candidates = _weigh(_considered(known), rarity, vector=vector, lowered=lowered) if certainty >= bar else []
    others = [(hit, unmet[hit.passage]) for hit in hits if hit.passage in unmet]
    missed = _weigh(_considered(others), rarity, vector=vector, lowered=lowered) if certainty_with_unmet >= bar else []
    if not candidates:
        reason = Reason.NOT_FOR_THE_CUSTOMER if missed else Reason.NOTHING_CLEARS_THE_BAR
        return Answer(
            see_also=closest, reason=reason, confidence=certainty, passed_over=_passed_over(missed, missed, today)
        )
    best, *_ = chosen = _chosen(candidates)
    chosen = _held_first(chosen)
    places = [Place(candidate.found, candidate.place) for candidate in chosen]
    # By merit: judging one side of a conflict must not hide it.
    vouched = max(one.merit for one in candidates) - VOUCHED
    clash = opposed(places, clashes, passages, answering={one.key for one in candidates if one.merit >= vouched})
    if clash is not None:
        # Both sides and the best are enough: what else was chosen would come between them and the reader.
        sides = {place.key for place in clash.places}
        places = [*clash.places, *(place for place in places[:1] if place.key not in sides)]
    quotes = tuple(
        Quote(
            block=place.found.blocks[place.block],
            citation=_citation(place.found, today),
            decisive=_decisive(best.block, rarity) if clash is None and place.key == best.key else "",
            conditions=place.found.judged,
        )
        for place in places
    )
    cited = {quote.citation.source for quote in quotes}
    also = (
        *_lowered_from_first([quote.citation for quote in quotes], candidates, today),
        *(citation for citation in closest if citation.source not in cited),
    )
    return Answer(
        quotes=quotes,
        see_also=tuple(dict.fromkeys(also))[:CLOSEST],
        confidence=certainty,
        contradiction=clash.contradiction if clash else None,
        passed_over=_passed_over(missed, candidates, today),
    )


def quotable(block: Block) -> bool:
    """Whether a block stands alone: no navigation, no label, nothing that begins or breaks off in mid-sentence."""
    words = len(block.text.split())
    if block.navigation or words < _FEWEST_WORDS or not _STANDS_ALONE.search(block.lines[-1].rstrip()):
        return False
    return block.kind is not BlockKind.PARAGRAPH or _is_a_thought(block.text.strip(), words)


def _is_a_thought(paragraph: str, words: int) -> bool:
    if not _BEGINS_A_SENTENCE.fullmatch(paragraph.split(maxsplit=1)[0]):
        return False
    return bool(_ENDS_A_SENTENCE.search(paragraph)) or (
        words >= _FEWEST_UNENDED_WORDS and not _ONLY_NUMBER.search(paragraph)
    )


def _closest(ranked: Sequence[FoundPassage], today: date) -> tuple[Citation, ...]:
    """The best pages, each where its best passage lies."""
    pages: dict[int, FoundPassage] = {}
    for found in ranked:
        pages.setdefault(found.document, found)
    return tuple(_citation(found, today) for found in pages.values())[:CLOSEST]


def _considered(known: Sequence[tuple[Hit, FoundPassage]]) -> list[tuple[Hit, FoundPassage]]:
    """The best passages, a few of each page, so that one long page does not hide the others."""
    seen: Counter[int] = Counter()
    chosen: list[tuple[Hit, FoundPassage]] = []
    for hit, found in known:
        seen[found.document] += 1
        if seen[found.document] <= CONSIDERED_A_PAGE:
            chosen.append((hit, found))
    return chosen[:CONSIDERED]


def _weigh(
    known: Sequence[tuple[Hit, FoundPassage]],
    rarity: Mapping[str, float],
    *,
    vector: NDArray[np.float32],
    lowered: Mapping[int, float],
) -> list[_Candidate]:
    """Every block that could be quoted, best first."""
    places = {
        (found.section, place): (hit, found, place)
        for hit, found in reversed(known)  # where two passages share a block, the better one counts
        for place in range(found.first, found.last + 1)
        if quotable(found.blocks[place])
    }
    total = sum(rarity.values()) or 1.0

    headings = {found.section: stems(" ".join((found.title, *found.headings))) for _, found, _ in places.values()}

    def merit(hit: Hit, found: FoundPassage, place: int) -> float:
        words = headings[found.section] | stems(found.blocks[place].text)
        shared = sum(rarity[word] for word in words & rarity.keys()) / total
        particular = PARTICULAR * found.particular
        return float(found.meaning(place) @ vector) + WORDS_WEIGHT * shared + RANK_WEIGHT * hit.score + particular

    merits = [(found, place, merit(hit, found, place)) for hit, found, place in places.values()]
    candidates = [
        _Candidate(found, place, good, good - lowered.get(found.section, 0.0)) for found, place, good in merits
    ]
    return sorted(candidates, key=lambda candidate: -candidate.score)


def _chosen(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The best block, then those nearly as good that say something else: first of its page, in the page's order."""
    best = candidates[0]
    chosen = [best]
    length = len(best.block.text.split())
    near = [candidate for candidate in candidates[1:] if candidate.score >= best.score - _nearness(candidate, best)]
    for candidate in near:
        size = len(candidate.block.text.split())
        repeats = any(_repeats(candidate.block, other.block) for other in chosen)
        if len(chosen) < MOST_QUOTES and not repeats and length + size <= MOST_WORDS:
            chosen.append(candidate)
            length += size
    same_page = [candidate for candidate in chosen[1:] if candidate.found.document == best.found.document]
    same_page.sort(key=lambda candidate: (candidate.found.section, candidate.place))
    return [best, *same_page, *(one for one in chosen if one.found.document != best.found.document)]


def _held_first(chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """Last what may not hold for the customer who is asked about."""
    return sorted(chosen, key=lambda one: standing_of(one.found.judged) is Standing.NOT_KNOWN)


def _passed_over(missed: Sequence[_Candidate], quotable: Sequence[_Candidate], today: date) -> tuple[PassedOver, ...]:
    """Of what does not hold for the customer the sections that answer about as well as the best that may be quoted."""
    bar = quotable[0].score - PARTICULAR - NEARLY if quotable else 0.0
    sections = {one.found.section: one.found for one in reversed(missed) if one.score >= bar}
    return tuple(
        PassedOver(_citation(found, today), tuple(one for one in found.judged if one.standing is Standing.NOT_MET))
        for found in reversed(sections.values())
    )[:MOST_PASSED_OVER]


def _lowered_from_first(
    quoted: Sequence[Citation], candidates: Sequence[_Candidate], today: date
) -> tuple[Citation, ...]:
    """What would be quoted first but for judgments, if it is not quoted now: lowered is not hidden."""
    first = max(candidates, key=lambda candidate: candidate.merit)
    citation = _citation(first.found, today)
    return () if first.merit == first.score or citation in quoted else (citation,)


def _nearness(candidate: _Candidate, best: _Candidate) -> float:
    return NEARLY if candidate.found.document == best.found.document else NEARLY_ELSEWHERE


def _repeats(block: Block, other: Block) -> bool:
    """Whether two blocks say the same in nearly the same words."""
    words, others = stems(block.text), stems(other.text)
    return len(words & others) >= SAME_THOUGHT * len(words | others)


def _decisive(block: Block, rarity: Mapping[str, float]) -> str:
    """The sentence, item or row with the most of the question's rare words, if one stands out; "" where none does."""
    parts = [*([block.lead] if block.lead else []), *block.lines]
    if block.kind is BlockKind.PARAGRAPH:
        parts = [sentence for line in parts for sentence in _SENTENCE.split(line)]
    shares = [sum(rarity[word] for word in stems(part) & rarity.keys()) for part in parts]
    best = max(shares)
    return parts[shares.index(best)] if best > 0 and shares.count(best) == 1 else ""


def _citation(found: FoundPassage, today: date) -> Citation:
    since = found.verified or found.effective
    return Citation(
        title=found.title,
        section=" › ".join(found.headings),
        source=found.source,
        owner=found.owner,
        age_days=max(0, (today - since).days) if since else None,
        overdue=found.review_by is not None and found.review_by < today,
        unverified=found.verified is None,
        replaced_on=found.replaced_on,
        replaced_by=found.replaced_by,
    )
