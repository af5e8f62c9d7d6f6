"""langchain: its FAISS store, saved to a folder; HuggingFaceEmbeddings."""

from collections.abc import Sequence
from pathlib import Path

import measuring


class LangChain:
    def __init__(self, folder: Path) -> None:
        from langchain_community.vectorstores import FAISS  # noqa: PLC0415 - importing is part of what is measured
        from langchain_huggingface import HuggingFaceEmbeddings  # noqa: PLC0415

        self._folder = str(folder / "index")
        self._stores = FAISS
        self._embeddings = HuggingFaceEmbeddings(
            model_name=measuring.model_folder(),
            model_kwargs={"device": "cpu"},
            encode_kwargs={"normalize_embeddings": True},
        )

    def warm_up(self, text: str) -> None:
        self._embeddings.embed_query(text)

    def index(self, keys: Sequence[str], texts: Sequence[str]) -> None:
        self._stores.from_texts(list(texts), self._embeddings, ids=list(keys)).save_local(self._folder)

    def open(self) -> None:
        # Its own file, written a moment ago by this benchmark.
        self._store = self._stores.load_local(self._folder, self._embeddings, allow_dangerous_deserialization=True)

    def first(self, question: str) -> None:
        self.search(question)

    def search(self, question: str) -> list[str]:
        return [document.id for document in self._store.similarity_search(question, k=measuring.TOP)]


if __name__ == "__main__":
    measuring.main(
        LangChain, "langchain-community", "langchain-huggingface", "sentence-transformers", "torch", "faiss-cpu"
    )
