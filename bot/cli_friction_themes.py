"""The command line for themes of friction: `throughline friction themes`."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from bot import friction_wording as wording
from bot.cli_friction_desk import EMPLOYEES, AsJson, By, Key, actor, house, number, person
from bot.friction import theme_list, theme_moves, theming, tickets
from bot.friction.theme_list import Theme
from bot.printing import print_json, print_line

themes = typer.Typer(
    name="themes",
    help="Tickets that describe one pain: proposed each night, put in order by people.",
    invoke_without_command=True,
)
Propose = Annotated[bool, typer.Option("--propose", help="Put tickets into themes anew first, as each night.")]
Days = Annotated[int, typer.Option(help="With --propose: only what was filed in so many days.", min=1)]
Number = Annotated[int, typer.Argument(help="A theme, by its number.", metavar="NUMBER", min=1)]


@themes.callback()
def list_themes(
    context: typer.Context,
    propose: Propose = False,  # noqa: FBT002 - a flag
    days: Days = theming.WITHIN.days,
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """List themes with their tickets, people and hours; what takes most hours first."""
    if context.invoked_subcommand:
        return
    with house() as at:
        night = None
        if propose:
            within = timedelta(days=days)
            night = theming.propose(at.database, at.friction.reader.intake, now=datetime.now(UTC), within=within)
        with at.database.reading() as session:
            found = theme_list.themes(session, audiences=EMPLOYEES)
    if as_json:
        print_json([one.as_json() for one in found])
        return
    if night:
        print_line(_told(night, days))
    for one in found:
        print_line(_line(one))
    if not found:
        print_line("There are no themes. Two tickets about one pain make one: `throughline friction themes --propose`.")


@themes.command()
def rename(
    theme: Number, label: Annotated[str, typer.Argument(help="What it is called from now on.")], as_: By = ""
) -> None:
    """Give a theme a name, which stays."""
    with house() as at:
        by = actor(at, person(at, as_))
        kept = at.friction.mask(label)
        with at.database.writing.begin() as session:
            kept = theme_moves.rename(session, theme, kept, by, now=datetime.now(UTC))
    print_line(f"Theme {theme} is called {kept!r} from now on, also when tickets come and go.")


@themes.command()
def place(ticket: Key, theme: Number, as_: By = "") -> None:
    """Put a ticket into a theme, where it stays whatever the nights propose."""
    with house() as at:
        by = actor(at, person(at, as_))
        with at.database.writing.begin() as session:
            placed = theme_moves.place(session, number(ticket), theme, by, now=datetime.now(UTC))
    print_line(f"{tickets.key(placed)} is in theme {theme} and stays there.")


@themes.command()
def merge(
    theme: Number,
    into: Annotated[int, typer.Argument(help="The theme that stays, by its number.", metavar="INTO", min=1)],
    as_: By = "",
) -> None:
    """Make two themes one; their tickets stay together."""
    with house() as at:
        by = actor(at, person(at, as_))
        with at.database.writing.begin() as session:
            count = theme_moves.merge(session, theme, into, by, now=datetime.now(UTC))
    print_line(f"Theme {theme} is part of theme {into}, which has {_count(count, 'ticket')} now.")


@themes.command()
def lock(theme: Number, as_: By = "") -> None:
    """Keep the tickets of a theme in it, whatever the nights propose."""
    with house() as at:
        by = actor(at, person(at, as_))
        with at.database.writing.begin() as session:
            count = theme_moves.lock(session, theme, by, now=datetime.now(UTC))
    print_line(f"Theme {theme} keeps its {_count(count, 'ticket')}.")


@themes.command()
def unlock(theme: Number, as_: By = "") -> None:
    """Let the nights move the tickets of a theme again."""
    with house() as at:
        by = actor(at, person(at, as_))
        with at.database.writing.begin() as session:
            count = theme_moves.unlock(session, theme, by, now=datetime.now(UTC))
    print_line(f"The {_count(count, 'ticket')} of theme {theme} may move again.")


@themes.command()
def tell(
    theme: Number,
    words: Annotated[str, typer.Argument(help="What became of it, as its reporters read it.")],
    as_: By = "",
) -> None:
    """Tell everybody who reported any ticket of a theme what became of it."""
    with house() as at:
        by = actor(at, person(at, as_))
        said = at.friction.mask(words)
        with at.database.writing.begin() as session:
            theme_moves.tell(session, theme, said, by, teller=at.friction.teller, now=datetime.now(UTC))
    print_line(f"Whoever reported a ticket of theme {theme} and can be reached is told: {said}")


@themes.command()
def undo(as_: By = "") -> None:
    """Take back what was last done to themes, within seven days."""
    with house() as at:
        by = actor(at, person(at, as_))
        with at.database.writing.begin() as session:
            told = theme_moves.undo(session, by, now=datetime.now(UTC))
    print_line(f"Taken back: {told}.")


def _told(night: theming.Night, days: int) -> str:
    if not night.looked_at:
        return f"Nothing was filed in the last {_count(days, 'day')}; --days looks further back."
    looked = _count(night.looked_at, "ticket")
    changes = f"{night.made} new, {night.kept} as before" + (f", {night.ended} over" if night.ended else "")
    alone = f"; {night.alone} like no other" if night.alone else ""
    return f"Looked at {looked}: themes {changes}{alone}."


def _line(one: Theme) -> str:
    named = f" · named by {one.named_by}" if one.named_by else ""
    return f"{one.number:>3}  {one.label} · {wording.theme_weight(one)}{named}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
