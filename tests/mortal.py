"""A bot without knowledge that is born quickly: everything is imported once, and each life is a fork of that.

Arguments: the database, the address of Slack, a socket. For each line of input one life begins, and its process number
is printed. A life takes events from the socket, a JSON object a line, and writes back the key of each it accepted.
"""

import json
import os
import signal
import socket
import sys
from datetime import UTC, datetime
from typing import Any

from bot import inbox, outbox
from bot.database import Database, open_database
from bot.handlers import blocks
from bot.handlers.border import Border, guarded
from bot.handlers.delivery import Delivery
from bot.handlers.optional_calls import OptionalCalls
from bot.inbox import Accepted
from bot.jobs import COURIERS, WORKERS, InboxWork, LeaseKeeping, OutboxWork, Pool
from bot.leases import Hands
from bot.outbox import Destination
from slack_sdk import WebClient

from strict_slack import TOKEN

REPLICA = "the only one"


def main(url: str, slack: str, address: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            live(url, slack, address)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def live(url: str, slack: str, address: str) -> None:
    database = open_database(url)
    client = WebClient(token=TOKEN, base_url=slack, timeout=2, retry_handlers=[])
    events, messages = Hands(REPLICA), Hands(REPLICA)

    def answer(event: Accepted) -> None:
        with database.writing.begin() as session:
            now, to = datetime.now(UTC), Destination(event.value["channel"], thread=event.value["thread"])
            outbox.owe(session, key=f"answer:{event.id}", kind=blocks.WORDS, to=to, value=event.value, now=now)
            inbox.finish(session, event)

    delivery = Delivery(database, client, OptionalCalls())
    courier = OutboxWork(database, delivery.deliver, messages)
    couriers = Pool("courier", guarded(courier, wait=0.1), size=COURIERS)
    border = Border(database, {"question": answer}, wake=couriers.wake)
    workers = Pool("worker", guarded(InboxWork(database, border, events), wait=0.1), size=WORKERS)
    keeper = Pool("keeper", guarded(LeaseKeeping(database, events=events, messages=messages), wait=1.0), size=1)
    for pool in (keeper, couriers, workers):
        pool.start()
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        with line.makefile(encoding="utf-8") as events_of_slack:
            for said in events_of_slack:
                event = json.loads(said)
                accept(database, event)
                workers.wake()
                line.sendall(f"{event['text']}\n".encode())


def accept(database: Database, event: dict[str, Any]) -> None:
    conversation = f"{event['channel']}:{event['thread']}"
    with database.writing.begin() as session:
        inbox.accept(
            session,
            key=event["text"],
            kind="question",
            conversation=conversation,
            value=event,
            now=datetime.now(UTC),
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
