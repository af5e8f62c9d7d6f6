"""Policy for this customer: a clause is quoted only if its conditions hold, and says how each of them stands."""

import json
from datetime import date

import pytest
from bot import wording
from bot.assistant import Asked, Assistant, reply_from, reply_value
from bot.conditions import Facts, Standing, known
from bot.errors import Unreadable
from bot.handlers import blocks
from bot.people import Owners, Person
from bot.retrieval import readers
from bot.retrieval.documents import Answer, Question, Reason

from conftest import Shelf

TODAY = date(2026, 11, 22)
EVERYONE = frozenset({"public", "everyone"})
ASKED = "How many days does a customer have to return the modem?"
GOLD: Facts = {"segment": known("gold"), "tenure_months": known(3)}
SILVER: Facts = {"segment": known("silver"), "tenure_months": known(30)}

RETURNS = """---
title: Modem returns
owner: returns
applies:
  sections:
    Gold customers: { segment: gold }
    Everybody else: { segment: { not: gold } }
---
# Modem returns
## Gold customers
Gold customers have 60 days to return the modem after the contract ended.
## Everybody else
A customer has 30 days to return the modem after the contract ended.
## Labels
A label for a parcel is sent by e-mail and is valid for a month.
"""
OTHERS = {
    "visits.md": "# Installer visits\n\nA visit is offered in windows of two hours. The installer calls on the way.",
    "cards.md": "# Gift cards\n\nGift cards are sold in shops. Each has a code under the silver strip.",
}


def page(applies: str, days: int, title: str = "Modem returns") -> str:
    return (
        f"---\ntitle: {title}\n{applies}---\n## How long\n"
        f"A customer has {days} days to return the modem after the contract ended.\n"
    )


def furnished(shelf: Shelf, text: str = RETURNS) -> Shelf:
    for name, other in {**OTHERS, "returns.md": text}.items():
        shelf.write(name, other)
    return shelf


def ask(shelf: Shelf, facts: Facts | None, *, day: date = TODAY) -> Answer:
    return shelf.library.answer(Question(ASKED, facts=facts), audiences=EVERYONE, today=day)


def quoted(answer: Answer) -> list[str]:
    return [quote.block.text for quote in answer.quotes]


def test_two_customers_who_are_asked_about_alike_get_different_clauses(shelf: Shelf) -> None:
    furnished(shelf).reindex()
    gold, silver = ask(shelf, GOLD), ask(shelf, SILVER)
    assert quoted(gold) == ["Gold customers have 60 days to return the modem after the contract ended."]
    assert quoted(silver) == ["A customer has 30 days to return the modem after the contract ended."]
    assert [one.told for one in gold.quotes[0].conditions] == ["segment is gold: met"]
    assert [one.told for one in silver.quotes[0].conditions] == ["segment is not gold: met"]
    (left,) = silver.passed_over
    assert wording.passed_over(left) == (
        "Not for this customer: Modem returns › Gold customers (segment is gold: not met (it is silver))"
    )


def test_without_a_customer_a_clause_says_for_whom_it_holds(shelf: Shelf) -> None:
    furnished(shelf).reindex()
    answer = ask(shelf, None)
    assert {wording.holds(quote.conditions) for quote in answer.quotes} == {
        "Holds where segment is gold.",
        "Holds where segment is not gold.",
    }
    assert answer.passed_over == ()


def test_what_is_not_known_is_quoted_last_with_what_to_check(shelf: Shelf) -> None:
    text = RETURNS.replace("Everybody else: { segment: { not: gold } }", "").replace(
        "{ segment: gold }", "{ segment: gold, disputed: { is: no, ask: is the account under dispute } }"
    )
    furnished(shelf, text).reindex()
    answer = ask(shelf, GOLD)
    assert quoted(answer)[0].startswith("A customer has 30 days")
    assert quoted(answer)[-1].startswith("Gold customers have 60 days")
    assert wording.holds(answer.quotes[-1].conditions) == "segment is gold: met · check: is the account under dispute"
    known_now = ask(shelf, {**GOLD, "disputed": known(False)})
    assert quoted(known_now)[0].startswith("Gold customers have 60 days"), "the more particular rule comes first"


def test_a_whole_page_holds_for_some_and_its_sections_for_some_of_them(shelf: Shelf) -> None:
    text = RETURNS.replace("applies:\n", "applies:\n  country: { not: CA }\n")
    furnished(shelf, text).reindex()
    assert [one.told for one in ask(shelf, {**GOLD, "country": known("US")}).quotes[0].conditions] == [
        "country is not CA: met",
        "segment is gold: met",
    ]
    assert ask(shelf, {**GOLD, "country": known("CA")}).reason is Reason.NOT_FOR_THE_CUSTOMER


def test_where_only_other_customers_have_an_answer_it_says_so_and_quotes_nothing(shelf: Shelf) -> None:
    furnished(shelf, page("applies: { segment: platinum }\n", 90)).reindex()
    assert quoted(ask(shelf, {"segment": known("platinum")}))
    refused = ask(shelf, GOLD)
    assert (refused.reason, refused.quotes) == (Reason.NOT_FOR_THE_CUSTOMER, ())
    assert [one.citation.source for one in refused.passed_over] == ["returns.md"]


