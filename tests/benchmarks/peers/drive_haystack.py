"""haystack-ai: its in-memory store, which it writes to disk as JSON; sentence-transformers components."""

from collections.abc import Sequence
from pathlib import Path

import measuring


class Haystack:
    def __init__(self, folder: Path) -> None:
        from haystack import Document  # noqa: PLC0415 - importing is part of what is measured
        from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever  # noqa: PLC0415
        from haystack.document_stores.in_memory import InMemoryDocumentStore  # noqa: PLC0415
        from haystack.utils import ComponentDevice  # noqa: PLC0415
        from haystack_integrations.components.embedders.sentence_transformers import (  # noqa: PLC0415
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )

        options = {
            "model": measuring.model_folder(),
            "device": ComponentDevice.from_str("cpu"),
            "normalize_embeddings": True,
            "progress_bar": False,
        }
        self._file = str(folder / "store.json")
        self._document, self._stores = Document, InMemoryDocumentStore
        self._store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
        self._retriever = InMemoryEmbeddingRetriever
        self._of_documents = SentenceTransformersDocumentEmbedder(**options)
        self._of_texts = SentenceTransformersTextEmbedder(**options)

    def warm_up(self, text: str) -> None:
        self._of_documents.warm_up()
        self._of_documents.run([self._document(content=text)])

    def index(self, keys: Sequence[str], texts: Sequence[str]) -> None:
        documents = [self._document(id=key, content=text) for key, text in zip(keys, texts, strict=True)]
        self._store.write_documents(self._of_documents.run(documents)["documents"])
        self._store.save_to_disk(self._file)

    def open(self) -> None:
        self._of_texts.warm_up()
        self._retriever = self._retriever(self._stores.load_from_disk(self._file), top_k=measuring.TOP)

    def first(self, question: str) -> None:
        self.search(question)

    def search(self, question: str) -> list[str]:
        vector = self._of_texts.run(question)["embedding"]
        return [document.id for document in self._retriever.run(vector)["documents"]]


if __name__ == "__main__":
    measuring.main(Haystack, "haystack-ai", "sentence-transformers-haystack", "sentence-transformers", "torch")
