"""`throughline pages`, `pages link` and `digest`, as somebody types them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot import app, settings
from bot.friction.sealing import Sealer
from bot.visits import whereabouts
from sqlalchemy.orm import Session

from commands import Command
from friction import weeks


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def store(folder: Path) -> Iterator[Session]:
    configured = settings.load({"DATA_DIR": str(folder / "var")}, folder=folder)
    database = app.open_store(configured)
    with database.writing.begin() as session:
        yield session
    database.close()


def test_a_link_is_printed_for_whoever_may_read_the_page_while_it_is_served(folder: Path, command: Command) -> None:
    (folder / "var").mkdir()
    nowhere = command("pages", "link", "--as", "Ruth")
    assert (nowhere.code, "throughline pages" in nowhere.err) == (1, True)
    whereabouts.note(folder / "var", "http://127.0.0.1:8023")
    ended = command("pages", "link", "--as", "Ruth")
    assert ended.out.startswith("http://127.0.0.1:8023/enter/")
    for nobody in ("nobody@tidewater.example", "somebody@fieldpro.example"):
        assert command("pages", "link", "--as", nobody).code == 1


def test_the_last_week_is_printed_and_its_picture_written(folder: Path, command: Command, store: Session) -> None:
    now = datetime.now(UTC)
    weeks.furnish(store, Sealer.of("", folder / "var"), now=now)
    store.commit()
    ended = command("digest", "--png", "week.png", "--since", f"{now:%Y-%m-%d}")
    assert ended.out.startswith("Week ")
    assert "What costs most now:" in ended.out
    assert (folder / "week.png").read_bytes().startswith(b"\x89PNG")


def test_a_week_in_which_nothing_happened_says_how_reports_come(command: Command) -> None:
    assert "`/friction` and a few words reports" in command("digest").out
    assert command("digest", "--since", "monday").code == 2
