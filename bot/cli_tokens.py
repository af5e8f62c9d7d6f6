"""The command line for the tokens with which programs read: `throughline tokens`, `make`, `revoke`."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import app, settings
from bot.errors import SettingsError
from bot.experience.viewers import must_see
from bot.printing import print_json, print_line
from bot.visits import tokens as kept
from bot.visits.tokens import DAYS, USUAL_DAYS, Token
from bot.visits.visiting import Visitor
from bot.web.site import by_roster

tokens = typer.Typer(name="tokens", invoke_without_command=True)


@tokens.callback()
def every(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """List the tokens with which programs read numbers over HTTP: whose, for what, last used, until when."""
    if context.invoked_subcommand is not None:
        return
    house = app.build(settings.load())
    with closing(house.database), house.database.reading() as session:
        found = kept.every(session, now=datetime.now(UTC))
    if as_json:
        print_json([_json(one) for one in found])
        return
    for one in found:
        used = f"used {one.seen_at:%Y-%m-%d}" if one.seen_at else "never used"
        print_line(f"{one.id:>4}  {one.visitor.name}: {one.label}   {used}, until {one.until:%Y-%m-%d}")
    if not found:
        print_line("There is none. Make one on the page, behind your name, or: throughline tokens make LABEL --as NAME")


@tokens.command()
def make(
    label: Annotated[str, typer.Argument(help="What it is for.")],
    as_: Annotated[str, typer.Option("--as", help="Who it stands for: a name or e-mail of config/people.yaml.")],
    days: Annotated[int, typer.Option(help=f"How long it lasts: {', '.join(map(str, DAYS))}.")] = USUAL_DAYS,
) -> None:
    """Print a new token; it is shown this once. It sees what its person may see whenever it is used."""
    house = app.build(settings.load())
    with closing(house.database):
        person = house.directory.find(as_)
        visitor = Visitor(person.name, person.id)
        must_see(by_roster(house.directory, house.owners)(visitor))
        with house.database.writing.begin() as session:
            secret = kept.make(session, visitor, label, days=days, now=datetime.now(UTC))
    print_line(secret)


@tokens.command()
def revoke(number: Annotated[int, typer.Argument(help="As `throughline tokens` lists it.")]) -> None:
    """End a token, whosever it is: it opens nothing from now on."""
    house = app.build(settings.load())
    with closing(house.database), house.database.writing.begin() as session:
        if not kept.revoke(session, number):
            raise SettingsError(f"There is no token {number}. `throughline tokens` lists those there are.")
    print_line(f"Token {number} opens nothing any more.")


def _json(one: Token) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.visitor.name,
        "label": one.label,
        "made_at": one.made_at.isoformat(),
        "seen_at": one.seen_at.isoformat() if one.seen_at else None,
        "until": one.until.isoformat(),
    }
