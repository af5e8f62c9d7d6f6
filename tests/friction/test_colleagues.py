"""An answer says what colleagues report of what the question is about: of the right tickets, and only to employees."""

import json
import time
from pathlib import Path

import numpy as np
import pytest
from bot import friction_wording as wording
from bot.assistant import Reply, reply_from, reply_value
from bot.database import Database
from bot.friction import acting, filing
from bot.friction.acting import Act, Actor, Resolution
from bot.friction.colleagues import Colleagues, Reported
from bot.friction.filing import Said, Subject
from bot.friction.kinds import Kind, Severity
from bot.friction.known import STORED
from bot.friction.moves import Event
from bot.friction.reporters import Reporter
from bot.friction.tables import TicketVectorRow
from bot.handlers import blocks
from bot.people import load_directory, load_owners
from bot.retrieval.documents import Answer, Reason
from bot.retrieval.embedding import Embedder
from bot.touchpoints import TouchpointMap, load_map
from sqlalchemy.orm import Session

from friction.desk import NOW, SEALER
from programs import PROJECT

HERE = Path(__file__).parent
EMPLOYEE = frozenset({"public", "everyone"})
RUTH = Actor("U0RUTH", "T0", "Ruth", triager=True)


@pytest.fixture(scope="module")
def starter_map() -> TouchpointMap:
    config, knowledge = PROJECT / "config", PROJECT / "knowledge"
    teams, roles = load_owners(config / "owners.yaml").teams, load_directory(config / "people.yaml").roles
    return load_map(knowledge / "touchpoints.yaml", teams=teams, roles=roles, tracks=None, pages=knowledge)


def filed(session: Session, words: str, vector: np.ndarray, *, tools: tuple[str, ...] = (), page: str = "") -> int:
    subject = Subject(Kind.OTHER, Severity.S3, tools=tools, page=page)
    who = Reporter("U0MAYA", "T0", "Maya")
    number = filing.file(session, subject, Said(words), who, sealer=SEALER, now=NOW).ticket
    session.add(TicketVectorRow(ticket=number, model="m", vector=vector.astype(STORED).tobytes(), guessed={}))
    session.flush()
    return number


def colleagues(database: Database, map_: TouchpointMap) -> Colleagues:
    return Colleagues(database, lambda: map_, model=lambda: "m")


def test_a_question_shows_the_friction_that_is_about_it_and_no_other(
    database: Database, encoder: Embedder, starter_map: TouchpointMap
) -> None:
    of_theme: dict[str, dict] = {}
    for line in (HERE / "reports.jsonl").read_text().splitlines():
        report = json.loads(line)
        of_theme.setdefault(report["theme"], report)
    vectors = encoder.encode([one["text"] for one in of_theme.values()])
    with database.writing.begin() as session:
        theme_of = {
            f"FR-{filed(session, one['text'], vector, tools=tuple(one['tools']))}": theme
            for (theme, one), vector in zip(of_theme.items(), vectors, strict=True)
        }
    known = colleagues(database, starter_map)
    counts = {split: {"right": 0, "wrong": 0, "about one": 0} for split in "dh"}
    lines = [one for one in (HERE / "asked.txt").read_text().splitlines() if not one.startswith("#")]
    asked = [tuple(part.strip() for part in line.split("|")) for line in lines]
    for (split, question, themes), vector in zip(asked, encoder.encode([one[1] for one in asked]), strict=True):
        shown = [theme_of[one.key] for one in known.about(question, lambda v=vector: v, pages=(), audiences=EMPLOYEE)]
        wanted = set(themes.split()) - {"-"}
        counts[split]["about one"] += bool(wanted)
        counts[split]["right"] += bool(shown and shown[0] in wanted)
        counts[split]["wrong"] += bool(shown and shown[0] not in wanted)
    assert counts["d"] == {"right": 20, "wrong": 0, "about one": 25}
    assert counts["h"] == {"right": 12, "wrong": 1, "about one": 16}


