"""An office at work: fifty people who each ask a question every ten seconds, in ten channels, for two minutes.

    .venv/bin/python tests/benchmarks/office_load.py [SECONDS]

The bot, the local workspace and the people share this machine. First a hundred questions are asked one at a time, for
the acks of an idle bot. Prints acks and answers with their percentiles, what was not delivered, and what came in
another order than it was asked within its thread.
"""

import asyncio
import csv
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from bot import app, inbox, outbox, running, settings
from bot.app import House
from bot.retrieval.scoring import percentile
from bot.simulator import LocalSlack, Workspace
from bot.simulator.channels import Channel, Kind
from bot.simulator.deliveries import Connection, Deliveries
from bot.simulator.events import Envelope
from bot.simulator.people import Person
from bot.simulator.seed import THROUGHLINE, TIDEWATER, Seed, tidewater
from bot.slack_settings import SlackTokens
from sqlalchemy import func, select

PROJECT = Path(__file__).parent.parent.parent
PEOPLE, CHANNELS = 50, 10
EVERY_SECONDS = 10.0
# A thread has so many questions before its asker opens another.
IN_A_THREAD = 3
IDLE_QUESTIONS = 100
PATIENCE_SECONDS = 300.0


def main(seconds: float) -> None:
    with ExitStack() as closing:
        folder = closing.enter_context(tempfile.TemporaryDirectory())
        house = app.build(settings.load({"DATA_DIR": folder}, folder=PROJECT))
        closing.callback(house.database.close)
        house.reindex(PROJECT / "knowledge")
        house.library.warm_up()
        slack = LocalSlack(Workspace(_office()), port=0).start()
        closing.callback(slack.stop)
        tokens = SlackTokens(slack.bot_token, slack.app_token)
        bot = running.RunningBot(house, tokens=tokens, api_url=slack.api_url).start()
        closing.callback(bot.stop)
        acks = _timed_acks()
        idle = _one_at_a_time(house, slack.workspace, acks)
        spent = time.process_time()
        asked, load = _all_at_once(house, slack.workspace, seconds, acks)
        _report(house, idle=idle, acks=acks, asked=asked, load=load, spent=time.process_time() - spent)


def _office() -> Seed:
    people = tuple(
        Person(f"U1{number:03}", f"Person Number{number}", f"person{number}@tidewater.example", "Shop", TIDEWATER)
        for number in range(PEOPLE)
    )
    everybody = (*(person.id for person in people), THROUGHLINE.user_id)
    channels = tuple(Channel(f"C1{number:02}", f"room-{number}", Kind.PUBLIC, everybody) for number in range(CHANNELS))
    return Seed(tidewater().installation, people, channels)


def _questions() -> list[str]:
    with (PROJECT / "knowledge" / "questions.csv").open(encoding="utf-8", newline="") as stream:
        return [row["question"] for row in csv.DictReader(stream) if row["kind"] == "answerable" and not row["as"]]


def _timed_acks() -> list[float]:
    """From now on, the seconds from each envelope to its ack, or until it was given up."""
    times: list[float] = []
    acked = Deliveries._acked

    async def timed(self: Deliveries, envelope: Envelope, connection: Connection, *, attempt: int) -> object:
        began = asyncio.get_running_loop().time()
        try:
            return await acked(self, envelope, connection, attempt=attempt)
        finally:
            times.append(asyncio.get_running_loop().time() - began)

    Deliveries._acked = timed  # type: ignore[method-assign, assignment]
    return times


def _one_at_a_time(house: House, workspace: Workspace, acks: list[float]) -> list[float]:
    questions = _questions()
    for number in range(IDLE_QUESTIONS):
        person = f"U1{number % PEOPLE:03}"
        workspace.say(person, f"C1{number % CHANNELS:02}", f"@Throughline {questions[number % len(questions)]}")
        _until(lambda: _is_quiet(house))
    idle = acks.copy()
    acks.clear()
    return idle


