"""chromadb: its persistent client, cosine; SentenceTransformerEmbeddingFunction."""

from collections.abc import Sequence
from pathlib import Path

import measuring

# Chroma takes so many at once; a limit of its SQLite statements.
AT_ONCE = 1000


class Chroma:
    def __init__(self, folder: Path) -> None:
        import chromadb  # noqa: PLC0415 - importing is part of what is measured
        from chromadb.config import Settings  # noqa: PLC0415
        from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction  # noqa: PLC0415

        self._embedding = SentenceTransformerEmbeddingFunction(
            model_name=measuring.model_folder(), device="cpu", normalize_embeddings=True
        )
        self._client = chromadb.PersistentClient(str(folder / "index"), Settings(anonymized_telemetry=False))

    def warm_up(self, text: str) -> None:
        self._embedding([text])

    def index(self, keys: Sequence[str], texts: Sequence[str]) -> None:
        collection = self._client.create_collection(
            "bench", embedding_function=self._embedding, metadata={"hnsw:space": "cosine"}
        )
        for start in range(0, len(keys), AT_ONCE):
            chosen = slice(start, start + AT_ONCE)
            collection.add(ids=list(keys[chosen]), documents=list(texts[chosen]))

    def open(self) -> None:
        self._collection = self._client.get_collection("bench", embedding_function=self._embedding)

    def first(self, question: str) -> None:
        self.search(question)

    def search(self, question: str) -> list[str]:
        return self._collection.query(query_texts=[question], n_results=measuring.TOP)["ids"][0]


if __name__ == "__main__":
    measuring.main(Chroma, "chromadb", "sentence-transformers", "torch")
