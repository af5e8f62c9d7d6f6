"""Whether a bot can do its work: for whoever sends it requests, and for whoever restarts it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from psycopg import Error as ServerError
from sqlalchemy.exc import SQLAlchemyError

from bot import outbox
from bot.database import Database
from bot.leases import Claim
from bot.retrieval import catalogue

OK = "ok"
# A courier takes what is due at once, and what Slack made it wait for as soon as that is over.
STUCK_AFTER = timedelta(seconds=60)


def examine(database: Database, attended: Sequence[Database], *, now: datetime) -> Mapping[str, str]:
    """How each part is: `OK`, or what is the matter, without anything that is secret.

    `attended`: the database of each workspace for which couriers are at work. What waits for others waits for good.
    """
    try:
        with database.reading() as session:
            indexed = catalogue.live_generation(session) is not None
        # To a claim of a minute ago, whatever is due now and in nobody's hands has been lying for a minute.
        claim = Claim(replica="", now=now - STUCK_AFTER)
        left = any(_due(one, claim) for one in attended)
    except (SQLAlchemyError, ServerError):
        return {"database": "cannot be reached"}
    return {
        "database": OK,
        "knowledge": OK if indexed else "nothing is indexed yet",
        "couriers": f"a message waits for more than {STUCK_AFTER.total_seconds():.0f} s" if left else OK,
    }


def _due(database: Database, claim: Claim) -> bool:
    with database.reading() as session:
        return bool(outbox.due(session, claim, limit=1))
