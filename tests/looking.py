"""Looks at customers as fast as it can: the row of the audit and what is owed in one transaction. Until it is killed.

Arguments: the database, a name, how many looks at most. Prints a line when it has begun.
"""

import sys
from datetime import UTC, datetime

from bot import audit, outbox
from bot.audit import Purpose, View
from bot.database import open_database
from bot.outbox import Destination


def main(url: str, name: str, most: str) -> None:
    database = open_database(url)
    for number in range(int(most)):
        now, key = datetime.now(UTC), f"{name}:{number}"
        with database.writing.begin() as session:
            audit.record(session, View(name, f"{number:032x}", Purpose.CARD, ("name",), reference=key), now=now)
            outbox.owe(session, key=key, kind="words", to=Destination("C"), value={"text": key}, now=now)
        if not number:
            sys.stdout.write("begun\n")
            sys.stdout.flush()
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
