"""What is said about friction: plain words; layout and escaping belong to `handlers/friction`."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from bot.friction import moves, tickets
from bot.friction.colleagues import Reported
from bot.friction.history import Happened
from bot.friction.kinds import CustomerEffect, Frequency, Kind, Privacy, RootCause
from bot.friction.moves import State
from bot.friction.suppression import FEWEST
from bot.friction.theme_list import Theme
from bot.friction.tickets import Ticket
from bot.touchpoints import TouchpointMap

CAUSES = {
    RootCause.PRODUCT: "The product",
    RootCause.IT_SYSTEM: "An IT system",
    RootCause.INTEGRATION: "Systems that do not talk to each other",
    RootCause.DATA_QUALITY: "Wrong or missing data",
    RootCause.POLICY: "A rule",
    RootCause.PROCESS: "The way work is organized",
    RootCause.PEOPLE_TRAINING: "Training",
    RootCause.PARTNER: "A partner",
    RootCause.FACILITY: "Building or equipment",
}
# Whoever needs more of a workaround than this looks at the ticket.
AROUND = 300
TITLE = "Report friction"
MINE = "My reports"
SEND = "Send report"
WORDS_LABEL = "Say it in your words"
WORDS_HINT = "e.g. typed the serials into Orion and again in CareDesk, customer waiting"
KIND_LABEL = "Kind"
TOOLS_LABEL = "Tools"
TOOLS_HINT = "None of the map, or you do not know"
MINUTES_LABEL = "Minutes it cost you"
NAME_LABEL = "Your name"
WHERE_LABEL = "Where it happened"
OFTEN_LABEL = "How often"
EFFECT_LABEL = "What it did to the customer"
CHANGE = "Change"
LEAVE_OUT = "Leave out"
LOG = "Log friction"
OFFER = "Log this as friction?"
OPEN_FORM = "Open the form"
ME_TOO = "Me too"
DIFFERENT = "Mine is different"
STEP_GONE = "That was taken back meanwhile, so nothing of it is reported."
KNOWN = "Is it one of these? One tap on “Me too” and you are done."
OR_ELSE = "If it is none of them:"
NOT_SAID = "Say in a few words what got in your way."
SENT = "Report sent"
USAGE = (
    "`/friction` and what got in your way opens a short form: `/friction typed the serials into Orion and again in "
    "CareDesk`; so does Log friction under an answer, on a customer's card and in the menu of a message. `/friction "
    "mine` shows what became of your reports, `/friction hot` what costs most time, `/friction hot orion` what does so "
    "of a tool, partner, kind, team or place, `/friction themes` what tickets are about, `/friction FR-31` one "
    "ticket, `/friction status CODE` an anonymous report of yours, `/friction page` opens the page of leads."
)
NONE_OF_MINE = (
    "You have reported nothing with your name or in confidence yet. `/friction` and a few words is all it takes."
)
NOTHING_HOT = "Nothing is reported at the moment. `/friction` and a few words reports what gets in your way."
NOBODY_REPORTED = 'Nothing is reported. `throughline friction report "..."` files the first, `/friction` in Slack too.'
NOTHING_LISTED = "No ticket is like that. `throughline friction list --all` shows every one, also what is over."
NO_SUCH_CODE = "No report has that code. It is four letters and digits three times, as in 7KQM-X2RD-9HWP."
HOT_NOW = "What costs most now:"
DIGEST_FOOT = (
    "What gets in your way? /friction and a few words reports it. Numbers of fewer than five people are not shown."
)
PAGE_TITLE = "What it costs"
CLOSE = "Close"
NO_PAGE = (
    "The page is not served at the moment. Whoever runs Throughline switches it on: WEB_PORT is 0, or the program that "
    "serves it has stopped."
)

THEMES = "Themes"
LOCKED = " · locked"
OPEN_THEME = "Open"
UNDO = "Undo"
RENAME, MOVE_HERE, MERGE, LOCK, UNLOCK, TELL = (
    "Rename",
    "Move a ticket here",
    "Merge",
    "Lock",
    "Unlock",
    "Tell what became of it",
)
ALL_THEMES = "All themes"
NO_THEMES = "There are no themes yet. Two tickets about one pain make one, in the night after the second is reported."
THEMES_ARE = "Tickets that describe one pain, proposed each night. Triagers and owning teams put them in order."
UNDER_WAY = "Thank you. What came of it is said in a moment, where you opened this."
ONLY_THEME = "There is no other theme to merge it with."
THEME_IS_GONE = (
    "That theme is not there any more: it was merged, or its tickets went elsewhere. `/friction themes` has them all."
)
MERGED_THEMES = "The two are one theme now, and their tickets stay together."
THEME_FIELDS = {
    "friction_theme_rename": ("What it is called", "The name stays, also when tickets come and go."),
    "friction_theme_place": ("Which ticket", "For example FR-31. It stays there whatever the nights propose."),
    "friction_theme_merge": ("Into which theme", "That one stays; all tickets go there, and stay together."),
    "friction_theme_tell": ("What became of it", "Everybody who reported one of its tickets reads this, once."),
}
HELD = {
    "friction_theme_lock": "Its tickets stay in it, whatever the nights propose.",
    "friction_theme_unlock": "The nights may move its tickets again.",
}

KINDS = {
    Kind.DUPLICATE_ENTRY: "Typed twice",
    Kind.SLOW: "Slow",
    Kind.OUTAGE: "Down",
    Kind.WRONG_DATA: "Wrong data",
    Kind.MISSING_DATA: "Missing data",
    Kind.MISSING_PERMISSION: "No permission",
    Kind.LOGIN: "Signing in",
    Kind.UNCLEAR_POLICY: "Unclear rule",
    Kind.MISSING_POLICY: "No rule for it",
    Kind.HANDOFF: "Unclear who does it",
    Kind.MANUAL_WORKAROUND: "Done by hand around it",
    Kind.PARTNER_DELAY: "Waiting for a partner",
    Kind.HARDWARE: "Broken equipment",
    Kind.TRAINING_GAP: "Nobody showed me how",
    Kind.LANGUAGE_MISMATCH: "Words that do not match",
    Kind.OTHER: "Something else",
}
OFTEN = {
    Frequency.ONCE: "once",
    Frequency.PER_CUSTOMER: "with every customer",
    Frequency.HOURLY: "every hour",
    Frequency.DAILY: "every day",
    Frequency.WEEKLY: "every week",
    Frequency.MONTHLY: "every month",
}
EFFECTS = {
    CustomerEffect.NONE: "nothing",
    CustomerEffect.WAITED: "the customer waited",
    CustomerEffect.REPEATED_INFO: "the customer had to say it again",
    CustomerEffect.WRONG_INFO: "the customer was told something wrong",
    CustomerEffect.CHARGED_WRONG: "the customer was charged wrongly",
    CustomerEffect.LEFT: "the customer left",
    CustomerEffect.SAFETY: "somebody's safety was at risk",
}
# Slack shows no more than 75 characters of each.
PRIVACIES = {
    Privacy.NAMED: ("Named", "Whoever works on it sees your name and may ask you."),
    Privacy.CONFIDENTIAL: ("Confidential", "Only I know who you are; your name is stored sealed."),
    Privacy.ANONYMOUS: ("Anonymous", "Nothing that names you is stored; news waits under a code."),
}


def subject(ticket: Ticket, map_: TouchpointMap) -> str:
    """ "Typed twice · Orion, CareDesk"."""
    tools = ", ".join(map_.name_of(tool) for tool in ticket.tools)
    return " · ".join(filter(None, (KINDS[ticket.kind], tools)))


def weight(ticket: Ticket) -> str:
    """ "14 people · 3 h a week · 9 customers"; of few people no numbers."""
    if ticket.merged_into:
        return f"counts with {tickets.key(ticket.merged_into)}"
    told = ticket.weight
    if told.people is None:
        return f"fewer than {FEWEST} people"
    lost = f"{hours(told.hours)} a week" if told.hours else ""
    customers = f"{told.customers} customer{'' if told.customers == 1 else 's'}" if told.customers else ""
    return " · ".join(filter(None, (f"{told.people} people", lost, customers)))


def theme_weight(theme: Theme) -> str:
    """ "3 tickets, 2 open · 14 people or more · 31 h a week"; of few people no numbers."""
    count = len(theme.tickets)
    parts = [f"{count} ticket{'' if count == 1 else 's'}, {theme.open} open"]
    if theme.people is not None:
        parts.append(f"{theme.people} people or more")
    if theme.hours:
        parts.append(f"{hours(theme.hours)} a week")
    return " · ".join(parts)


def more_themes(count: int) -> str:
    return f"{count} more. The largest stand here; throughline friction themes lists all."


def more_tickets(count: int) -> str:
    return f"{count} more."


def outcome(words: str) -> str:
    return f"Told to everybody who reported it: {words}"


def undoable(told: str, by: str) -> str:
    return f"Done last{f' by {by}' if by else ''}: {told}."


def undone(told: str) -> str:
    return f"Taken back: {told}."


def renamed(label: str) -> str:
    return f"It is called “{label}” from now on, also when tickets come and go."


def placed(key: str) -> str:
    return f"{key} is in that theme now and stays there."


def outcome_told(words: str) -> str:
    return f"Everybody who reported one of its tickets and can be reached is told: {words}"


def hours(of: float) -> str:
    """ "3 h", "3.5 h"."""
    return f"{of:g} h"


def about(customer: str) -> str:
    return f"Also attached: customer {customer}. Not if you choose “Anonymous”."


def attached(customer: str, where: str, often: str, effect: str) -> str:
    """The line under the form that says what else is sent."""
    parts = [part for part in (f"customer {customer}" if customer else "", where, often, effect) if part]
    but = " If you choose “Anonymous”, the customer is left out." if customer else ""
    return (
        f"Also attached: {', '.join(parts)}.{but}"
        if parts
        else "Where, how often, and what it did to the customer: not said."
    )


def receipt(ticket: Ticket, map_: TouchpointMap, *, owner: str) -> str:
    owned = f"{owner} owns that" if owner else "Nobody owns that yet"
    return (
        f"Thank you, your report is {ticket.key}: “{ticket.title}” ({subject(ticket, map_)}). {owned}. "
        "`/friction mine` shows what becomes of it."
    )


def joined(ticket: Ticket) -> str:
    return (
        f"Thank you, you are on {ticket.key} now: “{ticket.title}” ({weight(ticket)}). "
        "`/friction mine` shows what becomes of it."
    )


def is_it(ticket: Ticket) -> str:
    """Asked where a step could not be done."""
    return f"What stood in your way may be known already: {ticket.key} {ticket.title} ({weight(ticket)}). Is it that?"


def on_it_already(ticket: Ticket) -> str:
    return f"That is {ticket.key}, and you are on it: “{ticket.title}”."


def reported_already(key: str) -> str:
    return f"You reported that already: it is {key}. `/friction {key}` shows how it stands."


def withdrawn(key: str) -> str:
    return f"{key}, which it was reported by, is withdrawn."


def stays(key: str) -> str:
    return f"{key}, which it was reported by, stays as it is: `/friction {key}`."


def page_link(link: str) -> str:
    """Slack's own markup."""
    return (
        f"<{link}|Open the page>\n\nThe link works once, within ten minutes, on the machine that runs Throughline or "
        "through a tunnel to it. Nobody else sees it; do not pass it on: whoever opens it is you."
    )


