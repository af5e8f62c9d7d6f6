"""How far a long piece of work is: bars in a terminal, a line of JSON a step for programs."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.retrieval.reindexing import Step


@contextmanager
def bars(to: Console) -> Iterator[Callable[[Step], None]]:
    """A bar for each phase in a terminal; nothing where the output goes to a file."""
    columns = (TextColumn("{task.description:<11}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=to, transient=True, disable=not to.is_terminal) as bars:
        tasks: dict[str, object] = {}

        def show(step: Step) -> None:
            if step.phase not in tasks:
                tasks[step.phase] = bars.add_task(step.phase, total=step.total)
            bars.update(tasks[step.phase], completed=step.done, total=step.total)  # type: ignore[arg-type]

        yield show


@contextmanager
def json_lines() -> Iterator[Callable[[Step], None]]:
    """A line for each step, for programs that watch."""
    start = time.perf_counter()

    def show(step: Step) -> None:
        spent = time.perf_counter() - start
        print(json.dumps({**asdict(step), "seconds": round(spent, 2)}), flush=True)  # noqa: T201 - exactly this

    yield show
