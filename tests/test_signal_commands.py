"""`throughline signals`, as somebody types it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import app, settings

from commands import Command
from noticing.planted_company import TODAY, Company, when


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_where_nothing_is_it_says_of_what_and_what_to_do(command: Command) -> None:
    told = command("signals").out
    told_of = [line for line in told.splitlines() if line and line[0].islower()]
    assert told_of
    assert all(line.startswith("gap (") for line in told_of)
    assert "shared issue: no contact was routed yet" in told
    assert "throughline customers import" in told
    assert command("signals", "--weeks", "0").code == 2
    assert command("signals", "--kind", "weather").code == 2


def test_a_fix_is_told_in_words_with_n_and_in_json_with_its_tickets(folder: Path, command: Command) -> None:
    weeks = (datetime.now(UTC).date() - TODAY.date()) // timedelta(weeks=1)

    def at(back: int) -> datetime:
        return when(back - weeks)

    database = app.open_store(settings.load({"DATA_DIR": str(folder / "var")}, folder=folder))
    with database.writing.begin() as session:
        company = Company(session)
        theme = company.theme("Till hangs")
        for back in range(12):
            company.ticket(None, "ex.store.product_availability", at(back), people=6)
            for _ in range(3 if back > 5 else 0):
                company.resolved(company.ticket(theme, "ex.store.checkout", at(back), resolved=at(5)), at(5))
    database.close()
    told = command("signals", "--weeks", "13", "--kind", "effect of a fix").out
    assert (
        "effect of a fix (fell): “Till hangs” fell after 18 tickets of Selling at the register were resolved on" in told
    )
    assert "before 90, n = " in told
    found = json.loads(command("signals", "--weeks", "13", "--kind", "effect of a fix", "--json").out)
    (signal,) = found["signals"]
    assert (signal["where"], len(signal["evidence"][0]["ids"])) == ([f"theme:{theme}", "ex.store.checkout"], 18)
