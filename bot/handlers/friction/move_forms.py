"""What whoever works on a ticket fills in to move it on: values -> views, and what was typed into them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import friction_wording
from bot import telling_wording as wording
from bot.friction import tickets
from bot.friction.acting import SHORTEST_WORDS, Act, Resolution
from bot.friction.moves import Event
from bot.friction.sights import Reporters
from bot.friction.tables import ReportRow, TicketRow
from bot.handlers.friction.inputs import choose, chosen_in, picker, select, several, ticks
from bot.handlers.modals import Json, context_of, input_block, line, lines, modal, note, plain, shown, typed
from bot.handlers.surfaces import Body, View
from bot.people import Owners
from bot.touchpoints import TouchpointMap

MOVE_FORM = "friction_move_form"
CHOOSE_ACTION = "friction_choose"
WORDS, RESOLUTION, CAUSE, SHOWN_BY, AROUND, WHO, OTHER, REPORTS = (
    "words",
    "resolution",
    "root_cause",
    "cause_shown_by",
    "workaround",
    "assignee",
    "other",
    "reports",
)
KIND, SEVERITY, TOOLS, WHERE, TEAM, PARTNER = "kind", "severity", "tools", "touchpoint", "team", "partner"
MAX_TITLE, LONGEST, MOST_HISTORY = 24, 3000, 12
_MOST_REPORTS = 10
_COUNTED = "Counted on the page, under Themes: which causes cost most."
_NO_CUSTOMERS = "A link, a log, a test: every employee may read it, so name no customer."

_LABELS = {
    Event.ASK: ("What do you ask?", "Everybody who reported it reads this and may answer. The clock stands still."),
    Event.RESOLVE: ("What was done", "Everybody who reported it reads this and is asked whether it is fixed."),
    Event.REJECT: ("Why", "Everybody who reported it reads this, and may say that they see it differently."),
    Event.REOPEN: ("Why", ""),
    Event.HOLD_FOR_PARTNER: ("What is waited for", ""),
    Event.SET: ("Why, where it becomes less severe", ""),
}
_NEEDED = frozenset({Event.ASK, Event.RESOLVE, Event.REJECT, Event.REOPEN})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A ticket as a form is filled in with it."""

    row: TicketRow
    tools: tuple[str, ...]
    reports: Sequence[ReportRow]
    near: Sequence[tuple[int, str]]


def move_form(event: Event, sheet: Sheet, context: Mapping[str, Any], *, map_: TouchpointMap, owners: Owners) -> View:
    """What one move needs; `context` comes back with what was typed."""
    row = sheet.row
    blocks: list[Json] = [note(f"{tickets.key(row.id)} {row.title}")]
    if event is Event.ASSIGN:
        blocks.append(input_block(WHO, "Who", picker()))
    if event is Event.RESOLVE:
        blocks.append(input_block(RESOLUTION, "What became of it", select(wording.RESOLUTIONS.items())))
    if event in {Event.SET, Event.TRIAGE}:
        blocks += _facts(sheet, map_, owners)
    if event is Event.HOLD_FOR_PARTNER:
        partners = [(id_, map_.name_of(id_)) for id_ in map_.partners]
        if partners:
            blocks.append(input_block(PARTNER, "Partner", select(partners, chosen=row.partner)))
    if event is Event.MERGE:
        blocks += _others(sheet)
    if event is Event.SPLIT:
        told = [(str(one.id), one.words or "(nothing said)") for one in sheet.reports][:_MOST_REPORTS]
        blocks.append(input_block(REPORTS, "Which reports are about something else", ticks(told)))
    if event in _LABELS:
        label, below = _LABELS[event]
        blocks.append(input_block(WORDS, label, lines("", most=LONGEST), optional=event not in _NEEDED, hint=below))
    if event is Event.RESOLVE:
        blocks += [
            input_block(AROUND, "A way around it, for colleagues", line(row.workaround, most=LONGEST), optional=True),
            input_block(
                CAUSE, "Where it came from", select(friction_wording.CAUSES.items()), optional=True, hint=_COUNTED
            ),
            input_block(
                SHOWN_BY, "What shows it", line(row.cause_shown_by, most=LONGEST), optional=True, hint=_NO_CUSTOMERS
            ),
        ]
    return modal(MOVE_FORM, wording.FORM_TITLES.get(event, "Ticket"), "Save", blocks, {**context, "event": event})


