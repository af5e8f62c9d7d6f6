"""The process that reads files: one request a line in, one answer out, until its input ends.

Started by `sandbox.Sandbox`, never by hand. Whatever surprises it ends it: the next file gets a fresh process.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import BinaryIO

from bot.errors import Unreadable
from bot.retrieval import readers
from bot.retrieval.readers import limits, wire
from bot.retrieval.readers.wire import Tag

_GLANCE_SECONDS = 0.2


def main() -> None:
    """Serve until the parent closes the pipe or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to decide
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True, name="parent watch").start()
    answers = _answers()
    sys.excepthook = lambda kind, _fault, _trace: wire.send(answers, Tag.ENDED, kind.__name__.encode())
    # openpyxl loads numpy where it finds it: address space and start-up time for nothing.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    allowed = limits.Limits(**json.loads(sys.argv[1]))
    limits.arm(allowed)
    wire.send(answers, Tag.READY, b"")
    for line in sys.stdin.buffer:
        limits.allow_next_file(allowed)
        request = json.loads(line)
        wire.send(answers, Tag.BEGUN, b"")
        try:
            packed = wire.pack(*readers.read(Path(request["path"]), source=request["source"]))
        except Unreadable as fault:
            wire.send(answers, Tag.UNREADABLE, str(fault).encode(errors="replace"))
        except MemoryError:
            os._exit(limits.OUT_OF_MEMORY)  # at once: to say so may need memory that is not there
        else:
            wire.send(answers, Tag.PAGE, packed)


def _end_with(parent: int) -> None:
    """End this process when its parent is gone, also in the middle of a file: nobody waits for it any more."""
    while os.getppid() == parent:
        time.sleep(_GLANCE_SECONDS)
    os._exit(0)


def _answers() -> BinaryIO:
    """The pipe to the parent. What libraries print goes nowhere."""
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    return pipe


if __name__ == "__main__":
    main()