def test_a_rule_and_its_conditions_hold_for_their_day(shelf: Shelf) -> None:
    shelf.write("old.md", page("effective: 2026-01-01\napplies: { segment: gold }\n", 60, "Returns until June"))
    new = "effective: 2026-07-01\nsupersedes: old.md\napplies: { since: { before: 2026-01-01 } }\n"
    shelf.write("new.md", page(new, 45, "Returns from July"))
    shelf.reindex()
    facts: Facts = {"segment": known("gold"), "since": known("2026-03-01")}
    assert quoted(ask(shelf, facts, day=date(2026, 6, 1)))[0].startswith("A customer has 60 days")
    assert ask(shelf, facts).reason is Reason.NOT_FOR_THE_CUSTOMER


def test_editing_only_the_conditions_counts_at_the_next_reindex(shelf: Shelf) -> None:
    furnished(shelf, page("", 30)).reindex()
    assert quoted(ask(shelf, SILVER))
    furnished(shelf, page("applies: { segment: gold }\n", 30)).reindex()
    assert ask(shelf, SILVER).reason is Reason.NOT_FOR_THE_CUSTOMER


def test_clauses_that_hold_for_nobody_together_do_not_disagree(shelf: Shelf) -> None:
    storage = "---\ntitle: Recorded calls\n{}---\n## Storage\nCall recordings are kept for six months and then erased "
    storage += "automatically. Team leads can listen to the calls of their team.\n"
    reviews = (
        "---\ntitle: Quality reviews\n{}---\n## Finding a recording\nCall recordings are kept for twelve months and "
    )
    reviews += "then erased automatically. Search by the ticket number in the archive.\n"
    for name, text in OTHERS.items():
        shelf.write(name, text)
    shelf.write("storage.md", storage.format("applies: { segment: { not: gold } }\n"))
    shelf.write("reviews.md", reviews.format("applies: { segment: gold }\n"))
    assert shelf.reindex().conflicts == ()
    shelf.write("reviews.md", reviews.format(""))
    (found,) = shelf.reindex().conflicts
    assert {found.first.says, found.second.says} == {"six months", "twelve months"}
    asked = Question("How long are call recordings kept?", facts=GOLD)
    assert shelf.library.answer(asked, audiences=EVERYONE, today=TODAY).contradiction is None, "one side is not theirs"


@pytest.mark.parametrize(
    ("applies", "said"),
    [
        ("applies:\n  segment:\n", "front matter, line 4: there is no value to compare with"),
        ("applies:\n  tenure_months: { at least: long }\n", "front matter, line 4: long is no number"),
        ("applies:\n  sections:\n    Golden: { segment: gold }\n", "line 5: there is no heading 'Golden' on this page"),
        ("applies:\n  sections:\n    How long: gold\n", "line 5: expected `name: value` lines"),
        ("applies:\n", "front matter, line 3: expected `name: value` lines"),
        ("applies: {}\n", "front matter, line 3: conditions are `name: value` lines"),
        ("applies: gold\n", "front matter, line 3: expected `name: value` lines"),
        ("apllies: { segment: gold }\n", "`apllies` is not known; write `applies`"),
    ],
)
def test_a_page_whose_conditions_are_faulty_is_left_out_with_the_line(applies: str, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        readers.read_text(page(applies, 30), source="returns.md")
    assert said in str(refused.value)


@pytest.fixture
def assistant(shelf: Shelf) -> Assistant:
    furnished(shelf).reindex()
    return Assistant(shelf.library, Owners({}))


def test_an_answer_about_a_customer_is_for_the_asker_alone_and_survives_the_outbox(assistant: Assistant) -> None:
    maya = Person("U1", "Maya", EVERYONE)
    asked = Asked(maya, Question(ASKED, facts=SILVER), channel="C1", readers=EVERYONE)
    reply = assistant.ask(asked, today=TODAY)
    assert reply.private
    assert reply_from(json.loads(json.dumps(reply_value(reply)))) == reply
    message = blocks.answer(reply, blocks.Frame(1))
    shown = [element["text"] for block in message.blocks if block["type"] == "context" for element in block["elements"]]
    assert shown[0] == wording.FOR_ONE_CUSTOMER
    assert "segment is not gold: met" in shown
    assert any(line.startswith("Not for this customer: Modem returns › Gold customers") for line in shown)
    assert "(segment is not gold: met)" in message.text
    assert reply.answer.quotes[0].conditions[0].standing is Standing.MET


def test_a_reply_that_was_owed_before_there_were_conditions_is_still_delivered(assistant: Assistant) -> None:
    stored = reply_value(assistant.ask(Asked(Person("U1", "Maya", EVERYONE), Question(ASKED)), today=TODAY))
    del stored["about_customer"], stored["answer"]["passed_over"]
    for quote in stored["answer"]["quotes"]:
        del quote["conditions"]
    assert reply_from(stored).answer.quotes[0].conditions == ()


def test_what_is_known_of_a_customer_stays_out_of_a_log() -> None:
    assert "silver" not in repr(Question(ASKED, facts=SILVER))
    assert Question(ASKED, facts=SILVER) == Question(ASKED)
