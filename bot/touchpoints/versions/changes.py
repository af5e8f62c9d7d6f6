"""Two states of a map compared: what is new, gone, renamed or said differently."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from bot.touchpoints.identity import things_on
from bot.touchpoints.map import TouchpointMap

EDGE = "edge"
_DIGEST_BYTES = 16


class What(StrEnum):
    ADDED = "added"
    BACK = "back"
    RENAMED = "renamed"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the map says of one thing; `fields` as JSON holds them, without id, name and line."""

    thing: str
    name: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """`fields` are those that say something else now; `was` is the former name of what was renamed."""

    what: What
    thing: str
    id: str
    name: str
    was: str = ""
    fields: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        called = f"{self.thing} {self.id}" if self.thing != EDGE else f"edge {self.name}"
        if self.what is What.RENAMED:
            more = f"; also {', '.join(self.fields)}" if self.fields else ""
            return f"{called}: renamed, “{self.was}” is “{self.name}” now{more}"
        if self.what is What.CHANGED:
            return f"{called}: {', '.join(self.fields)} changed"
        said = {What.ADDED: "new", What.BACK: "back", What.REMOVED: "gone"}[self.what]
        return f"{called}: {said}" + (f", “{self.name}”" if self.thing != EDGE else "")


def entries_of(map_: TouchpointMap) -> dict[str, Entry]:
    """Everything on the map under its id, edges that the file declares included."""
    found = {one.id: Entry(thing, one.name, _fields(asdict(one))) for thing, one in things_on(map_)}
    for edge in map_.declared:
        name = f"{edge.source} → {edge.target} ({edge.kind})"
        fields = {"status": str(edge.status), "owner": edge.owner}
        found[f"{edge.source}>{edge.target}:{edge.kind}"] = Entry(EDGE, name, fields)
    return found


def digest_of(entries: Mapping[str, Entry]) -> str:
    """The same for two files that say the same in another order of lines and things."""
    plain = {id_: (one.thing, one.name, one.fields) for id_, one in entries.items()}
    return blake2b(json.dumps(plain, sort_keys=True).encode(), digest_size=_DIGEST_BYTES).hexdigest()


def changes(
    before: Mapping[str, Entry], now: Mapping[str, Entry], *, retired: frozenset[str] = frozenset()
) -> Iterator[Change]:
    """`before` and `now` hold what is on the map; `retired` are the ids that were on it before that."""
    for id_, one in now.items():
        old = before.get(id_)
        if old is None:
            yield Change(What.BACK if id_ in retired else What.ADDED, one.thing, id_, one.name)
            continue
        said = {*old.fields, *one.fields}
        fields = tuple(sorted(name for name in said if old.fields.get(name) != one.fields.get(name)))
        if old.name != one.name:
            yield Change(What.RENAMED, one.thing, id_, one.name, was=old.name, fields=fields)
        elif fields:
            yield Change(What.CHANGED, one.thing, id_, one.name, fields=fields)
    for id_, one in before.items():
        if id_ not in now:
            yield Change(What.REMOVED, one.thing, id_, one.name)


def _fields(one: Mapping[str, Any]) -> Mapping[str, Any]:
    plain = json.loads(json.dumps(one, default=str))
    for step in plain.get("steps", ()):
        del step["line"]
    return {name: value for name, value in plain.items() if name not in {"id", "name"}}