def thanks_for_joining(key: str) -> str:
    return f"Thank you. You are on {key} now; /friction mine shows what becomes of it."


def code_said(code: str) -> Sequence[str]:
    """To an anonymous reporter, the only time."""
    how = (
        "Write it down: nobody can show it to you again, because nothing that names you is stored. "
        f"/friction status {code} shows what became of your report, and any question about it."
    )
    return (f"Your code is {code}", how)


def line(ticket: Ticket, map_: TouchpointMap) -> str:
    return f"{ticket.key} {ticket.title}: {subject(ticket, map_)} · {state(ticket.state)} · {weight(ticket)}"


def cause(of: str, shown_by: str) -> str:
    """ "Where it came from: Training. What shows it: …"; "" where nobody said."""
    if not of:
        return ""
    named = f"Where it came from: {CAUSES[RootCause(of)]}"
    return f"{named}. What shows it: {shown_by}" if shown_by else named


def state(of: State) -> str:
    return moves.told(of)


def told(ticket: Ticket, map_: TouchpointMap, *, owner: str, zone: tzinfo | None) -> list[str]:
    """One ticket, for any employee."""
    lines = [
        f"{ticket.key}: {ticket.title}",
        f"{subject(ticket, map_)} · {ticket.severity} · {state(ticket.state)} since {_day(ticket.changed_at, zone)}",
        weight(ticket),
    ]
    if ticket.touchpoint:
        lines.append(f"Where: {map_.name_of(ticket.touchpoint)}")
    lines.append(
        f"Owner: {owner or 'nobody yet'}{f', {ticket.assignee_name} works on it' if ticket.assignee_name else ''}"
    )
    if ticket.workaround:
        lines.append(f"Way around it: {ticket.workaround}")
    if ticket.resolved_with:
        lines.append(f"What was done: {ticket.resolved_with}")
    if ticket.root_cause:
        lines.append(cause(ticket.root_cause, ticket.cause_shown_by))
    return lines


