"""Whether a matter is over, by the words that a contact ended with."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.customers.timeline import Interaction

# An ending that says neither is trusted for so long; who waits for longer has asked again, or given up.
_UNSAID = timedelta(days=14)
_GIVEN_UP = timedelta(days=90)

_OPEN = re.compile(
    r"\b(?:not|no|un\w+ed|open|pending|waiting|still|escalat\w+|transferred|promised?|call ?back|ticket|in progress"
    r"|checking|dropped|abandoned|until|tomorrow|asked|more|will|to be|in repair|forwarded|reopened|offered|offer)\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\b(?:solved|resolved|done|closed|complete[d]?|fixed|works?|explained|information|informed|answered|refunded|paid"
    r"|credited|waived|corrected|cancell?ed|delivered|replaced|exchanged|activated|removed|sold|thanked|success\w*)\b",
    re.IGNORECASE,
)


def solved(outcome: str) -> bool:
    """Whether a contact ended well; "not solved" and "unresolved" do not."""
    return bool(_CLOSED.search(outcome)) and not re.search(r"\b(?:not|no|un\w+)\b", outcome, re.IGNORECASE)


def is_open(newest_first: Sequence[Interaction], *, now: datetime) -> bool:
    """By the newest contact that says how it ended; what nobody asked about for a quarter of a year rests."""
    if now - newest_first[0].at > _GIVEN_UP:
        return False
    for one in newest_first:
        if solved(one.outcome):
            return False
        if _OPEN.search(one.outcome):
            return True
    return now - newest_first[0].at <= _UNSAID
