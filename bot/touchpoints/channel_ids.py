"""The channels that a company has put on its map, for whoever takes contacts in."""

from pathlib import Path

from bot.touchpoints.faults import Faults
from bot.touchpoints.loading import FILE, MAX_BYTES
from bot.touchpoints.reading import Company, Reading
from bot.touchpoints.references import References
from bot.yaml_lines import composed


def channels_in(folder: Path) -> frozenset[str]:
    """Ids of `channels:` of the map in the folder of the knowledge; none where there is no map.

    A fault elsewhere on the map keeps no contact out: a reindex and the doctor tell of it. Raises `SettingsError` for
    what is no YAML.
    """
    node = composed(folder / FILE, at_most=MAX_BYTES)
    if node is None or not node.value:
        return frozenset()
    faults = Faults()
    reading = Reading(node, Company(), faults=faults, references=References(faults))
    return frozenset(one.id for one in reading.channels() if one.id)
