"""Labelled contacts, and how well a router does on them."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.retrieval.embedding import Embedder
from bot.routing.router import Router

HALVES = ("development", "held_out", "social")
_FILE = Path(__file__).parent / "data" / "routes.csv"


@dataclass(frozen=True)
class Figures:
    """`best` is how often the likeliest touchpoint is right where there is one, sure or not."""

    sentences: int
    on_the_map: int
    routed: int
    precision: float
    recall: float
    best: float
    astray: int
    complaint_precision: float
    complaint_recall: float


def rows_of(half: str) -> list[dict[str, str]]:
    with _FILE.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["half"] == half]


def figures(router: Router, encoder: Embedder, rows: Sequence[dict[str, str]]) -> Figures:
    vectors = encoder.encode([row["text"] for row in rows])
    meanings = [router.meaning(row["text"], vectors[at : at + 1]) for at, row in enumerate(rows)]
    found = [router.verdict(meaning, row["channel"]) for meaning, row in zip(meanings, rows, strict=True)]
    gold = [row["touchpoint"] for row in rows]
    on = sum(bool(one) for one in gold)
    routed = sum(bool(one.touchpoint) for one in found)
    right = sum(one.touchpoint == at for one, at in zip(found, gold, strict=True) if one.touchpoint)
    likeliest = [router.likeliest(meaning, row["channel"]) for meaning, row in zip(meanings, rows, strict=True)]
    best = sum(one == at for one, at in zip(likeliest, gold, strict=True) if at)
    said = [row["complaint"] == "yes" for row in rows]
    both = sum(one.complaint and truth for one, truth in zip(found, said, strict=True))
    return Figures(
        len(rows), on, routed, right / max(routed, 1), right / on, best / on,
        sum(bool(one.touchpoint) for one, at in zip(found, gold, strict=True) if not at),
        both / max(sum(one.complaint for one in found), 1), both / sum(said),
    )  # fmt: skip
