"""What people of the made-up company write: a clause of `words/`, between a beginning and an end."""

from importlib.resources import files
from random import Random
from typing import Any

import yaml

from bot.demo.ground import Cx, Ex, Ground

_SPOKEN = {
    "phone": ("Caller says: {}", "On the phone: {}", "{}", "Customer called, {}", "Rang us: {}", "Note of a call: {}"),
    "store": ("At the counter: {}", "{}", "In the shop today: {}", "Customer came in: {}", "Noted at the desk: {}"),
    "field": ("Told us after the visit: {}", "{}", "About the visit: {}", "From the visit form: {}"),
}
_WRITTEN = (
    "{}",
    "Hello, {}",
    "Hi there, {}",
    "To whom it may concern: {}",
    "Once more: {}",
    "Listen, {}",
    "Good day, {}",
)
_TROUBLE = (
    "", "", "this is the {n} time", "since last {day}", "for {n} weeks now", "please look into it", "I am fed up",
    "what are you going to do about it", "I want an answer by {day}", "that cannot be right", "very disappointed",
    "I have been with you for {n} years", "please call me back", "I am waiting since {day}", "unbelievable",
)  # fmt: skip
_CALM = ("", "", "", "thank you", "thanks", "by {day} if possible", "no hurry", "is all settled now", "just a question")
_WORK = (
    "{}", "{}", "Again: {}", "{} today", "{} this morning", "{}, {n} times today", "{} since {day}", "Once more {}",
    "{}, customer was waiting", "{} and nobody can help", "It is the same each day: {}", "{} at the end of the shift",
    "{}, third time this week", "Please fix it: {}", "{}, lost my lunch over it",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_COUNTS = ("two", "three", "four", "five", "six")
_TWICE = (
    "typed the {item} into {a} and once more into {b}",
    "{a} and {b} both want the {item}, so I enter it two times",
    "same {item} keyed in {b} after {a}",
    "{a} does not hand the {item} on to {b}, everything by hand again",
    "entered the {item} in two programs, {a} and {b}",
    "double entry of the {item} in {a} and {b}",
)
_SLOW = (
    "{a} is slow and everybody waits",
    "{a} takes a minute for each customer",
    "{a} hangs when I open a record",
    "waiting for {a} with the customer in front of me",
    "{a} loads and loads",
    "the search in {a} does not come back",
)
_LATE = (
    "{a} did not come and did not tell us",
    "still waiting for an answer from {a}",
    "{a} is days late again",
    "no word from {a} on where it is",
    "customers ask us where {a} is and we do not know",
    "{a} moved the date and our calendar shows nothing",
)
_SAID = {
    1: ("Never again.", "Nobody helped.", "Bad.", ""),
    2: ("Took too long.", "Not solved.", ""),
    3: ("It was all right.", "So so.", ""),
    4: ("Friendly.", "Good.", ""),
    5: ("Quick and friendly.", "Great help.", "Perfect.", ""),
}
# Of another map than the shipped one its own symptoms are said in slightly other words.
_OTHERWISE = {
    "charged": "billed", "billed": "charged", "waited": "stood there", "nobody": "no one", "the website": "your site",
    "my": "our", "I ": "we ", "technician": "fitter", "told": "informed", "wrong": "not right", "again": "once more",
}  # fmt: skip


class Wording:
    """The words of one company."""

    def __init__(self, ground: Ground) -> None:
        customers, employees = _words("customers.yaml"), _words("employees.yaml")
        self._wrong = {id_: _or_symptoms(customers.get(id_, {}).get("wrong"), cx) for id_, cx in ground.cx.items()}
        self._asks = {
            id_: customers.get(id_, {}).get("asks") or [f"has a question about {cx.name.lower()}"]
            for id_, cx in ground.cx.items()
        }
        self._says = {id_: _or_symptoms(employees.get(id_, {}).get("says"), ex) for id_, ex in ground.ex.items()}
        self.kinds = {id_: employees.get(id_, {}).get("kind", "other") for id_ in ground.ex}
        self._names = ground.names

    def complaint(self, chance: Random, cx: Cx) -> str:
        return _framed(chance, cx.channel, chance.choice(self._wrong[cx.id]), chance.choice(_TROUBLE))

    def question(self, chance: Random, cx: Cx) -> str:
        asks = chance.choice(self._asks[cx.id])
        words = asks if cx.channel in _SPOKEN else _in_own_words(asks)
        return _framed(chance, cx.channel, words, chance.choice(_CALM))

    def friction(self, chance: Random, ex: str) -> str:
        return _filled(chance, chance.choice(_WORK).format(chance.choice(self._says[ex]), n="{n}", day="{day}"))

    def twice(self, chance: Random, item: str, tools: tuple[str, ...]) -> str:
        return self._of(chance, _TWICE, a=self._names[tools[0]], b=self._names[tools[1]], item=item)

    def slow(self, chance: Random, tool: str) -> str:
        return self._of(chance, _SLOW, a=self._names[tool])

    def late(self, chance: Random, partner: str) -> str:
        return self._of(chance, _LATE, a=self._names[partner])

    @staticmethod
    def comment(chance: Random, score: int) -> str:
        return chance.choice(_SAID[score])

    @staticmethod
    def _of(chance: Random, clauses: tuple[str, ...], **names: str) -> str:
        clause = chance.choice(clauses).format(**names)
        return _filled(chance, chance.choice(_WORK).format(clause, n="{n}", day="{day}"))


def _framed(chance: Random, channel: str, clause: str, end: str) -> str:
    words = chance.choice(_SPOKEN.get(channel, _WRITTEN)).format(clause)
    return _filled(chance, f"{words}, {end}." if end else f"{words}.")


def _in_own_words(note: str) -> str:
    """What an employee notes, "asks when ...", as the customer writes it."""
    verb, _, rest = note.partition(" ")
    if verb == "asks":
        return f"I want to ask {rest}"
    return f"I {verb.removesuffix('s')} {rest}"


def _filled(chance: Random, words: str) -> str:
    if "{" in words:
        words = words.replace("{n}", chance.choice(_COUNTS)).replace("{day}", chance.choice(_DAYS))
    return words[0].upper() + words[1:]


def _or_symptoms(words: list[str] | None, of: Cx | Ex) -> list[str]:
    return words or [_otherwise(one) for one in of.symptoms] or [f"trouble with {of.name.lower()}"]


def _otherwise(symptom: str) -> str:
    for ours, theirs in _OTHERWISE.items():
        if ours in symptom:
            return symptom.replace(ours, theirs, 1)
    return f"it is like this: {symptom}"


def _words(name: str) -> dict[str, dict[str, Any]]:
    told = yaml.safe_load((files("bot.demo") / "words" / name).read_text(encoding="utf-8"))
    return dict(told)
