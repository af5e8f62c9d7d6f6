"""A replica that dies between what it writes and its commit, while it looks at tickets whose time is over.

Arguments: the database, the time that its clock shows.
"""

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime

from bot.database import open_database
from bot.friction.telling import Late, Teller
from bot.handlers.friction.watch import Watch
from sqlalchemy.orm import Session

from friction.clocked import Leads, Office
from friction.desk import teller


class Dying(Teller):
    def late(self, session: Session, lead: str, broken: Sequence[Late], *, now: datetime) -> None:
        super().late(session, lead, broken, now=now)
        session.flush()
        os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, when: str) -> None:
    database = open_database(url)
    dying = Dying(**{each.name: getattr(teller(), each.name) for each in fields(Teller)})
    desk = replace(Office(database).desk, teller=dying)
    Watch(database, desk, Leads("U0RUTH"), clock=lambda: datetime.fromisoformat(when))()  # type: ignore[arg-type]


if __name__ == "__main__":
    main(*sys.argv[1:])
