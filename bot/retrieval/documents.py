"""What retrieval speaks in: documents, blocks, passages, citations, answers. Plain frozen values."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.audiences import EVERYONE
from bot.conditions import Conditions, Facts, Judged


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    BULLETS = "bullets"
    STEPS = "steps"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    """The unit of quoting: it stands alone, as a paragraph, or as a list or table with the sentence that introduces it.

    `lead` is that sentence ("" where there is none); `lines` are the paragraph, the list items, or the table rows with
    their column names, all in plain text without markup. `navigation` marks blocks that are mostly links.
    """

    kind: BlockKind
    lines: tuple[str, ...]
    lead: str = ""
    navigation: bool = False

    @property
    def text(self) -> str:
        marked = [f"{self.mark(place)}{line}" for place, line in enumerate(self.lines, start=1)]
        return "\n".join([self.lead, *marked] if self.lead else marked)

    def mark(self, place: int) -> str:
        match self.kind:
            case BlockKind.PARAGRAPH:
                return ""
            case BlockKind.STEPS:
                return f"{place}. "
            case _:
                return "• "


@dataclass(frozen=True, slots=True)
class Section:
    """The blocks under one heading. `headings` is the path from the page's first heading down; () before the first.

    `conditions` say for which customers it holds, those of the whole page among them.
    """

    headings: tuple[str, ...]
    blocks: tuple[Block, ...]
    conditions: Conditions = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One page as it was read. `source` is its path inside the knowledge folder, with forward slashes.

    `keywords` are other words people use for what the page is about: searched, never quoted. `supersedes` are the paths
    of pages it replaces, as its writer wrote them.
    """

    source: str
    title: str
    sections: tuple[Section, ...]
    audiences: frozenset[str] = frozenset({EVERYONE})
    owner: str = ""
    keywords: tuple[str, ...] = ()
    effective: date | None = None
    verified: date | None = None
    review_by: date | None = None
    supersedes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A window of at most `chunking.PASSAGE_WORDS` words inside one section: what is searched.

    `blocks` are the first and last block of the section that the window touches: what is quoted. `parts` says for each
    of them which characters of the text are its own; an empty range where it has none (navigation).
    """

    section: int
    blocks: tuple[int, int]
    text: str
    parts: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Searched:
    """What a model reads of a passage: its headings, its text, and which characters are the own ones of each block."""

    text: str
    parts: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, with the asker's earlier turns in the same conversation, oldest first.

    `facts` are of the customer whom it is about: what answers is chosen by them. None where it is about nobody.
    """

    text: str
    history: tuple[str, ...] = ()
    # Left out of what makes two questions the same, and of what a log could show.
    facts: Facts | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found. `score` ranks this question's hits, 0 to 1; `cosine` and BM25 are absolute."""

    passage: int
    document: int
    score: float
    cosine: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quote comes from, and how the page stands on the day that was asked about.

    `age_days` counts from the last verification, or, where `unverified`, from the day the page came into force; None
    where neither is known. `overdue`: its review date has passed. `replaced_on` is the day from which the page titled
    `replaced_by` holds instead.
    """

    title: str
    section: str
    source: str
    owner: str
    age_days: int | None
    overdue: bool = False
    unverified: bool = False
    replaced_on: date | None = None
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """One block, word for word. `decisive` is the sentence or line of it that answers, as it stands there, or "".

    `conditions` say for whom it holds; each is judged where the question is about a customer.
    """

    block: Block
    citation: Citation
    decisive: str = ""
    conditions: tuple[Judged, ...] = ()


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What would have been quoted, but does not hold for the customer, and the conditions that are not met."""

    citation: Citation
    conditions: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody made known for a while, as that a tool is down. `said` is `until` in the zone it was meant in."""

    number: int
    text: str
    until: datetime
    said: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two quotes of an answer that cannot both hold: the one at place `at`, and the next.

    `here` and `there` are what they say, in a few words: "30 days" and "14 days". `number` is the conflict's.
    """

    number: int
    at: int
    here: str
    there: str


class Reason(StrEnum):
    """Why a question was not answered."""

    NOTHING_CLEARS_THE_BAR = "nothing answers this"
    NO_WORDS = "no question in words"
    LANGUAGE = "a language the knowledge is not written in"
    EMPTY_INDEX = "nothing is indexed for this person"
    NOT_FOR_THE_CUSTOMER = "what answers this does not hold for this customer"


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes with their citations, or the reason why there are none, with the closest pages.

    `confidence` orders questions by how likely the knowledge answers them, 0 to 1; it was compared with the bar.
    `language` names the question's language where that is the reason; `shortened` says that what is meant was taken
    from the beginning of a long question. `notices` are the live ones about the question, newest first.
    `contradiction` names two quotes that disagree; neither is decisive. `passed_over` holds for other customers.
    """

    quotes: tuple[Quote, ...] = ()
    see_also: tuple[Citation, ...] = ()
    reason: Reason | None = None
    confidence: float = 0.0
    language: str = ""
    shortened: bool = False
    notices: tuple[Notice, ...] = ()
    contradiction: Contradiction | None = None
    passed_over: tuple[PassedOver, ...] = ()

    @property
    def answered(self) -> bool:
        return self.reason is None
