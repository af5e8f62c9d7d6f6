"""What signals never say."""

import ast
from pathlib import Path

from bot import signals

MODULES = sorted(Path(signals.__file__).parent.glob("*.py"))


def test_no_signal_says_what_the_reason_is():
    said = [
        (module.name, node.value)
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert len(said) > 100
    blaming = ("cause", "because", "due to", "leads to", "drives", "responsible")
    assert not [(name, text) for name, text in said if any(word in text.casefold() for word in blaming)]