def happened(one: Happened, *, zone: tzinfo | None) -> str:
    """One line of a ticket's history."""
    if one.until is not None:
        weeks = f"week of {one.day}" if one.until == one.day else f"weeks of {one.day} to {one.until}"
        return f"{weeks}: {one.people} more people have it"
    when = f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}" if one.at else f"{one.day}"
    who = f" by {one.by}" if one.by else ""
    beside = f" {one.changed['other'][1]}" if one.changed and "other" in one.changed else ""
    return f"{when} {one.event.replace('_', ' ')}{beside}{who}{f': {one.words}' if one.words else ''}"


def listed(title: str, lines: Iterable[str]) -> str:
    return "\n".join((title, *(f"• {one}" for one in lines)))


def reported(one: Reported) -> str:
    """Under an answer: "14 colleagues report: ... (FR-31). Workaround: ..."."""
    who = f"{one.people} colleagues" if one.people else "Colleagues"
    around = _cut(one.workaround.strip().rstrip("."), AROUND)
    if one.published and around:
        return f"Workaround: {around}. {who} reported: {one.title} ({one.key})."
    return f"{who} report: {one.title} ({one.key}).{f' Workaround: {around}.' if around else ''}"


def hot(about: str) -> str:
    return f"What costs most time ({about}):" if about else "What costs most time:"


def more(count: int) -> Sequence[str]:
    """Below a list that shows the first."""
    return [f"{count} more; `/friction hot` with a tool, kind, team or place shows fewer."] if count > 0 else []


def nothing_about(about: str) -> str:
    return (
        f"Nothing open is told about {about}. `/friction hot` shows what is reported at all; `/friction` and a few "
        "words reports what gets in your way."
    )


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rsplit(' ', 1)[0]} …"


def _day(at: datetime, zone: tzinfo | None) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y}"