def act_in(body: Body) -> tuple[int, Act]:
    """The ticket and the move of a form that was sent."""
    context = context_of(body)
    event = Event(context["event"])
    resolution = typed(body, RESOLUTION)
    other = tickets.number_of(typed(body, OTHER) or typed(body, f"{OTHER}_typed"))
    who = chosen_in(body, WHO, "selected_user")
    return int(context["number"]), Act(
        event,
        typed(body, WORDS),
        resolution=Resolution(resolution) if resolution else None,
        other=other,
        assignee=str(who or ""),
        reports=frozenset(int(one) for one in several(body, REPORTS)),
        sets=dict(_set_in(body)),
        version=context.get("version"),
    )


def faults(body: Body) -> dict[str, str]:
    """What is missing is said in the form, which stays open."""
    event = Event(context_of(body)["event"])
    words = typed(body, WORDS)
    if event is Event.RESOLVE and len(words) < SHORTEST_WORDS:
        return {WORDS: f"Say what was done in at least {SHORTEST_WORDS} characters: whoever reported it reads it."}
    if event in _NEEDED and not words:
        return {WORDS: "Say it in a few words: whoever reported it reads it."}
    if event is Event.MERGE and tickets.number_of(typed(body, OTHER) or typed(body, f"{OTHER}_typed")) is None:
        return {f"{OTHER}_typed": "Name the ticket that it is the same as, for example FR-31."}
    return {}


def more(row: TicketRow, events: Iterable[Event], history: Sequence[str], context: Mapping[str, Any]) -> View:
    """One ticket with everything that may be done with it, and what happened to it."""
    blocks: list[Json] = [{"type": "section", "text": plain(f"{tickets.key(row.id)} {row.title}")}]
    for event in events:
        if event in wording.DOES:
            button = {
                "type": "button",
                "action_id": f"{CHOOSE_ACTION}_{event}",
                "text": plain(wording.DOES[event]),
                "value": f"{row.id}:{row.version}",
            }
            blocks.append({"type": "actions", "elements": [button]})
    if len(blocks) == 1:
        blocks.append(note("There is nothing that you can do with it now."))
    if history:
        blocks += [{"type": "divider"}, {"type": "section", "text": plain("\n".join(history[-MOST_HISTORY:]))}]
    return shown(wording.OPEN_TICKET, blocks, context)


def who_reported(number: int, found: Reporters, places: Mapping[str, str]) -> View:
    """Names of those who gave them."""
    lines_ = [
        " · ".join(part for part in (one.name, one.role, places.get(one.place, one.place)) if part)
        for one in found.named
    ]
    told = [wording.WHO_NOTED if found.named else wording.NOBODY_NAMED]
    if found.others:
        told.append(wording.others(found.others))
    blocks: list[Json] = [{"type": "section", "text": plain("\n".join(lines_))}] if lines_ else []
    blocks += [note(one) for one in told]
    return shown(tickets.key(number), blocks)


def _facts(sheet: Sheet, map_: TouchpointMap, owners: Owners) -> list[Json]:
    row = sheet.row
    tools = [(id_, map_.name_of(id_)) for id_ in (*map_.tools, *map_.partners)]
    where = [(one.id, one.name) for one in map_.ex.values()]
    teams = [(key, team.name) for key, team in owners.teams.items()]
    return [
        input_block(KIND, "Kind", select(friction_wording.KINDS.items(), chosen=row.kind)),
        input_block(SEVERITY, "How bad", select(wording.SEVERITIES.items(), chosen=row.severity)),
        *([input_block(TOOLS, "Tools", choose(tools, chosen=sheet.tools), optional=True)] if tools else []),
        *([input_block(WHERE, "Where", select(where, chosen=row.touchpoint), optional=True)] if where else []),
        *([input_block(TEAM, "Owner", select(teams, chosen=row.team))] if teams else []),
        input_block(AROUND, "A way around it, for colleagues", line(row.workaround, most=LONGEST), optional=True),
    ]


def _others(sheet: Sheet) -> list[Json]:
    typed_ = input_block(f"{OTHER}_typed", "Or its number", line("", most=20), optional=True)
    if not sheet.near:
        return [typed_]
    near = [(tickets.key(number), f"{tickets.key(number)} {title}") for number, title in sheet.near]
    return [input_block(OTHER, "The same as", select(near), optional=True), typed_]


def _set_in(body: Body) -> Iterable[tuple[str, Any]]:
    values = body["view"]["state"]["values"]
    for name in (KIND, SEVERITY, WHERE, TEAM, PARTNER, CAUSE):
        if name in values and (value := typed(body, name)):
            yield name, value
    if TOOLS in values:
        yield TOOLS, several(body, TOOLS)
    for name in (AROUND, SHOWN_BY):
        if name in values:
            yield name, typed(body, name)
