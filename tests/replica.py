"""A replica as a process of its own, without Slack and without knowledge: it works on events and delivers messages.

Arguments: its name, the database, a folder, the seconds of a lease, the seconds of work an event takes. Each event
owes one message; each message delivered is a line `conversation text` added to the file `delivered` of the folder.
"""

import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import inbox, outbox
from bot.database import open_database
from bot.handlers.border import Border, guarded
from bot.inbox import Accepted
from bot.jobs import InboxWork, OutboxWork, Pool
from bot.leases import Hands
from bot.outbox import Destination, Owed


def main(name: str, url: str, folder: str, lease: str, work_seconds: str) -> None:
    database = open_database(url)
    length = timedelta(seconds=float(lease))
    note = threading.Lock()

    def write(file: str, line: str) -> None:
        with note, (Path(folder) / file).open("a", encoding="utf-8") as opened:
            opened.write(f"{line}\n")

    def answer(event: Accepted) -> None:
        write(f"began-{name}", event.value["text"])
        time.sleep(float(work_seconds))
        with database.writing.begin() as session:
            key, to = f"answer:{event.id}", Destination(event.conversation)
            outbox.owe(session, key=key, kind="words", to=to, value=event.value, now=datetime.now(UTC))
            inbox.finish(session, event)

    def deliver(owed: Owed) -> None:
        write("delivered", f"{owed.destination.channel} {owed.value['text']}")
        with database.writing.begin() as session:
            outbox.sent(session, owed.id, ts="1.1")

    courier = OutboxWork(database, deliver, Hands(name, lease=length))
    couriers = Pool("courier", guarded(courier, wait=0.1), size=2)
    border = Border(database, {"question": answer}, wake=couriers.wake)
    workers = Pool("worker", guarded(InboxWork(database, border, Hands(name, lease=length)), wait=0.1), size=3)
    for pool in (couriers, workers):
        pool.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()  # until whoever started it lets go
    for pool in (workers, couriers):
        pool.stop()
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
