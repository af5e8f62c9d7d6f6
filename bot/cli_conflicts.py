"""`throughline knowledge conflicts`: the pages that disagree, with both sentences and whom to ask."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from bot import app, settings, wording
from bot.people import Owners
from bot.retrieval.conflicts import Conflict

out = Console(emoji=False)


def conflicts(
    owner: Annotated[str, typer.Option(help="Only what this team answers for: its key in config/owners.yaml.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """List the pages that disagree about a number, a period, a yes or no, or who decides."""
    house = app.build(settings.load())
    found = house.library.conflicts(owner=owner)
    if as_json:
        rows = [asdict(conflict) for conflict in found]
        print(json.dumps({"conflicts": rows}, default=str, ensure_ascii=False))  # noqa: T201 - exactly this, with nothing folded
    elif not found:
        out.print("No two pages are known to disagree.")
    else:
        show(found, owners=house.owners, to=out)
    house.database.close()


def show(found: Sequence[Conflict], *, owners: Owners, to: Console) -> None:
    """Print conflicts, each with both sentences, where they stand, and whom to ask."""
    for conflict in found:
        for line in wording.conflict(conflict, [owners.name(side.owner) for side in (conflict.first, conflict.second)]):
            to.print(line, soft_wrap=True, highlight=False, markup=False)
