"""Nobody is ever shown a page outside their audiences, and nothing they may see is kept from them."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from bot.database import Database
from bot.errors import IndexMissing
from bot.retrieval.documents import Answer, Hit, Question, Reason
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Library

from conftest import Shelf
from thorough import cases
from whole_parts import WholeParts

TODAY = date(2026, 11, 21)
EVERYONE = frozenset({"public", "everyone"})
AUDIENCES = [
    "public", "everyone", "partner:FieldPro", "partner:Courier One", "role:shop", "role:supervisor", "group:leads",
    "channel:C0HARBOUR", "person:U0MAYA",
]  # fmt: skip
# What looks like an audience and is none, or is nobody's.
STRANGE = ["role:shop' OR 1=1 --", "role:%", "Role:shop", "partner:Field", "role:shopkeeper", "", "*"]
MATTERS = ["late fee", "return of a modem", "gift card", "outage credit", "installer visit", "number porting"]
QUESTIONS = [
    "When is the late fee due?", "customer brought the modem back", "do gift cards expire?", "credit after an outage?",
    "the installer did not come", "keep the old number", "who signs?", "rule 17", "what is the rule?", "zebra crossing",
]  # fmt: skip
PAGES = 60


class OfWholes(WholeParts):
    """The real model."""

    def __init__(self, encoder: Embedder) -> None:
        self._encoder = encoder

    @property
    def identity(self) -> str:
        return self._encoder.identity

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return self._encoder.encode(texts)


def text_of(number: int) -> str:
    return f"The rule for the {MATTERS[number % len(MATTERS)]} in district {number} is form F{number}."


def shown(answer: Answer) -> set[str]:
    """The source of everything that an answer names."""
    return {citation.source for citation in (*answer.see_also, *(quote.citation for quote in answer.quotes))}


def assert_ranked(found: list[tuple[str, Hit]], cosine: dict[str, float]) -> None:
    """The cosines are brute force's, and the best comes first."""
    cosines = [hit.cosine for _, hit in found]
    scores = [hit.score for _, hit in found]
    np.testing.assert_allclose(cosines, [cosine[source] for source, _ in found], atol=1e-5)
    assert scores == sorted(scores, reverse=True)


def assert_answered_within(answer: Answer, found: list[tuple[str, Hit]]) -> None:
    """The answer names nothing that the search did not find, and quotes what stands on the page it names."""
    if not found:
        assert answer == Answer(reason=Reason.EMPTY_INDEX)
        return
    assert shown(answer) <= {source for source, _ in found}
    for quote in answer.quotes:
        assert quote.block.text == text_of(int(quote.citation.source.removesuffix(".md")))
    if not answer.answered:
        assert [citation.source for citation in answer.see_also] == [source for source, _ in found[:3]]


@pytest.mark.each_engine
def test_in_every_world_everyone_sees_exactly_what_their_audiences_allow(
    shelf: Shelf, database: Database, encoder: Embedder
) -> None:
    """Fewer are tried on PostgreSQL, where a reindex of all pages takes longest."""
    random = np.random.default_rng(20261121)
    model = OfWholes(encoder)
    house = Shelf(shelf.folder, Library(database, model))
    sources = [f"{number}.md" for number in range(PAGES)]
    texts = [f"Rule {number}\n{text_of(number)}" for number in range(PAGES)]
    vectors = model.encode(texts).astype("<f2").astype(np.float32)  # as they are stored
    for _ in range(cases(2, thoroughly=3) if database.on_server else cases(4, thoroughly=10)):
        world = {source: set(random.choice(AUDIENCES, size=random.integers(1, 4)).tolist()) for source in sources}
        for number, source in enumerate(sources):
            house.write(
                source, f"---\ntitle: Rule {number}\naudience: {sorted(world[source])}\n---\n{text_of(number)}\n"
            )
        assert house.reindex().documents == PAGES
        for _ in range(15):
            own = random.choice(AUDIENCES, size=random.integers(0, 4)).tolist()
            asker = frozenset({*own, *random.choice(STRANGE, size=2).tolist()})
            question = str(random.choice(QUESTIONS))
            found = house.library.search(Question(question), audiences=asker)
            assert sorted(source for source, _ in found) == sorted(
                source for source, names in world.items() if names & asker
            )
            assert_ranked(found, dict(zip(sources, vectors @ model.encode([question])[0], strict=True)))
            assert_answered_within(house.library.answer(Question(question), audiences=asker, today=TODAY), found)


