"""Which files begin first where several run at a time: those that take longest, so that none is left alone at the end.

By itself pytest-xdist begins with the files that have most tests, and these have few. `--durations` says what to add.
"""

import pytest

LONGEST = (
    "test_permissions",
    "test_reindexing",
    "test_embedding",
    "test_two_at_once",
    "test_disagreement",
    "test_golden_commands",
    "test_engines",
    "test_search_on_postgresql",
    "test_mangled",
    "test_several_workspaces",
    "test_lives",
    "test_library",
    "test_wheel",
    "test_transfer",
)


@pytest.hookimpl(trylast=True)  # after the tests were shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))
