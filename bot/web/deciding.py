"""Putting something on the roadmap, with a reason; what is taken back is the next decision, and nothing is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.errors import SteeringRefused
from bot.experience.viewers import Viewer
from bot.friction import tickets
from bot.friction.tables import ThemeRow, TicketRow
from bot.steering import roadmap
from bot.steering.roadmap import Decision, Lane
from bot.steering.steerers import must_steer
from bot.touchpoints import TouchpointMap
from bot.web.site import Site

NAMES: Mapping[Lane, str] = {
    Lane.NOW: "Now",
    Lane.NEXT: "Next",
    Lane.LATER: "Later",
    Lane.DONE: "Done",
    Lane.DROPPED: "Off the roadmap",
}
PLANNED = tuple(lane for lane in Lane if lane.planned)


@dataclass(frozen=True, slots=True)
class Thing:
    """What a decision is about: its name, and where its rows are."""

    item: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Undo:
    """The decision that takes the last one back."""

    lane: Lane
    name: str
    why: str


def decide(site: Site, viewer: Viewer, fields: Mapping[str, str]) -> str:
    """The item. Raises `NotAllowed`, and `SteeringRefused` for no lane, no reason, or nothing that there is."""
    must_steer(viewer)
    lane = fields.get("lane", "")
    if lane not in set(Lane):
        raise SteeringRefused("Say where it goes: now, next or later.")
    number = tickets.number_of(fields.get("ticket", "").strip())
    item = f"ticket:{number}" if number is not None else fields.get("item", "")
    with site.database.writing.begin() as session:
        if thing(session, item, site.map()) is None:
            raise SteeringRefused("Choose a theme or a cell of the map, or write the number of a ticket, as FR-12.")
        roadmap.decide(session, item, Lane(lane), fields.get("why", ""), viewer, now=site.clock())
    return item


def thing(session: Session, item: str, map_: TouchpointMap) -> Thing | None:
    """None of what there never was, or is no more."""
    kind, _, id_ = item.partition(":")
    if kind == "cell":
        channel, _, stage = id_.partition(".")
        there = any((one.channel, one.stage) == (channel, stage) for one in map_.cx.values())
        return Thing(item, cell_name(map_, channel, stage), f"/map?cell={id_}#cell") if there else None
    if kind not in {"theme", "ticket"} or not id_.isdecimal() or len(id_) > 9:  # noqa: PLR2004 - what a number holds
        return None
    if kind == "theme":
        theme = session.get(ThemeRow, int(id_))
        return Thing(item, theme.label, f"/themes/{id_}") if theme else None
    ticket = session.get(TicketRow, int(id_))
    key = tickets.key(int(id_))
    return Thing(item, f"{key} {ticket.title}", f"/tickets/{key}") if ticket else None


def cell_name(map_: TouchpointMap, channel: str, stage: str) -> str:
    return f"{map_.name_of(channel)} × {map_.name_of(stage)}"


def lanes_from(stands: Lane | None) -> list[tuple[str, str]]:
    """Where it can go from here; only what is planned can be done or dropped."""
    planned = stands is not None and stands.planned
    return [(lane.value, NAMES[lane]) for lane in Lane if lane is not stands and (lane.planned or planned)]


def undoing(decisions: Sequence[Decision]) -> Undo | None:
    """What takes back the last of the decisions on one thing, the oldest first."""
    lane = before_last(decisions) if decisions else None
    return Undo(lane, NAMES[lane], f"Taken back: {NAMES[decisions[-1].lane].lower()}.") if lane else None


def before_last(decisions: Sequence[Decision]) -> Lane | None:
    """Where it goes if the last of the decisions on it, the oldest first, is taken back; None where nowhere."""
    before = decisions[-2].lane if len(decisions) > 1 else Lane.DROPPED
    return None if before is decisions[-1].lane else before
