"""The process that makes the themes of one night: tickets in, proposals out, then it ends.

Started by `process.Apart`, never by hand. It ends as soon as its input does: then whoever waits for it is gone.
"""

import os
import signal
import sys
from threading import Thread

from bot.friction.clustering import wire
from bot.friction.clustering.themes import proposals

# Whoever reports something meanwhile comes first: where the system knows a class below all others, this is in it.
NICENESS = 19


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to decide
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    if sys.platform != "win32":
        os.nice(NICENESS)
    tickets = list(wire.received(sys.stdin.buffer))
    Thread(target=_end_with_input, name="parent watch", daemon=True).start()
    wire.answer(sys.stdout.buffer, proposals(tickets))


def _end_with_input() -> None:
    while os.read(sys.stdin.fileno(), 1):  # as it is, since a buffer would be locked as this process ends
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
