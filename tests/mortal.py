"""A bot without knowledge that is born quickly: everything is imported once, and each life is a fork of that.

Arguments: the database, the address of Slack, a socket. For each line of input one life begins, and its process number
is printed. A life takes events from the socket, a JSON object a line, and writes back the key of each it accepted.
Told to `die_after` so many commits, it ends with the last of them.
"""

import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from bot import inbox, outbox
from bot.database import Database, open_database
from bot.handlers import blocks
from bot.handlers.border import Border, guarded
from bot.handlers.optional_calls import OptionalCalls
from bot.handlers.posting.delivery import Delivery
from bot.handlers.surfaces import Work
from bot.inbox import Accepted
from bot.jobs import COURIERS, WORKERS, InboxWork, LeaseKeeping, OutboxWork, Pool
from bot.leases import Hands
from bot.outbox import Destination
from slack_sdk import WebClient
from sqlalchemy import event as sql_event
from sqlalchemy.orm import Session

from strict_slack import TOKEN

REPLICA = "the only one"


@dataclass(frozen=True)
class Trade:
    """What a bot does: with events by their kinds, and by itself; `opened` is whom something sealed is for."""

    work: Mapping[str, Work]
    steps: Sequence[Callable[[], float | None]] = ()
    opened: Callable[[str], str] = field(default=lambda _sealed: "")


def main(
    url: str, slack: str, address: str, *, learn: "Callable[[Database], Trade] | None" = None, workspace: str = ""
) -> None:
    """In a workspace, or in none."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            database = open_database(url)
            live(database.of(workspace) if workspace else database, slack, address, learn or answering)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def answering(database: Database) -> Trade:
    """Each event is answered in its thread, with what it says."""

    def answer(event: Accepted) -> None:
        with database.writing.begin() as session:
            now, to = datetime.now(UTC), Destination(event.value["channel"], thread=event.value["thread"])
            outbox.owe(session, key=f"answer:{event.id}", kind=blocks.WORDS, to=to, value=event.value, now=now)
            inbox.finish(session, event)

    return Trade({"question": answer})


def live(database: Database, slack: str, address: str, learn: Callable[[Database], Trade]) -> None:
    client = WebClient(token=TOKEN, base_url=slack, timeout=2, retry_handlers=[])
    events, messages = Hands(REPLICA), Hands(REPLICA)
    trade = learn(database)
    delivery = Delivery(database, client, OptionalCalls(), opened=trade.opened)
    courier = OutboxWork(database, delivery.deliver, messages)
    couriers = Pool("courier", guarded(courier, wait=0.1), size=COURIERS)
    border = Border(database, trade.work, wake=couriers.wake)
    workers = Pool("worker", guarded(InboxWork(database, border, events), wait=0.1), size=WORKERS)
    keeper = Pool("keeper", guarded(LeaseKeeping(database, events=events, messages=messages), wait=1.0), size=1)
    own = [Pool(f"step-{number}", guarded(step, wait=0.1), size=1) for number, step in enumerate(trade.steps)]
    for pool in (keeper, couriers, workers, *own):
        pool.start()
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        with line.makefile(encoding="utf-8") as events_of_slack:
            for said in events_of_slack:
                event = json.loads(said)
                if "die_after" in event:
                    die_after(event["die_after"])
                    continue
                accept(database, event)
                workers.wake()
                line.sendall(f"{event['text']}\n".encode())


def die_after(commits: int) -> None:
    """What is committed then is all there is: nothing that would have come after it is done."""
    made = count(1)

    def committed(_session: Session) -> None:
        if next(made) >= commits:
            os.kill(os.getpid(), signal.SIGKILL)

    sql_event.listen(Session, "after_commit", committed)


def accept(database: Database, event: dict[str, Any]) -> None:
    conversation = f"{event['channel']}:{event['thread']}"
    with database.writing.begin() as session:
        inbox.accept(
            session,
            key=event["text"],
            kind=event.get("kind", "question"),
            conversation=conversation,
            value=event,
            now=datetime.now(UTC),
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
