"""Requests that Slack signed and nobody understands: no 5xx, nothing raised, and nothing half written down."""

import json
import logging
import time
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listening import Listening, listening_in
from slack_requests import KINDS, encoded, recorded, signed
from thorough import cases

MANGLED = cases(800, thoroughly=3_000)
NUMBERS = count(1)
Path = tuple[str | int, ...]

# What may stand in a field's place: nothing, another type, an empty one, something enormous, something no id may be.
TEXTS = ["", " ", "x", "0", "²", "a\0b", "\ud800", "x" * 5000, "nan", "1:yes", "9" * 30 + ":no"]
OBJECTS = [[], {}, [None], [[]], [{}], {"id": 5}, {"": ""}, {"type": None}, [1, "a", {"b": []}]]
STRANGE = st.sampled_from([None, True, False, 0, -1, 10**30, 1.5, *TEXTS, *OBJECTS])


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    """Every place inside a payload."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inside in steps:
        yield (*here, step)
        yield from paths(inside, (*here, step))


def anew(kind: str) -> dict[str, Any]:
    """A recorded request under ids of its own, so that the inbox does not know it yet."""
    payload, ts = recorded(kind), f"1764000000.{next(NUMBERS):06}"
    payload |= {name: ts for name in ("trigger_id", "event_id") if name in payload}
    for action in payload.get("actions", ()):
        action["action_ts"] = ts
    if "ts" in payload.get("event", {}):
        payload["event"]["ts"] = ts
    return payload


@st.composite
def mangled(draw: st.DrawFn) -> dict[str, Any]:
    """A recorded request in which up to three fields are missing or are something else."""
    payload = anew(draw(st.sampled_from(KINDS)))
    for _ in range(draw(st.integers(1, 3))):
        places = list(paths(payload))
        if not places:
            break
        *way, last = draw(st.sampled_from(places))
        inside: Any = payload
        for step in way:
            inside = inside[step]
        if draw(st.booleans()):
            del inside[last]
        else:
            inside[last] = deepcopy(draw(STRANGE))
    return payload


@pytest.fixture(scope="module")
def listening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    with listening_in(tmp_path_factory.mktemp("mangled") / "var") as heard:
        yield heard


class Faults(logging.Handler):
    """Every fault that anybody logs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(f"{record.name}: {record.getMessage()} {record.exc_info}")


@pytest.fixture
def _bolt_is_brief() -> Iterator[None]:
    """Its warnings hold the whole request, here also half characters, which no report of a test can be written with."""
    bolt = logging.getLogger("slack_bolt")
    level = bolt.level
    bolt.setLevel(logging.ERROR)
    yield
    bolt.setLevel(level)


@pytest.mark.timeout(600)  # 20 s on a machine of its own
@pytest.mark.usefixtures("_bolt_is_brief")
def test_whatever_is_signed_is_answered_without_a_fault(listening: Listening) -> None:
    answers: Counter[int] = Counter()
    faults = Faults()
    logging.getLogger().addHandler(faults)

    @settings(max_examples=MANGLED, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(mangled())
    def each(payload: dict[str, Any]) -> None:
        body, media = encoded(payload)
        # Two may be alike, and the second of them must not count as a recording of the first.
        headers = signed(body, media, at=time.time() - next(NUMBERS) % 250)
        status = listening.post(body, headers).status_code
        answers[status] += 1
        assert status in {200, 400, 404}, json.dumps(payload)
        assert not faults.records, (faults.records, json.dumps(payload))

    try:
        each()
    finally:
        logging.getLogger().removeHandler(faults)
    rows = listening.accepted()
    print(f"\n{answers.total()} mangled requests: {dict(answers)}, {len(rows)} of them accepted")  # noqa: T201 - the figure
    assert answers.total() >= MANGLED
    assert len(rows) > MANGLED / 12  # most mangled fields are none that we read
    for row in rows:
        _is_whole(row.key, row.kind, row.conversation, row.value)


def _is_whole(key: str, kind: str, conversation: str, value: dict[str, Any]) -> None:
    assert key
    assert kind
    assert conversation
    assert isinstance(value["person"], str)
    assert value["person"]
    for name in ("text", "thread", "channel", "response_url"):
        assert isinstance(value.get(name), str | None), (name, value)
    json.dumps(value).encode()
