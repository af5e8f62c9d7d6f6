"""What is said of a ticket that moved: to whoever reported it, to its owner, to whoever was assigned. Plain words."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from bot import friction_wording
from bot.friction import lateness, moves, tickets
from bot.friction.acting import LEFT, Resolution
from bot.friction.clocks import Passing
from bot.friction.due import Promise
from bot.friction.habits import Habit
from bot.friction.kinds import CustomerEffect, Kind, Privacy, Severity
from bot.friction.mine import Mine
from bot.friction.moves import Event, State
from bot.friction.tables import EventRow
from bot.friction.telling import LATE, REMINDER, SOON, THEME
from bot.friction.tickets import Ticket

ACKNOWLEDGE, START, ASSIGN, ASK, RESOLVE, MORE = "Acknowledge", "Start", "Assign", "Ask", "Resolve", "More"
FIXED, STILL, ANSWER, DISAGREE = "Yes, fixed", "Still happens", "Answer", "I see it differently"
WHO, OPEN_TICKET = "Who reported it", "The ticket"

UNOWNED = "nobody owns it yet"

RESOLUTIONS = {
    Resolution.FIXED: "Fixed",
    Resolution.WORKAROUND_PUBLISHED: "There is a way around it now",
    Resolution.POLICY_CLARIFIED: "The rule is clear now",
    Resolution.ACCESS_GRANTED: "Access was given",
    Resolution.TRAINING_GIVEN: "Training was given",
    Resolution.PARTNER_FIXED: "The partner fixed it",
    Resolution.NOT_REPRODUCIBLE: "It could not be found",
    Resolution.WONT_FIX: "It will not be fixed",
    Resolution.BY_DESIGN: "It is meant to be so",
}
SEVERITIES = {
    Severity.S1: "S1: work stopped, customers leave, money or safety",
    Severity.S2: "S2: a customer is affected, or half an hour a day is lost",
    Severity.S3: "S3: slows work, there is a way around it",
    Severity.S4: "S4: irritates",
}
HABITS = {
    Habit.AT_ONCE: "At once",
    Habit.WORKING_HOURS: "In my working hours",
    Habit.DAILY: "Once a day, together",
    Habit.WEEKLY: "On Mondays, together",
}
# In a menu, as something to do.
DOES = {
    Event.ACKNOWLEDGE: "Acknowledge",
    Event.TRIAGE: "Triage: kind, severity, tools, owner",
    Event.ASSIGN: "Assign to somebody",
    Event.SET: "Correct kind, severity, tools, owner, or publish a way around it",
    Event.START: "Start working on it",
    Event.ASK: "Ask whoever reported it",
    Event.HOLD_FOR_PARTNER: "Wait for a partner",
    Event.RESUME: "Go on working on it",
    Event.RESOLVE: "Resolve",
    Event.REOPEN: "Reopen",
    Event.MERGE: "Merge into another ticket",
    Event.UNMERGE: "Take out of the other ticket again",
    Event.SPLIT: "Split off some of its reports",
    Event.REJECT: "Reject",
}
_NEWS = {
    Event.ACKNOWLEDGE: "{it} was seen: {by} sees to it.",
    Event.ASK: "{by} asks about {it}:",
    REMINDER: "There is still a question about {it}. Without an answer nobody can go on with it:",
    Event.RESOLVE: "{it} is resolved ({became}). What {by} did:",
    Event.CONFIRM: "{it} is closed: somebody who reported it says that it is fixed.",
    Event.CLOSE: "{it} is closed: nobody said that it still happens.",
    Event.REOPEN: "{it} is open again:",
    Event.REJECT: "{it} is not taken up. {by} says why:",
    Event.MERGE: "{it} is the same as {other}. You are on that one now, and hear of it.",
    Event.UNMERGE: "{it} is a ticket of its own again.",
    Event.SPLIT: "Your report is {it} now: it is about something else than {other}.",
    THEME: "{it} was part of something bigger. What became of that:",
}
_LEFT_SO = "{it}: {became}. {by} says why:"
_NOTED = {
    "took_in": "took in",
    "gave_back": "gave back",
    "split_from": "split from",
    REMINDER: "asked once more",
    THEME: "told what became of its theme",
    "file": "reported",
    "import": "taken over from",
    "change": "said anew by who reported it",
    "take_back": "one report taken back",
    Passing.WARNED: "most of the promised time over",
    Passing.BREACHED: "late",
    Passing.UNOWNED: "nobody owned it for a working day",
}
_LINES = {
    Event.ME_TOO: "{people} people report this now.",
    Event.ANSWER: "Somebody who reported it answers:",
    Event.CONFIRM: "Somebody who reported it says that it is fixed. Closed.",
    Event.STILL_HAPPENS: "Somebody who reported it says that it still happens.",
    Event.REOPEN: "Somebody who reported it opened it again:",
    Event.WITHDRAW: "Whoever reported it took it back.",
    SOON: "Most of the time is over, and it is not {done} yet.",
    LATE: "This is late: it is not {done} yet.",
}


def called(value: Mapping[str, Any]) -> str:
    """ "FR-2 “the till froze”"."""
    return f"{tickets.key(value['number'])} “{value['title']}”"


def news(value: Mapping[str, Any]) -> str:
    """What whoever reported it hears; a question, a reason or what was done stands below it."""
    resolution = value.get("resolution")
    became = RESOLUTIONS[Resolution(resolution)].lower() if resolution else ""
    said = _LEFT_SO if resolution in LEFT else _NEWS[value["event"]]
    other = tickets.key(value["other"]) if value.get("other") else ""
    by = value.get("by") or value.get("owner") or "Throughline"
    return said.format(it=called(value), by=by, became=became, other=other)


def gathered(count: int) -> str:
    return "What became of your reports:" if count > 1 else "What became of your report:"


def assigned(value: Mapping[str, Any]) -> str:
    return f"{value['by'] or 'Somebody'} assigned {called(value)} to you."


def line(value: Mapping[str, Any]) -> str:
    """What the owner reads in the thread of a card."""
    return _LINES[value["event"]].format(**value, done=DONE.get(value.get("promise", ""), ""))


def soon(value: Mapping[str, Any]) -> str:
    """To whoever was assigned."""
    return f"{called(value)} is assigned to you. {line(value)}"


def late(count: int) -> str:
    return "A promise to those who reported friction is broken:" if count == 1 else f"{count} promises are broken:"


def unowned(count: int) -> str:
    return f"Nobody owns {'this' if count == 1 else f'these {count}'} after a working day:"


def late_line(value: Mapping[str, Any]) -> str:
    """To whoever leads; the day and time stand behind it."""
    with_whom = value["assignee"] or value["owner"]
    whose = f" ({with_whom})" if with_whom else " (nobody owns it)"
    return f"{called(value)} is not {DONE[value['promise']]} yet{whose}. {UNTIL}"


def promised(one: Ticket, *, now: datetime, zone: tzinfo | None) -> str:
    """ "to be resolved by 25 Nov", "late, to be acknowledged by 20 Nov"; nothing of what waits, or is not promised."""
    broken, running = lateness.late(one, now=now), lateness.running(one)
    if not running or (one.held_since and not broken):
        return ""
    promise = min(broken or running, key=lambda each: running[each])
    by = running[promise].astimezone(zone)
    return f"{'late, ' if broken else ''}to be {DONE[promise]} by {by.day} {by:%b}"


UNTIL = "Promised until "
LATE_NEXT = "Speak with whoever has it, or see to it yourself: /friction and the number shows one."
UNOWNED_NEXT = "Give each an owner: /friction and the number shows one, with Assign behind More."
DUE_BY = {Promise.ACKNOWLEDGE: "To be acknowledged by ", Promise.RESOLVE: "To be resolved by "}
WAS_DUE_BY = {Promise.ACKNOWLEDGE: "Late! To be acknowledged by ", Promise.RESOLVE: "Late! To be resolved by "}
DONE = {Promise.ACKNOWLEDGE: "acknowledged", Promise.RESOLVE: "resolved"}


def title(value: Mapping[str, Any]) -> str:
    return f"{tickets.key(value['number'])} {value['title']}"


def subject(value: Mapping[str, Any]) -> str:
    """ "Typed twice · Orion, CareDesk · S2 · Taking equipment back"."""
    parts = (friction_wording.KINDS[Kind(value["kind"])], ", ".join(value["tools"]), value["severity"], value["where"])
    return " · ".join(part for part in parts if part)


def stands(value: Mapping[str, Any]) -> str:
    """How it stands, and with whom."""
    state = moves.told(State(value["state"]))
    with_whom = f", {value['assignee']} has it" if value["assignee"] else ""
    into = f" into {tickets.key(value['other'])}" if value["other"] else ""
    return f"{state.capitalize()}{into}{with_whom} · {value['owner'] or UNOWNED}"


def weighs(value: Mapping[str, Any]) -> str:
    """Exact: whoever works on it reads this."""
    people = "1 person" if value["people"] == 1 else f"{value['people']} people"
    hours = f"{value['hours']:g} h a week" if value["hours"] else ""
    effect = friction_wording.EFFECTS[CustomerEffect(value["effect"])] if value["effect"] else ""
    return " · ".join(part for part in (people, hours, "" if effect == "nothing" else effect) if part)


def outcome(value: Mapping[str, Any]) -> str:
    resolution = RESOLUTIONS.get(value["resolution"], "")
    return f"{resolution}: {value['done']}" if value["done"] else resolution


def seen_by(names: Sequence[str]) -> str:
    """To whoever reported it by name."""
    return f"Your name was seen by {', '.join(names)}." if names else "Nobody looked up your name yet."


NOBODY_NAMED = "Nobody gave their name."
WHO_NOTED = "That you looked is written down: whoever is named here can see it."
FORM_TITLES = {
    Event.TRIAGE: "Triage",
    Event.ASSIGN: "Assign",
    Event.SET: "Correct",
    Event.ASK: "Ask the reporters",
    Event.HOLD_FOR_PARTNER: "Wait for a partner",
    Event.RESOLVE: "Resolve",
    Event.REOPEN: "Reopen",
    Event.MERGE: "Merge",
    Event.SPLIT: "Split",
    Event.REJECT: "Reject",
}


def others(count: int) -> str:
    who = "1 more person" if count == 1 else f"{count} more people"
    return f"{who} without a name: you can ask them all the same, I pass it on."


def under_way(event: Event) -> str:
    return f"{DOES[event]}: the card shows it in a moment."


def happened(event: EventRow, *, zone: tzinfo | None) -> str:
    """ "20 Nov 15:04 acknowledged by Jonas Weber"; what was said stands behind it."""
    at = event.at.astimezone(zone)
    what = _NOTED.get(event.event) or moves.done(Event(event.event))
    by = f" by {event.actor_name}" if event.actor_name else ""
    beside = f" {event.changed['other'][1]}" if "other" in event.changed else ""
    return f"{at.day} {at:%b %H:%M} {what}{beside}{by}{f': {event.words}' if event.words else ''}"


def on_day(one: Ticket, zone: tzinfo | None) -> str:
    """ "on 22 Nov"."""
    at = (one.resolved_at or one.changed_at).astimezone(zone)
    return f"on {at.day} {at:%b}"


def moved(number: int, state: State) -> str:
    return f"{tickets.key(number)} is {moves.told(state)}."


TAKE_BACK, CHANGE_MINE, HEAR = "Take back", "Change", "When I hear of it"
SAY_TITLES = {"answer": "Answer", "reopen": "It still happens", "change": "Change my report"}
SAY_LABELS = {
    "answer": ("Your answer", "Whoever works on it reads this, and not who you are unless you gave your name."),
    "reopen": ("What happens still, or why you see it differently", "Whoever works on it reads this."),
}
TAKE_BACK_SURE = "Your words and your name go. If nobody else reported it, the ticket is withdrawn."
THANKS = "Thank you."
ANONYMOUS_ALSO = "Anonymous reports are not listed here: /friction status and the code shows one."


def mine_line(one: Mine, owner: str) -> str:
    """How a report of one's own stands."""
    with_whom = "" if one.colleagues is None else f" · you and {one.colleagues} colleagues"
    return f"{tickets.key(one.number)} {one.title}\n{moves.told(one.state).capitalize()} · {owner}{with_whom}"


