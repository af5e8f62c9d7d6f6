"""What the house promises about its own source. `lint-imports` holds the floors; this holds what it cannot see."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import bot
import pytest

from offices import PROJECT

SOURCE = Path(bot.__file__).parent


class Modules(Mapping[str, ast.Module]):
    """Modules by their paths, read when somebody looks: every process of the tests loads this file, one runs it."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)

    def __getitem__(self, name: str) -> ast.Module:
        return _parsed(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@cache
def _parsed(name: str) -> ast.Module:
    return ast.parse((SOURCE / name).read_text(encoding="utf-8"))


MODULES = Modules(file.relative_to(SOURCE).as_posix() for file in sorted(SOURCE.rglob("*.py")))
HOUSE = Modules(name for name in MODULES if not name.startswith("simulator/"))
WORKSPACE = Modules(name for name in MODULES if name.startswith("simulator/"))


@cache
def imported(tree: ast.Module) -> frozenset[str]:
    """The dotted names of all modules that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def importers(package: str, modules: Mapping[str, ast.Module] = MODULES) -> set[str]:
    return {
        name
        for name, tree in modules.items()
        if any(what == package or what.startswith(f"{package}.") for what in imported(tree))
    }


@cache
def words_of(tree: ast.Module) -> frozenset[str]:
    """Every name and attribute that a module mentions, parameters included."""
    return frozenset(
        word
        for node in ast.walk(tree)
        for word in (getattr(node, field, None) for field in ("id", "attr", "arg", "name"))
        if isinstance(word, str)
    )


@pytest.mark.parametrize(
    "way",
    ["chat_postMessage", "chat_postEphemeral", "chat_update", "chat_stream", "files_upload_v2", "WebhookClient"],
)
def test_only_delivery_posts(way: str) -> None:
    assert {name for name, tree in HOUSE.items() if way in words_of(tree)} <= {"handlers/posting/delivery.py"}


@pytest.mark.parametrize("way", ["chat_startStream", "chat_appendStream", "chat_stopStream"])
def test_only_streaming_streams_and_only_for_delivery(way: str) -> None:
    assert {name for name, tree in HOUSE.items() if way in words_of(tree)} <= {"handlers/posting/streaming.py"}
    assert importers("bot.handlers.posting.streaming") == {"handlers/posting/delivery.py"}


@pytest.mark.parametrize("shortcut", ["say", "respond", "say_stream"])
def test_no_listener_answers_past_the_outbox(shortcut: str) -> None:
    listening = {name: tree for name, tree in HOUSE.items() if name.startswith("handlers/")}
    assert {name for name, tree in listening.items() if shortcut in words_of(tree)} == set()


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
        "web/openid.py",
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
