"""What one file may cost, and how a process holds itself to that."""

import os
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

if sys.platform != "win32":  # which knows no such limits; there only the parent's clock ends a reading
    import resource

MEBIBYTE = 1024 * 1024
# Left by a worker that ends itself for its memory, where no limit of the system does it.
OUT_OF_MEMORY = 77
_GLANCE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Limits:
    """For one file. Ordinary files of dozens of megabytes stay below 1 s and 200 MiB (measured on all kinds)."""

    memory_bytes: int = 768 * MEBIBYTE  # above what the worker needs for itself
    cpu_seconds: int = 20
    wall_seconds: float = 25


def arm(limits: Limits) -> None:
    """Hold this process to the limits from here on: no files written, no core dumps, no more memory than allowed."""
    if sys.platform == "win32":
        return
    for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(kind, (0, 0))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + limits.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    else:
        watch_memory(limits)


def watch_memory(limits: Limits) -> None:
    """End this process when its memory has grown past the limit: macOS does not enforce RLIMIT_AS."""
    most = _peak_bytes() + limits.memory_bytes

    def watch() -> None:
        while _peak_bytes() < most:
            time.sleep(_GLANCE_SECONDS)
        os._exit(OUT_OF_MEMORY)

    threading.Thread(target=watch, daemon=True, name="memory watch").start()


def allow_next_file(limits: Limits) -> None:
    """Move the processor limit on, so that each file has all of it."""
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + limits.cpu_seconds + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _peak_bytes() -> int:
    if sys.platform == "win32":
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
