"""The command line for keeping the knowledge true: `throughline knowledge ...`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import app, deadlines, reports, settings, verdict_wording
from bot.app import House
from bot.curation import OPERATOR
from bot.deadlines import NoDeadline
from bot.errors import CurationError
from bot.people import Person

knowledge = typer.Typer(
    name="knowledge",
    help="Keep the knowledge true: notices, withdrawn pages, verifications, what is stale, what nothing answers.",
    no_args_is_help=True,
)
out = Console(emoji=False)  # role:phone: is no telephone

Page = Annotated[str, typer.Argument(metavar="PAGE", help="Its path, its title, or a part that only one page has.")]
As = Annotated[str, typer.Option("--as", help="Who does it: a name or e-mail of config/people.yaml.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@knowledge.command()
def notice(
    text: Annotated[str, typer.Argument(help='What to say, in quotes: "Orion is down, use the paper form".')],
    until: Annotated[str, typer.Option(help="15:00, 2026-11-22T15:00, or 30m, 2h, 1d from now.")],
    audience: Annotated[
        list[str] | None, typer.Option(help="Whom it is for; several times for several. Default: everyone.")
    ] = None,
    as_: As = "",
) -> None:
    """Say something on top of all answers about it, at once, until it expires."""
    with _house() as house:
        now = datetime.now(UTC)
        zone = house.settings.timezone
        try:
            moment = deadlines.until(until, now=now, zone=zone)
        except NoDeadline as fault:
            raise CurationError(str(fault)) from fault
        said = deadlines.said(moment, zone=zone)
        posted = house.curator.post_notice(
            text, until=moment, said=said, meant_for=audience or (), by=_person(house, as_), now=now
        )
        _print(
            f"Notice {posted.number} stands until {said}, for {', '.join(audience or ['everyone'])}: {posted.text}\n"
            f"End it earlier with `throughline knowledge notices --end {posted.number}`."
        )


@knowledge.command()
def notices(
    end: Annotated[int | None, typer.Option(metavar="NUMBER", help="Take this notice down now.")] = None,
    as_: As = "",
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """List the notices that stand, or end one."""
    with _house() as house:
        now = datetime.now(UTC)
        by = _person(house, as_)
        if end is not None:
            house.curator.end_notice(end, by=by, now=now)
        found = house.curator.standing_notices(by=by, now=now)
        if as_json:
            rows = [
                {
                    "number": one.notice.number,
                    "text": one.notice.text,
                    "until": one.notice.until.isoformat(),
                    "audiences": list(one.audiences),
                    "by": one.by,
                }
                for one in found
            ]
            _print_json({"notices": rows})
            return
        if end is not None:
            _print(f"Notice {end} is taken down.")
        for one in found:
            _print(f"{one.notice.number}  until {one.notice.said}, for {', '.join(one.audiences)}, by {one.by}")
            _print(f"   {one.notice.text}")
        if not found:
            _print("No notice stands now.")


@knowledge.command()
def withdraw(
    page: Page, reason: Annotated[str, typer.Option(help="Why, for whoever restores it.")] = "", as_: As = ""
) -> None:
    """Take a wrong page out of all answers, from the next question on, until it is restored."""
    with _house() as house:
        done = house.curator.withdraw(page, by=_person(house, as_), reason=reason, now=datetime.now(UTC))
        _print(
            f'Withdrawn: {done.source}, "{done.title}". No answer uses it from now on, whatever is reindexed.\n'
            "A page it supersedes does not come back by this. When the page is right again: "
            f"`throughline knowledge restore {done.source}`."
        )


@knowledge.command()
def restore(page: Page, as_: As = "") -> None:
    """Let a withdrawn page answer again."""
    with _house() as house:
        done = house.curator.restore(page, by=_person(house, as_), now=datetime.now(UTC))
        _print(f'Restored: {done.source}, "{done.title}". It answers again from the next question on.')


@knowledge.command()
def rollback(as_: As = "") -> None:
    """Go back to the knowledge as it was before the last reindex; every process answers from it at once."""
    with _house() as house:
        left, live = house.curator.roll_back(by=_person(house, as_))
        _print(
            f"Generation {live} answers again, as it did before generation {left}. The pages of {left} are not "
            "published again by themselves: mend them and run `throughline reindex`."
        )


@knowledge.command()
def verify(page: Page, as_: As = "") -> None:
    """Record that somebody checked a page today against real life; its age counts from then."""
    with _house() as house:
        done = house.curator.verify(page, by=_person(house, as_), today=_now(house)[1])
        _print(f'Verified today: {done.source}, "{done.title}". An edit does not renew this; verify again after one.')


@knowledge.command()
def status(as_: As = "", as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """Show what is live, what is withdrawn, which notices stand, and how much needs care."""
    with _house() as house:
        now, today = _now(house)
        state = house.curator.state(by=_person(house, as_), today=today, now=now)
    if as_json:
        _print_json(asdict(state))
        return
    if state.live is None:
        _print("Nothing is indexed yet. Run `throughline reindex`.")
        return
    live = state.live
    built = deadlines.said(live.built_at, zone=house.settings.timezone)
    _table(
        ["", ""],
        [
            ["generation", f"{live.generation}, built {built}, from {live.folder}"],
            ["pages", f"{live.documents} in {live.passages} passages, in {', '.join(live.languages)}"],
            ["answers from", f"confidence {live.bar:.3f} on"],
            ["withdrawn", str(len(state.withdrawn))],
            ["notices", str(len(state.notices))],
            ["stale", f"{state.stale}; `throughline knowledge stale` lists them"],
            ["not answered", f"{state.gaps} questions; `throughline knowledge gaps` groups them"],
        ],
    )
    for page in state.withdrawn:
        _print(f"Withdrawn: {page.source}, by {page.by}{f': {page.reason}' if page.reason else ''}")
    for one in state.notices:
        _print(f"Notice {one.notice.number} until {one.notice.said}, for {', '.join(one.audiences)}: {one.notice.text}")


@knowledge.command()
def conflicts(
    owner: Annotated[str, typer.Option(help="Only what this team answers for: its key in config/owners.yaml.")] = "",
    as_: As = "",
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """List the pages that disagree about a number, a period, a yes or no, or who decides."""
    with _house() as house:
        found = house.curator.conflicts(owner=owner, by=_person(house, as_))
        if as_json:
            _print_json({"conflicts": [asdict(conflict) for conflict in found]})
        elif not found:
            _print("No two pages are known to disagree.")
        else:
            reports.disagreeing(found, owners=house.owners, to=out)


@knowledge.command()
def feedback(
    owner: Annotated[str, typer.Option(help="Only what this team answers for: its key in config/owners.yaml.")] = "",
    as_: As = "",
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """List the pages whose answers did not help: what people said was wrong, and what became of it."""
    with _house() as house:
        found = house.curator.unhelpful(owner=owner, by=_person(house, as_))
        if as_json:
            _print_json({"feedback": [{**asdict(page), "open": page.open} for page in found]})
        elif not found:
            _print(verdict_wording.NO_FEEDBACK)
        else:
            reports.unhelpful(found, owners=house.owners, zone=house.settings.timezone, to=out)


@knowledge.command()
def stale(as_: As = "", as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """List pages past their review date or unverified for half a year, most used first."""
    with _house() as house:
        now, today = _now(house)
        found = house.curator.stale(by=_person(house, as_), today=today, now=now)
    if as_json:
        _print_json({"stale": [{**asdict(one.page), "owner": one.owner, "used": one.used} for one in found]})
        return
    if not found:
        _print("No page is past its review date or unverified for half a year.")
        return
    _table(
        ["Page", "Owner", "Verified", "Review by", "Answers, 90 days"],
        [
            [
                one.page.source,
                one.owner,
                str(one.page.verified or "never"),
                f"{one.page.review_by or ''}{' (past)' if one.page.overdue else ''}",
                str(one.used),
            ]
            for one in found
        ],
    )
    _print("After checking a page: `throughline knowledge verify PAGE`.")


@knowledge.command()
def gaps(as_: As = "", as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """List what nothing answered, grouped by meaning, what most people asked first."""
    with _house() as house:
        found = house.curator.gap_groups(by=_person(house, as_))
    if as_json:
        _print_json({"gaps": [asdict(group) for group in found]})
        return
    if not found:
        _print("No question was left without an answer.")
        return
    _table(
        ["Question", "Askers", "Times", "Last asked", "Owner", "Closest pages"],
        [
            [
                group.question,
                str(group.askers),
                str(group.times),
                str(group.last_asked.astimezone(house.settings.timezone).date()),
                group.owner,
                "\n".join(title for _, title in group.closest),
            ]
            for group in found
        ],
    )


@contextmanager
def _house() -> Iterator[House]:
    house = app.build(settings.load())
    try:
        yield house
    finally:
        house.database.close()


def _person(house: House, words: str) -> Person:
    return house.directory.find(words) if words else OPERATOR


def _print(text: str) -> None:
    out.print(text, soft_wrap=True, highlight=False, markup=False)


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, default=_as_text))  # noqa: T201 - exactly this, with nothing folded


def _as_text(value: object) -> str:
    """Days and moments as JSON has them."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the output")


def _now(house: House) -> tuple[datetime, date]:
    """This moment, and the day it is where the bot works."""
    now = datetime.now(UTC)
    return now, now.astimezone(house.settings.timezone).date()


def _table(names: list[str], rows: list[list[str]]) -> None:
    table = Table(box=None, show_header=any(names), pad_edge=False)
    for name in names:
        table.add_column(name, overflow="fold", no_wrap=name == "Page")  # a path in two pieces cannot be copied
    for row in rows:
        table.add_row(*map(escape, row))
    out.print(table, highlight=False)
