"""What is said of customers, the same on every surface. Values only, as JSON takes them."""

from bot.customer_wording.card import card, page
from bot.customer_wording.phrases import day
from bot.customer_wording.receipts import kept, not_kept, step_back, step_taken, taken_back, written
from bot.customer_wording.replies import (
    DROPPED,
    EMPTY,
    NO_DAY,
    NONE_IN_FOCUS,
    NOT_HERE,
    NOT_THERE_NOW,
    NOTHING_WRITTEN,
    USAGE,
    about,
    choice,
    found_inside,
    handover,
    not_found,
    taken_already,
)
from bot.customer_wording.told import Line, Part, Press, Told, as_value, from_value

__all__ = [
    "DROPPED",
    "EMPTY",
    "NONE_IN_FOCUS",
    "NOTHING_WRITTEN",
    "NOT_HERE",
    "NOT_THERE_NOW",
    "NO_DAY",
    "USAGE",
    "Line",
    "Part",
    "Press",
    "Told",
    "about",
    "as_value",
    "card",
    "choice",
    "day",
    "found_inside",
    "from_value",
    "handover",
    "kept",
    "not_found",
    "not_kept",
    "page",
    "step_back",
    "step_taken",
    "taken_already",
    "taken_back",
    "written",
]
