"""On which channels a contact may be: those that ship and those of the company's map."""

from collections.abc import Collection

from bot.customers.kinds import LONGEST_CHANNEL, SHIPPED_CHANNELS, Channel


def known_channels(of_the_map: Collection[str]) -> frozenset[str]:
    return SHIPPED_CHANNELS | {one for one in of_the_map if len(one) <= LONGEST_CHANNEL}


def listed(channels: Collection[str]) -> str:
    """Those that ship come first."""
    return ", ".join((*map(str, Channel), *sorted(set(channels) - SHIPPED_CHANNELS)))


def where_to_add() -> str:
    """What to do about a channel that is not known."""
    return (
        "or, if it is a new one, add it to `channels:` of touchpoints.yaml "
        f"(its id: at most {LONGEST_CHANNEL} characters)"
    )
