"""Putting a theme on the roadmap from wherever it is shown: with a reason, and taken back by the next decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot.errors import NoSuchPage, SteeringRefused
from bot.experience.viewers import Viewer
from bot.friction.tables import ThemeRow
from bot.steering import roadmap
from bot.steering.roadmap import Decision, Lane
from bot.steering.steerers import must_steer
from bot.web.filtering import theme_number
from bot.web.site import Site

# What its forms are sent to.
PATH = "/themes/roadmap"
LANES: Mapping[Lane, str] = {
    Lane.NOW: "Now",
    Lane.NEXT: "Next",
    Lane.LATER: "Later",
    Lane.DONE: "Done",
    Lane.DROPPED: "Off the roadmap",
}


@dataclass(frozen=True, slots=True)
class Undo:
    """The decision that takes the last one back."""

    lane: Lane
    name: str
    why: str


def item(number: int | str) -> str:
    """As the roadmap knows a theme."""
    return f"theme:{number}"


def choices(stands: Lane | None) -> list[tuple[str, str]]:
    """Where it can go from here; only what is planned can be done or dropped."""
    open_to = [one for one in LANES if one is not stands and (one.planned or (stands is not None and stands.planned))]
    return [(one.value, LANES[one]) for one in open_to]


def undoing(decisions: Sequence[Decision]) -> Undo | None:
    """`decisions` on one thing, the oldest first."""
    if not decisions:
        return None
    before = decisions[-2].lane if len(decisions) > 1 else Lane.DROPPED
    if before is decisions[-1].lane:
        return None
    return Undo(before, LANES[before], f"Taken back: {LANES[decisions[-1].lane].lower()}.")


def decide(site: Site, viewer: Viewer, fields: Mapping[str, str]) -> int:
    """The number of the theme. Raises `NotAllowed`, `NoSuchPage`, and `SteeringRefused` for no reason or no lane."""
    must_steer(viewer)
    number, lane = theme_number(fields.get("theme", "")), fields.get("lane", "")
    if lane not in set(Lane):
        raise SteeringRefused("Say where it goes: now, next or later.")
    with site.database.writing.begin() as session:
        if number is None or session.scalar(select(ThemeRow.id).where(ThemeRow.id == number)) is None:
            raise NoSuchPage("There is no such theme any more: it was merged, or its tickets went elsewhere.")
        roadmap.decide(session, item(number), Lane(lane), fields.get("why", ""), viewer, now=site.clock())
    return number
