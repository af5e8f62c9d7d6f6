"""Friction on somebody's Home: what they reported by name, and what was mended because somebody said so."""

from collections.abc import Sequence
from datetime import tzinfo

from bot import friction_wording
from bot import telling_wording as wording
from bot.friction.acting import Resolution
from bot.friction.mine import Mine
from bot.friction.tickets import Ticket
from bot.people import Owners
from bot.summaries.summary import Item, Summary, listed
from bot.touchpoints import TouchpointMap

_ALL = "`/friction mine` shows all of them, also those in confidence, and what you can do with each."


def reported(found: Sequence[Mine], *, owners: Owners) -> Summary:
    """Only what is reported by name: a Home is kept for a while, and may not say who is on what else."""
    items = [
        Item(
            wording.mine_line(one, owners.name(one.owner) if one.owner else wording.UNOWNED),
            tuple(wording.mine_small(one)),
        )
        for one in found
    ]
    return listed("What you reported", items, foot=_ALL)


def mended(found: Sequence[Ticket], *, zone: tzinfo | None) -> Summary:
    """What was done, the newest first."""
    items = [
        Item(
            f"{one.key} {one.title}",
            (f"{wording.RESOLUTIONS[Resolution(one.resolution)]} {wording.on_day(one, zone)}: {one.resolved_with}",),
        )
        for one in found
    ]
    return listed("Mended because somebody reported it", items)


def hot(found: Sequence[Ticket], map_: TouchpointMap) -> Summary:
    """What takes most of everybody's week."""
    return Summary(friction_wording.HOT_NOW, tuple(Item(friction_wording.line(one, map_)) for one in found))
