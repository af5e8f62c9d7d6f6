"""A process that reindexes when it is told to, says each step, and kills itself before a statement if that is asked."""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.database import open_database
from bot.retrieval import pages, reindexing
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Library
from bot.retrieval.reindexing import Step
from sqlalchemy import event


def main(folder: str, url: str, models: str, statement: str) -> None:
    """`statement`: the number of the database statement that is not reached; 0 lives on."""
    reindexing.SLICE = 8
    database = open_database(url)
    encoder = Embedder(cache=Path(models))
    encoder.encode(["warm up"])
    done = 0

    def before(*_arguments: Any) -> None:
        nonlocal done
        done += 1
        if done == int(statement):
            os.kill(os.getpid(), signal.SIGKILL)

    def say(step: Step) -> None:
        print(step.phase, flush=True)  # noqa: T201 - read by the test

    print("ready", flush=True)  # noqa: T201 - as above
    sys.stdin.readline()
    event.listen(database.engine, "before_cursor_execute", before)
    Library(database, encoder).reindex(pages.pages_in(Path(folder)), folder=folder, now=datetime.now(UTC), progress=say)
    print(f"statements {done}", flush=True)  # noqa: T201 - as above


main(*sys.argv[1:])
