"""A damaged export of the model is made anew; to export takes half a minute of a processor."""

import shutil
from pathlib import Path

import pytest
from bot.retrieval.embedding import Embedder

from programs import MODEL_CACHE


@pytest.fixture
def cache(tmp_path: Path, encoder: Embedder) -> Path:
    """A cache of one's own that holds the exported model."""
    assert encoder.identity
    shutil.copytree(MODEL_CACHE, tmp_path / "models", ignore=shutil.ignore_patterns("*.lock"))
    return tmp_path / "models"


def test_a_damaged_export_is_made_anew_and_what_an_older_version_exported_is_cleared_away(
    cache: Path, encoder: Embedder
) -> None:
    (folder,) = (entry for entry in cache.iterdir() if entry.is_dir())
    file = folder / "weights.bin"
    shutil.copytree(file.parent, older := file.parent.with_name(f"{encoder.identity}-1"))
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 0x10
    file.write_bytes(damaged)
    asked = ["how long is the warranty?"]
    assert Embedder(cache=cache).encode(asked) == pytest.approx(encoder.encode(asked), abs=1e-5)
    assert file.read_bytes() != bytes(damaged)
    assert not older.exists()
    assert not [entry for entry in cache.iterdir() if entry.suffix != ".lock" and entry != file.parent]
