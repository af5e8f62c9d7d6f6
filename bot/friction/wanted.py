"""Which tickets somebody wants to see, in the words that they use for tools, places of the work, teams and kinds."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import UnknownFilter
from bot.friction import moves
from bot.friction.kinds import Kind
from bot.friction.moves import State
from bot.touchpoints import TouchpointMap

_WORD = re.compile(r"[^\W_]+")
_FILLERS = frozenset({"a", "about", "and", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with"})
# As many as are read at a glance.
_NAMED = 8


class Field(StrEnum):
    """What of a ticket is looked at."""

    TOOL = "tool"
    PARTNER = "partner"
    TOUCHPOINT = "touchpoint"
    TEAM = "team"
    KIND = "kind"
    PLACE = "place"
    STATE = "state"


# Any of these.
Wanted = frozenset[tuple[Field, str]]


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[str, ...]
    field: Field
    value: str


class Vocabulary:
    """What can be asked for. `teams`, `places` and `kinds` are names by keys."""

    def __init__(
        self, map_: TouchpointMap, *, teams: Mapping[str, str], places: Mapping[str, str], kinds: Mapping[Kind, str]
    ) -> None:
        self._told = {
            Field.TOOL: [one.name for one in map_.tools.values()],
            Field.PARTNER: [one.name for one in map_.partners.values()],
            Field.TOUCHPOINT: [one.name for one in map_.ex.values()],
            Field.TEAM: list(teams.values()),
            Field.KIND: [name.casefold() for name in kinds.values()],
            Field.PLACE: list(places.values()),
            Field.STATE: [moves.told(state) for state in State],
        }
        self._names = [
            _Name(said, field, value)
            for field, value, name in _everything(map_, teams, places, kinds)
            if (said := _words(name))
        ]

    def understood(self, text: str, *, fields: Collection[Field] = tuple(Field)) -> tuple[Wanted, ...]:
        """All of these are asked for, of each any one: "orion slow" is of Orion, and slow. Raises `UnknownFilter`."""
        left, found = [word for word in _words(text) if word not in _FILLERS], list[Wanted]()
        while left:
            for end in range(len(left), 0, -1):
                if meant := self._meant(tuple(left[:end]), fields):
                    found.append(meant)
                    left = left[end:]
                    break
            else:
                raise UnknownFilter(self._unknown(left[0] if found else text.strip(), fields))
        return tuple(found)

    def _meant(self, said: tuple[str, ...], fields: Collection[Field]) -> Wanted:
        """What is called so, else whatever has all these words in its name."""
        known = [one for one in self._names if one.field in fields]
        exactly = frozenset((one.field, one.value) for one in known if one.words == said)
        return exactly or frozenset((one.field, one.value) for one in known if set(said) <= set(one.words))

    def _unknown(self, words: str, fields: Collection[Field]) -> str:
        named = [f"{field.value}: {_some(self._told[field])}" for field in fields if self._told[field]]
        return f"Nothing is called “{words}”. Ask by {'; '.join(named)}."


def _everything(
    map_: TouchpointMap, teams: Mapping[str, str], places: Mapping[str, str], kinds: Mapping[Kind, str]
) -> Iterator[tuple[Field, str, str]]:
    for field, things in ((Field.TOOL, map_.tools), (Field.PARTNER, map_.partners)):
        for one in things.values():
            yield from ((field, one.id, name) for name in (one.id, one.name, *one.aliases))
    for work in map_.ex.values():
        yield from ((Field.TOUCHPOINT, work.id, name) for name in (work.id, work.name))
    for meeting in map_.cx.values():
        for work in map_.serving(meeting.id):
            yield from ((Field.TOUCHPOINT, work.id, name) for name in (meeting.id, meeting.name))
    for field, names in ((Field.TEAM, teams), (Field.PLACE, places)):
        for key, name in names.items():
            yield from ((field, key, each) for each in (key, name))
    for kind, name in kinds.items():
        yield from ((Field.KIND, kind.value, each) for each in (kind.value, name))
    for state in State:
        yield from ((Field.STATE, state.value, each) for each in (state.value, moves.told(state)))


def _words(text: str) -> tuple[str, ...]:
    """ "Returns" and "return" are one."""
    return tuple(
        word.removesuffix("s") if len(word) > 3 and not word.endswith("ss") else word  # noqa: PLR2004 - "pos", "gas"
        for word in _WORD.findall(text.casefold())
    )


def _some(names: Iterable[str]) -> str:
    each = list(dict.fromkeys(names))
    return ", ".join(each[:_NAMED]) + (", …" if len(each) > _NAMED else "")
