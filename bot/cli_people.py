"""The command line for how many people work where: `throughline people`."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from bot import app, settings
from bot.headcounts import Headcounts, headcounts, import_roster
from bot.printing import print_json, print_line

people = typer.Typer(name="people", help="How many people work where, in which roles.", no_args_is_help=True)


@people.command(name="import")
def import_people(
    file: Annotated[Path, typer.Argument(help="CSV: email, roles, place; or roles, place, people.", exists=True)],
) -> None:
    """Import a roster. Only how many have which roles where is kept; names and addresses are not."""
    house = app.build(settings.load())
    with closing(house.database), house.database.writing.begin() as session:
        done = import_roster(session, file, house.directory)
    repeated = f" {done.repeated} lines were about somebody listed before." if done.repeated else ""
    print_line(f"{done.people} people in {done.groups} groups of roles and place.{repeated}")


@people.command()
def count(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:  # noqa: FBT002 - a flag
    """Show how many have each role at each place, and whose work each touchpoint is."""
    house = app.build(settings.load())
    with closing(house.database), house.database.reading() as session:
        found = headcounts(session, house.directory)
    map_ = house.touchpoints.map
    work = {one.id: found.at_touchpoint(map_, one.id) for one in map_.ex.values()}
    tools = {one.id: found.with_tool(map_, one.id) for one in map_.tools.values()}
    if as_json:
        roles = [{"role": role, "place": place, "people": n} for (role, place), n in _listed(found)]
        print_json({"imported": found.imported, "total": found.total, "roles": roles, "work": work, "tools": tools})
        return
    source = "the imported roster" if found.imported else "config/people.yaml"
    print_line(f"{found.total} people, from {source}. Who has two roles is in both lines, and once in each sum.")
    for (role, place), number in _listed(found):
        print_line(f"  {number}  {role} · {house.directory.places.get(place, place) or 'no place'}")
    for title, counts in (("WORK", work), ("TOOLS", tools)):
        print_line(title)
        for id_, number in counts.items():
            print_line(f"  {number}  {map_.name_of(id_)} · {id_}")


def _listed(found: Headcounts) -> list[tuple[tuple[str, str], int]]:
    return sorted(found.by_role_and_place().items())
