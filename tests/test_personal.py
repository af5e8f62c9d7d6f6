"""Personal data in what people type is found and masked; what only looks like it stays readable."""

import csv
import json
import re
import time
from pathlib import Path

import pytest
import yaml
from bot.personal import Kind, found, masked, names_a_customer
from hypothesis import given
from hypothesis import strategies as st

PROJECT = Path(__file__).parent.parent
SHARED = PROJECT.parent / "shared" / "data"
KINDS = {
    "email": Kind.EMAIL, "phone": Kind.PHONE, "card": Kind.CARD, "iban": Kind.IBAN, "account": Kind.ACCOUNT,
    "order": Kind.ORDER, "ticket": Kind.TICKET, "serial": Kind.SERIAL, "id": Kind.ID, "born": Kind.BIRTH,
    "address": Kind.ADDRESS, "name": Kind.NAME,
}  # fmt: skip
HOSTILE = {
    "digits": "1", "groups": "12 ", "letters": "a", "at signs": "a@", "dots": "a.", "names": "Aa ",
    "phones": "312 555 0481 ", "cards": "4111 ", "customers": "customer ", "accounts": "account number ",
    "IBANs": "DE89 ", "streets": "12 Aa ",
    "plus": "+", "underscores": "a_", "born": "born ", "orders": "order#", "accents": "\u0301", "hex": "0a",
    "titles": "mr. ", "particles": "van ", "dashes": "1-", "parentheses": "(", "socials": "social security number ",
    "spoken": "a at ",
    "spaces": " ", "directions": "\u202e1", "capitals": "A1", "names of a list": "Dana ", "ligatures": "\ufdfa",
}  # fmt: skip


def labeled(text: str) -> tuple[str, list[tuple[Kind, int, int]]]:
    """The text without its marks, and what they mark."""
    plain, spans, end = "", [], 0
    for mark in re.finditer(r"\[\[(\w+)\|(.*?)\]\]", text):
        plain += text[end : mark.start()]
        spans.append((KINDS[mark[1]], len(plain), len(plain) + len(mark[2])))
        plain, end = plain + mark[2], mark.end()
    return plain + text[end:], spans


def texts(*, half: int) -> list[str]:
    """Of each list every second: 0 were looked at while the rules were written, 1 never."""
    lists = yaml.safe_load((PROJECT / "tests" / "data" / "personal.yaml").read_text(encoding="utf-8"))
    return [*lists["personal"][half::2], *lists["plain"][half::2]]


@pytest.mark.parametrize("half", [0, 1])
def test_most_of_what_is_personal_is_found_and_little_else(half: int) -> None:
    right = missed = wrong = 0
    for text, expected in map(labeled, texts(half=half)):
        spans = found(text)
        whole = [any(span.start <= start and end <= span.end for span in spans) for _, start, end in expected]
        right, missed = right + sum(whole), missed + len(whole) - sum(whole)
        wrong += sum(not any(span.start < end and start < span.end for _, start, end in expected) for span in spans)
    assert right / (right + missed) >= 0.97
    assert right / (right + wrong) >= 0.97


def test_each_kind_is_masked_by_its_name() -> None:
    text = (
        "Customer Dana Ruiz, born 3 May 1961, 12 Elm Street, dana@example.org, 312-555-0481, card 4111 1111 1111 1111, "
        "IBAN DE89370400440532013000, account 8840213377, order #W2378156, ticket INC0048213, serial TW0099821, "
        "SSN 078-05-1120"
    )
    assert masked(text) == (
        "Customer [name], born [date of birth], [address], [e-mail], [phone], card [card], IBAN [IBAN], account "
        "[account], order [order], ticket [ticket], serial [serial number], SSN [ID number]"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("why is dana@example.org billed twice", "an e-mail address"),
        ("where is order #W2378156", "an order number"),
        ("call 312-555-0481 back", "a phone number"),
        ("customer Dana Ruiz paid twice", "a customer's name"),
        ("she lives at 12 Elm Street, can we reach that", "an address"),
        ("the office is at 1800 F Street NW", ""),
        ("customer brought the modem back after 20 days, do we still bill the fee?", ""),
        ("Who is in Customer Care today?", ""),
        ("FR-31 is back", ""),
        ("", ""),
    ],
)
def test_a_text_about_one_customer_says_why_it_is(text: str, reason: str) -> None:
    assert names_a_customer(text) == reason


def test_no_question_about_rules_is_taken_for_one_about_a_customer() -> None:
    with (PROJECT / "knowledge" / "questions.csv").open(encoding="utf-8") as file:
        questions = [row["question"] for row in csv.DictReader(file)]
    assert len(questions) > 300
    assert [question for question in questions if names_a_customer(question)] == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not beside this checkout")
def test_nor_is_one_of_other_sets_and_every_customer_card_is_masked() -> None:
    queries = (SHARED / "handbook_18f" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["text"] for line in queries]
    with (SHARED / "banking77_test.csv").open(encoding="utf-8") as file:
        questions += [row[0] for row in csv.reader(file)]
    assert [question for question in questions if names_a_customer(question)] == []
    for line in (SHARED / "retail_customers" / "corpus.jsonl").read_text(encoding="utf-8").splitlines():
        card = json.loads(line)
        said = masked(f"{card['title']}. {card['text']}", [card["title"]])
        assert not re.search(r"@|#?W\d{7}|\b\d{5}\b|Suite", said), said
        assert card["title"] not in said


