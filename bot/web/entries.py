"""What the bar offers: five entries in one order, each with the views inside of it that somebody may open."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import NotAllowed
from bot.experience.viewers import Viewer, must_see


class Entry(StrEnum):
    """In the order of the bar; one without a view is not there."""

    OVERVIEW = "Overview"
    MAP = "Map"
    THEMES = "Themes"
    TICKETS = "Tickets"
    KNOWLEDGE = "Knowledge"


@dataclass(frozen=True, slots=True)
class View:
    """Something to look at, and what is done from there. `must` raises `NotAllowed` for whoever may not.

    `entry` None: no entry of the bar leads there.
    """

    entry: Entry | None
    path: str
    name: str
    must: Callable[[Viewer], object] = must_see

    def open_to(self, viewer: Viewer) -> bool:
        try:
            self.must(viewer)
        except NotAllowed:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Link:
    name: str
    path: str
    here: bool


def bar(views: Iterable[View], viewer: Viewer, here: View | None) -> list[Link]:
    """An entry leads to the first of its views that is open to this viewer."""
    known = list(views)
    return [
        Link(entry.value, first.path, here=here is not None and here.entry is entry)
        for entry in Entry
        if (first := next(_open(known, viewer, entry), None))
    ]


def beside(views: Iterable[View], viewer: Viewer, here: View) -> list[Link]:
    """The views of the same entry; none where there is only this one."""
    found = list(_open(views, viewer, here.entry))
    return [Link(one.name, one.path, here=one == here) for one in found] if len(found) > 1 else []


def _open(views: Iterable[View], viewer: Viewer, entry: Entry | None) -> Iterator[View]:
    return (view for view in views if view.entry is entry and view.open_to(viewer))
