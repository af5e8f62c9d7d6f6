"""Opens what is an ordinary file, and nothing that could wait or run without end: pipes, devices."""

import os
import stat
from io import BufferedReader
from pathlib import Path

from bot.errors import Unreadable

NOT_A_FILE = "it is no ordinary file (a pipe, a device or a folder); put a file there or delete it"


def open_file(path: Path) -> BufferedReader:
    """For reading. Raises `OSError`, and `Unreadable` where it is no ordinary file; never waits for a pipe's writer."""
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise Unreadable(NOT_A_FILE)
    return os.fdopen(number, "rb")