def test_names_of_a_list_are_found_however_they_are_typed() -> None:
    names = ["Dana Ruiz", "Seán O’Leary-Fox", "Rose"]
    assert masked("dana ruiz, RUIZ, DANA and Ruiz Dana", names) == "[name], [name] and [name]"
    assert (
        masked("is sean o'leary-fox known? Seán O'Leary-Fox's bill", names)
        == "is sean o'leary-fox known? [name]'s bill"
    )
    assert masked("Rose came, prices rose", names) == "[name] came, prices rose"
    assert masked("Dana Ruizman and Ana Dana", names) == "Dana Ruizman and Ana Dana"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("card ４１１１ １１１１ １１１１ １１１１", "card [card]", id="full-width digits"),
        pytest.param("card 4111\u200b1111\u200b1111\u200b1111", "card [card]", id="zero-width spaces"),
        pytest.param("call \u202d312-555-0481\u202c now", "call \u202d[phone]\u202c now", id="marks of direction"),
        pytest.param("card ٤١١١ ١١١١ ١١١١ ١١١١", "card [card]", id="digits of another script"),
        pytest.param("Mrs O’Brien", "Mrs [name]", id="a typographic apostrophe"),
        pytest.param("Mrs Rodri\u0301guez called", "Mrs [name] called", id="an accent of its own"),
        pytest.param("call 312–555–0481", "call [phone]", id="dashes of a phone's keyboard"),
        pytest.param("call\u00a0312\u00a0555\u00a00481", "call\u00a0[phone]", id="spaces that do not break"),
        pytest.param("dana＠example．org", "[e-mail]", id="a full-width address"),
        pytest.param("ﬁne, dana@example.org ﬁts", "ﬁne, [e-mail] ﬁts", id="ligatures"),
    ],
)  # fmt: skip
def test_unusual_characters_hide_nothing(text: str, said: str) -> None:
    assert masked(text) == said


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_takes_as_much_longer_as_it_is_longer(piece: str) -> None:
    """Eight times the text: 8 times the time where time grows with the length, 64 where it grows with its square."""
    assert taken(piece, 32_000) < 24 * taken(piece, 4_000)


def taken(piece: str, length: int) -> float:
    """The shortest of three times, in seconds of this thread, to look through so many characters."""
    text = piece * (length // len(piece))

    def once() -> float:
        start = time.thread_time()
        found(text, ["Dana Ruiz"])
        return time.thread_time() - start

    return min(once() for _ in range(3))


def check_digit(digits: str) -> str:
    doubled = (int(digit) * 2 for digit in digits[::-2])
    total = sum(two // 10 + two % 10 for two in doubled) + sum(map(int, digits[-2::-2]))
    return str(-total % 10)


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    start = draw(st.sampled_from(["4", "51", "55", "6011", "2221"]))
    digits = start + "".join(
        draw(st.lists(st.sampled_from("0123456789"), min_size=15 - len(start), max_size=15 - len(start)))
    )
    digits += check_digit(digits)
    between = draw(st.sampled_from(["", " ", "-", "."]))
    return between.join(digits[place : place + 4] for place in range(0, 16, 4))


@st.composite
def account_numbers(draw: st.DrawFn) -> str:
    bank = "".join(draw(st.lists(st.sampled_from("0123456789"), min_size=18, max_size=18)))
    check = 98 - int(f"{bank}131400") % 97
    number = f"DE{check:02d}{bank}"
    spaced = " ".join(number[place : place + 4] for place in range(0, 22, 4))
    return draw(st.sampled_from([number, spaced, number.lower()]))


PHONE_FORMS = ("({}) {}-{}", "{}-{}-{}", "+1 {} {} {}", "{}.{}.{}", "1-{}-{}-{}", "{} {} {}")


@st.composite
def phone_numbers(draw: st.DrawFn) -> str:
    area, exchange = (
        draw(st.sampled_from(["312", "617", "206", "512"])),
        draw(st.integers(200, 998).filter(lambda n: n % 100 != 11)),
    )
    line = draw(st.integers(0, 9999))
    return draw(st.sampled_from(PHONE_FORMS)).format(area, exchange, f"{line:04d}")


EMAILS = st.from_regex(
    r"[a-z][a-z0-9.+_-]{0,20}[a-z0-9]@[a-z][a-z0-9-]{0,10}[a-z]\.(org|com|example)", fullmatch=True
).filter(
    lambda address: address.split("@")[0] not in {"info", "it", "hr", "team", "mail", "legal", "help", "press", "sales"}
)
WORDS_FOR_NUMBERS = ("ORDER", "item", "order number", "ref:", "account no.", "page", "invoice #", "ticket is")
AROUND = st.one_of(st.text(max_size=40), st.sampled_from(WORDS_FOR_NUMBERS))


@pytest.mark.parametrize("form", PHONE_FORMS)
@pytest.mark.parametrize("word", WORDS_FOR_NUMBERS)
def test_a_phone_number_behind_another_word_for_a_number_does_not_stay(word: str, form: str) -> None:
    number = form.format("312", "200", "0000")
    kept = masked(f"{word} {number} is late")
    assert re.fullmatch(rf"{re.escape(word)} \[\w+\] is late", kept), kept


@given(AROUND, st.one_of(EMAILS, card_numbers(), account_numbers(), phone_numbers()), AROUND)
def test_what_is_planted_anywhere_never_stays(before: str, planted: str, after: str) -> None:
    assert planted not in masked(f"{before} {planted} {after}")


@given(st.text(max_size=200))
def test_spans_are_in_order_and_inside_the_text(text: str) -> None:
    spans = found(text)
    ends = [0, *(place for span in spans for place in (span.start, span.end)), len(text)]
    assert ends == sorted(ends)
    assert all(span.start < span.end for span in spans)


@pytest.mark.parametrize("half", [0, 1])
def test_what_is_masked_stays_as_it_is(half: int) -> None:
    for text, _ in map(labeled, texts(half=half)):
        once = masked(text)
        assert masked(once) == once