def _all_at_once(house: House, workspace: Workspace, seconds: float, acks: list[float]) -> tuple[list[str], float]:
    """Returns the channels and numbers of what was asked, and the mean load of the machine meanwhile."""
    dice, questions = random.Random(4), _questions()
    turns = sorted(
        (offset + turn * EVERY_SECONDS, person, turn)
        for person, offset in ((number, dice.uniform(0, EVERY_SECONDS)) for number in range(PEOPLE))
        for turn in range(int(seconds / EVERY_SECONDS))
    )
    threads: dict[tuple[int, int], str] = {}
    asked, loads = [], []
    began = time.monotonic()
    for at, person, turn in turns:
        time.sleep(max(0.0, began + at - time.monotonic()))
        thread = (person, turn // IN_A_THREAD)
        channel = f"C1{(person + turn // IN_A_THREAD) % CHANNELS:02}"
        words = f"@Throughline {dice.choice(questions)}"
        ts = workspace.say(f"U1{person:03}", channel, words, threads.get(thread))
        threads.setdefault(thread, ts)
        asked.append(f"message:{channel}:{ts}")
        loads.append(os.getloadavg()[0])
    _until(lambda: _is_quiet(house))
    return asked, sum(loads) / len(loads)


def _is_quiet(house: House) -> bool:
    working = inbox.InboxRow.state.in_([inbox.State.WAITING, inbox.State.TAKEN])
    owed = outbox.OutboxRow.state == outbox.State.WAITING
    with house.database.reading() as session:
        left = [
            session.scalar(select(func.count()).select_from(table).where(condition))
            for table, condition in ((inbox.InboxRow, working), (outbox.OutboxRow, owed))
        ]
        came = session.scalar(select(func.count()).select_from(inbox.InboxRow))
    return bool(came) and not any(left)


def _until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    time.sleep(0.1)
    while not ready() and time.monotonic() < end:
        time.sleep(0.05)


def _report(house: House, *, idle: list[float], acks: list[float], asked: list[str], load: float, spent: float) -> None:
    with house.database.reading() as session:
        events = {row.key: row for row in session.scalars(select(inbox.InboxRow))}
        answers = {row.key: row for row in session.scalars(select(outbox.OutboxRow))}
    waits, undelivered, order = [], 0, {}
    for key in asked:
        event = events.get(key)
        answer = answers.get(f"answer:{event.id}") if event else None
        if answer is None or answer.state != outbox.State.SENT:
            undelivered += 1
        elif answer.ts:
            waits.append(float(answer.ts) - float(key.rpartition(":")[2]))
            order.setdefault(answer.conversation, []).append(answer.ts)
    reordered = sum(places != sorted(places) for places in order.values())
    private = len(asked) - undelivered - len(waits)
    lines = (
        f"machine: {os.cpu_count()} cores, load average {load:.1f}, {datetime.now().astimezone():%Y-%m-%d %H:%M}",
        f"idle: {len(idle)} acks, {_percentiles(idle, 0.5, 0.99)}",
        f"load: {len(asked)} questions of {PEOPLE} people in {CHANNELS} channels; {spent:.0f} s of computing in all",
        f"  acks: {len(acks)}, {_percentiles(acks, 0.5, 0.99)}, longest {max(acks) * 1000:.0f} ms",
        f"  answers: {len(waits)} in threads ({private} private), {_percentiles(waits, 0.5, 0.95)}",
        f"  undelivered: {undelivered}; threads in another order: {reordered} of {len(order)}",
    )
    print("\n".join(lines))  # noqa: T201


def _percentiles(seconds: list[float], *shares: float) -> str:
    times = [one * 1000 for one in seconds]
    return ", ".join(f"p{share * 100:.0f} {percentile(times, share):.0f} ms" for share in shares)


main(float(sys.argv[1]) if len(sys.argv) > 1 else 120.0)
