"""A process that asks all the time: one JSON line a question with what it saw. Ends when its input does."""

import json
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from bot.database import open_database
from bot.retrieval.documents import Question
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Library

QUESTIONS = ("How much is the late fee?", "Who returns a modem?", "What is stamped here?", "When does the shop open?")
EVERYONE = frozenset({"public", "everyone"})


def main(url: str, models: str) -> None:
    library = Library(open_database(url), Embedder(cache=Path(models)))
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    number = 0
    while not ended.is_set():
        question = Question(QUESTIONS[number % len(QUESTIONS)])
        number += 1
        try:
            found = library.search(question, audiences=EVERYONE)
            answer = library.answer(question, audiences=EVERYONE, today=datetime.now(UTC).date())
        except BaseException as fault:  # noqa: BLE001 - whatever it is, it is what the test looks for
            print(json.dumps({"fault": repr(fault)}), flush=True)  # noqa: T201 - read by the test
            continue
        quotes = [(quote.citation.source, quote.block.text) for quote in answer.quotes]
        seen = {"pages": sorted({source for source, _ in found}), "quotes": quotes}
        print(json.dumps(seen), flush=True)  # noqa: T201 - as above


main(*sys.argv[1:])
