"""Where sentences end."""

import re

# A full stop after "ext." or "8 p.m." ends no sentence.
_END = re.compile(r"(?<=[.!?])(?<!\bext\.)(?<!\b[ap]\.m\.)(?<!\b[ei]\.[ge]\.)(?<!\bNo\.)[\"')\]]*\s+(?=[\"'(\[]?[A-Z])")


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order."""
    return _END.split(text)
