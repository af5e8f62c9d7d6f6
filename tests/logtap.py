"""Reads along in every log of the whole suite: no secret and no word of what people wrote may stand in it.

What is read is what `throughline run` would write, and the bot's own messages also as they were before anything was
redacted. Processes that tests start hand their output to `look_at`.
"""

import logging
import re

from bot import logs

from slack_requests import CANARIES, SECRET

TOKEN = re.compile(r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}")
_FORBIDDEN = re.compile("|".join([TOKEN.pattern, *map(re.escape, (SECRET, *CANARIES))]))


class Tap(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.addFilter(logs.Discreet())
        self.setFormatter(logs.Redacting())
        self._whole = logging.Formatter()
        self.read = self.found = 0
        self.leaks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.read += 1
        own = self._whole.format(record) if record.name.startswith("bot") and not record.exc_info else ""
        self.look_at(f"{self.format(record)}\n{own}", source=record.name)

    def look_at(self, text: str, *, source: str) -> None:
        leak = _FORBIDDEN.search(text)
        if leak:
            self.found += 1
            line = next(line for line in text.splitlines() if leak[0] in line)
            self.leaks.append(f"{source}: {line[:400]}")


TAP = Tap()