def unit(*numbers: float) -> np.ndarray:
    row = np.array([*numbers, *[0.0] * (8 - len(numbers))], np.float32)
    return row / np.linalg.norm(row)


@pytest.mark.each_engine
def test_only_who_reads_as_an_employee_sees_it(database: Database) -> None:
    with database.writing.begin() as session:
        filed(session, "Orion is slow", unit(1))
    known = colleagues(database, TouchpointMap.empty())
    for audiences, count in ((EMPLOYEE, 1), (frozenset({"public", "partner:fieldpro"}), 0), (frozenset(), 0)):
        assert len(known.about("Orion?", lambda: unit(1), pages=(), audiences=audiences)) == count


def test_a_way_around_that_was_published_comes_first_and_what_is_fixed_is_gone(database: Database) -> None:
    known = colleagues(database, TouchpointMap.empty())

    def told() -> list[str]:
        found = known.about("Orion?", lambda: unit(1), pages=(), audiences=EMPLOYEE)
        return [wording.reported(one) for one in found]

    def act(number: int, event: Event, words: str = "", **more: object) -> None:
        with database.writing.begin() as session:
            acting.act(session, number, Act(event, words, **more), RUTH, sealer=SEALER, now=NOW)

    assert told() == []
    with database.writing.begin() as session:
        number = filed(session, "Orion is slow", unit(1), tools=("orion",))
    assert told() == [f"Colleagues report: Orion is slow (FR-{number})."]
    act(number, Event.SET, sets={"workaround": "use the paper form."})
    assert told() == [f"Colleagues report: Orion is slow (FR-{number}). Workaround: use the paper form."]
    act(number, Event.ACKNOWLEDGE)
    act(number, Event.RESOLVE, "The paper form is at every desk.", resolution=Resolution.WORKAROUND_PUBLISHED)
    assert told() == [f"Workaround: use the paper form. Colleagues reported: Orion is slow (FR-{number})."]
    act(number, Event.REOPEN, "it is slow again")
    act(number, Event.RESOLVE, "Orion got a new server", resolution=Resolution.FIXED)
    assert told() == []


def test_the_page_that_answers_brings_up_what_is_reported_of_it(database: Database) -> None:
    with database.writing.begin() as session:
        filed(session, "nobody understands it", unit(0.6, 0.8), page="policies/returns.md")
    known = colleagues(database, TouchpointMap.empty())
    for pages, count in (((), 0), (("policies/returns.md",), 1)):
        assert len(known.about("returns?", lambda: unit(1), pages=pages, audiences=EMPLOYEE)) == count


def test_it_stands_under_a_refusal_too_and_counts_people_from_five_on() -> None:
    reported = (Reported("FR-31", "Orion forgets devices", 14, "", published=False),)
    reply = Reply(Answer(reason=Reason.NOTHING_CLEARS_THE_BAR), "", False, 1.0, reported=reported)
    assert reply_from(json.loads(json.dumps(reply_value(reply)))) == reply
    shown = json.dumps(blocks.answer(reply, blocks.Frame(1)).blocks)
    assert "14 colleagues report: Orion forgets devices (FR-31)." in shown


def test_it_costs_a_question_next_to_nothing(database: Database, starter_map: TouchpointMap) -> None:
    rows = np.random.default_rng(1).normal(size=(400, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    with database.writing.begin() as session:
        for number, row in enumerate(rows):
            filed(session, f"report {number}", row, tools=("orion",))
    known = colleagues(database, starter_map)
    ask = "how do I register a swapped modem in Orion and CareDesk"
    known.about(ask, lambda: rows[0], pages=(), audiences=EMPLOYEE)
    start = time.process_time()
    for _ in range(10):
        assert len(known.about(ask, lambda: rows[0], pages=(), audiences=EMPLOYEE)) == 1
    assert (time.process_time() - start) / 10 < 0.02, "seconds; 3 ms on a quiet machine"
