"""How many weeks back somebody looks, as an address has it and in words."""

from collections.abc import Mapping

PERIODS: Mapping[str, str] = {"4": "four weeks", "12": "twelve weeks", "1": "this week", "26": "half a year"}
USUAL = "4"


def asked(query: Mapping[str, str]) -> str:
    """One of `PERIODS`, the usual one for anything else."""
    period = query.get("weeks", "")
    return period if period in PERIODS else USUAL
