"""A bot that is killed again and again while Slack lies to it loses nothing and answers nothing twice."""

import random
from pathlib import Path

from bot.database import Database

from lives import World
from thorough import cases

KILLS = cases(15, thoroughly=30)


def test_kills_lose_nothing_and_answer_nothing_twice(database: Database, tmp_path: Path) -> None:
    count = World(database, tmp_path, random.Random(30)).run(kills=KILLS, events=4 * KILLS)
    print(f"\n{count}")  # noqa: T201 - the figures
    assert (count.lost, count.answered_twice, count.out_of_order, count.dead) == (0, 0, 0, 0)
    assert count.posted_again <= count.ambiguous + count.kills
    assert count.ambiguous > 0
