"""The wheel: what is in it, and that it works where nothing else of the project is."""

import json
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from offices import PROJECT
from programs import throughline

QUESTION = "Can I waive a late fee without a supervisor?"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as it would be published."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(PROJECT)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    [built] = folder.glob("throughline-*.whl")
    return built


def test_the_wheel_carries_everything_that_the_program_reads(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    needed = {
        path.relative_to(PROJECT).as_posix()
        for pattern in ("**/*.py", "**/*.html", "**/static/*", "**/*.json", "**/*.txt", "**/*.mako")
        for path in (PROJECT / "bot").glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert needed - held == set()
    for folder in ("knowledge", "config"):
        pages = {path.relative_to(PROJECT).as_posix() for path in (PROJECT / folder).rglob("*.*") if path.is_file()}
        assert pages
        assert {f"bot/shipped/{page}" for page in pages} - held == set()


def test_the_wheel_carries_nothing_of_a_developer(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    strange = [name for name in names if not name.startswith(("bot/", "throughline-"))]
    assert strange == []
    assert not any(name.endswith((".db", ".env", ".pyc")) or "/var/" in name for name in names)


def test_installed_in_an_empty_folder_it_indexes_what_it_ships_and_answers(
    wheel: Path, tmp_path: Path, starter_data: Path
) -> None:
    program = _installed(wheel, tmp_path / "venv")
    folder = tmp_path / "empty"
    folder.mkdir()
    _remember_only_vectors(starter_data, folder / "var")
    ended = throughline("ask", "--json", QUESTION, folder=folder, program=[str(program)])
    assert ended.returncode == 0, ended.stderr
    assert "Nothing is indexed yet" in ended.stderr
    assert "bot/shipped/knowledge in" in ended.stderr
    answer = json.loads(ended.stdout)
    assert answer["citations"][0]["source"] == "policies/late-fees.md"
    assert [entry.name for entry in folder.iterdir()] == ["var"]


def _installed(wheel: Path, folder: Path) -> Path:
    """The program in an environment that has the dependencies of this one, but not the project."""
    venv.create(folder, with_pip=False, symlinks=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    # A path, not `site.addsitedir`: that would find the editable installation of the project as well.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [sys.executable, "-m", "pip", "--python", str(folder / "bin/python"), "install"]
    options = ["--no-index", "--no-deps", "--ignore-installed", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, *options, str(wheel)], check=True, capture_output=True, timeout=120)
    return folder / "bin/throughline"


def _remember_only_vectors(starter_data: Path, data_dir: Path) -> None:
    """A data folder in which nothing is indexed, but every passage was embedded once: that takes half a minute."""
    shutil.copytree(starter_data, data_dir, ignore=shutil.ignore_patterns("*.lock"))
    database = sqlite3.connect(data_dir / "throughline.db")
    for table in ("audiences", "passages", "sections", "documents", "generations"):
        database.execute(f"DELETE FROM knowledge_{table}")  # noqa: S608 - the names above
    database.commit()
    database.close()
