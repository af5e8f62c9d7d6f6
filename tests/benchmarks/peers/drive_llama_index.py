"""llama-index: its default vector store, persisted as JSON; the HuggingFace embedding."""

from collections.abc import Sequence
from pathlib import Path

import measuring


class LlamaIndex:
    def __init__(self, folder: Path) -> None:
        from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage  # noqa: PLC0415
        from llama_index.core.schema import TextNode  # noqa: PLC0415 - importing is part of what is measured
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding  # noqa: PLC0415

        self._folder = str(folder / "index")
        self._index, self._node, self._storage, self._load = (
            VectorStoreIndex,
            TextNode,
            StorageContext,
            load_index_from_storage,
        )
        self._embedding = HuggingFaceEmbedding(model_name=measuring.model_folder(), device="cpu", embed_batch_size=32)

    def warm_up(self, text: str) -> None:
        self._embedding.get_text_embedding(text)

    def index(self, keys: Sequence[str], texts: Sequence[str]) -> None:
        nodes = [self._node(id_=key, text=text) for key, text in zip(keys, texts, strict=True)]
        self._index(nodes, embed_model=self._embedding).storage_context.persist(self._folder)

    def open(self) -> None:
        index = self._load(self._storage.from_defaults(persist_dir=self._folder), embed_model=self._embedding)
        self._retriever = index.as_retriever(similarity_top_k=measuring.TOP)

    def first(self, question: str) -> None:
        self.search(question)

    def search(self, question: str) -> list[str]:
        return [found.node.node_id for found in self._retriever.retrieve(question)]


if __name__ == "__main__":
    measuring.main(LlamaIndex, "llama-index-core", "sentence-transformers", "torch")
