"""What a question costs for knowing who asks and who reads along: 300 readers, 40 named groups and channels.

python tests/benchmarks/people.py
"""

# ruff: noqa: T201 - a program prints

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bot import inbox, migrations
from bot.database import open_database
from bot.handlers.workspace.directory import SlackDirectory
from bot.handlers.workspace.membership import CHANGED, Changes
from bot.people import Directory
from slack_sdk import WebClient

from pretended_slack import PretendedSlack, serving

READERS, NAMED, ROUNDS = 300, 20, 100


def milliseconds(work: Callable[[], object]) -> str:
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return f"p50 {statistics.median(spent):.2f} ms, p95 {sorted(spent)[int(ROUNDS * 0.95)]:.2f} ms"


def main() -> None:
    people = [f"U{number}" for number in range(READERS)]
    slack = PretendedSlack(
        users={person: {"team_id": "T1", "profile": {"email": f"{person}@a.example"}} for person in people},
        channels={f"C{number}": people for number in range(NAMED)},
        groups={f"g{number}": people for number in range(NAMED)},
    )
    named = frozenset({*(f"channel:{name}" for name in slack.channels), *(f"group:{name}" for name in slack.groups)})
    with tempfile.TemporaryDirectory() as folder, serving(slack):
        database = open_database(f"sqlite:///{folder}/people.db")
        migrations.upgrade(database.engine)
        changes = Changes(database)
        client = WebClient(token="xoxb-1", base_url=slack.api_url)
        directory = SlackDirectory(client, Directory(), team="T1", named=lambda: named, news=changes.news)
        start = time.perf_counter()
        directory.readers("C0")
        print(f"first question: {len(slack.calls)} calls, {time.perf_counter() - start:.2f} s on this machine")
        print(f"a person: {milliseconds(lambda: directory.person('U1'))}")
        print(f"{READERS} readers: {milliseconds(lambda: directory.readers('C0'))}")
        print(f"looking for changes: {milliseconds(changes.news)}")
        numbers = iter(range(10 * ROUNDS))

        def change() -> None:
            with database.writing.begin() as session:
                now, number = datetime.now(UTC), next(numbers)
                value = {"person": "", "subject": "user:U1"}
                inbox.accept(session, key=f"k{number}", kind=CHANGED, conversation="people:", value=value, now=now)

        def changed() -> None:
            change()
            directory.readers("C0")

        print(f"writing a change down: {milliseconds(change)}")
        print(f"{READERS} readers after a change of one: {milliseconds(changed)}")
        database.close()


if __name__ == "__main__":
    main()
