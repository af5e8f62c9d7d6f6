"""Who may look customers up: it is a condition of every query that reads one, and said at the door."""

from collections.abc import Set as AbstractSet

from sqlalchemy import ColumnElement, false, true

from bot.audiences import CUSTOMERS
from bot.errors import NotAllowed


def permitted(audiences: AbstractSet[str]) -> ColumnElement[bool]:
    """For the WHERE of a query: whoever has not the right finds that there are no customers."""
    return true() if CUSTOMERS in audiences else false()


def must_be_permitted(audiences: AbstractSet[str]) -> None:
    """Raises `NotAllowed` with what to do."""
    if CUSTOMERS not in audiences:
        raise NotAllowed(
            "You may not look customers up. Ask a colleague who serves customers, or an admin to give your role the "
            "right under `customers:` in config/people.yaml."
        )
