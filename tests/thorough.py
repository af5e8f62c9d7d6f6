"""How many random cases an oracle tries: some in `make test`, all in `make faults`, which sets THOROUGH."""

import os

THOROUGH = bool(os.environ.get("THOROUGH"))


def cases(usually: int, *, thoroughly: int) -> int:
    return thoroughly if THOROUGH else usually
