"""A company of reporters and owners whose bot is killed again and again."""

import random
from pathlib import Path

from bot.database import Database
from bot.friction.tables import TicketRow
from bot.friction.telling_tables import CardRow, NewsRow
from sqlalchemy import func, select

from friction.desk import SEALER
from friction.heard import Heard, compared
from friction.mortal_desk import choose_habits, pass_a_day
from friction.script import Script, people_of
from lives import LIES as BAD_DAY
from lives import World
from strict_slack import Lie

# Whoever is asked to wait a second waits, and nothing else is learned by it.
LIES = {**BAD_DAY, Lie.LIMITED: 0.01}
PROGRAM = Path(__file__).parent / "mortal_desk.py"


def heard_despite_kills(
    database: Database, folder: Path, dice: random.Random, *, kills: int, groups: int, rounds: int
) -> Heard:
    """What the people of so many groups heard, in each of which so many things happened."""
    script = Script(dice, SEALER, groups=groups, rounds=rounds)
    with database.writing.begin() as session:
        choose_habits(session, {person for group in range(groups) for person in people_of(group)})

    def over() -> bool:
        with database.writing.begin() as session:
            cards = session.scalar(select(func.count()).select_from(CardRow)) or 0
            gathered = session.scalar(select(func.count()).select_from(NewsRow)) or 0
            if gathered:
                pass_a_day(session)
        return not gathered and cards >= len(script.tickets)

    world = World(database, folder, dice, program=PROGRAM, over=over, ahead=rounds, lies=LIES)
    lived = world.live(script.acts, kills=kills)
    with database.reading() as session:
        names = {row.id: row.title for row in session.scalars(select(TicketRow))}
    return compared(script, lived, names)
