"""Text -> vectors by sentence-transformers: what every model's vectors are defined by. Loads torch."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from bot.errors import ModelMissing

BATCH = 32


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
