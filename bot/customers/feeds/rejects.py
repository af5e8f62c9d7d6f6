"""The file beside an export that says which rows were not taken, and why; it repeats nothing of what they hold."""

import json
import os
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Self


class Rejects:
    """FILE.rejected.jsonl, readable by its owner alone; it is not made where everything was taken."""

    def __init__(self, exports: Iterable[Path]) -> None:
        self._exports = list(exports)
        self._open: dict[Path, IO[str]] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        for export in self._exports:
            beside(export).unlink(missing_ok=True)  # of an earlier import
        return self

    def add(self, export: Path, place: str, reason: str) -> None:
        file = self._open.get(export) or self._opened(export)
        file.write(json.dumps({"row": place, "reason": reason}, ensure_ascii=False) + "\n")

    @property
    def files(self) -> list[str]:
        return [str(beside(export)) for export in self._open]

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def _opened(self, export: Path) -> IO[str]:
        number = os.open(beside(export), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._open[export] = self._stack.enter_context(os.fdopen(number, "w", encoding="utf-8"))
        return self._open[export]


def beside(export: Path) -> Path:
    return export.with_name(f"{export.name}.rejected.jsonl")
