"""The command line for where contacts belong: `throughline customers route`, `routed`, `unrouted`."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from bot import app, settings
from bot.errors import NotOnTheMap
from bot.people import Person
from bot.printing import print_json, print_line
from bot.progress import bars
from bot.retrieval.reindexing import Step
from bot.routing import batches, correcting
from bot.serving import operator
from bot.touchpoints import FILE, telling

_out = Console(emoji=False)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
As = Annotated[str, typer.Option("--as", help="Who does it: a name or e-mail of config/people.yaml.")]
_NOWHERE = "nowhere"


def route(
    again: Annotated[bool, typer.Option("--again", help="All of them anew; what a person said stays.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Say of each contact which CX touchpoint it is about, and whether it is a complaint; the bot does it by itself."""
    house = app.build(settings.load())
    with closing(house.database), bars(_out) as show:
        count = route_contacts(house, show, again=again)
    print_line(f"{count} contacts routed." if count else "Every contact was routed already.")


def routed(
    number: Annotated[int, typer.Argument(help="The number of the contact.")],
    touchpoint: Annotated[str, typer.Argument(help=f"A CX touchpoint, by its id or name; {_NOWHERE!r} for none.")],
    as_: As = "",
    complaint: Annotated[bool | None, typer.Option(help="Whether somebody complains; left out: as it was.")] = None,
) -> None:
    """Say where a contact belongs. It stays so, whatever the machine thinks later."""
    house, person = _begin(as_)
    at = "" if touchpoint == _NOWHERE else touchpoint
    with closing(house.database), house.database.writing.begin() as session:
        map_ = house.touchpoints.map
        id_ = correcting.correct(session, number, at, by=person, map_=map_, complaint=complaint)
    print_line(
        f"Contact {number}: {map_.name_of(id_)} ({id_})." if id_ else f"Contact {number} is about nothing on it."
    )


def unrouted(
    as_: As = "",
    limit: Annotated[int, typer.Option(min=1, help="So many at most.")] = 20,
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """List what is like nothing on the map, by similar wording, what most complain about first."""
    house, person = _begin(as_)
    with closing(house.database), house.database.reading() as session:
        found = correcting.unrouted(session, embedder=house.library.encoder, audiences=person.audiences, limit=limit)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        complaints = f", {one.complaints} complaints" if one.complaints else ""
        print_line(f"{one.count}{complaints} on {', '.join(one.channels)}; the newest is {one.newest}: {one.words}")
    print_line(
        f"A touchpoint is missing, or symptoms of one: {FILE} of the knowledge folder. One contact: `throughline "
        "customers routed NUMBER TOUCHPOINT`."
        if found
        else "Every contact is like something on the map."
    )


def route_contacts(house: app.House, show: Callable[[Step], None], *, again: bool = False) -> int:
    """Everything that is not routed yet, and what a new map may have moved; how many. Raises `AlreadyRunning`."""
    map_ = house.renewed_map()
    if not map_.cx:
        raise NotOnTheMap(telling.NO_MAP.format(file=house.settings.knowledge / FILE))
    with house.routing():
        reader = house.route_reader(map_)
        with house.database.reading() as session:
            total, done = batches.waiting(session), 0
        while count := batches.route_new(house.database, reader):
            done += count
            show(Step("routing", done, max(total, done)))
        which = batches.everything() if again else batches.corrected()
        moved = batches.route_moved(house.database, reader, map_, now=datetime.now(UTC))
        for some in (moved, batches.route_all(house.database, reader, which)):
            for count in some:
                done += count
                show(Step("routing", done, max(total, done)))
    return done


def _begin(as_: str) -> tuple[app.House, Person]:
    house = app.build(settings.load())
    return house, house.directory.find(as_) if as_ else operator()
