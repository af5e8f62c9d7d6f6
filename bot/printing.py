"""What a command prints, whole: nothing in it is folded, highlighted or taken for markup."""

import json

from rich.console import Console

_out = Console(emoji=False)


def print_line(line: str) -> None:
    _out.print(line, soft_wrap=True, highlight=False, markup=False)


def print_json(value: object) -> None:
    """One line."""
    print(json.dumps(value, ensure_ascii=False))  # noqa: T201 - exactly this
