"""The command line for treatment tracks: `throughline tracks`."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import typer
from rich.console import Console

from bot import app, settings
from bot.audiences import CUSTOMERS
from bot.conditions import Conditions, phrase
from bot.customers.circumstances import circumstances_of
from bot.customers.sweeping import assign_all
from bot.customers.tracks.assigning import on_track_now
from bot.customers.tracks.effects import FEWEST, Effect, Group, effects
from bot.customers.tracks.rules import Track
from bot.metrics.intervals import Interval
from bot.printing import print_json, print_line
from bot.progress import bars
from bot.retrieval.reindexing import Step

tracks = typer.Typer(
    name="tracks",
    help="Treatment tracks: who is treated how, and whether it helps; docs/tracks.md says how.",
    no_args_is_help=True,
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
# Whoever runs commands on the machine may read its whole database.
_EVERYBODY = frozenset({CUSTOMERS})


@tracks.command(name="list")
def list_tracks(as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """List the tracks in the order in which they come first, and how many customers are on each."""
    with _house() as house, house.database.reading() as session:
        known = house.tracks.read()
        now = on_track_now(session, audiences=_EVERYBODY)
        owners = {track.key: house.owners.name(track.owner) for track in known}
    if as_json:
        print_json([{**track.as_json(), "version": track.version, "on_it": now.get(track.key, 0)} for track in known])
        return
    for track in known:
        print_line(f"{track.key}  {track.name} · {owners[track.key]} · {now.get(track.key, 0)} customers on it")
        print_line(f"   when {_said(track.when)}; {_until(track)}")
        for step in track.do:
            print_line(f"   - {step}")
    if not known:
        print_line("There are no tracks. Write them in tracks.yaml of the knowledge folder; docs/tracks.md says how.")


@tracks.command()
def check() -> None:
    """Check tracks.yaml. Exit code 1 with the line at fault."""
    with _house() as house:
        known = house.tracks.read()
    print_line(f"{len(known)} tracks are sound: {', '.join(track.key for track in known)}." if known else "No tracks.")


@tracks.command()
def assign() -> None:
    """Look at every customer's track anew and write down who comes onto or leaves one; for a timer."""
    now = datetime.now(UTC)
    with _house() as house, bars(_err) as show:
        local = now.astimezone(house.settings.timezone)
        looked, changed = assign_all(
            house.database,
            house.tracks.read(),
            partial(circumstances_of, audiences=_EVERYBODY, now=local, zone=house.settings.timezone),
            audiences=_EVERYBODY,
            now=local,
            progress=lambda what, done, total: show(Step(what, done, total)),
        )
    print_line(f"{looked} customers looked at; the track of {changed} changed.")


@tracks.command()
def report(as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """Say of each track how often it worked, and how often for those who met its conditions and were not shown it."""
    with _house() as house, house.database.reading() as session:
        found = effects(session, house.tracks.read(), audiences=_EVERYBODY, now=datetime.now(UTC))
    if as_json:
        print_json([_as_json(one) for one in found])
        return
    for one in found:
        for line in _told(one):
            print_line(line)
    if not found:
        print_line("There are no tracks to report on. Write them in tracks.yaml of the knowledge folder.")


_err = Console(stderr=True, emoji=False)


@contextmanager
def _house() -> Iterator[app.House]:
    house = app.build(settings.load())
    with closing(house.database):
        yield house


def _said(conditions: Conditions) -> str:
    return " and ".join(map(phrase, conditions))


def _until(track: Track) -> str:
    ends = [f"for {track.days} days"] if track.days is not None else []
    ends += [f"until {_said(track.until)}"] if track.until else []
    return " or ".join(ends) or "as long as that holds"


def _told(one: Effect) -> Iterator[str]:
    outcome = f"{_said(one.track.outcome.conditions)} within {one.track.outcome.days} days"
    versions = f"; {one.versions} versions of the rule counted together" if one.versions > 1 else ""
    yield f"{one.track.key}  {one.track.name}: {outcome}{versions}"
    yield f"   shown {one.exposures} times; steps done {one.did}, could not be done {one.could_not}"
    yield f"   shown it: {_group(one.shown)}"
    yield f"   compared with {one.compared}: {_group(one.others)}"
    if one.difference is None:
        yield f"   Too few to say whether it helps: both groups need {FEWEST} customers whose outcome is known."
    else:
        yield f"   Difference {_points(one.difference)} points (95 percent interval)."


def _group(group: Group) -> str:
    rest = [f"{count} {what}" for count, what in ((group.unknown, "not known"), (group.waiting, "too early")) if count]
    share = group.share
    said = f"{group.worked} of {group.n}" if share else "nobody yet"
    if share and group.n >= FEWEST:
        said += f", {share.value:.0%} ({share.low:.0%} to {share.high:.0%})"
    return "; ".join([said, *rest])


def _points(found: Interval) -> str:
    return f"{100 * found.value:+.0f} ({100 * found.low:+.0f} to {100 * found.high:+.0f})"


def _as_json(one: Effect) -> dict[str, object]:
    return {
        "track": one.track.key,
        "outcome": f"{_said(one.track.outcome.conditions)} within {one.track.outcome.days} days",
        "shown": _group_as_json(one.shown),
        "others": _group_as_json(one.others),
        "compared_with": one.compared,
        "difference": asdict(one.difference) if one.difference else None,
        "too_few": one.difference is None,
        "versions": one.versions,
        "exposures": one.exposures,
        "did": one.did,
        "could_not": one.could_not,
    }


def _group_as_json(group: Group) -> dict[str, object]:
    return {**asdict(group), "share": asdict(group.share) if group.share else None}
