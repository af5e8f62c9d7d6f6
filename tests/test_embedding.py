"""Text -> vectors: ONNX Runtime gives what sentence-transformers defines, without loading torch."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from bot.errors import ExportFailed, ModelMissing
from bot.retrieval.documents import Searched
from bot.retrieval.embedding import SHIPPED_MODEL, Embedder
from bot.retrieval.embedding.model import folder_of
from bot.retrieval.embedding.samples import AGREEMENT, SAMPLES
from bot.retrieval.embedding.store import exported, has_bulk, is_whole

from programs import MODEL_CACHE, PROJECT

if TYPE_CHECKING:
    from bot.retrieval.embedding.reference import Reference

TEXTS = [*SAMPLES, "a", "Router R-200", "¿Cuánto cuesta la devolución?", "", "word " * 700]


@pytest.fixture(scope="module")
def encoder() -> Embedder:
    """One that reads every text anew, as the bot's: the one that tests share remembers what it has read."""
    return Embedder(cache=MODEL_CACHE)


@pytest.fixture(scope="session")
def reference() -> "Reference":
    # Here, since every process of the tests reads this file, and torch takes seconds.
    from bot.retrieval.embedding.reference import Reference  # noqa: PLC0415

    return Reference(SHIPPED_MODEL, folder_of(SHIPPED_MODEL))


@pytest.fixture
def cache(tmp_path: Path, encoder: Embedder) -> Path:
    """A cache of one's own that holds the exported model, which the first test on a new machine makes."""
    encoder.encode(TEXTS[:1])
    shutil.copytree(MODEL_CACHE, tmp_path / "models", ignore=shutil.ignore_patterns("*.lock"))
    return tmp_path / "models"


def graph_in(cache: Path) -> Path:
    (folder,) = (entry for entry in cache.iterdir() if entry.is_dir())
    return folder


def test_both_engines_give_the_same_vectors(encoder: Embedder, reference: "Reference") -> None:
    served, defined = encoder.encode(TEXTS), reference.encode(TEXTS)
    assert np.sum(served * defined, axis=1).min() >= AGREEMENT
    assert np.linalg.norm(served, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_a_text_has_the_same_vector_alone_and_among_others(encoder: Embedder) -> None:
    together = encoder.encode(TEXTS)
    for row, text in enumerate(TEXTS):
        assert encoder.encode([text])[0] == pytest.approx(together[row], abs=1e-5)


def test_threads_that_ask_at_once_each_get_their_own_vectors(encoder: Embedder) -> None:
    texts = [f"question number {number} about fees" for number in range(40)]
    alone = encoder.encode(texts)
    with ThreadPoolExecutor(8) as threads:
        asked = list(threads.map(lambda text: encoder.encode([text])[0], texts))
    assert np.stack(asked) == pytest.approx(alone, abs=1e-5)


FEES = Searched(
    "Late fees > Rules\nThe late fee is $9.50 per bill. To waive it: 1. Open Orion. 2. Waive the fee.",
    parts=((18, 49), (0, 0), (50, 95)),
)


def test_a_block_means_the_mean_of_its_own_tokens_and_those_of_its_headings(
    encoder: Embedder, reference: "Reference"
) -> None:
    vectors, [parts] = encoder.encode_parts([FEES])
    assert vectors == pytest.approx(encoder.encode([FEES.text]), abs=1e-6)
    read = reference.transformer.tokenizer(FEES.text, return_offsets_mapping=True)["offset_mapping"]
    tokens = reference.transformer.encode(FEES.text, output_value="token_embeddings").numpy()
    for row, (first, last) in zip((0, 2), ((18, 49), (50, 95)), strict=True):
        own = [place for place, (at, end) in enumerate(read) if at < end and (end <= 18 or first <= at < last)]
        mean = tokens[own].mean(axis=0)
        assert parts[row] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-5)
    assert parts[1] == pytest.approx(vectors[0], abs=1e-6)  # it has no words of its own


def test_both_engines_give_the_same_vectors_of_blocks(encoder: Embedder) -> None:
    behind = Searched("Fees\n" + "word " * 700, parts=((5, 100), (3000, 3400)))  # the model does not read that far
    served, defined = encoder.encode_parts([FEES, behind])[1], Embedder().encode_parts([FEES, behind])[1]
    for one, other in zip(served, defined, strict=True):
        assert np.sum(one * other, axis=1).min() >= AGREEMENT


def test_many_texts_at_once_have_the_vectors_that_sentence_transformers_defines(
    encoder: Embedder, reference: "Reference"
) -> None:
    """They are embedded by OpenVINO, in 16 bits where the processor can."""
    texts = [*TEXTS, *(f"Rule {number}: {text}" for number in range(5) for text in SAMPLES)]
    vectors, parts = encoder.encode_parts([Searched(text, parts=((0, 9), (10, 40))) for text in texts])
    assert np.sum(vectors * reference.encode(texts), axis=1).min() >= AGREEMENT
    singly = [encoder.encode_parts([Searched(text, parts=((0, 9), (10, 40)))])[1][0] for text in texts]
    assert np.sum(np.stack(parts) * np.stack(singly), axis=2).min() >= AGREEMENT


