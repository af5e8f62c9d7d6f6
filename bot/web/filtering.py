"""The filters of the list: from the address, to the address, and what there is to choose."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from bot import friction_wording
from bot.experience.finding import ALL, NONE, OPEN_ONES, OVER, UNOWNED, Wanted
from bot.friction.kinds import Kind, RootCause, Severity
from bot.friction.moves import State
from bot.friction.ranking import Shortlist
from bot.web.site import Site

_THEME = re.compile("[1-9][0-9]{0,8}")
# Nobody reads more on one page; the rest is in the export, or behind a filter.
MOST_SHOWN = 100

_SEVERITIES = {
    Severity.S1: "S1, work stopped",
    Severity.S2: "S2, customers affected",
    Severity.S3: "S3, slows work",
    Severity.S4: "S4, irritates",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A select of the form: its field, its label, and values with what they are called."""

    field: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str


def wanted(asked: Mapping[str, str]) -> Wanted:
    """What an address asks for; what it does not say, or says of no known kind, does not matter."""
    said = {field.name: asked.get(field.name, "").strip()[:80] for field in fields(Wanted)}
    known = {OPEN_ONES, OVER, ALL, *State}
    said["state"] = said["state"] if said["state"] in known else OPEN_ONES
    said["kind"] = said["kind"] if said["kind"] in set(Kind) else ""
    said["severity"] = said["severity"] if said["severity"] in set(Severity) else ""
    said["theme"] = said["theme"] if said["theme"] == NONE or theme_number(said["theme"]) else ""
    said["cause"] = said["cause"] if said["cause"] in {NONE, *RootCause} else ""
    return Wanted(**said)


def theme_number(written: str) -> int | None:
    """The number of a theme as an address has it; None for anything else."""
    return int(written) if _THEME.fullmatch(written) else None


def address(one: Wanted, path: str = "/tickets") -> str:
    """Where this list is: with nothing in it that does not matter."""
    parts = one.parts()
    return f"{path}?{urlencode(parts)}" if parts else path


def choices(site: Site, one: Wanted, places: Iterable[str], themes: Mapping[str, str]) -> list[Choice]:
    """With what is chosen among the options even where nothing is called like that any more."""
    map_ = site.map()
    kinds = [(kind.value, friction_wording.KINDS[kind]) for kind in Kind]
    states = [(state.value, friction_wording.state(state)) for state in State]
    nobody = [(UNOWNED, "Nobody for a working day"), (NONE, "Nobody")]
    teams = nobody + [(key, team.name) for key, team in site.owners.teams.items()]
    fields_of = (
        (
            "tool",
            "Tool",
            "All tools",
            [(NONE, "No tool named"), *((tool.id, tool.name) for tool in map_.tools.values())],
        ),
        (
            "touchpoint",
            "Touchpoint",
            "All touchpoints",
            [(NONE, "No touchpoint named"), *((ex.id, ex.name) for ex in map_.ex.values())],
        ),
        ("team", "Owner", "All owners", teams),
        ("kind", "Kind", "All kinds", kinds),
        ("severity", "Severity", "All severities", list(_SEVERITIES.items())),
        ("place", "Place", "All places", [(place, site.places.get(place, place)) for place in sorted(places)]),
        ("theme", "Theme", "All themes", [(NONE, "Of no theme yet"), *themes.items()]),
        (
            "cause",
            "Root cause",
            "All root causes",
            [(NONE, "No cause given"), *((one.value, told) for one, told in friction_wording.CAUSES.items())],
        ),
    )
    found = [Choice("state", "State", [(OPEN_ONES, "Open"), (OVER, "Over"), (ALL, "Open or over"), *states], one.state)]
    for name, label, all_, options in fields_of:
        chosen = str(getattr(one, name))
        missing = [(chosen, chosen)] if chosen and chosen not in dict(options) else []
        found.append(Choice(name, label, [("", all_), *options, *missing], chosen))
    return found


def listed(site: Site, one: Wanted, found: Shortlist) -> dict[str, object]:
    """What the template of the list needs."""
    map_ = site.map()
    return {
        "tickets": found.first,
        "count": found.total,
        "wanted": one,
        "unowned": one.parts() == {"team": UNOWNED},
        "export": address(one, "/tickets.csv"),
        "name_of": map_.name_of,
        "owner_of": site.owners.name,
        "weight": friction_wording.weight,
        "zone": site.zone,
    }
