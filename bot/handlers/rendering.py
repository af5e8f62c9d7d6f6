"""What is owed -> what is shown: rows of the outbox, also those that an older version wrote, as Block Kit."""

from collections.abc import Mapping
from typing import Any

from bot import wording
from bot.assistant import reply_from
from bot.handlers import blocks, cards, objection_card
from bot.handlers.blocks import Frame, Message
from bot.outbox import Owed
from bot.summaries.summary import from_value


def message(owed: Owed) -> Message:
    match owed.kind:
        case blocks.ANSWER:
            return blocks.answer(reply_from(owed.value["reply"]), _frame(owed.value))
        case blocks.WELCOME:
            return blocks.welcome(owed.value["name"], owed.value["examples"])
        case blocks.SUMMARY:
            return blocks.summary(from_value(owed.value))
        case objection_card.OBJECTION:
            return objection_card.card(owed.value)
        case kind if kind in cards.KINDS:
            return cards.rendered(kind, owed.value)
        case _:
            return blocks.words(owed.value["text"])


def home(owed: Owed) -> dict[str, Any]:
    """Somebody's App Home."""
    return blocks.home(owed.value["examples"], [from_value(part) for part in owed.value["parts"]])


def _frame(value: Mapping[str, Any]) -> Frame:
    above = [
        *([wording.seen_as(value["seen_as"])] if value.get("seen_as") else []),
        *([wording.tried(value["tried"])] if value.get("tried") else []),
        *([wording.shared(value["shared_by"], value["question"])] if value.get("shared_by") else []),
    ]
    return Frame(
        value["exchange"],
        tuple(above),
        tuple(value.get("remarks", ())),
        share=value.get("share", ""),
        can_ask=not value.get("shared_by"),  # the question is its asker's, to whom the first answer offers it
    )
