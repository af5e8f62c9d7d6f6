"""The command line for friction to take elsewhere: `throughline friction export`."""

from typing import Annotated, Any

import typer

from bot import app
from bot.cli_friction_desk import EMPLOYEES, house
from bot.csv_cells import csv_of
from bot.friction import export, groups
from bot.friction.groups import By, Group
from bot.printing import print_json


def export_friction(
    as_csv: Annotated[bool, typer.Option("--csv/--json", help="How it is written.")] = True,  # noqa: FBT002 - a flag
    by: Annotated[By | None, typer.Option(help="Sums of what is open, in place of tickets.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also tickets that are over.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Print tickets, or sums by one field; nobody who reported is named, few are not counted."""
    if by and everything:
        raise typer.BadParameter("--all goes with tickets; sums are of what is open. Leave one of the two out.")
    with house() as at, at.database.reading() as session:
        if by is None:
            columns: tuple[str, ...] = export.COLUMNS
            rows = export.ticket_rows(session, everything=everything, audiences=EMPLOYEES)
        else:
            columns = (by, "name", "tickets", "counted", "people_at_least", "hours_a_week")
            rows = [_row(one, by, _name(at, by, one.id)) for one in groups.groups(session, by, audiences=EMPLOYEES)]
    if as_csv:
        print(csv_of(columns, rows), end="")  # noqa: T201 - exactly this, for a file
    else:
        print_json(rows)


def _row(one: Group, by: By, name: str) -> dict[str, Any]:
    told = {
        "tickets": one.tickets,
        "counted": len(one.counted),
        "people_at_least": one.people,
        "hours_a_week": one.hours,
    }
    return {by.value: one.id, "name": name, **told}


def _name(at: app.House, by: By, id_: str) -> str:
    if not id_:
        return "not said"
    if by is By.KIND:
        return id_.replace("_", " ")
    return at.directory.places.get(id_, id_) if by is By.PLACE else at.touchpoints.map.name_of(id_)
