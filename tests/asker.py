"""A replica that only answers, as a process of its own: a question a line in, the quotes with their pages a line out.

Arguments: the database, the folder of models. It answers as on one day, to an ordinary employee.
"""

import json
import sys
from datetime import date
from pathlib import Path

from bot.database import open_database
from bot.retrieval.documents import Question
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Library

TODAY = date(2026, 11, 22)


def main(url: str, models: str) -> None:
    library = Library(open_database(url), Embedder(cache=Path(models)))
    library.warm_up()
    say("ready")
    for line in sys.stdin:
        answer = library.answer(Question(line.strip()), audiences=frozenset({"everyone"}), today=TODAY)
        say(json.dumps([[quote.block.text, quote.citation.source] for quote in answer.quotes]))


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
