"""What a question about numbers names: tools, partners, teams, places and more, by what people call them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.friction.kinds import Kind
from bot.touchpoints import TouchpointMap
from bot.words import stem, words


class Dimension(StrEnum):
    """What numbers are narrowed to, and what they are listed by."""

    TOOL = "tool"
    PARTNER = "partner"
    TOUCHPOINT = "touchpoint"  # of employees
    CX = "cx"  # of customers
    STAGE = "stage"
    CHANNEL = "channel"
    TEAM = "team"
    PLACE = "place"
    THEME = "theme"
    KIND = "kind"
    TICKET = "ticket"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Thing:
    """`id` is as it stands in the data; `name` as people read it."""

    dimension: Dimension
    id: str
    name: str

    @property
    def key(self) -> str:
        return f"{self.dimension}:{self.id}"


# How people call a channel besides its name on the map.
_CHANNELS = {
    "store": "shop, shops, store, stores, counter, branch",
    "phone": "phone, call, calls, caller, callers, telephone",
    "chat": "chat, chats",
    "email": "e-mail, e-mails, email, emails, mail, mails",
    "social": "social media, social, post, posts",
    "web": "website, web, online",
    "mobile_app": "app, mobile app",
    "field": "at home, home visits",
}
_KINDS = {
    Kind.DUPLICATE_ENTRY: "double entry, duplicate entry, typed twice, typing twice, double typing, entered twice",
    Kind.SLOW: "slow, slowness",
    Kind.OUTAGE: "down, outage, outages",
    Kind.WRONG_DATA: "wrong data",
    Kind.MISSING_DATA: "missing data",
    Kind.MISSING_PERMISSION: "no permission, missing permission, missing permissions",
    Kind.LOGIN: "sign-in problem, login problem, signing in, logging in",
    Kind.UNCLEAR_POLICY: "unclear rule, unclear rules, unclear policy",
    Kind.MISSING_POLICY: "missing policy, missing rule",
    Kind.HANDOFF: "handoff, handoffs, hand-over problem",
    Kind.MANUAL_WORKAROUND: "manual workaround, workarounds",
    Kind.PARTNER_DELAY: "partner delay, partner delays",
    Kind.HARDWARE: "broken equipment, hardware",
    Kind.TRAINING_GAP: "training gap, missing training",
}


@dataclass(frozen=True, slots=True)
class _Name:
    stems: tuple[str, ...]
    thing: Thing


class Vocabulary:
    """What can be named. `teams`, `places`, `kinds` and `themes` are names by keys."""

    def __init__(
        self,
        map_: TouchpointMap,
        *,
        teams: Mapping[str, str],
        places: Mapping[str, str],
        kinds: Mapping[Kind, str],
        themes: Mapping[str, str],
    ) -> None:
        by_length = sorted(_everything(map_, teams, places, kinds, themes), key=lambda one: -len(one.stems))
        self._by_first: dict[str, list[_Name]] = {}
        for one in by_length:
            self._by_first.setdefault(one.stems[0], []).append(one)

    def named(self, question: str, dimensions: Collection[Dimension]) -> tuple[Thing, ...]:
        """Those of these dimensions, each once, in their order; of two that share words the longer name counts.

        Of names that are equally long that of the dimension that stands first.
        """
        order = list(dimensions)
        said = stems_of(question)
        found: dict[str, Thing] = {}
        place = 0
        while place < len(said):
            meant = [
                one
                for one in self._by_first.get(said[place], ())
                if one.thing.dimension in order and tuple(said[place : place + len(one.stems)]) == one.stems
            ]
            if meant:
                best = min(meant, key=lambda one: (-len(one.stems), order.index(one.thing.dimension)))
                found.setdefault(best.thing.key, best.thing)
                place += len(best.stems)
            else:
                place += 1
        return tuple(sorted(found.values(), key=lambda thing: thing.key))


def stems_of(text: str) -> list[str]:
    """Each word; "the team's" is the team, and what phones make of an apostrophe is one."""
    return [_stem(word.removesuffix("'s")) for word in words(text.replace("-", " "))]


@lru_cache(maxsize=10_000)
def _stem(word: str) -> str:
    return stem(word)


def _everything(
    map_: TouchpointMap,
    teams: Mapping[str, str],
    places: Mapping[str, str],
    kinds: Mapping[Kind, str],
    themes: Mapping[str, str],
) -> Iterator[_Name]:
    for dimension, things in ((Dimension.TOOL, map_.tools), (Dimension.PARTNER, map_.partners)):
        for one in things.values():
            yield from _names(Thing(dimension, one.id, one.name), (one.id, one.name, *one.aliases))
    for dimension, others in (
        (Dimension.CX, map_.cx),
        (Dimension.TOUCHPOINT, map_.ex),
        (Dimension.STAGE, map_.stages),
    ):
        for each in others.values():
            yield from _names(Thing(dimension, each.id, each.name), (each.id, each.name))
    for channel in map_.channels.values():
        called = _CHANNELS.get(channel.id, "").split(", ")
        yield from _names(Thing(Dimension.CHANNEL, channel.id, channel.name), (channel.id, channel.name, *called))
    for key, name in teams.items():
        # A key alone may be what the work is about: "how many returns".
        yield from _names(Thing(Dimension.TEAM, key, name), (name, f"{key} team"))
    for key, name in places.items():
        yield from _names(Thing(Dimension.PLACE, key, name), (name, key))
    for kind, name in kinds.items():
        called = _KINDS.get(kind, "").split(", ")
        yield from _names(Thing(Dimension.KIND, kind.value, name), (name, *called))
    for key, name in themes.items():
        yield from _names(Thing(Dimension.THEME, key, name), (name,))


def _names(thing: Thing, called: Iterable[str]) -> Iterator[_Name]:
    for each in dict.fromkeys(tuple(stems_of(name)) for name in called):
        if each:
            yield _Name(each, thing)


def of(things: Sequence[Thing], dimension: Dimension) -> list[str]:
    """The ids of those of one dimension."""
    return [one.id for one in things if one.dimension is dimension]
