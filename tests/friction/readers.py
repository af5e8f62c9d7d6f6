"""What reads reports in tests of friction: the real model, with the small map of `maps`."""

from pathlib import Path

import pytest
from bot.friction.desk import Reader
from bot.friction.intake import Intake
from bot.retrieval.embedding import Embedder
from bot.touchpoints import load_map

import maps

OWNERS = """\
shops: { name: Shops, channel: "#shops", people: [maya@tidewater.example] }
billing-it: { name: Billing IT, channel: "#billing-it", people: [] }
care: { name: Customer care, channel: "#care", people: [] }
"""


@pytest.fixture(scope="session")
def reader(encoder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder = tmp_path_factory.mktemp("map")
    file = maps.written(folder)
    map_ = load_map(file, teams=maps.TEAMS, roles=maps.ROLES, tracks=maps.TRACKS, pages=folder)
    intake = Intake(map_, encoder.encode, model=encoder.identity, known=[], places={})
    return Reader(lambda: map_, lambda _map: intake)


@pytest.fixture
def small_company(tmp_path: Path) -> Path:
    """A folder with settings and the small map, to run commands in."""
    pages, config = tmp_path / "knowledge", tmp_path / "config"
    pages.mkdir()
    config.mkdir()
    (config / "owners.yaml").write_text(OWNERS)
    (config / "people.yaml").write_text("roles: { shop: Serves customers, phone: Answers calls }\nroster: []\n")
    maps.written(pages, maps.MAP.replace("    treatment_track: third-contact\n", ""))
    return tmp_path
