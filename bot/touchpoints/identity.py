"""An id means one thing for good: reports, tickets and routes hang on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.touchpoints.kinds import Thing
from bot.touchpoints.map import TouchpointMap
from bot.touchpoints.model import Channel, CxTouchpoint, ExTouchpoint, Partner, Stage, Tool
from bot.touchpoints.naming import folded, nearest

AnyThing = Stage | Channel | Tool | Partner | CxTouchpoint | ExTouchpoint


@dataclass(frozen=True, slots=True)
class Former:
    """What an id meant in the versions before; `retired` is the one since which it is gone, None where it is not."""

    thing: str
    name: str
    retired: int | None = None


def things_on(map_: TouchpointMap) -> Iterator[tuple[Thing, AnyThing]]:
    """Everything on the map that has an id, in the order of the file."""
    for thing, these in (
        (Thing.STAGE, map_.stages), (Thing.CHANNEL, map_.channels), (Thing.TOOL, map_.tools),
        (Thing.PARTNER, map_.partners), (Thing.CX, map_.cx), (Thing.EX, map_.ex),
    ):  # fmt: skip
        for one in these.values():
            yield thing, one


def misused(map_: TouchpointMap, former: Mapping[str, Former]) -> Iterator[tuple[str, str]]:
    """The ids that meant something else before, and what to do about each."""
    for thing, one in things_on(map_):
        before = former.get(one.id)
        if before is None:
            continue
        if before.thing != thing:
            yield (
                one.id,
                f"the id {one.id} was a {before.thing}, {before.name!r}; an id keeps its meaning, choose another",
            )
        elif not _same(before.name, one):
            if before.retired is not None:
                was = f"{before.name!r} before it went in version {before.retired}"
                yield one.id, f"the id {one.id} was {was}; choose another id, or give it that name again"
            elif isinstance(one, Tool | Partner):
                yield one.id, f"{one.id} was called {before.name!r}; write that among its aliases, people still say it"


def _same(name: str, one: AnyThing) -> bool:
    """Whether the former name is one of those it has now, or nearly written like one: a slip was mended."""
    names = [one.name, *(one.aliases if isinstance(one, Tool | Partner) else ())]
    return bool(nearest(folded(name), [folded(each) for each in names]))
