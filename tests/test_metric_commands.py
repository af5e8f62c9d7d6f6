"""`throughline metrics`, as somebody types it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot import app, settings
from bot.errors import SettingsError
from bot.experience.costs_file import load_rates
from bot.experience.world import Rates
from bot.friction.sealing import Sealer
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


def test_every_metric_is_printed_with_n_and_nothing_is_zero_for_want_of_data(folder: Path, command: Command) -> None:
    told = command("metrics").out
    assert "hours lost" in told
    assert "not enough data" in told
    assert "0.0" not in told


def test_numbers_of_a_tool_are_the_same_in_words_and_json(store: Session, folder: Path, command: Command) -> None:
    weeks.furnish(store, Sealer.of("", folder / "var"), now=datetime.now(UTC))
    store.commit()
    (told,) = json.loads(command("metrics", "--by", "tool", "--only", "orion", "--json").out)
    (hours,) = (one for one in told["metrics"] if one["name"] == "hours lost")
    assert (told["by"], told["id"], hours["number"], hours["unit"]) == ("tool", "orion", 1, "h/week")
    words = command("metrics", "--by", "tool", "--only", "orion").out
    assert f" {hours['value']:g} h/week   n = {hours['n']} people at least" in words
    assert "Person " not in words


def test_what_is_not_there_is_said_with_what_there_is(folder: Path, command: Command) -> None:
    ended = command("metrics", "--by", "tool", "--only", "typewriter")
    assert ended.code == 1
    assert "orion" in ended.err
    assert command("metrics", "--only", "orion").code == 2
    assert command("metrics", "--weeks", "0").code == 2


def test_costs_are_read_and_each_fault_has_its_line(tmp_path: Path) -> None:
    file = tmp_path / "costs.yaml"
    assert load_rates(file) == Rates()
    file.write_text("annual_employee_cost: 52000\nbusiness_year_hours: 2080\ncost_per_contact: 6.50\n")
    assert load_rates(file) == Rates(25.0, 6.5)
    for text, line, said in (
        ("annual_employee_cost: 52000\n", 1, "write annual_employee_cost and business_year_hours"),
        ("cost_per_contact: 6\nwages: 7\n", 2, "`wages` says nothing here"),
        ("cost_per_contact: nothing\n", 1, "no amount"),
        ("cost_per_contact: .nan\n", 1, "no amount"),
    ):
        file.write_text(text)
        with pytest.raises(SettingsError, match=said) as fault:
            load_rates(file)
        assert f"line {line}:" in str(fault.value)
