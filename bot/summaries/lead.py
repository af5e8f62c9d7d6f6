"""What a lead or an owner sees on their Home of the week, and what waits for them."""

from collections.abc import Sequence

from bot.experience import map_words
from bot.experience.picture import Picture
from bot.experience.waiting import Waiting
from bot.summaries.summary import Item, Summary
from bot.touchpoints import TouchpointMap

# More of what rose is read on the page.
MOST_RISEN = 3


def week(
    headline: str,
    lede: str,
    *,
    picture: Picture,
    map_: TouchpointMap,
    risen: Sequence[str],
    waits: Waiting,
    address: str,
) -> Summary:
    """`risen` are sentences, the most important first; `address` is where the page is served, "" for nowhere."""
    worst = picture.worst
    items = [Item(lede)]
    if worst:
        name = f"{map_.name_of(worst.channel)}, {map_.name_of(worst.stage)}"
        beneath = map_words.beneath(worst, map_)
        parts = (map_words.complaints(worst), map_words.hours(worst), *([beneath] if beneath else []))
        items.append(Item(f"Hurts most: {name}", (" · ".join(parts),)))
    if risen:  # where none is told, there may be too few numbers to say that nothing rose
        items.append(Item("Rose lately", tuple(risen[:MOST_RISEN])))
    items.append(Item(_waits(waits)))
    cell = f"/map?cell={worst.key}#cell" if worst else "/map"
    foot = f"<{address}/|Open the page> · <{address}{cell}|the map>" if address else ""
    return Summary(headline, tuple(items), foot)


def _waits(waits: Waiting) -> str:
    parts = [
        f"{count} {'ticket' if count == 1 else 'tickets'} {what}"
        for count, what in ((waits.unseen, "nobody acknowledged yet"), (waits.late, "past what was promised"))
        if count
    ]
    return f"Waits for you: {' and '.join(parts)}." if parts else "Nothing waits for you."
