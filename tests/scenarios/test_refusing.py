"""Never silent: what nobody can answer ends in a stated reason with the next step."""

import pytest
from bot import friction_wording, request_wording, wording
from bot.exchanges import ExchangeRow, GapRow
from bot.people import EVERYONE, PUBLIC
from bot.retrieval.catalogue import Generation
from sqlalchemy import delete, select, text

from offices import Office

ANSWERABLE = "Can I waive a late fee without a supervisor?"
SOURCE = "Late fees and late-fee waivers"
UNANSWERABLE = "Who won the chess world championship in 1972?"
SPANISH = "¿Puedo perdonar el recargo por pago atrasado sin pedir permiso al supervisor?"


def newest_gap(office: Office) -> GapRow | None:
    """The gap of the exchange that was saved last, if it is one."""
    with office.house.database.reading() as session:
        exchange = session.scalars(select(ExchangeRow.id).order_by(ExchangeRow.id.desc()).limit(1)).one()
        return session.get(GapRow, exchange)


def test_a_question_that_no_page_answers_gets_the_closest_pages_and_a_promise(shared_office: Office) -> None:
    refusal = shared_office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {UNANSWERABLE}")
    said, closest, *pages, recorded, ask, log = refusal.words.splitlines()
    assert said == wording.NOTHING
    assert closest == wording.CLOSEST
    assert pages
    assert all(" › " in page or " · " in page for page in pages)
    owner = pages[0].split(" · ")[1]
    assert recorded == f"I recorded the question for {owner}."
    assert "[1]" not in refusal.words
    assert (
        [button.label for button in refusal.buttons] == [ask, log] == [request_wording.ASK_HUMAN, friction_wording.LOG]
    )


def test_a_question_that_no_page_answers_is_kept_with_who_could_read_what(shared_office: Office) -> None:
    refusal = shared_office.ask("U0JONAS", "C0HARBOUR", f"@Throughline {UNANSWERABLE}")
    gap = newest_gap(shared_office)
    assert gap is not None
    assert set(gap.audiences) == {PUBLIC, EVERYONE, "person:U0JONAS", "role:billing", "role:owner", "right:customers"}
    assert f"I recorded the question for {gap.owner}." in refusal.words
    assert all(page["title"] in refusal.words for page in gap.closest)


def test_a_question_in_a_language_the_pages_do_not_know_is_told_so_and_is_no_gap(shared_office: Office) -> None:
    refusal = shared_office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {SPANISH}")
    assert refusal.words.splitlines() == [
        wording.foreign("Spanish"),
        request_wording.ASK_HUMAN,
        friction_wording.LOG,
    ]
    assert newest_gap(shared_office) is None


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("@Throughline", id="nothing"),
        pytest.param("@Throughline 👍", id="an emoji"),
        pytest.param("@Throughline :wave::skin-tone-3: :+1: :thumbsup:", id="emoji as Slack sends them"),
        pytest.param("@Throughline @channel @Sam Tran", id="only people"),
        pytest.param("@Throughline ???", id="only marks"),
    ],
)
def test_a_message_without_words_gets_an_example_of_a_question(shared_office: Office, words: str) -> None:
    assert shared_office.ask("U0RUTH", "C0RETURNS", words).words.startswith("I see no question in words there.")
    assert newest_gap(shared_office) is None


@pytest.mark.parametrize("filler", ["The customer was here before. ", "lorem-ipsum/", "ä" * 80 + " "])
def test_a_question_of_eight_thousand_characters_is_searched_with_its_beginning_and_says_so(
    shared_office: Office, filler: str
) -> None:
    question = f"{ANSWERABLE} {filler * 8000}"[:8000]
    assert wording.SHORTENED in shared_office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {question}").words


def test_an_answer_to_a_long_question_is_still_an_answer(shared_office: Office) -> None:
    answer = shared_office.slash("U0JONAS", "C0OUTAGES", f"{ANSWERABLE} " * 180)
    assert SOURCE in answer.words
    assert wording.SHORTENED in answer.words


def test_before_anything_is_indexed_the_reply_names_the_next_step(office: Office) -> None:
    with office.house.database.writing.begin() as session:
        session.execute(delete(Generation))
    reply = office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {ANSWERABLE}")
    assert reply.words == "Nothing is indexed yet. Run `throughline reindex`.".replace("`", "")


def test_a_crash_in_the_work_ends_in_a_polite_reply_for_whoever_asked(office: Office) -> None:
    with office.house.database.writing.begin() as session:
        session.execute(text("ALTER TABLE knowledge_passages RENAME TO knowledge_passages_gone"))
    asked = office.workspace.say("U0MAYA", "C0HARBOUR", f"@Throughline {ANSWERABLE}")
    private = office.slash("U0SAM", "C0HARBOUR", ANSWERABLE)
    direct = office.ask_directly("U0JONAS", ANSWERABLE)
    office.settle()
    [public] = office.replies("U0MAYA", "C0HARBOUR", asked)
    assert [public.words, private.words, direct.words] == [wording.FAULT] * 3
    assert office.who_sees("C0HARBOUR", private) == {"U0SAM"}


def test_after_a_crash_the_next_question_is_answered(office: Office) -> None:
    with office.house.database.writing.begin() as session:
        session.execute(text("ALTER TABLE knowledge_passages RENAME TO knowledge_passages_gone"))
    office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {ANSWERABLE}")
    with office.house.database.writing.begin() as session:
        session.execute(text("ALTER TABLE knowledge_passages_gone RENAME TO knowledge_passages"))
    assert SOURCE in office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {ANSWERABLE}").words
