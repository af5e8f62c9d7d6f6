"""A sentence-transformers model -> a graph for ONNX Runtime. Run once a model, as a program of its own:

    python -m bot.retrieval.embedding.export MODEL_FOLDER INTO_FOLDER

so that torch, which takes seconds and 500 MB, is gone again when the bot answers. Exit code 3 with the reason on the
last line of stderr where this model cannot be served from a graph.
"""

import json
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions

from bot.errors import ExportFailed
from bot.retrieval.embedding import bulk, graph
from bot.retrieval.embedding.batches import TOKENS, VECTORS
from bot.retrieval.embedding.reference import Reference
from bot.retrieval.embedding.samples import AGREEMENT, SAMPLES

OPSET = 17
NOT_EXPORTED = 3


class _Sentence(torch.nn.Module):
    """Token ids and mask in, unit vectors and those of the tokens out: pooling is part of the graph."""

    def __init__(self, transformer: torch.nn.Module) -> None:
        super().__init__()
        self.transformer = transformer

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features = self.transformer(
            {
                "input_ids": input_ids,
                "attention_mask": attention_mask,
                "token_type_ids": torch.zeros_like(input_ids),
            }
        )
        return torch.nn.functional.normalize(features["sentence_embedding"], dim=1), features["token_embeddings"]


def export(folder: Path, into: Path) -> None:
    """Write `model.onnx`, `weights.bin`, `tokenizer.json`, and `bulk` unless it is too inexact for this model.

    Raises `ExportFailed` where the vectors would differ.
    """
    reference = Reference(str(folder), folder)
    transformer = reference.transformer
    tokens = transformer.tokenizer(list(SAMPLES[:3]), padding=True, return_tensors="pt")
    into.mkdir(parents=True, exist_ok=True)
    raw = into / "raw.onnx"
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer's, about branches that the agreement below settles
        torch.onnx.export(
            _Sentence(transformer).eval(),
            (tokens["input_ids"], tokens["attention_mask"]),
            str(raw),
            dynamo=False,  # the newer exporter makes graphs that ran slower
            opset_version=OPSET,
            input_names=["input_ids", "attention_mask"],
            output_names=[VECTORS, TOKENS],
            dynamic_axes={
                "input_ids": {0: "batch", 1: "tokens"},
                "attention_mask": {0: "batch", 1: "tokens"},
                VECTORS: {0: "batch"},
                TOKENS: {0: "batch", 1: "tokens"},
            },
        )
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    bulk.save(raw, into)
    _fuse(raw, into, heads=int(config["num_attention_heads"]), size=int(config["hidden_size"]))
    raw.unlink()
    tokenizer = transformer.tokenizer.backend_tokenizer
    tokenizer.enable_truncation(int(transformer.max_seq_length or config["max_position_embeddings"]))
    tokenizer.enable_padding(pad_id=transformer.tokenizer.pad_token_id, pad_token=transformer.tokenizer.pad_token)
    tokenizer.save(str(into / "tokenizer.json"))
    true = reference.encode(SAMPLES)
    cosine = np.sum(graph.opened(into).encode(SAMPLES) * true, axis=1).min()
    if cosine < AGREEMENT:
        raise ExportFailed(f"the graph's vectors differ from the model's (cosine {cosine:.5f})")
    if np.sum(bulk.opened(into).encode(SAMPLES) * true, axis=1).min() < AGREEMENT:
        shutil.rmtree(into / bulk.NAME)  # a reindex then takes longer


def _fuse(raw: Path, into: Path, *, heads: int, size: int) -> None:
    """Join the attention's small steps into one each: a third less time for a single question."""
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False  # its fused form reads token types that this graph does not take
    fused = optimizer.optimize_model(
        str(raw), model_type="bert", num_heads=heads, hidden_size=size, optimization_options=options, opt_level=0
    )
    # Weights in a file of their own are mapped, not copied: 113 MB in memory instead of 173.
    onnx.save_model(
        fused.model, str(into / "model.onnx"), save_as_external_data=True, location="weights.bin", size_threshold=1024
    )


def main(model: str, into: str) -> int:
    try:
        export(Path(model), Path(into))
    except (ExportFailed, OSError, LookupError, RuntimeError, ValueError) as fault:
        sys.stderr.write(f"\n{' '.join(str(fault).split())[:300]}\n")
        return NOT_EXPORTED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
