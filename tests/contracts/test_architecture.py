"""What the house promises about its own source. `lint-imports` holds the floors; this holds what it cannot see."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import bot
import pytest

from offices import PROJECT

SOURCE = Path(bot.__file__).parent
MODULES = {
    file.relative_to(SOURCE).as_posix(): ast.parse(file.read_text(encoding="utf-8"))
    for file in sorted(SOURCE.rglob("*.py"))
}
HOUSE = {name: tree for name, tree in MODULES.items() if not name.startswith("simulator/")}
WORKSPACE = {name: tree for name, tree in MODULES.items() if name.startswith("simulator/")}


def imported(tree: ast.Module) -> Iterator[str]:
    """The dotted names of all modules that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(package: str, modules: dict[str, ast.Module] = MODULES) -> set[str]:
    return {
        name
        for name, tree in modules.items()
        if any(what == package or what.startswith(f"{package}.") for what in imported(tree))
    }


def words_of(tree: ast.Module) -> set[str]:
    """Every name and attribute that a module mentions, parameters included."""
    return {
        word
        for node in ast.walk(tree)
        for word in (getattr(node, field, None) for field in ("id", "attr", "arg", "name"))
        if isinstance(word, str)
    }


@pytest.mark.parametrize(
    "way",
    ["chat_postMessage", "chat_postEphemeral", "chat_update", "chat_stream", "files_upload_v2", "WebhookClient"],
)
def test_only_delivery_posts(way: str) -> None:
    assert {name for name, tree in HOUSE.items() if way in words_of(tree)} <= {"handlers/delivery.py"}


@pytest.mark.parametrize("way", ["chat_startStream", "chat_appendStream", "chat_stopStream"])
def test_only_streaming_streams_and_only_for_delivery(way: str) -> None:
    assert {name for name, tree in HOUSE.items() if way in words_of(tree)} <= {"handlers/streaming.py"}
    assert importers("bot.handlers.streaming") == {"handlers/delivery.py"}


@pytest.mark.parametrize("shortcut", ["say", "respond", "say_stream"])
def test_no_listener_answers_past_the_outbox(shortcut: str) -> None:
    assert {name for name, tree in HOUSE.items() if shortcut in words_of(tree)} == set()


def test_faults_are_caught_wholesale_at_one_border() -> None:
    def wholesale(tree: ast.Module) -> bool:
        caught = [node.type for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
        names = {None if kind is None else ast.unparse(kind) for kind in caught}
        return bool(names & {None, "Exception", "BaseException"})

    assert {name for name, tree in MODULES.items() if wholesale(tree)} == {"handlers/border.py"}


def test_slack_is_known_in_the_rooms_that_talk_to_slack_only() -> None:
    strangers = {
        name
        for package in ("slack_bolt", "slack_sdk")
        for name in importers(package)
        if not name.startswith("handlers/")
    }
    assert strangers == {
        "attendance.py",
        "attended.py",
        "doctor.py",
        "doctor_people.py",
        "installations.py",
        "offered.py",
        "running.py",
        "slack_checks.py",
    }


@pytest.mark.parametrize(
    ("engine", "modules"),
    [
        ("faiss", {"retrieval/engines/faiss.py"}),
        ("onnxruntime", {"retrieval/embedding/graph.py", "retrieval/embedding/export.py"}),
        ("sentence_transformers", {"retrieval/embedding/reference.py"}),
        ("openvino", {"retrieval/embedding/bulk.py"}),
        ("tokenizers", {"retrieval/embedding/batches.py"}),
        ("torch", {"retrieval/embedding/export.py"}),
    ],
)
def test_an_engine_is_loaded_where_it_belongs(engine: str, modules: set[str]) -> None:
    assert importers(engine) <= modules


def test_the_local_workspace_knows_nothing_of_the_bot() -> None:
    outside = {
        what
        for tree in WORKSPACE.values()
        for what in imported(tree)
        if what.partition(".")[0] == "bot" and not what.startswith("bot.simulator")
    }
    assert outside == set()


def test_only_the_program_itself_opens_the_local_workspace() -> None:
    assert importers("bot.simulator", HOUSE) <= {"cli.py"}


def test_nothing_is_unpickled() -> None:
    """A file that is unpickled can run any program."""
    assert not any(importers(module) for module in ("pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"))
    assert not any({"allow_pickle", "torch_load"} & words_of(tree) for tree in MODULES.values())


def test_importing_the_program_loads_no_model_and_starts_nothing() -> None:
    check = (
        "import bot.cli, sys, threading;"
        "print(sorted({'torch', 'sentence_transformers'} & set(sys.modules)), threading.active_count())"
    )
    ended = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.split("\n")[0] == "[] 1"


@pytest.mark.parametrize("target", ["run", "test"])
def test_the_readme_names_the_commands_that_the_makefile_has(target: str) -> None:
    assert f"make {target}" in (PROJECT / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_documents_that_the_readme_points_to_exist() -> None:
    pointed = re.findall(r"\]\(([^)#:]+)\)", (PROJECT / "README.md").read_text(encoding="utf-8"))
    assert [path for path in pointed if not (PROJECT / path).exists()] == []
