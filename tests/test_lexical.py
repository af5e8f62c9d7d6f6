"""The lexical index scores as BM25 does, takes any question, and finds nothing that may not be seen."""

import math
from collections.abc import Iterator

import pytest
from bot.database import Database
from bot.retrieval import catalogue, lexical
from bot.retrieval.documents import Block, BlockKind, Document, Question, Section
from bot.retrieval.lexical import Entry
from bot.retrieval.scope import Scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

EVERYONE = frozenset({"everyone"})
BODIES = {
    "fees": "late fee waived late fee billed",
    "returns": "modem returned within thirty days fee",
    "outage": "modem offline since morning",
    "shop": "shop opens nine",
}


def add(
    session: Session, body: str, *, title: str = "", keywords: str = "", audience: str = "everyone", born: int = 1
) -> int:
    """One page of one passage; its passage's id."""
    section = Section((), (Block(BlockKind.PARAGRAPH, (body,)),))
    document = Document("a.md", title, (section,), audiences=frozenset({audience}))
    [section_id] = catalogue.add_document(session, document, digest="", language="en", born=born)
    row = catalogue.PassageRow(
        document=session.get_one(catalogue.SectionRow, section_id).document,
        section=section_id, first_block=0, last_block=0, text=body, vector="",
    )  # fmt: skip
    session.add(row)
    session.flush()
    lexical.add(session, [Entry(row.id, title=title, keywords=keywords, headings="", body=body)])
    return row.id


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing.begin() as opened:
        yield opened


def found(
    session: Session, text: str, *history: str, audiences: frozenset[str] = EVERYONE, k: int = 100
) -> dict[int, float]:
    return lexical.search(session, Question(text, history=history), scope=Scope(audiences, generation=1), k=k)


def bm25(query: list[str], document: list[str], corpus: list[list[str]]) -> float:
    """The formula, with FTS5's constants k1 1.2 and b .75."""
    average = sum(map(len, corpus)) / len(corpus)
    score = 0.0
    for word in query:
        holding = sum(word in other for other in corpus)
        rarity = max(1e-6, math.log((len(corpus) - holding + 0.5) / (holding + 0.5)))
        often = document.count(word)
        score += rarity * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * len(document) / average))
    return score


def test_scores_are_those_of_the_formula(session: Session) -> None:
    keys = {add(session, body): body.split() for body in BODIES.values()}
    corpus = list(keys.values())
    # None of these words has another form in the corpus, so stemming changes nothing.
    scores = found(session, "late modem offline")
    expected = {key: bm25(["late", "modem", "offline"], words, corpus) for key, words in keys.items()}
    assert scores == pytest.approx({key: score for key, score in expected.items() if score > 0})
    assert len(scores) == 3


def test_the_last_turn_counts_twice_beside_the_turns_before_it(session: Session) -> None:
    keys = {add(session, body): body.split() for body in BODIES.values()}
    corpus = list(keys.values())
    scores = found(session, "offline", "shop", "late modem")
    query = ["offline", "offline", "shop", "late", "modem"]
    expected = {key: bm25(query, words, corpus) for key, words in keys.items()}
    assert scores == pytest.approx({key: score for key, score in expected.items() if score > 0})


def test_only_the_last_two_turns_count(session: Session) -> None:
    shop = add(session, BODIES["shop"])
    assert shop not in found(session, "offline", "shop", "late", "modem")


def test_forms_of_a_word_and_accents_find_each_other(session: Session) -> None:
    key = add(session, "Returned modems at the café")
    add(session, "Something else entirely")
    for word in ("return", "returns", "modem", "cafe", "CAFÉ"):
        assert list(found(session, word)) == [key]


def test_title_and_keywords_are_searched(session: Session) -> None:
    key = add(session, "It is billed.", title="Late fees", keywords="reminder, dunning")
    assert list(found(session, "dunning")) == [key]
    assert list(found(session, "late")) == [key]


def test_a_question_of_function_words_only_is_still_searched(session: Session) -> None:
    key = add(session, "Who are you")
    assert list(found(session, "who are you")) == [key]


def test_only_what_the_audiences_may_see_and_what_is_alive_is_found(session: Session) -> None:
    seen = add(session, "modem rule", audience="role:shop")
    add(session, "modem rule", audience="role:phone")
    add(session, "modem rule", audience="role:shop", born=2)
    assert list(found(session, "modem", audiences=frozenset({"role:shop", "role:sho%"}))) == [seen]
    assert found(session, "modem", audiences=frozenset()) == {}
    assert found(session, "modem", audiences=frozenset({"role:shop' OR 1=1 --", "%", "role:*"})) == {}


def test_the_best_are_kept_where_there_are_too_many(session: Session) -> None:
    best = add(session, "modem modem modem")
    for number in range(5):
        add(session, f"modem and {number} other words that make it longer")
    assert next(iter(found(session, "modem", k=3))) == best
    assert len(found(session, "modem", k=3)) == 3


def test_what_is_forgotten_is_not_found(session: Session) -> None:
    key = add(session, "modem rule")
    lexical.forget(session, [key])
    assert found(session, "modem") == {}
    assert found(session, "rule") == {}


@pytest.fixture
def fee_page(session: Session) -> int:
    return add(session, "fee")


@given(text=st.text(max_size=60))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_around_a_word_it_is_found(session: Session, fee_page: int, text: str) -> None:
    assert list(found(session, f"{text} fee {text}")) == [fee_page]
    assert all(rarity > 0 for rarity in lexical.rarity(session, text).values())


@pytest.mark.parametrize(
    "text", ['"', "a AND b", "NEAR(a b)", "title:fee", "fee*", "^fee", "-fee", "(", "o'brien's", "fee\x00"]
)
def test_the_syntax_of_the_index_is_only_words_to_a_questioner(session: Session, text: str) -> None:
    key = add(session, "fee obrien o'brien's near and title a b")
    assert set(found(session, text)) <= {key}


def test_a_pasted_mail_is_cut_to_its_first_words() -> None:
    assert len(lexical.query_terms(Question(" ".join(f"word{number}" for number in range(1000))))) == 64


def test_rarity_is_the_inverse_document_frequency_of_each_content_word(session: Session) -> None:
    for body in BODIES.values():
        add(session, body)
    assert lexical.rarity(session, "Is the modem late? Unheard!") == pytest.approx(
        {"modem": math.log(1 + 2.5 / 2.5), "late": math.log(1 + 3.5 / 1.5), "unheard": math.log(1 + 4.5 / 0.5)}
    )
