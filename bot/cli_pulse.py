"""The command line for what people answered to one-tap questions: `throughline pulse`."""

from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import app, pulse_wording, settings
from bot.printing import print_json, print_line
from bot.pulses.sums import sums


def pulse(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Print how easy people find their tools, and eNPS: months and quarters that are over, never of fewer than five."""
    house = app.build(settings.load())
    with closing(house.database):
        with house.database.reading() as session:
            found = sums(session, now=datetime.now(UTC))
        if as_json:
            print_json({"pulses": [asdict(one) for one in found]})
            return
        named = {one.tool: house.touchpoints.map.name_of(one.tool) for one in found if one.tool}
        for line in pulse_wording.lines(found, named=named):
            print_line(line)
        if not found:
            print_line(pulse_wording.NOTHING if house.settings.pulse else pulse_wording.NOBODY_IS_ASKED)
