"""Questions to try: what somebody may ask, of different pages, the ones of their role first."""

from datetime import date

from bot import suggestions
from bot.audiences import EVERYONE, PUBLIC
from bot.golden import ANSWERABLE, GoldenQuestion
from bot.people import ORDINARY_EMPLOYEE, Person

from conftest import Shelf

DAY = date(2026, 11, 22)
SHOP = Person(id="U1", name="Maya", audiences=frozenset({PUBLIC, EVERYONE, "role:shop"}), roles=frozenset({"shop"}))


def golden(text: str, page: str, person: Person = ORDINARY_EMPLOYEE, kind: str = ANSWERABLE) -> GoldenQuestion:
    return GoldenQuestion(text=text, page=page, words="", kind=kind, person=person)


def suggested(shelf: Shelf, questions: list[GoldenQuestion], person: Person = SHOP, day: date = DAY) -> list[str]:
    return suggestions.for_person(person, questions, library=shelf.library, today=day)


def furnish(shelf: Shelf) -> None:
    for name in ("a", "b", "c", "d"):
        shelf.write(f"{name}.md", f"Rule {name} holds for all.\n")
    shelf.write("secret.md", "---\naudience: role:supervisor\n---\nOnly supervisors may know this.\n")
    shelf.reindex()


def test_three_questions_of_three_pages_the_same_all_day(shelf: Shelf) -> None:
    furnish(shelf)
    questions = [golden(f"{page} {number}?", f"{page}.md") for page in "abcd" for number in range(3)]
    chosen = suggested(shelf, questions)
    assert len({question.partition(" ")[0] for question in chosen}) == len(chosen) == suggestions.MOST
    assert suggested(shelf, questions) == chosen
    days = {tuple(suggested(shelf, questions, day=date(2026, 11, day))) for day in range(1, 15)}
    assert len(days) > 1


def test_what_somebody_of_the_same_role_asks_comes_first(shelf: Shelf) -> None:
    furnish(shelf)
    questions = [*(golden(f"{page}?", f"{page}.md") for page in "abc"), golden("for the shop?", "d.md", SHOP)]
    assert suggested(shelf, questions)[0] == "For the shop?"


def test_a_page_that_somebody_may_not_read_is_not_suggested(shelf: Shelf) -> None:
    furnish(shelf)
    assert suggested(shelf, [golden("the secret?", "secret.md"), golden("a?", "a.md")]) == ["A?"]


def test_what_nothing_answers_or_no_button_holds_is_not_suggested(shelf: Shelf) -> None:
    furnish(shelf)
    questions = [golden("a?", "a.md", kind="near_miss"), golden("b" * 76, "b.md"), golden("c?", "c.md")]
    assert suggested(shelf, questions) == ["C?"]


def test_what_reads_as_a_question_is_suggested_before_what_was_jotted_down(shelf: Shelf) -> None:
    furnish(shelf)
    jotted = [golden(f"gift card ran out {page}", f"{page}.md") for page in "abc"]
    assert suggested(shelf, [*jotted, golden("how long is it good?", "d.md")])[0] == "How long is it good?"
