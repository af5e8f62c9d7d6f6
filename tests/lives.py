"""Kills a bot again and again while Slack lies to it, delivers what was not acked again, and counts what came of it."""

import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from bot import inbox, outbox
from bot.database import Database
from sqlalchemy import func, select

from strict_slack import Lie, StrictSlack

# Of all posts. Slack itself: far below; the shape is that of a bad day.
LIES = {
    Lie.LIMITED: 0.06,
    Lie.FAULT: 0.04,
    Lie.GATEWAY: 0.03,
    Lie.DROPPED: 0.03,
    Lie.ACCEPTED_FAULT: 0.02,
    Lie.ACCEPTED_GATEWAY: 0.03,
    Lie.ACCEPTED_DROPPED: 0.03,
    Lie.ACCEPTED_HALF: 0.03,
}
CHANNELS = 60
MORTAL = Path(__file__).parent / "mortal.py"
# Past this something is wrong; the log in the folder says what.
BIRTH_SECONDS = 30.0
# In seconds, from the first event on. One life in ten does not get as far.
LONGEST_LIFE = 0.6
STILLBORN = 0.1
# Of three lives one is ended in the moment in which Slack has taken one of its next posts, before it can write that
# down; one in the moment in which one of its next commits is made, before it can do what follows it.
MOST_POSTS = 4
MOST_COMMITS = 12
# Of what was accepted Slack sends so much again all the same: its ack was lost on the way.
SENT_AGAIN = 0.1


@dataclass
class Life:
    """One process from its birth to its end."""

    number: int
    line: socket.socket
    acked: set[str]

    def hear(self, event: Mapping[str, Any]) -> None:
        try:
            self.line.sendall(f"{json.dumps(event)}\n".encode())
        except OSError:
            return

    @property
    def lives(self) -> bool:
        return self._reader.is_alive()

    def strike(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.number, signal.SIGKILL)

    def end(self) -> None:
        self.strike()
        self._reader.join()
        self.line.close()

    def listen(self) -> None:
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        try:
            with self.line.makefile(encoding="utf-8") as said:
                for key in said:
                    if key.endswith("\n"):
                        self.acked.add(key.strip())
        except OSError:
            return


@dataclass
class Lived:
    """All lives, until nothing was left to do."""

    slack: StrictSlack
    kills: int
    in_a_post: int
    after_a_commit: int
    killed_at: list[float]
    seconds: float

    @property
    def lies(self) -> str:
        named = ((lie.name.lower().replace("_", " "), count) for lie, count in self.slack.told.items())
        return ", ".join(f"{name} {count}" for name, count in sorted(named))

    def __str__(self) -> str:
        return (
            f"{self.kills:>6}  kills with signal 9, {self.in_a_post} of them in the middle of a post, "
            f"{self.after_a_commit} right after a commit\n"
            f"{self.slack.told.total():>6}  false answers ({self.lies})"
        )


@dataclass
class Count:
    """What came of it all."""

    lived: Lived
    events: int
    posts: int
    lost: int
    answered_twice: int
    posted_again: int
    out_of_order: int
    dead: int

    @property
    def kills(self) -> int:
        return self.lived.kills

    @property
    def ambiguous(self) -> int:
        return sum(count for lie, count in self.lived.slack.told.items() if lie.ambiguous)

    def __str__(self) -> str:
        return (
            f"{self.events:>6}  events, {self.posts} posts, {self.lived.seconds:.0f} s\n"
            f"{self.lived}\n"
            f"{self.lost:>6}  lost, {self.answered_twice} answered twice, {self.dead} dead letters, "
            f"{self.out_of_order} out of order in their thread\n"
            f"{self.posted_again:>6}  posted again; {self.ambiguous} ambiguous answers and {self.kills} kills allow "
            f"{self.ambiguous + self.kills}"
        )


def _until(ready: Callable[[], bool], *, timeout: float) -> None:
    end = time.monotonic() + timeout
    while not ready() and time.monotonic() < end:
        time.sleep(0.005)


