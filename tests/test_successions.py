"""What replaces what follows from the `supersedes` lines alone, whatever is written in them."""

from bot.retrieval.successions import follow
from hypothesis import given
from hypothesis import strategies as st

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
