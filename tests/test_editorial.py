"""A proposed page becomes knowledge after a review by somebody else, or the knowledge is as it was."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from bot import exchanges, inbox, proposals, requests
from bot.app import House
from bot.editorial import Editor, page, slug
from bot.errors import AlreadyRunning, NotAllowed, ReviewError
from bot.exchanges import Exchange
from bot.people import Person
from bot.proposals import Draft, Proposal, Reviewer, State
from bot.requests import Asking, Place
from bot.retrieval.documents import Question
from bot.retrieval.embedding import Embedder
from bot.retrieval.readers.frontmatter import split_front_matter
from sqlalchemy import select

import offices
from commands import Ended
from offices import PROJECT

NOW = datetime(2026, 11, 20, 10, 11, tzinfo=UTC)
TODAY = NOW.date()
QUESTION = "does the fee apply if the box was struck by lightning?"
JONAS = Reviewer("Jonas Weber", "jonas.weber@tidewater.example", admin=False, teams=frozenset({"returns"}))
MAYA = Reviewer("Maya Okafor", "maya.okafor@tidewater.example", admin=False, teams=frozenset({"returns"}))
SAM = Reviewer("Sam Tran", "sam.tran@tidewater.example", admin=False, teams=frozenset({"customer-care"}))
ELIF = Reviewer("Elif Kaya", "elif.kaya@tidewater.example", admin=True)
ANSWER = "No fee applies to equipment that lightning destroyed. Ask for a photo of the box."
PAGES = {
    "fees.md": "---\ntitle: Fees\nowner: returns\n---\nThe fee for a box that is not returned is $100.\n",
    "desk.md": "---\ntitle: Front desk\n---\nThe front desk opens at 8 in the morning and closes at 6.\n",
}
AGENT = frozenset({"public", "everyone"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "pages"
    pages.mkdir()
    for name, text in PAGES.items():
        (pages / name).write_text(text, encoding="utf-8")
    return pages


@pytest.fixture
def house(folder: Path, tmp_path: Path, encoder: Embedder) -> House:
    built = offices.house_in(tmp_path / "var", encoder)
    built.reindex(folder)
    return built


@pytest.fixture
def propose(house: House) -> Callable[..., int]:
    """Proposes a page as Jonas of the Returns team; returns its number."""

    def proposing(title: str = "Lightning", text: str = ANSWER, audience: str = "everyone") -> int:
        with house.database.writing.begin() as session:
            exchange = exchanges.record(
                session,
                Exchange("U0SAM", "C0", "1.0", QUESTION, "nothing", False, 0.1, (), 1.0),
                gap=None,
                now=NOW,
            )
            asking = Asking(exchange, "U0SAM", "Sam Tran", "returns", QUESTION, "", Place("D0SAM", "C0", "1.0"))
            request = requests.ask(session, asking, now=NOW).request.number
            draft = Draft(request, title, text, audience, "returns", JONAS.address, JONAS.name)
            return proposals.propose(session, draft, now=NOW)

    return proposing


def publish(house: House, number: int, by: Reviewer = ELIF) -> Proposal:
    return house.editor.publish(number, by=by, today=TODAY, now=NOW)


def quoted(house: House, audiences: frozenset[str] = AGENT) -> str:
    answer = house.library.answer(Question("What if lightning destroyed the box?"), audiences=audiences, today=TODAY)
    return " ".join(quote.block.text for quote in answer.quotes)


def state_of(house: House, number: int) -> State:
    with house.database.reading() as session:
        found = proposals.the_one(session, number, proposals.refusable_by(ELIF))
    assert found is not None
    return found.state


def test_a_published_page_answers_the_next_question(house: House, folder: Path, propose: Callable[..., int]) -> None:
    number = propose()
    assert "lightning" not in quoted(house)
    done = publish(house, number, MAYA)
    assert (done.state, done.decided_by, done.path) == (State.PUBLISHED, "Maya Okafor", "answers/lightning.md")
    assert ANSWER in quoted(house)
    assert sorted(file.name for file in folder.rglob("*.*")) == ["desk.md", "fees.md", "lightning.md"]


def test_a_published_page_is_for_its_audience_only(house: House, propose: Callable[..., int]) -> None:
    publish(house, propose(audience="role:supervisor"))
    assert "lightning" not in quoted(house)
    assert ANSWER in quoted(house, AGENT | {"role:supervisor"})


def test_that_a_page_was_published_is_work_for_the_bot_whoever_did_it(
    house: House, propose: Callable[..., int]
) -> None:
    number = propose()
    publish(house, number)
    with house.database.reading() as session:
        rows = session.scalars(select(inbox.InboxRow)).all()
    assert [(row.kind, row.value) for row in rows] == [(proposals.NEWS, {"proposal": number})]


@pytest.mark.parametrize("reviewer", [pytest.param(JONAS, id="its author"), pytest.param(SAM, id="another team")])
def test_nobody_publishes_what_is_not_theirs_to_review(
    house: House, folder: Path, propose: Callable[..., int], reviewer: Reviewer
) -> None:
    number = propose()
    with pytest.raises(NotAllowed, match="yours to decide"):
        publish(house, number, reviewer)
    assert state_of(house, number) is State.PROPOSED
    assert not (folder / "answers").exists()


def test_an_admin_may_publish_what_they_wrote_themselves(house: House, propose: Callable[..., int]) -> None:
    admin = Reviewer(JONAS.name, JONAS.address, admin=True)
    assert publish(house, propose(), admin).state is State.PUBLISHED


def test_a_reviewer_sees_what_waits_for_their_team_and_their_own(house: House, propose: Callable[..., int]) -> None:
    number = propose()
    assert [one.number for one in house.editor.waiting(MAYA)] == [number]
    assert [one.number for one in house.editor.waiting(JONAS)] == [number]
    assert house.editor.waiting(SAM) == []
    house.editor.refuse(number, by=JONAS, reason="wrong", now=NOW)
    assert house.editor.waiting(ELIF) == []


def test_a_refused_page_stays_out_with_the_reason(house: House, propose: Callable[..., int]) -> None:
    number = propose()
    done = house.editor.refuse(number, by=MAYA, reason=" Say  how long they wait ", now=NOW)
    assert (done.state, done.reason, done.decided_by) == (State.REFUSED, "Say how long they wait", "Maya Okafor")
    with pytest.raises(ReviewError, match="was refused by Maya Okafor"):
        publish(house, number)
    with pytest.raises(ReviewError, match="needs a reason"):
        house.editor.refuse(propose(), by=MAYA, reason="  ", now=NOW)


def test_a_page_that_is_published_twice_is_there_once(house: House, folder: Path, propose: Callable[..., int]) -> None:
    number = propose()
    publish(house, number)
    with pytest.raises(ReviewError, match="was published by Elif Kaya"):
        publish(house, number, MAYA)
    assert [file.name for file in (folder / "answers").iterdir()] == ["lightning.md"]


def test_two_pages_of_one_title_have_two_files(house: House, folder: Path, propose: Callable[..., int]) -> None:
    (folder / "answers").mkdir()
    (folder / "answers" / "lightning.md").write_text("# Lightning\n\nWritten by hand.\n", encoding="utf-8")
    assert publish(house, propose()).path == "answers/lightning-2.md"
    assert publish(house, propose(text="Other words on the same matter.")).path == "answers/lightning-3.md"


def test_a_page_that_harms_the_golden_questions_stays_a_proposal(
    house: House, folder: Path, propose: Callable[..., int]
) -> None:
    (folder / "questions.csv").write_text(
        "question,page,words,kind\nWhat is the fee for a box that is not returned?,fees.md,$100,answerable\n",
        encoding="utf-8",
    )
    # Three pages in front of the one that a golden question has to find among the first three.
    for copy in ("a", "b"):
        (folder / f"{copy}.md").write_text(
            f"# Fee for a box that is not returned\n\nWhat is the fee for a box that is not returned? See {copy}.",
            encoding="utf-8",
        )
    house.reindex(folder, margin=1)
    number = propose(
        title="What is the fee for a box that is not returned?",
        text="What is the fee for a box that is not returned? The fee for a box that is not returned is the fee.",
    )
    with pytest.raises(ReviewError, match=r"golden questions would no longer find theirs: What is the fee"):
        publish(house, number)
    assert state_of(house, number) is State.PROPOSED
    assert list((folder / "answers").iterdir()) == []


def test_a_page_is_not_written_while_somebody_else_reindexes(
    house: House, folder: Path, propose: Callable[..., int]
) -> None:
    number = propose()
    with house.reindexing(), pytest.raises(AlreadyRunning):
        publish(house, number)
    assert not (folder / "answers").exists()
    assert publish(house, number).state is State.PUBLISHED


def test_a_folder_that_cannot_be_written_is_said_and_changes_nothing(
    house: House, folder: Path, propose: Callable[..., int]
) -> None:
    number = propose()
    (folder / "answers").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(ReviewError, match="cannot be written into the knowledge folder"):
        publish(house, number)
    assert state_of(house, number) is State.PROPOSED


def test_what_was_half_done_when_the_bot_was_killed_is_done_once(
    house: House, folder: Path, propose: Callable[..., int]
) -> None:
    """Killed after the reindex and before the decision was written down: the file is there and answers."""
    number = propose()
    done = publish(house, number)
    with house.database.writing.begin() as session:
        proposals.decide(session, number, State.PROPOSED, by="", now=NOW)
    assert publish(house, number).path == done.path
    assert [file.name for file in (folder / "answers").iterdir()] == ["lightning.md"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Niamh O’Brien's fee – Gebühr für Ärger", "niamh-obriens-fee-gebuhr-fur-arger"),
        ("../../etc/passwd", "etc-passwd"),
        ("料金はいくらですか", "料金はいくらですか"),
        ("...", ""),
        ("x" * 300, "x" * 55),
        ("Fee: $50 (per box) / month?", "fee-50-per-box-month"),
    ],
)
def test_a_title_becomes_a_file_name(title: str, name: str) -> None:
    assert slug(title) == name


@pytest.mark.parametrize(
    "title", ["Plain", "Niamh O’Brien's: “fee” #1", "- *x*: [a]", "yes", "料金", "audience: public"]
)
def test_what_is_written_is_read_back(title: str) -> None:
    draft = Draft(1, title, "• one\n• two", "role:supervisor", "returns", "", "")
    written = Proposal(1, draft, "who: pays, and when?", State.PROPOSED, "", "", "", NOW, "")
    front, body = split_front_matter(page(written, verified=date(2026, 11, 20)))
    assert (front.title, front.owner, front.audiences) == (title, "returns", frozenset({"role:supervisor"}))
    assert (front.verified, front.keywords) == (date(2026, 11, 20), ("who: pays, and when?",))
    assert body == f"# {title}\n\n- one\n- two\n"


def test_a_person_reviews_for_the_teams_that_list_their_address(house: House) -> None:
    person = Person("U0MAYA", "Maya Okafor", AGENT)
    editor: Editor = house.editor
    assert editor.reviewer(person, "Maya.Okafor@tidewater.example").teams == {"returns", "retail-operations"}
    assert editor.reviewer(person, "U0MAYA").teams == frozenset()


def test_the_command_line_lists_publishes_and_refuses(
    command: Callable[..., Ended], house: House, folder: Path, propose: Callable[..., int]
) -> None:
    first, second = propose(), propose(title="Second")
    place = {"DATA_DIR": str(house.settings.data_dir), "CONFIG": str(PROJECT / "config")}
    listed = command("knowledge", "proposals", **place)
    assert f"{first}  Lightning\n   by Jonas Weber, for Returns team, on 2026-11-20; for everyone" in listed.out
    assert f"   asked: {QUESTION}" in listed.out
    refused = command("knowledge", "proposals", "--refuse", str(second), "--reason", "twice the same", **place)
    assert refused.out.startswith("the command line refused the page “Second”: twice the same")
    stranger = command("knowledge", "proposals", "--publish", str(first), "--as", "Sam Tran", **place)
    assert (stranger.code, "is yours to decide" in stranger.err) == (1, True)
    done = command("knowledge", "proposals", "--publish", str(first), "--as", "Elif Kaya", "--json", **place)
    said = json.loads(done.out)
    assert [(one["path"], one["state"]) for one in said["decided"]] == [("answers/lightning.md", "published")]
    assert said["proposals"] == []
    assert (folder / "answers" / "lightning.md").is_file()
    assert command("knowledge", "proposals", **place).out == "No page is proposed.\n"
    both = command("knowledge", "proposals", "--publish", "1", "--refuse", "2", **place)
    assert "not both at once" in both.err
