"""What holds for every test of the suite: no secret and no planted personal datum comes into any log."""

import logging
from collections.abc import Iterator

import pytest

from logtap import TAP

# Told in full; all others as in production, from their warnings on. What the tests' own clients tell is theirs.
LOUD = ("bot", "slack_bolt", "slack_sdk", "alembic")


@pytest.fixture(scope="session", autouse=True)
def _tapped() -> Iterator[None]:
    root = logging.getLogger()
    root.addHandler(TAP)
    levels = {name: logging.getLogger(name).level for name in LOUD}
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    root.removeHandler(TAP)


@pytest.fixture(autouse=True)
def _no_secret_in_any_log() -> Iterator[None]:
    """Fails the test after which something stands in a log that must not."""
    yield
    leaks, TAP.leaks = TAP.leaks, []
    assert not leaks, "a log holds what must stand in none:\n" + "\n".join(leaks)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(
        f"{TAP.read} log records read, in {TAP.found} of them a token, the signing secret or a planted personal datum"
    )
