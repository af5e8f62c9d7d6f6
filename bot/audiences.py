"""Who may see a page: the seven kinds of audience, by name."""

import re

PUBLIC = "public"
EVERYONE = "everyone"
# What the names of user groups and of channels begin with.
GROUP = "group:"
CHANNEL = "channel:"
# And those of companies that work with us.
PARTNER = "partner:"
# No audience of pages: whoever has it may look customers up.
CUSTOMERS = "right:customers"

_OTHERS = re.compile(r"(?:partner|role|group|channel|person):\S(?:.*\S)?")


def known(name: str) -> bool:
    """Whether it is public, everyone, partner:NAME, role:NAME, group:NAME, channel:ID or person:ID."""
    return name in {PUBLIC, EVERYONE} or _OTHERS.fullmatch(name) is not None
