"""What 200 kills under false answers do to what people who report friction were promised to hear."""

import os
import random
from pathlib import Path

import pytest
from bot.database import Database

from friction.killed import heard_despite_kills

pytestmark = pytest.mark.timeout(1800)

KILLS = int(os.environ.get("KILLS", "200"))


def test_two_hundred_kills_lose_nothing_that_was_promised_and_tell_nothing_twice(
    database: Database, tmp_path: Path
) -> None:
    heard = heard_despite_kills(database, tmp_path, random.Random(), kills=KILLS, groups=KILLS // 5, rounds=25)
    print(f"\n{heard}")  # noqa: T201 - what `make faults` is for
    assert heard.kept, str(heard)