def test_nobody_is_told_that_many_texts_were_embedded(cache: Path) -> None:
    """OpenVINO reports each import to its makers unless it is kept from it; not where CI is set, so it is not here."""
    program = f"""
import socket, sys
from pathlib import Path
tried = []
socket.getaddrinfo = lambda *asked, **named: tried.append(asked) or []
socket.socket.connect = lambda own, address: tried.append(address)
from bot.retrieval.documents import Searched
from bot.retrieval.embedding import Embedder
Embedder(cache=Path({str(cache)!r})).encode_parts([Searched(f"rule {{number}}") for number in range(40)])
assert "openvino" in sys.modules
assert not [name for name in sys.modules if name.startswith("openvino_telemetry.")], "it reports"
assert not tried, tried
"""
    quiet = {name: value for name, value in os.environ.items() if name != "CI"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, env=quiet, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["model.xml", "model.bin", "SHA256SUMS"])
def test_a_damaged_export_for_many_texts_is_not_used(cache: Path, encoder: Embedder, name: str) -> None:
    file = graph_in(cache) / "bulk" / name
    file.write_bytes(file.read_bytes()[:-3])
    assert not has_bulk(file.parent.parent)
    texts = [f"rule {number}" for number in range(40)]
    vectors, _ = Embedder(cache=cache).encode_parts([Searched(text) for text in texts])
    assert vectors == pytest.approx(encoder.encode(texts), abs=1e-6)


def test_a_model_that_does_not_pool_by_the_mean_reads_each_block_by_itself(tmp_path: Path) -> None:
    shipped = folder_of(SHIPPED_MODEL)
    assert shipped is not None
    other = shutil.copytree(shipped, tmp_path / "first-token")
    [pooling] = other.glob("*_Pooling/config.json")
    flags = {key: False for key in json.loads(pooling.read_text()) if key.startswith("pooling_mode_")}
    size = json.loads((other / "config.json").read_text())["hidden_size"]
    pooling.write_text(json.dumps({"word_embedding_dimension": size, **flags, "pooling_mode_cls_token": True}))
    model = Embedder(str(other))
    vectors, [parts] = model.encode_parts([FEES])
    alone = model.encode(
        [f"Late fees > Rules\n{FEES.text[first:last]}" for first, last in (FEES.parts[0], FEES.parts[2])]
    )
    assert parts[[0, 2]] == pytest.approx(alone, abs=1e-5)
    assert parts[1] == pytest.approx(vectors[0], abs=1e-5)


def test_answering_loads_no_torch(cache: Path) -> None:
    """Neither does anything else on a question's way: torch costs seconds and 500 MB."""
    program = f"""
import sys
from pathlib import Path
import bot.app, bot.cli
from bot.retrieval.embedding import Embedder
vectors = Embedder(cache=Path({str(cache)!r})).encode(["how long is the warranty?"])
assert vectors.shape == (1, 384), vectors.shape
torch_and_its = {{"torch", "transformers", "sentence_transformers", "onnx", "openvino"}}
heavy = (torch_and_its | {{"scipy.special", "scipy.stats", "sklearn"}}) & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["model.onnx", "weights.bin", "tokenizer.json", "SHA256SUMS"])
def test_damage_to_any_file_of_an_export_is_seen(cache: Path, name: str) -> None:
    """One bit: a graph damaged like that may load and give wrong vectors."""
    file = graph_in(cache) / name
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 0x01
    file.write_bytes(damaged)
    assert not is_whole(file.parent)


def test_a_model_without_a_graph_runs_in_sentence_transformers(
    tmp_path: Path, reference: "Reference", caplog: pytest.LogCaptureFixture
) -> None:
    """Here one whose tokenizer has only the old vocabulary file."""
    shipped = folder_of(SHIPPED_MODEL)
    assert shipped is not None
    older = shutil.copytree(shipped, tmp_path / "older")
    (older / "tokenizer.json").unlink()
    vectors = Embedder(str(older), cache=tmp_path / "models").encode(["how long is the warranty?"])
    assert float(vectors[0] @ reference.encode(["how long is the warranty?"])[0]) >= AGREEMENT
    assert "runs in sentence-transformers, which is slower: the model has no tokenizer.json" in caplog.text


def test_a_broken_model_is_said_to_be_broken(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text(json.dumps({"model_type": "none"}))
    with pytest.raises(ModelMissing, match="Set MODEL to a folder"):
        Embedder(str(tmp_path / "broken"), cache=tmp_path / "models").encode(["anything"])


def test_a_cache_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ExportFailed, match=r"cannot be written .* set MODEL_CACHE to a folder that can"):
        exported(tmp_path, tmp_path / "file" / "models")
