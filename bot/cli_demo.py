"""The command line for made-up years: `throughline demo-data`."""

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy import select

from bot import app, settings
from bot.customers.feeds import importing
from bot.customers.feeds.mapping import load_feed
from bot.demo.making import Made, Order, make
from bot.demo.papers import IMPORTS, commands
from bot.demo.sizes import Size
from bot.errors import ImportRefused, SettingsError
from bot.friction.past.importing import Past
from bot.friction.past.mapping import load_ticket_feed
from bot.friction.tables import TicketRow
from bot.printing import print_line
from bot.progress import bars
from bot.retrieval.reindexing import Step

_out = Console(emoji=False)


def demo_data(
    seed: Annotated[int, typer.Option(help="Another number is another company; the same one gives the same bytes.")],
    into: Annotated[Path, typer.Option("--into", help="The folder to write; a new or an empty one.")],
    weeks: Annotated[int, typer.Option(help="Whole weeks, from a Monday on; 30 or more.")] = 104,
    until: Annotated[
        str, typer.Option(metavar="DAY", help="The last day that may have happened, 2026-11-22. Default: yesterday.")
    ] = "",
    size: Annotated[
        Size, typer.Option(help="10,000, 25,000 or a million contacts and surveys in 104 weeks.")
    ] = Size.USUAL,
    map_: Annotated[Path | None, typer.Option("--map", help="A touchpoint map. Default: the shipped one.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Empty the folder first, if it holds such a company.")] = False,  # noqa: FBT002 - a flag
    load: Annotated[bool, typer.Option("--load", help="Import all of it into the configured database too.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Write a made-up company: customers, contacts, complaints, surveys, friction, fixes, and what is planted in them.

    The same seed, day, weeks and size give the same files. plants.json says what can be found in them and where;
    docs/demo-data.md says what each file holds. With --load nothing may be in the database yet: set DATA_DIR to an
    empty folder.
    """
    order = Order(seed, _day(until), weeks, size)
    _make_room(into, force=force)
    with bars(_out) as show:
        file = map_ or settings.shipped("knowledge") / "touchpoints.yaml"
        made = make(into, order, map_file=file, progress=lambda what, done, total: show(Step(what, done, total)))
    print_line(_told(into, order, made))
    if load:
        _load(into)
        print_line(f"Now start with CONFIG={into}/config, so that places and people have names.")
        return
    print_line("Next, into an empty database (--load does the same):")
    for command in commands(into):
        print_line(f"   {command}")


def _day(until: str) -> date:
    if not until:
        return (datetime.now(UTC) - timedelta(days=1)).date()
    try:
        day = date.fromisoformat(until)
    except ValueError:
        raise SettingsError(f"--until is {until!r}; write a day such as 2026-11-22.") from None
    if day > datetime.now(UTC).date():
        raise SettingsError(f"--until is {day}, and nothing has happened then. Name today or an earlier day.")
    return day


def _make_room(folder: Path, *, force: bool) -> None:
    """Only what this command wrote is ever thrown away."""
    if folder.is_dir() and any(folder.iterdir()):
        if not force:
            raise SettingsError(f"{folder} is not empty. Name another folder, or add --force to write it anew.")
        if not (folder / "plants.json").exists():
            raise SettingsError(f"{folder} holds something else than such a company. Name another folder.")
        shutil.rmtree(folder)
    elif folder.exists() and not folder.is_dir():
        raise SettingsError(f"{folder} is a file. Name a folder.")


def _told(folder: Path, order: Order, made: Made) -> str:
    return (
        f"{folder}: {made.customers:,} customers, {made.contacts:,} contacts, {made.surveys:,} surveys, "
        f"{made.tickets:,} tickets with {made.reports:,} reports, "
        f"{made.period.start} to {made.period.end - timedelta(days=1)}; "
        f"{len(made.plants)} plants stand in {folder}/plants.json.\n"
        f"   The same again: {order.told} --into FOLDER"
    )


def _load(folder: Path) -> None:
    """The commands of `IMPORTS`, with the people and places of the folder."""
    house = app.build(replace(settings.load(), config=folder / "config"))
    now = datetime.now(UTC)
    with closing(house.database), house.importing(), bars(_out) as show:
        _must_be_empty(house)
        past = Past(house.friction, places=house.directory.places, roles=tuple(house.directory.roles))
        for command, name, mapping in IMPORTS:
            file, how = folder / name, folder / "mappings" / mapping

            def progress(_what: str, done: int, total: int, name: str = name) -> None:
                show(Step(name, done, total))

            if command == "friction import":
                taken = past.take(file, load_ticket_feed(how), now=now, progress=progress)
                print_line(
                    f"{taken.source}: {taken.added} tickets and {taken.joined} reports of these in "
                    f"{taken.seconds:.1f} s, {taken.rejected} rejected."
                )
                continue
            take = importing.import_customers if command == "import customers" else importing.import_interactions
            report = take(house.database, [file], load_feed(how), now=now, progress=progress)
            print_line(f"{report.source}: {report.added} added in {report.seconds:.1f} s, {report.rejected} rejected.")


def _must_be_empty(house: app.House) -> None:
    with house.database.reading() as session:
        tickets = session.scalar(select(TicketRow.id).limit(1)) is not None
    found = {"customers": importing.any_here(house.database), "tickets": tickets}
    if held := [what for what, there in found.items() if there]:
        raise ImportRefused(
            f"There are {' and '.join(held)} here, and made-up ones among them would be taken for real; nothing was "
            "imported. Set DATA_DIR to an empty folder and give --force, or run the commands of the folder's README."
        )