def mine_small(one: Mine) -> list[str]:
    """What was last said of it, and who saw the name."""
    lines = [f"Asked: {one.question}"] if one.question else []
    if one.said:
        became = f"{RESOLUTIONS[Resolution(one.resolution)]}: " if one.resolution else ""
        lines.append(f"{became}{one.said}")
    if one.privacy is Privacy.NAMED:
        lines.append(seen_by(one.seen_by))
    elif one.privacy is Privacy.CONFIDENTIAL:
        lines.append("Reported in confidence: nobody sees your name.")
    return lines


def said_back(what: str, number: int) -> str:
    """To a reporter, after they pressed something."""
    return _SAID_BACK[what].format(key=tickets.key(number))


def no_longer_resolved(number: int, state: State) -> str:
    return f"Thank you. {tickets.key(number)} is {moves.told(state)} meanwhile; `/friction mine` shows how it stands."


_SAID_BACK = {
    "fixed": "Thank you. {key} is closed; if it comes back within 30 days, it can be opened again.",
    "still": "Thank you. Whoever works on {key} knows that it still happens.",
    "answer": "Thank you, your answer to {key} is passed on.",
    "reopen": "{key} is open again; whoever works on it reads what you wrote.",
    "change": "{key} says now what you wrote.",
    "take_back": "Your report of {key} is taken back.",
    "habit": "That is how you hear of your reports from now on.",
}
