"""The text of a contact, cut: into sentences, which are quoted, and into parts that a model reads whole."""

import re
from collections.abc import Iterator

from bot.customers.timeline import Interaction

# all-MiniLM-L6-v2 ignores what comes after 256 tokens, which are some 170 words.
PART_WORDS = 120
# The log of a chat of an hour; what comes after is found by its words only.
MOST_PARTS = 12

_SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\b[ap]\.m\.)(?<!\b[ei]\.[ge]\.)(?<!\bNo\.)(?<!\b[A-Z]\.)[\"')\]]*\s+|\s*\n+\s*|;\s+"
)


def sentences(text: str) -> list[str]:
    """As they stand in it, without the space around them."""
    return [plain for part in _SENTENCE.split(text) if (plain := part.strip())]


def parts_of(one: Interaction) -> list[str]:
    """What stands for a contact's meaning: at least one text, though it may be empty."""
    whole = ". ".join(filter(None, (one.subject.strip(), one.text.strip())))
    return list(_parts(whole))[:MOST_PARTS] or [whole or one.outcome]


def _parts(text: str) -> Iterator[str]:
    if len(text.split()) <= PART_WORDS:
        yield text
        return
    part: list[str] = []
    for sentence in sentences(text):
        words = sentence.split()
        while words:
            if part and len(part) + len(words) > PART_WORDS:
                yield " ".join(part)
                part = []
            part += words[:PART_WORDS]
            words = words[PART_WORDS:]
    if part:
        yield " ".join(part)
