"""Text -> vectors by sentence-transformers: what every model's vectors are defined by. Loads torch."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from bot.errors import ModelMissing
from bot.retrieval.embedding.pooling import Tokens

BATCH = 32

_Made = TypeVar("_Made")


class Reference:
    """One model as sentence-transformers runs it."""

    def __init__(self, model: str, folder: Path | None) -> None:
        disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self.transformer = SentenceTransformer(
                str(folder or model),
                device="cpu",
                local_files_only=bool(folder),
                # The plain attention is the one that exports to a graph without branches.
                model_kwargs={"attn_implementation": "eager"},
            )
        except (OSError, ValueError) as fault:
            raise ModelMissing(
                f"The model {model!r} cannot be loaded ({str(fault).splitlines()[0]}). Set MODEL to a folder that "
                "holds a sentence-transformers model, to a hub name this machine can reach, or leave it out."
            ) from fault

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, one row a text, in the order given."""
        vectors = self.transformer.encode(
            list(texts),
            batch_size=BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def read(self, texts: Sequence[str], use: Callable[[int, Tokens], _Made]) -> list[_Made]:
        """What `use` makes of each text (its place and its tokens), in the order given.

        No tokens where the model's tokenizer does not say which characters they stand for.
        """
        return [use(place, self._tokens(text)) for place, text in enumerate(texts)]

    def _tokens(self, text: str) -> Tokens:
        (vector,) = self.encode([text])
        features: dict[str, Any] = self.transformer.encode(text, output_value=None, show_progress_bar=False)
        own = features["token_embeddings"][features["attention_mask"].bool()].numpy()
        ranges = self._ranges(text)
        return Tokens(vector, own, ranges) if len(own) == len(ranges) else Tokens(vector, own[:0], ranges[:0])

    def _ranges(self, text: str) -> NDArray[np.int64]:
        tokenizer = self.transformer.tokenizer
        if not tokenizer.is_fast:
            return np.empty((0, 2), dtype=np.int64)
        read = tokenizer(text, truncation=True, max_length=self.transformer.max_seq_length, return_offsets_mapping=True)
        return np.array(read["offset_mapping"], dtype=np.int64).reshape(-1, 2)
