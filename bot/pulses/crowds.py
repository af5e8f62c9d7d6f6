"""What may be kept of where an answer came from: nothing by which fewer than five people could be meant. Pure."""

from collections import Counter
from collections.abc import Sequence

from bot.friction.suppression import FEWEST

# Role and place; "" for what is left out.
Where = tuple[str, str]
NOWHERE: Where = ("", "")


def kept(asked: Sequence[Where]) -> list[Where]:
    """Of each who was asked the same in a week, what of their role and place may stand beside their answer.

    Both, one of them or nothing, so that everything that stands there could be of at least `FEWEST` of those who were
    asked: also nothing, so that leaving it out tells of nobody either. Where fewer were asked at all nothing is kept.
    """
    found = list(asked)
    left = _fewer(found)
    for narrowed in (lambda one: (one[0], ""), lambda one: ("", one[1])):
        of_rest = Counter(narrowed(found[number]) for number in left)
        for number in left:
            if of_rest[narrowed(found[number])] >= FEWEST:
                found[number] = narrowed(found[number])
        left = [number for number in left if of_rest[narrowed(asked[number])] < FEWEST]
    for number in left:
        found[number] = NOWHERE
    while 0 < (without := found.count(NOWHERE)) < FEWEST and without < len(found):
        sizes = Counter(one for one in found if one != NOWHERE)
        smallest = min(sizes, key=lambda one: (sizes[one], one))
        found = [NOWHERE if one == smallest else one for one in found]
    return found


def _fewer(found: Sequence[Where]) -> list[int]:
    sizes = Counter(found)
    return [number for number, one in enumerate(found) if sizes[one] < FEWEST]