def test_an_answer_quotes_a_block_and_says_where_from(shelf: Shelf) -> None:
    shelf.write(
        "fees.md",
        "---\ntitle: Late fees\nowner: billing\nverified: 2026-11-09\nreview_by: 2026-11-20\n---\n# Late fees\n\n"
        "## Amount\n\nThe late fee is $9.50 per bill.\n\n## Waivers\n\nA supervisor may waive it once a year.\n",
    )
    shelf.write("shop.md", "---\ntitle: Opening hours\n---\nThe shop opens at nine on weekdays.\n")
    shelf.reindex()
    answer = shelf.library.answer(Question("how much is the late fee?"), audiences=EVERYONE, today=TODAY)
    quote = answer.quotes[0]
    assert quote.block.text == "The late fee is $9.50 per bill."
    assert (quote.citation.title, quote.citation.section) == ("Late fees", "Amount")
    assert (quote.citation.source, quote.citation.owner) == ("fees.md", "billing")
    assert (quote.citation.age_days, quote.citation.overdue) == (12, True)


def test_the_conversation_says_what_a_follow_up_is_about(shelf: Shelf) -> None:
    shelf.write("a.md", "---\ntitle: Gift cards\n---\nGift cards never expire. A second one may be bought.\n")
    shelf.write("b.md", "---\ntitle: Late fees\n---\nThe late fee is billed once. A second one follows.\n")
    shelf.reindex()

    def first(*history: str) -> str:
        return shelf.library.search(Question("and a second one?", history=history), audiences=EVERYONE)[0][0]

    assert first("do gift cards expire?") == "a.md"
    assert first("what is the late fee?") == "b.md"


def test_signs_without_words_are_no_question(shelf: Shelf) -> None:
    shelf.write("a.md", "The late fee is $9.50.")
    shelf.reindex()
    for signs in ("", "   ", "?!", "👍"):
        assert shelf.library.answer(Question(signs), audiences=EVERYONE, today=TODAY) == Answer(reason=Reason.NO_WORDS)


def test_a_foreign_question_is_told_by_its_language(shelf: Shelf) -> None:
    shelf.write("a.md", "The late fee is added to the next bill after five grace days.")
    shelf.reindex()
    answer = shelf.library.answer(Question("¿Cuánto cuesta el pago atrasado?"), audiences=EVERYONE, today=TODAY)
    assert answer == Answer(reason=Reason.LANGUAGE, language="Spanish")


def test_a_pasted_mail_is_searched_by_its_beginning(shelf: Shelf) -> None:
    shelf.write("a.md", "The late fee is added to the next bill after five grace days.")
    shelf.reindex()
    begun = "When is the late fee added to the bill? "
    short = shelf.library.answer(Question(begun + "x" * (1500 - len(begun))), audiences=EVERYONE, today=TODAY)
    long = shelf.library.answer(Question(begun + "x" * 100_000), audiences=EVERYONE, today=TODAY)
    assert (short.shortened, long.shortened) == (False, True)
    assert shown(short) == shown(long) == {"a.md"}


def test_before_the_first_reindex_a_question_says_what_to_run(database: Database, encoder: Embedder) -> None:
    library = Library(database, encoder)
    with pytest.raises(IndexMissing, match=r"Nothing is indexed yet\. Run `throughline reindex`"):
        library.search(Question("how much?"), audiences=EVERYONE)
    with pytest.raises(IndexMissing):
        library.warm_up()
