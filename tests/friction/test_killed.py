"""A bot that is killed while people report and tickets move: what was promised is heard, once, and in order."""

import random
from pathlib import Path

from bot.database import Database

from friction.killed import heard_despite_kills


def test_ten_kills_lose_nothing_that_was_promised_and_tell_nothing_twice(database: Database, tmp_path: Path) -> None:
    heard = heard_despite_kills(database, tmp_path, random.Random(10), kills=10, groups=6, rounds=9)
    print(f"\n{heard}")  # noqa: T201 - the figures
    assert heard.kept, str(heard)
