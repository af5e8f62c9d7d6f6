"""What stands beside the pages of the knowledge folder, looked at by the doctor: tracks, and the touchpoint map."""

from collections.abc import Iterator

from bot.customers.tracks import rules
from bot.findings import Finding
from bot.people import load_directory, load_owners
from bot.settings import Settings
from bot.touchpoints import FILE, MapFaulty, load_map, telling
from bot.touchpoints.goals import FILE as GOALS
from bot.touchpoints.goals import load_goals


def tracks(configured: Settings) -> Iterator[Finding]:
    """Raises `SettingsError` for a fault in them."""
    teams = load_owners(configured.config / "owners.yaml").teams
    if found := rules.load_tracks(configured.knowledge / rules.FILE, teams=teams):
        yield Finding("ok", f"Tracks: {len(found)} in {rules.FILE}")


def touchpoints(configured: Settings) -> Iterator[Finding]:
    """Raises `SettingsError` for what is no YAML."""
    folder = configured.knowledge
    teams = load_owners(configured.config / "owners.yaml").teams
    roles = load_directory(configured.config / "people.yaml").roles
    tracks = rules.keys_in(folder / rules.FILE, teams=teams)
    try:
        found = load_map(folder / FILE, teams=teams, roles=roles, tracks=tracks, pages=folder)
    except MapFaulty as faulty:
        yield from (Finding("fault", "Touchpoint map", told) for told in faulty.told)
        return
    if found:
        try:
            wanted = load_goals(folder / GOALS, found, teams=teams)
        except MapFaulty as faulty:
            yield from (Finding("fault", "Goals", told) for told in faulty.told)
        else:
            yield from [Finding("ok", f"Goals: {len(wanted)} in {GOALS}")] if wanted else []
        yield Finding("ok", f"Touchpoint map: {telling.counted(found).rstrip('.')}")
    else:
        yield Finding("warning", "There is no touchpoint map", f"Write {folder / FILE}; docs/touchpoints.md says how.")
