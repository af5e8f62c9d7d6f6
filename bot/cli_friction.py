"""The command line for friction: `throughline friction`."""

from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Any

import typer

from bot import friction_wording as wording
from bot import telling_wording
from bot.cli_friction_desk import EMPLOYEES, AsJson, By, Key, actor, house, number, person, reporter, vocabulary
from bot.cli_friction_export import export_friction
from bot.cli_friction_import import import_tickets
from bot.cli_friction_themes import themes
from bot.friction import history, lateness, listing, moves, tickets
from bot.friction.acting import Act, Resolution
from bot.friction.desk import as_guessed
from bot.friction.kinds import Privacy, RootCause
from bot.friction.moves import Event
from bot.friction.tickets import Ticket
from bot.friction.wanted import Field
from bot.printing import print_json, print_line
from bot.touchpoints import Thing
from bot.touchpoints.telling import called

friction = typer.Typer(
    name="friction",
    help="What gets in employees' way: reported, tracked, told to everyone who has it; docs/friction.md says how.",
    no_args_is_help=True,
)
_DAY = "%Y-%m-%d"
friction.command(name="import")(import_tickets)
friction.command(name="export")(export_friction)
friction.add_typer(themes)


@friction.command()
def report(
    words: Annotated[str, typer.Argument(help="What got in the way, in your own words.")],
    as_: By = "",
    privacy: Annotated[Privacy, typer.Option(help="Who may learn who reported it.")] = Privacy.NAMED,
    me_too: Annotated[str, typer.Option("--me-too", help="It is this ticket: add a report to it.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,  # noqa: FBT002 - a flag
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """File a report as it is guessed, with what is personal masked, and say which known tickets are like it."""
    now = datetime.now(UTC)
    with house() as at:
        by, desk = person(at, as_), at.friction
        draft = desk.read(words, by, now=now)
        form, who = as_guessed(draft, privacy), reporter(by)
        filed = None
        if me_too and not dry_run:
            filed = desk.join(number(me_too), draft.words, form, who, now=now)
        elif not dry_run:
            filed = desk.file(draft, form, who, now=now)
        guesses, map_ = draft.guesses, at.touchpoints.map
    key = tickets.key(filed.ticket) if filed else None
    told: dict[str, Any] = {
        "key": key,
        "kind": guesses.kind.value if guesses.kind else None,
        "tools": list(guesses.tools.value) if guesses.tools else [],
        "touchpoint": guesses.touchpoint.value if guesses.touchpoint else None,
        "nearest": [{"key": one.key, "score": one.score} for one in draft.near],
        "masked": draft.words,
    }
    if as_json:
        print_json({**told, **({"code": filed.code} if filed and filed.code else {})})
        return
    print_line(f"{key}: {draft.words}" if key else f"Nothing is written. It would say: {draft.words}")
    tools = ", ".join(map_.name_of(tool) for tool in told["tools"]) or "no tool"
    where = map_.name_of(told["touchpoint"]) if told["touchpoint"] else "nowhere of the map"
    print_line(f"   {(told['kind'] or 'other').replace('_', ' ')} · {tools} · {where}")
    if filed and filed.code:
        print_line(f"   Your code is {filed.code}. Nobody can show it again: news and questions wait under it.")
    for one in () if me_too else draft.likely:
        print_line(f"   like {one.key} ({', '.join(one.why) or 'in its words'}): --me-too {one.key} adds to it instead")


@friction.command(name="list")
def list_tickets(  # noqa: PLR0917 - typer takes options as arguments
    tool: Annotated[str, typer.Option(help="Of this tool or partner, by its name, alias or id in the map.")] = "",
    touchpoint: Annotated[str, typer.Option(help="Where it happens, by its name or id in the map.")] = "",
    team: Annotated[str, typer.Option(help="Of this owner, by its name or key.")] = "",
    kind: Annotated[str, typer.Option(help="As slow, or typed twice.")] = "",
    place: Annotated[str, typer.Option(help="What five people of this place have, by its name or key.")] = "",
    state: Annotated[str, typer.Option(help="As new, in progress, resolved; without it, what is open.")] = "",
    since: Annotated[datetime | None, typer.Option(help="First reported on this day or later.", formats=[_DAY])] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what is over.")] = False,  # noqa: FBT002 - a flag
    overdue: Annotated[bool, typer.Option("--late", help="Only those whose promised time is over.")] = False,  # noqa: FBT002 - a flag
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """List tickets: those that take most hours first, then those of few people, which tell no numbers."""
    now = datetime.now(UTC)
    given = (
        (tool, (Field.TOOL, Field.PARTNER)),
        (touchpoint, (Field.TOUCHPOINT,)),
        (team, (Field.TEAM,)),
        (kind, (Field.KIND,)),
        (place, (Field.PLACE,)),
        (state, (Field.STATE,)),
    )
    with house() as at, at.database.reading() as session:
        known = vocabulary(at)
        wanted = tuple(one for words, fields in given for one in known.understood(words, fields=fields))
        asked = listing.Asked(wanted=wanted, since=since.date() if since else None, everything=everything)
        found = listing.hottest(session, asked, audiences=EMPLOYEES)
    zone = at.settings.timezone
    if overdue:
        found = [one for one in found if lateness.late(one, now=now)]
    if as_json:
        print_json([{**listing.as_json(one), **lateness.as_json(one, now=now, zone=zone)} for one in found])
        return
    for one in found:
        print_line(_line(one, now=now, zone=zone))
    if not found:
        print_line(wording.NOTHING_LISTED if wanted or since or overdue else wording.NOBODY_REPORTED)


@friction.command()
def show(key: Key, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """Show one ticket with all that happened to it."""
    now = datetime.now(UTC)
    with house() as at, at.database.reading() as session:
        one = tickets.ticket(session, number(key), audiences=EMPLOYEES)
        zone, map_ = at.settings.timezone, at.touchpoints.map
        told = history.history(session, one, zone=zone)
    if as_json:
        promised = lateness.as_json(one, now=now, zone=zone)
        serves = [each.id for each in map_.served_by(one.touchpoint)]
        print_json({**listing.as_json(one), **promised, "serves": serves, "events": [each.as_json() for each in told]})
        return
    print_line(_line(one, now=now, zone=zone))
    for each in told:
        print_line(f"   {wording.happened(each, zone=zone)}")


@friction.command()
def move(  # noqa: PLR0917 - typer takes options as arguments
    key: Key,
    event: Annotated[Event, typer.Argument(help="What happens to it.")],
    words: Annotated[str, typer.Option("--say", help="Why, what was done, or the question.")] = "",
    resolution: Annotated[Resolution | None, typer.Option(help="What became of it.")] = None,
    into: Annotated[str, typer.Option(help="The ticket to merge into.")] = "",
    kind: Annotated[str, typer.Option(help="Its kind, corrected.")] = "",
    severity: Annotated[str, typer.Option(help="S1 to S4.")] = "",
    tools: Annotated[list[str] | None, typer.Option("--tool", help="A tool of the map; may be given again.")] = None,
    touchpoint: Annotated[str, typer.Option(help="Where it happens, corrected: an EX touchpoint by id or name.")] = "",
    team: Annotated[str, typer.Option(help="Whose it is.")] = "",
    partner: Annotated[str, typer.Option(help="For whom it waits.")] = "",
    workaround: Annotated[str, typer.Option(help="A way around it, for colleagues.")] = "",
    cause: Annotated[RootCause | None, typer.Option(help="What lay behind it, for one that is resolved.")] = None,
    shown_by: Annotated[str, typer.Option(help="What shows that; name no customer.")] = "",
    to: Annotated[str, typer.Option(help="Whom it is assigned to: a name or e-mail of config/people.yaml.")] = "",
    as_: By = "",
) -> None:
    """Move a ticket on: acknowledge, triage, ask, resolve, merge. Says what is missing, or what can be done instead."""
    given = {
        "kind": kind,
        "severity": severity,
        "tools": tools,
        "team": team,
        "partner": partner,
        "workaround": workaround,
        "root_cause": cause,
        "cause_shown_by": shown_by,
    }
    one = Act(
        event,
        words,
        resolution=resolution,
        other=number(into) if into else None,
        sets={name: value for name, value in given.items() if value},
    )
    with house() as at:
        by = person(at, as_)
        if touchpoint:
            one = replace(one, sets={**one.sets, "touchpoint": called(touchpoint, at.touchpoints.map.ex, Thing.EX)})
        if to:
            who = at.directory.find(to)
            one = replace(one, assignee=who.id, assignee_name=who.name)
        with at.database.writing.begin() as session:
            done = at.friction.act_in(session, number(key), one, actor(at, by), now=datetime.now(UTC))
    print_line(f"{tickets.key(done.number)} is {moves.told(done.target)}.")


def _line(one: Ticket, *, now: datetime, zone: tzinfo | None) -> str:
    promised = telling_wording.promised(one, now=now, zone=zone)
    stands = " · ".join(part for part in (moves.told(one.state), promised, wording.weight(one)) if part)
    return f"{one.key}  {one.title} · {one.severity} · {stands}"
