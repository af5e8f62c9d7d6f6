"""A foreign question gets a stated outcome, and an English one in shop shorthand is never taken for foreign."""

import csv
import hashlib
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from bot.retrieval.language_table import FILE, LanguageTable
from bot.retrieval.languages import common, foreign_language, language_of

from derived_languages import derived, model

PROJECT = Path(__file__).parent.parent
QUESTIONS = PROJECT / "knowledge/questions.csv"
STRANGE = [
    "", "?", "42", "HOLA QUE TAL", "ÜBERWEISUNG NICHT MÖGLICH", "cafe\u0301 fermé", "\udce4 broken",
    "مرحبا بك في المتجر", "Добрый день, модем не работает", "한국어 질문입니다", "fee 🙏 waive",
]  # fmt: skip

SHOP_NOTES = [
    "cust wants to return modem",
    "customer says box dead 3rd time",
    "can i waive late fee",
    "no signal since tuesday night",
    "ticket says pending but no install",
    "pls check acct 4471 pymnt",
    "guy walks in w/ old hub day 100",
    "ETF for military deployment?",
    "FieldPro no show 2x what credit",
    "cust irate re: bill $$$",
    "SIM swap scam caller pretends police",
    "modem blinking red after reset",
    "RT-7 form where",
    "fee 🙏 waive 😡😡",
]


@pytest.mark.parametrize("note", SHOP_NOTES)
def test_an_english_shop_note_is_never_foreign(note: str) -> None:
    assert foreign_language(note, ["en"]) == ""


def test_no_question_of_the_knowledge_is_foreign() -> None:
    with QUESTIONS.open(encoding="utf-8", newline="") as stream:
        asked = [row["question"] for row in csv.DictReader(stream)]
    assert len(asked) > 0
    assert [question for question in asked if foreign_language(question, ["en"])] == []


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("¿Cuánto cuesta la tarifa por pago atrasado?", "Spanish"),
        ("mi internet no funciona desde ayer", "Spanish"),
        ("El cliente devolvió el módem después de veinte días", "Spanish"),
        ("Wie hoch ist die Mahngebühr bei verspäteter Zahlung?", "German"),
        ("Kunde will Modem zurückgeben", "German"),
        ("Combien coûte le retard de paiement pour le client ?", "French"),
        ("Le client a rendu le modem après vingt jours", "French"),
        ("お客様がモデムを返却しました", "Japanese"),
    ],
)
def test_a_foreign_question_is_told_by_its_language(question: str, language: str) -> None:
    assert foreign_language(question, ["en"]) == language


def test_a_language_that_the_knowledge_is_written_in_is_not_foreign() -> None:
    assert foreign_language("Kunde will Modem zurückgeben", ["de", "en"]) == ""


def test_nothing_is_foreign_to_knowledge_of_unknown_language() -> None:
    assert foreign_language("Kunde will Modem zurückgeben", []) == ""


@pytest.mark.parametrize("words", ["", "hola", "modem kaputt", "danke schön", "12345", "???", "¿factura?"])
def test_too_few_words_are_unknown(words: str) -> None:
    assert foreign_language(words, ["en"]) == ""


def test_the_language_of_a_page_is_told_where_it_is_sure() -> None:
    assert language_of("Equipment returned within thirty days of disconnection is not charged.") == "en"
    assert language_of("Die Mahngebühr wird nach fünf Tagen auf die Rechnung gesetzt.") == "de"
    assert language_of("12345") == ""


def test_a_few_foreign_pages_do_not_make_the_knowledge_multilingual() -> None:
    assert common(Counter({"en": 95, "de": 5, "": 50})) == ["en"]
    assert common(Counter({"en": 9, "de": 1})) == ["de", "en"]
    assert common(Counter()) == []


def test_the_table_is_what_the_installed_py3langid_says() -> None:
    made = derived(model())
    with np.load(FILE) as shipped:
        assert sorted(shipped.files) == sorted(made)
        for name, values in made.items():
            np.testing.assert_array_equal(shipped[name], values)


def test_the_table_knows_of_every_text_what_py3langid_knows() -> None:
    source, table = model(), LanguageTable.load()
    pages = [file.read_text(encoding="utf-8") for file in sorted((PROJECT / "knowledge").rglob("*.md"))]
    with QUESTIONS.open(encoding="utf-8", newline="") as stream:
        asked = [row["question"] for row in csv.DictReader(stream)]
    assert len(pages) > 20
    for text in [*asked, *pages, *SHOP_NOTES, *STRANGE]:
        assert table.chances(text) == pytest.approx(dict(source.rank(text)), abs=1e-5)


def test_the_sum_of_the_table_is_written_down() -> None:
    third_party = (PROJECT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    written = re.search(r"`bot/retrieval/language_table.npz` .* `([0-9a-f]{64})` \|", third_party)
    assert written is not None
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() == written[1]
