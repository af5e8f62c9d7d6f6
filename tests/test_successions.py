"""What replaces what follows from the `supersedes` lines alone, whatever is written in them."""

import pytest
from bot.database import Database
from bot.retrieval import chunking, drafts, successions
from bot.retrieval.catalogue import DocumentRow
from bot.retrieval.documents import Block, BlockKind, Document, Section
from bot.retrieval.drafts import Draft
from bot.retrieval.successions import follow
from bot.retrieval.validity import SuccessionRow
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

NAMES = [f"{letter}.md" for letter in "abcdef"]


def replaced(supersedes: dict[str, list[str]]) -> dict[str, set[str]]:
    return {source: set(others) for source, others in follow(supersedes).replaced.items() if others}


def test_a_page_replaces_what_it_names_and_what_that_replaced() -> None:
    chain = {"2024.md": [], "2025.md": ["2024.md"], "2026.md": ["2025.md"]}
    assert replaced(chain) == {"2025.md": {"2024.md"}, "2026.md": {"2025.md", "2024.md"}}
    assert follow(chain).remarks == ()


def test_a_path_counts_from_the_folder_or_from_the_page() -> None:
    for written in (
        "policies/old.md",
        "old.md",
        "./old.md",
        "../policies/old.md",
        "/policies/old.md",
        "policies\\old.md",
    ):
        pages = {"policies/old.md": [], "policies/new.md": [written]}
        assert replaced(pages) == {"policies/new.md": {"policies/old.md"}}, written


def test_a_page_that_is_not_there_and_the_page_itself_are_remarked() -> None:
    found = follow({"a.md": ["gone.md", "a.md", "b.md"], "b.md": []})
    assert found.replaced["a.md"] == {"b.md"}
    assert [source for source, _ in found.remarks] == ["a.md", "a.md"]
    assert found.remarks[0][1].startswith("`supersedes: gone.md` names no page")
    assert found.remarks[1][1].startswith("`supersedes` names the page itself")


def test_pages_in_a_circle_replace_nothing_of_it_and_each_is_remarked() -> None:
    found = follow({"a.md": ["b.md"], "b.md": ["c.md"], "c.md": ["a.md", "old.md"], "old.md": [], "new.md": ["a.md"]})
    assert found.replaced["c.md"] == {"old.md"}
    assert found.replaced["a.md"] == found.replaced["b.md"] == frozenset()
    assert found.replaced["new.md"] == {"a.md"}
    assert [source for source, _ in found.remarks] == ["a.md", "b.md", "c.md"]
    assert all("closes a circle" in what for _, what in found.remarks)


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from([*NAMES, "gone.md"]), max_size=4)))
def test_no_page_ever_replaces_itself_and_some_page_of_any_knowledge_is_left(supersedes: dict[str, list[str]]) -> None:
    found = follow(supersedes).replaced
    assert all(source not in others for source, others in found.items())
    assert all(found[other] <= others for others in found.values() for other in others)
    assert not supersedes or set(supersedes) - set().union(*found.values())


def draft(source: str, supersedes: tuple[str, ...]) -> Draft:
    said = Section((), (Block(BlockKind.PARAGRAPH, ("The fee is due on Friday.",)),))
    document = Document(source, source, (said,), supersedes=supersedes)
    passages = tuple(chunking.split(document))
    return Draft(document, "", "en", passages, ("",) * len(passages))


@pytest.mark.each_engine
def test_of_all_stored_pages_the_successions_are_those_of_their_lines(database: Database) -> None:
    said = {
        "policies/2024.md": (),
        "policies/2025.md": ("2024.md",),
        "policies/2026.md": ("2025.md", "gone.md", "buried.md", "./2026.md"),
        "round.md": ("about.md", "policies\\2024.md"),
        "about.md": ("round.md",),
        "plain.md": (),
    }
    with database.writing.begin() as session:
        drafts.write(session, [draft(*page) for page in (*said.items(), ("policies/buried.md", ("plain.md",)))], born=1)
        session.execute(update(DocumentRow).where(DocumentRow.source == "policies/buried.md").values(died=2))
        remarks = successions.write(session, generation=2)
        sources = dict(session.execute(select(DocumentRow.id, DocumentRow.source)).all())
        stored = {
            (sources[row.successor], sources[row.replaced])
            for row in session.scalars(select(SuccessionRow).where(SuccessionRow.generation == 2))
        }
    expected = follow(said)
    assert stored == {(source, other) for source, others in expected.replaced.items() for other in others}
    assert remarks == expected.remarks
    assert len(stored) == 4
    assert [source for source, _ in remarks] == [*["policies/2026.md"] * 3, "about.md", "round.md"]
