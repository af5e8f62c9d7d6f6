"""`throughline pulse` prints what may be told, and says why there is nothing; `PULSE` is weekly or off."""

import json
from datetime import date
from pathlib import Path

import pytest
from bot.database import open_database
from bot.errors import SettingsError
from bot.pulses.tables import AnswerRow
from bot.settings import load

from commands import Command
from new_tables import new_file

pytest_plugins = ["commands"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "throughline.db").write_bytes(new_file())
    return tmp_path


def keep(folder: Path, question: str, tool: str, scores: list[int], monday: date) -> None:
    database = open_database(f"sqlite:///{folder / 'throughline.db'}")
    with database.writing.begin() as session:
        session.add_all(
            AnswerRow(
                mark=f"{question}{tool}{monday}{number}",
                question=question,
                tool=tool,
                score=score,
                role="",
                place="",
                monday=monday,
            )
            for number, score in enumerate(scores)
        )
    database.close()


def test_it_prints_means_shares_and_enps_with_their_n_and_nothing_of_few(command: Command, folder: Path) -> None:
    keep(folder, "ease", "orion", [1, 2, 5, 6, 7], date(2025, 10, 6))
    keep(folder, "ease", "orion", [1, 2], date(2025, 11, 3))
    keep(folder, "enps", "", [10, 9, 3, 7, 8], date(2025, 11, 3))
    said = command("pulse", DATA_DIR=str(folder))
    assert said.code == 0
    assert said.out.splitlines() == [
        "Easy to work with: Orion",
        "  2025-Q4: not enough data",
        "  2025-11: not enough data",
        "  2025-10: mean 4.2 of 7, 60% say 5 to 7 (n 5)",
        "Would recommend working here",
        "  2025-Q4: eNPS +20, mean 7.4 of 10 (n 5)",
        "  2025-11: eNPS +20, mean 7.4 of 10 (n 5)",
    ]
    found = json.loads(command("pulse", "--json", DATA_DIR=str(folder)).out)["pulses"]
    assert [one["answers"] for one in found] == [None, None, 5, 5, 5]


def test_where_there_is_nothing_it_says_why(command: Command, folder: Path) -> None:
    assert "`PULSE` is off" in command("pulse", DATA_DIR=str(folder)).out
    assert "Nothing to show yet" in command("pulse", DATA_DIR=str(folder), PULSE="weekly").out


def test_pulse_is_weekly_or_off(tmp_path: Path) -> None:
    assert [load({"PULSE": given}, folder=tmp_path).pulse for given in ("weekly", "Off")] == [True, False]
    assert not load({}, folder=tmp_path).pulse
    with pytest.raises(SettingsError, match="PULSE is 'daily'; write weekly"):
        load({"PULSE": "daily"}, folder=tmp_path)
