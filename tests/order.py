"""Which files begin first where several run at a time: those that take longest, so that none is left alone at the end.

By itself pytest-xdist begins with the files that have most tests, and these have few. `--durations` says what to add.
"""

import pytest

LONGEST = (
    "test_silence",
    "test_reindexing",
    "test_embedding",
    "test_permissions",
    "test_delivery",
    "test_golden_commands",
    "test_two_at_once",
    "test_curation",
    "test_search_on_postgresql",
    "test_simulator_page",
    "test_simulator_page_modals",
    "test_several_workspaces",
    "test_golden",
    "test_editorial",
    "test_engines",
    "test_transfer",
    "test_simulator_page_home",
    "test_lives",
    "test_discretion",
    "test_customer_permissions",
    "test_library",
    "test_mangled",
    "test_wheel",
)


@pytest.hookimpl(trylast=True)  # after the tests were shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))
