"""Which stage of the journey somebody means, by the words that they use for it."""

from collections.abc import Iterator

from bot.errors import UnknownFilter
from bot.touchpoints import TouchpointMap
from bot.words import stem, words


def stage_called(map_: TouchpointMap, said: str) -> str:
    """Its id: of what is called so, else has all these words in its name, else in that of a touchpoint there.

    "return", "leave" and "returns at the counter" may all be one. Raises `UnknownFilter`, which says what there is.
    """
    wanted = _stems(said)
    for fits in (_exactly, _within):
        for names in (_own(map_), _touchpoints(map_)):
            found = list(dict.fromkeys(stage for stage, name in names if fits(wanted, _stems(name))))
            if len(found) == 1:
                return found[0]
            if found:
                raise UnknownFilter(f"“{said}” may be {_listed(map_, found, ' or ')}. Say which.")
    raise UnknownFilter(f"No stage is called “{said}”. There are {_listed(map_, list(map_.stages), ', ')}.")


def _own(map_: TouchpointMap) -> Iterator[tuple[str, str]]:
    for one in map_.stages.values():
        yield from ((one.id, one.id), (one.id, one.name))


def _touchpoints(map_: TouchpointMap) -> Iterator[tuple[str, str]]:
    for one in map_.cx.values():
        yield from ((one.stage, one.id), (one.stage, one.name))


def _exactly(wanted: list[str], name: list[str]) -> bool:
    return wanted == name


def _within(wanted: list[str], name: list[str]) -> bool:
    return bool(wanted) and set(wanted) <= set(name)


def _stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)]


def _listed(map_: TouchpointMap, stages: list[str], between: str) -> str:
    return between.join(map_.stages[one].name for one in stages)