@dataclass
class World:
    """A database, a Slack, and a bot that is born and dies: `program`, which speaks as `mortal` does.

    `over`: whether it has done what it does without an event. `ahead`: so many events of a channel come before the
    first of them is acked; by default one, since people wait for an answer.
    """

    database: Database
    folder: Path
    dice: random.Random
    program: Path = MORTAL
    over: Callable[[], bool] = lambda: True
    ahead: int = 1
    lies: Mapping[Lie, float] = field(default_factory=lambda: LIES)
    acked: set[str] = field(default_factory=set)
    _posts_left: int = 0
    _in_a_post: int = 0
    _after_a_commit: int = 0
    _killed_at: list[float] = field(default_factory=list)
    _living: "Life | None" = None

    def run(self, *, kills: int, events: int) -> Count:
        everything = [self._event(number) for number in range(events)]
        return self._counted(self.live(everything, kills=kills), everything)

    def live(self, everything: list[dict[str, Any]], *, kills: int) -> Lived:
        """Until all that came of these events is done; each has a `channel`, within which they stay in order."""
        began, events = time.monotonic(), len(everything)
        with StrictSlack(lies=self._lie) as slack, self._births(slack) as birth:
            at_a_time = max(1, events // kills)
            for life in range(kills):
                come = everything[: (life + 1) * at_a_time]
                self._lived(birth(), come)
            life = birth()
            while not (self._done(everything) and self.over() and self._done(everything)):
                assert life.lives, "a bot that nobody killed has died; its folder has a log"
                for event in self._open(everything):
                    life.hear(event)
                time.sleep(0.2)
            life.end()
        lasted = time.monotonic() - began
        return Lived(slack, kills, self._in_a_post, self._after_a_commit, self._killed_at, lasted)

    def _lived(self, life: Life, come: list[dict[str, Any]]) -> None:
        before = len(self.acked)
        self._living = life
        way = self.dice.choice(["at some time", "in a post", "after a commit"])
        self._posts_left = self.dice.randint(1, MOST_POSTS) if way == "in a post" else 0
        commits = self.dice.randint(1, MOST_COMMITS) if way == "after a commit" else 0
        if commits:
            life.hear({"die_after": commits})
        heard = self._open(come)
        for event in heard:
            life.hear(event)
        for event in come:
            # Never before those of its channel that it follows.
            if (event in heard or event["text"] in self.acked) and self.dice.random() < SENT_AGAIN / len(come) * 10:
                life.hear(event)
        if self.dice.random() > STILLBORN:
            _until(lambda: len(self.acked) > before or not life.lives, timeout=2)
            end = time.monotonic() + (self.dice.uniform(0, LONGEST_LIFE) if way == "at some time" else LONGEST_LIFE)
            _until(lambda: time.monotonic() > end or not life.lives, timeout=2)
        self._after_a_commit += bool(commits) and not life.lives
        self._posts_left = 0
        life.end()
        self._killed_at.append(time.time())

    def _event(self, number: int) -> dict[str, str]:
        return {"channel": f"C{number % CHANNELS}", "thread": "1.000000", "text": f"event {number}"}

    def _open(self, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What Slack has had no ack for; of a channel only the first ones."""
        waiting: dict[str, list[dict[str, Any]]] = {}
        for event in events:
            if event["text"] not in self.acked:
                waiting.setdefault(event["channel"], []).append(event)
        return [event for each in waiting.values() for event in each[: self.ahead]]

    def _lie(self, method: str, _arguments: Mapping[str, str]) -> Lie | str:
        if method != "chat.postMessage":
            return ""
        if self._posts_left:
            self._posts_left -= 1
            if not self._posts_left and self._living:
                self._living.strike()
                self._in_a_post += 1
        drawn = self.dice.random()
        for lie, share in self.lies.items():
            drawn -= share
            if drawn < 0:
                return lie
        return ""

    @contextmanager
    def _births(self, slack: StrictSlack) -> Iterator[Callable[[], Life]]:
        address = str(self.folder / "line")
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(address)
            door.listen()
            door.settimeout(BIRTH_SECONDS)
            url = self.database.engine.url.render_as_string(hide_password=False)
            with (self.folder / "log").open("w") as log:
                mother = subprocess.Popen(
                    [sys.executable, self.program, url, slack.url, address],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )

            def birth() -> Life:
                assert mother.stdin is not None
                assert mother.stdout is not None
                mother.stdin.write("\n")
                mother.stdin.flush()
                number = int(mother.stdout.readline())
                try:
                    line, _ = door.accept()
                except TimeoutError:
                    raise AssertionError(f"stillborn: {(self.folder / 'log').read_text()[-2000:]}") from None
                line.settimeout(None)
                life = Life(number, line, self.acked)
                life.listen()
                return life

            yield birth
            mother.communicate(timeout=30)

    def _done(self, events: list[dict[str, Any]]) -> bool:
        waiting = outbox.OutboxRow.state == outbox.State.WAITING
        working = inbox.InboxRow.state.in_([inbox.State.WAITING, inbox.State.TAKEN])
        with self.database.reading() as session:
            left = [
                session.scalar(select(func.count()).select_from(table).where(condition))
                for table, condition in ((outbox.OutboxRow, waiting), (inbox.InboxRow, working))
            ]
        return len(self.acked) == len(events) and not any(left)

    def _counted(self, lived: Lived, events: list[dict[str, Any]]) -> Count:
        slack = lived.slack
        posted = Counter(one.text for one in slack.said)
        tokens: dict[str, set[str]] = {}
        for one in slack.said:
            tokens.setdefault(one.text, set()).add(one.token)
        with self.database.reading() as session:
            dead = outbox.dead(session)
            accepted = list(session.scalars(select(inbox.InboxRow.key).order_by(inbox.InboxRow.id)))
        order = {key: place for place, key in enumerate(accepted)}
        first = list(dict.fromkeys((one.channel, one.text) for one in slack.said))
        by_channel: dict[str, list[int]] = {}
        for channel, text in first:
            by_channel.setdefault(channel, []).append(order[text])
        return Count(
            lived=lived,
            events=len(events),
            posts=len(slack.said),
            lost=sum(event["text"] not in posted for event in events),
            answered_twice=sum(len(several) > 1 for several in tokens.values()),
            posted_again=sum(count - 1 for count in posted.values()),
            out_of_order=sum(
                later < earlier for places in by_channel.values() for earlier, later in itertools.pairwise(places)
            ),
            dead=dead,
        )
