"""A small knowledge folder with golden questions about each of its pages."""

import csv
from collections.abc import Iterable
from pathlib import Path

THINGS = ("umbrella", "kayak", "lantern", "saddle", "compass", "tent", "hammock", "stove", "rope", "canteen")
HEAD = "question,page,words,kind,as"


def question(thing: str) -> str:
    return f"What is the deposit for a {thing}?"


class Folder:
    """A knowledge folder of one page for each thing that is lent, with a golden question about it."""

    def __init__(self, root: Path, things: Iterable[str] = THINGS) -> None:
        self.root = root
        root.mkdir()
        self.add(*things)
        self.ask_for(things)

    def add(self, *things: str) -> None:
        for thing in things:
            text = f"# The {thing}\n\nWhoever borrows a {thing} leaves a deposit of nine dollars for the {thing}.\n"
            (self.root / f"{thing}.md").write_text(text)

    def drop(self, *things: str) -> None:
        for thing in things:
            (self.root / f"{thing}.md").unlink()

    def ask_for(self, things: Iterable[str], *others: tuple[str, ...]) -> None:
        rows = [(question(thing), f"{thing}.md", "nine dollars", "answerable", "") for thing in things]
        with (self.root / "questions.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEAD.split(","), *rows, *others])

    def write_questions(self, text: str | bytes) -> None:
        (self.root / "questions.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
