"""Which ids the map declares, where they are used, and how tools and partners are called."""

from dataclasses import dataclass
from pathlib import Path

from bot.touchpoints.faults import Faults
from bot.touchpoints.kinds import Thing
from bot.touchpoints.naming import folded, meant, nearest


@dataclass(frozen=True, slots=True)
class _Name:
    whose: str
    name: str
    line: int


class References:
    """Ids may be used above the line that declares them, so they are compared when all is read.

    `suspected` are the ids that were probably meant by those that nothing declares.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._declared: dict[str, tuple[Thing, int]] = {}
        self._used: list[tuple[int, str, tuple[Thing, ...]]] = []
        self._names: list[_Name] = []
        self._aliases: list[_Name] = []
        self.suspected: set[str] = set()

    def declare(self, thing: Thing, id_: str, line: int) -> None:
        if id_ in self._declared:
            other, at = self._declared[id_]
            self._faults.note(line, f"the id {id_} is that of the {other} in line {at} already; choose another")
        else:
            self._declared[id_] = thing, line

    def use(self, line: int, id_: str, *things: Thing) -> None:
        """An id that has to be one of these things."""
        if id_:
            self._used.append((line, id_, things))

    def call(self, id_: str, name: str, line: int) -> None:
        """What a tool or a partner is called."""
        self._names.append(_Name(id_, name, line))

    def call_also(self, id_: str, alias: str, line: int) -> None:
        """What people call it besides."""
        self._aliases.append(_Name(id_, alias, line))

    def note(self, id_: str, what: str) -> None:
        """A fault of something that is declared, where it is declared."""
        if id_ in self._declared:
            self._faults.note(self._declared[id_][1], what)

    @property
    def lines(self) -> dict[str, int]:
        """Each declared id, and where it stands."""
        return {id_: line for id_, (_, line) in self._declared.items()}

    def compare(self) -> None:
        """What is used and not declared, or declared as something else; and names by which two are meant."""
        for line, id_, things in self._used:
            declared = self._declared.get(id_)
            if declared is None:
                known = [one for one, (thing, _) in self._declared.items() if thing in things]
                self._faults.note(line, f"the map has no {' or '.join(things)} {id_!r}; {meant(id_, known)}")
                self.suspected.add(nearest(id_, known))
            elif declared[0] not in things:
                wanted = " or ".join(thing.a for thing in things)
                self._faults.note(line, f"{id_} is {declared[0].a}, and {wanted} belongs here; name one")
        self._compare_names()

    def _compare_names(self) -> None:
        taken: dict[str, _Name] = {}
        for one in (*self._names, *self._aliases):  # what something is called goes before what else people say
            plain = folded(one.name)
            if not plain:
                self._faults.note(
                    one.line, f"{one.name!r} has no letters, so nobody can mean anything by it; write some"
                )
            elif (first := taken.setdefault(plain, one)).whose != one.whose:
                where = f"{first.whose} already (line {first.line}, {first.name!r})"
                self._faults.note(one.line, f"{one.name!r} means {where}; keep it with one of them")


def page_fault(page: str, folder: Path) -> str:
    """What is wrong with the path of a page in the knowledge folder, "" where it is there."""
    if Path(page).is_absolute() or ".." in Path(page).parts:
        return f"{page} leads out of the knowledge folder; write a path in it, such as policies/refunds.md"
    try:
        there = (folder / page).is_file()
    except (OSError, ValueError):
        there = False
    return "" if there else f"the knowledge folder has no page {page}; mend the path, or leave the line out"
