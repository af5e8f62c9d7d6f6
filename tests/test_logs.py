"""The log says what happened and where; it holds no secret, and no word that a person wrote."""

import io
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from bot import logs
from bot.errors import ThroughlineError
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from sqlalchemy.exc import OperationalError

from logtap import Tap
from slack_requests import CANARIES

WORDS = CANARIES[0]


@pytest.fixture
def written() -> Iterator[Callable[..., str]]:
    """Logs something and returns what the program would have written."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(logs.Discreet())
    handler.setFormatter(logs.Redacting(["pa$$word", "0123456789abcdef"]))
    opened: list[logging.Logger] = []

    def write(message: str, *args: object, name: str = "bot.app", level: int = logging.ERROR, **more: object) -> str:
        logger = logging.getLogger(f"{name}.{len(opened)}" if name.startswith("slack") else f"{name}{len(opened)}.x")
        logger.propagate = False  # what is written here on purpose is not the suite's
        logger.setLevel(logging.DEBUG)
        logger.addHandler(handler)
        opened.append(logger)
        out.seek(0)
        out.truncate()
        logger.log(level, message, *args, **more)  # type: ignore[arg-type]
        return out.getvalue()

    yield write
    for logger in opened:
        logger.removeHandler(handler)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("token xoxb-12-34-abcDEF refused", "token *** refused"),
        ("xoxe.xoxp-1-Mi0yLT and xoxe-1-abc", "*** and ***"),
        ("xapp-1-A0-12-ff00 refused", "*** refused"),
        (f"v0={'0a' * 32} does not fit", "v0=*** does not fit"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("postgresql://tl:pa$$word@db.example/tl", "postgresql://***@db.example/tl"),
        (
            "POST https://hooks.slack.com/commands/T1/2/s3cr3t failed",
            "POST https://hooks.slack.com/commands/*** failed",
        ),
        ("https://hooks.slack.com/actions/T1/2/s3cr3t", "https://hooks.slack.com/actions/***"),
        ("http://127.0.0.1:8022/response/s3cr3t", "http://127.0.0.1:8022/response/***"),
        ("wss://wss-primary.slack.com/link/?ticket=s3cr3t&app_id=1", "link/?ticket=***&app_id=1"),
        ("signed with 0123456789abcdef, by chance", "signed with ***, by chance"),
        ("12 requests over HTTP were refused", "12 requests over HTTP were refused"),
    ],
)
def test_secrets_are_not_written_whoever_logs_them(written: Callable[..., str], said: str, kept: str) -> None:
    assert kept in written(said)
    assert kept in written("%s", said)


def test_what_slacks_libraries_tell_of_requests_is_dropped(written: Callable[..., str]) -> None:
    for level in (logging.DEBUG, logging.INFO, logging.WARNING):
        assert written("Unhandled request ({'text': '%s'})", WORDS, name="slack_bolt.app", level=level) == ""
        assert written("Sending a request - json_body: %s", WORDS, name="slack_sdk.web", level=level) == ""


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"Failed to decode Slack API response: {{'text': '{WORDS}'}}", "Failed to decode Slack API response"),
        (
            f"on_error invoked (error: ConnectionResetError, message: {WORDS})",
            "on_error invoked (ConnectionResetError)",
        ),
        (
            "Failed to send: <urlopen error [Errno 111] Connection refused>",
            "Failed to send ([Errno 111] Connection refused)",
        ),
        (f"Failed to process a message: {WORDS}", "Failed to process a message"),
    ],
)
def test_of_a_fault_in_them_the_beginning_is_kept(written: Callable[..., str], said: str, kept: str) -> None:
    assert written(said, name="slack_sdk.socket_mode").endswith(f": {kept}\n")


def raised(fault: Exception) -> Exception:
    """As it is after it was raised while another one was handled."""
    try:
        _raise(KeyError(WORDS))
    except KeyError:
        try:
            _raise(fault)
        except type(fault) as again:
            return again
    raise AssertionError


def _raise(fault: Exception) -> None:
    raise fault


def test_of_a_foreign_exception_the_type_and_the_place_are_written(written: Callable[..., str]) -> None:
    told = written("work on event 7 failed", exc_info=raised(ValueError(f"cannot read {WORDS!r}")))
    assert WORDS not in told
    assert re.search(r'File ".*test_logs.py", line \d+, in _raise', told)
    assert told.rstrip().endswith("ValueError")
    assert "builtins.KeyError\nand then" in told


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (ThroughlineError("Nothing is indexed yet."), "ThroughlineError: Nothing is indexed yet."),
        (ConnectionRefusedError(111, "Connection refused"), "ConnectionRefusedError: [Errno 111] Connection refused"),
        (OperationalError("SELECT 1", {}, Exception("database is locked"), hide_parameters=True), "database is locked"),
    ],
)
def test_what_ours_and_the_system_say_is_written(written: Callable[..., str], fault: Exception, words: str) -> None:
    assert words in written("failed", exc_info=raised(fault))


@pytest.mark.parametrize(
    ("data", "last"),
    [
        ({"ok": False, "error": "missing_scope"}, "SlackApiError: missing_scope"),
        ({"error": f"<p>{WORDS}"}, "SlackApiError"),
    ],
)
def test_of_a_refusal_of_slacks_only_its_code_is_written(
    written: Callable[..., str], data: dict[str, object], last: str
) -> None:
    response = SlackResponse(
        client=None, http_verb="POST", api_url="u", req_args={}, data=data, headers={}, status_code=200
    )
    told = written("failed", exc_info=raised(SlackApiError(f"The server responded with: {data}", response)))
    assert told.rstrip().endswith(last)
    assert WORDS not in told


def test_a_fault_that_ends_a_thread_or_the_program_is_written_so_too() -> None:
    program = (
        "import threading; from bot import logs; logs.to_stderr(['s3cr3t']);\n"
        f"def fail(): raise ValueError({WORDS!r})\n"
        "t = threading.Thread(target=fail); t.start(); t.join(); open('/nowhere/s3cr3t')"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    assert "a thread ended by a fault" in ended.stderr
    assert "builtins.ValueError\n" in ended.stderr
    assert "FileNotFoundError: [Errno 2] No such file or directory: '/nowhere/***'" in ended.stderr
    assert WORDS not in ended.stderr


def test_the_tap_of_this_suite_notices_what_must_not_be_logged() -> None:
    tap, apart = Tap(), logging.getLogger("bot.apart")
    apart.propagate = False
    apart.addHandler(tap)
    for message in (f"somebody asked about {WORDS}", "the token is xoxb-123456789", "all is well"):
        apart.warning(message)
    apart.removeHandler(tap)
    assert (tap.read, tap.found) == (3, 2)
    assert [leak.partition(":")[0] for leak in tap.leaks] == ["bot.apart", "bot.apart"]
