"""What is owed -> what is shown: rows of the outbox, also those that an older version wrote, as Block Kit."""

from collections.abc import Callable, Mapping
from typing import Any

from bot import wording
from bot.assistant import reply_from
from bot.handlers import blocks, digests, numbers
from bot.handlers.blocks import Frame, Message
from bot.handlers.customers import blocks as customer_blocks
from bot.handlers.customers import replies as customer_replies
from bot.handlers.friction import cards as friction_cards
from bot.handlers.friction import obstacles, reactions
from bot.handlers.letters import cards as letter_cards
from bot.handlers.pulses import cards as pulse_cards
from bot.handlers.requests import cards
from bot.handlers.verdicts import objection_card
from bot.outbox import Owed
from bot.summaries.summary import from_value

_CARDS: Mapping[str, Callable[[Mapping[str, Any]], Message]] = {
    **cards.KINDS,
    **friction_cards.KINDS,
    **pulse_cards.KINDS,
    **letter_cards.KINDS,
    objection_card.OBJECTION: objection_card.card,
    customer_replies.CUSTOMER: customer_blocks.message,
    reactions.OFFER: reactions.card,
    numbers.NUMBER: numbers.card,
    obstacles.NEAR: obstacles.card,
}


def message(owed: Owed) -> Message:
    match owed.kind:
        case digests.DIGEST:
            return digests.message(owed.value)
        case blocks.ANSWER:
            return blocks.answer(reply_from(owed.value["reply"]), _frame(owed.value))
        case blocks.WELCOME:
            return blocks.welcome(owed.value["name"], owed.value["examples"])
        case blocks.SUMMARY:
            return blocks.summary(from_value(owed.value))
        case kind if kind in _CARDS:
            return _CARDS[kind](owed.value)
        case _:
            return blocks.words(owed.value["text"])


def home(owed: Owed) -> dict[str, Any]:
    """Somebody's App Home."""
    waiting = owed.value.get("handover")
    above = customer_blocks.home_part(waiting) if waiting else []
    presses = [blocks.report_button(), blocks.mine_button()] if owed.value.get("reports") else []
    if "letters" in owed.value:
        presses.append(letter_cards.switch(stopped=owed.value["letters"] == "off"))
    parts = [from_value(part) for part in owed.value["parts"]]
    return blocks.home(owed.value["examples"], parts, above=above, presses=presses)


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
        reports=value.get("reports", True),
        can_ask=not value.get("shared_by"),  # the question is its asker's, to whom the first answer offers it
    )
