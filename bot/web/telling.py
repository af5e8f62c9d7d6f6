"""One ticket: what it is, what it weighs, who has it, until when, and what happened to it."""

from collections.abc import Mapping
from datetime import timedelta

from bot import friction_wording
from bot.experience.telling import Story
from bot.friction.clocks import Passing
from bot.friction.history import Happened
from bot.friction.kinds import RootCause
from bot.friction.moves import Event
from bot.web import rendering
from bot.web.site import Site

_HAPPENED: Mapping[str, str] = {
    "import": "Taken over from another tool",
    "change": "A report was corrected",
    "take_back": "A report was taken back",
    "remind": "Reporters asked again",
    "theme": "Reporters heard what became of its theme",
    "warned": "Owner reminded of the promised time",
    "breached": "The promised time has passed",
    Event.ACKNOWLEDGE: "Acknowledged",
    Event.TRIAGE: "Understood",
    Event.ASSIGN: "Assigned",
    Event.SET: "Corrected",
    Event.START: "Work began",
    Event.ASK: "Asked the reporters",
    Event.ANSWER: "Answered",
    Event.HOLD_FOR_PARTNER: "Waiting for a partner",
    Event.RESUME: "Taken up again",
    Event.RESOLVE: "Resolved",
    Event.CONFIRM: "A reporter says it is fixed",
    Event.STILL_HAPPENS: "A reporter says it still happens",
    Event.CLOSE: "Closed",
    Event.REOPEN: "Opened again",
    Event.MERGE: "Merged",
    Event.UNMERGE: "Taken apart again",
    Event.SPLIT: "Split",
    Event.REJECT: "Rejected",
    Event.WITHDRAW: "Withdrawn",
    Passing.REMIND: "Asked once more",
    Passing.WARNED: "Most of the promised time over",
    Passing.BREACHED: "Late",
    Passing.UNOWNED: "Nobody owned it for a working day",
}
_WAITS = frozenset[str]({Event.ASK, Event.HOLD_FOR_PARTNER})
_GOOD = frozenset[str]({Event.RESOLVE, Event.CLOSE, Event.CONFIRM})


def shown(told: Story, site: Site) -> dict[str, object]:
    """What its template needs."""
    map_ = site.map()
    return {
        "story": told,
        "one": told.ticket,
        "weight": friction_wording.weight(told.ticket),
        "subject": friction_wording.subject(told.ticket, map_),
        "where": map_.name_of(told.ticket.touchpoint) if told.ticket.touchpoint else "",
        "cause": friction_wording.CAUSES[RootCause(told.ticket.root_cause)] if told.ticket.root_cause else "",
        "owner": site.owners.name(told.ticket.team),
        "happened": happened,
        "when": when,
        "mark": mark,
        "now": site.clock(),
        "zone": site.zone,
    }


def happened(one: Happened) -> str:
    if one.people is not None:
        return f"{one.people} more people said “me too”"
    return _HAPPENED.get(one.event) or one.event.replace("_", " ").capitalize()


def when(one: Happened) -> str:
    """ "20 Nov 2026"; of people who joined, from which week to which."""
    if one.until is None:
        return rendering.day(one.day)
    until = one.until + timedelta(days=6)
    return f"{rendering.day(one.day)} to {rendering.day(until)}"


def mark(one: Happened) -> str:
    """How it stands in the line of time."""
    if one.event in _GOOD:
        return "good"
    return "wait" if one.event in _WAITS else "key" if one.event is Event.START else ""
