"""What the program writes into its log: warnings and faults, and neither a secret nor a word that people wrote.

Its own messages name things by number and kind. What libraries say is another matter: some quote the request that they
failed over, so of their messages only the beginning is kept, and of a foreign exception only its type and its place.
"""

import logging
import re
import sys
import threading
from collections.abc import Iterable, Iterator
from traceback import format_tb
from types import TracebackType

from sqlalchemy.exc import OperationalError

from bot.errors import ThroughlineError

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
HIDDEN = "***"

# Below an error they tell of requests, with everything that is in them.
_QUOTING = ("slack_bolt", "slack_sdk")
# Their errors hold a cause, which may quote a request or an answer, behind the first colon or bracket.
_CUT = (*_QUOTING, "asyncio", "concurrent", "uvicorn", "websocket")
_BEGINNING = re.compile(r"[^:({\[]*")
_CAUSE = re.compile(r"\[Errno -?\d+\] [A-Za-z ]{1,60}|\b\w+(?:Error|Exception)\b")
# What these say is ours or about the system; the database hides the values of a statement.
_SPEAKING = (ThroughlineError, OSError, OperationalError)
# Slack's word for what it refuses: "missing_scope".
_CODE = re.compile(r"[a-z][a-z0-9_]{1,60}")
_SECRETS = re.compile(
    r"""
      xox[a-z](?:\.xox[a-z])?-[\w-]+ | xapp-[\w-]+                                # tokens
    | (?<=v0=)[0-9a-f]{64}                                                        # signatures
    | (?<=Bearer\ )\S+
    | (?<=://) [^\s:/@]+ : [^\s@]+ (?=@)                                          # user and password of an address
    | (?<=/commands/)\S+ | (?<=/actions/)\S+ | (?<=/app/)\S+ | (?<=/services/)\S+ # Slack's response_url
    | (?<=/workflows/)\S+ | (?<=/response/)\S+
    | (?<=ticket=)[^\s&]+                                                         # the address of a socket
    """,
    re.VERBOSE,
)


class Discreet(logging.Filter):
    """Drops what Slack's libraries tell below an error."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.ERROR or not _is_of(record, _QUOTING)


class Redacting(logging.Formatter):
    """Writes a record without its secrets, whatever it says. `secrets`: those that no pattern knows."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__(FORMAT)
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        written = logging.makeLogRecord({**record.__dict__, "msg": _said(record), "args": None, "exc_text": None})
        return self._redacted(super().format(written))

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        """Where it happened and of what type; what was said only by those who quote nobody."""
        fault = ei[1] if isinstance(ei, tuple) else None
        return "".join(_lines_of(fault)).rstrip()

    def _redacted(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _SECRETS.sub(HIDDEN, text)


def to_stderr(secrets: Iterable[str]) -> None:
    """Warnings and faults go to standard error, those that end a thread or the program too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Discreet())
    handler.setFormatter(Redacting(secrets))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    log = logging.getLogger(__name__)

    def thread_ended(ended: threading.ExceptHookArgs) -> None:
        if ended.exc_value is not None:
            log.critical("a thread ended by a fault", exc_info=ended.exc_value)

    def program_ended(kind: type[BaseException], fault: BaseException, frames: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            log.critical("ended by a fault", exc_info=(kind, fault, frames))

    threading.excepthook = thread_ended
    sys.excepthook = program_ended


def _is_of(record: logging.LogRecord, libraries: Iterable[str]) -> bool:
    return record.name.partition(".")[0] in libraries


def _said(record: logging.LogRecord) -> str:
    told = record.getMessage()
    if not _is_of(record, _CUT):
        return told
    beginning = (_BEGINNING.match(told) or [""])[0].strip()
    cause = _CAUSE.search(told)
    return f"{beginning} ({cause[0]})" if cause and cause[0] not in beginning else beginning


def _lines_of(fault: BaseException | None) -> Iterator[str]:
    """As Python writes it, what it came from first."""
    if fault is None:
        return
    before = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    if before is not None:
        yield from _lines_of(before)
        yield "and then\n"
    yield from format_tb(fault.__traceback__)
    said = str(fault) if isinstance(fault, _SPEAKING) else _code_of(fault)
    yield ": ".join(filter(None, (f"{type(fault).__module__}.{type(fault).__qualname__}", said))) + "\n"


def _code_of(fault: BaseException) -> str:
    """What Slack answered, where it is Slack's: an answer may hold anything."""
    answer = getattr(getattr(fault, "response", None), "data", None)
    code = answer.get("error") if isinstance(answer, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""
