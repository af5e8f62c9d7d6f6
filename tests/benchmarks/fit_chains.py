"""Fits the weights of `bot/customers/contacts/weights.py` on the histories that are for it, and says how good they are.

    python tests/benchmarks/fit_chains.py [--held-out]

Fitted on each history, on several joined into one customer, or chance would rule among a hundred contacts, and on a few
contacts in a row, as most customers have no more. Prints, for contacts with vectors and without, pairwise F1 (micro) of
all these in five folds of the histories, the weights, and with --held-out those that no choice was made by.
"""

# ruff: noqa: T201 - a program prints

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import numpy as np
from bot.customers.contacts.chains import partition
from bot.customers.contacts.contents import Content
from bot.customers.contacts.linking import Linker
from bot.customers.contacts.weights import BY_WORDS, LINK, NEW, WITH_MEANING
from bot.customers.questions.pieces import parts_of
from bot.retrieval.embedding import Embedder
from numpy.typing import NDArray
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).parent.parent))
from contact_histories import History, Pairs, histories, joined, more_histories
from programs import MODEL_CACHE

# Of .03 to 1 chosen by the likelihood over folds.
PULL = 0.1
FOLDS = 5
# What each choice counts in so many histories joined into one customer, and in so many contacts in a row of one.
JOINED = {1: 2.0, 3: 1.0, 8: 1.0}
IN_A_ROW = {3: 0.2, 4: 0.2}
# The histories that were there before there was a second fit: its figures are comparable.
_FIRST = 60

# Figures of each possible choice, and which one is right.
Choice = tuple[NDArray[np.float64], int]
Vectors = dict[int, NDArray[np.float32]]


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--held-out", action="store_true")
    options = asked.parse_args()
    fitting = [one for one in (*histories(), *more_histories()) if not one.held_out]
    held_out = [one for one in histories() if one.held_out]
    vectors = _vectors((*fitting, *held_out))
    for weights, name, some in ((WITH_MEANING, "WITH_MEANING", vectors), (BY_WORDS, "BY_WORDS", {})):
        print(name)
        for what, pairs in _folded(fitting, weights, some).items():
            print(f"  in folds, {what}", pairs)
        weights.update(_fitted(fitting, some))
        print("  of the sixty those fitted on", _measured([one for one in histories() if not one.held_out], some))
        if options.held_out:
            print("  held out", _measured(held_out, some), "\n  all sixty", _measured(histories(), some))
            print("  held out, 3 in one", _measured(_joined(held_out, 3), some))
            print("  held out, 4 in a row", _measured(_in_a_row(held_out, 4), some))
        print(" ", json.dumps({key: round(value, 2) for key, value in weights.items()}))


def _folded(fitting: Sequence[History], weights: dict[str, float], vectors: Vectors) -> dict[str, Pairs]:
    found: dict[str, Pairs] = defaultdict(Pairs)
    for fold in range(FOLDS):
        weights.update(_fitted([one for place, one in enumerate(fitting) if place % FOLDS != fold], vectors))
        rest = fitting[fold::FOLDS]
        found["the first sixty"] += _measured([one for one in fitting[:_FIRST] if one in rest], vectors)
        for count in JOINED:
            found[f"{count} in one"] += _measured(_joined(rest, count), vectors)
        for count in (2, *IN_A_ROW):
            found[f"{count} in a row"] += _measured(_in_a_row(rest, count), vectors)
    return found


def _vectors(some: Iterable[History]) -> Vectors:
    every = [one for history in some for one in history.interactions]
    made = Embedder(cache=MODEL_CACHE).encode([parts_of(one)[0] for one in every])
    return {one.id: vector for one, vector in zip(every, made, strict=True)}


def _of(history: History, vectors: Vectors) -> NDArray[np.float32] | None:
    return np.stack([vectors[one.id] for one in history.interactions]) if vectors else None


def _joined(some: Sequence[History], count: int) -> list[History]:
    mixed = list(some)
    Random(1).shuffle(mixed)
    return [joined(mixed[place : place + count]) for place in range(0, len(mixed) - count + 1, count)]


def _in_a_row(some: Iterable[History], count: int) -> list[History]:
    return [few for one in some for few in one.cut(count)]


def _measured(some: Iterable[History], vectors: Vectors) -> Pairs:
    return sum((one.compared(partition(one.interactions, _of(one, vectors))) for one in some), Pairs())


def _fitted(some: Sequence[History], vectors: Vectors) -> dict[str, float]:
    counted = [(counts, one) for count, counts in JOINED.items() for one in _joined(some, count)]
    counted += [(counts, one) for count, counts in IN_A_ROW.items() for one in _in_a_row(some, count)]
    every = [(choice, counts) for counts, one in counted for choice in _choices(one, vectors)]
    return dict(zip((*LINK, *NEW), map(float, _likeliest(every)), strict=True))


def _choices(history: History, vectors: Vectors) -> list[Choice]:
    """For each contact twice: with the right chains before it, and with all others where they belong."""
    oldest_first = history.interactions[::-1]
    meaning = _of(history, vectors)
    linker = Linker([Content.of(one) for one in oldest_first], None if meaning is None else meaning[::-1])
    chain_of = [history.chain_of[one.id] for one in oldest_first]
    found = []
    for place, chain in enumerate(chain_of):
        for others in (range(place), range(len(chain_of))):
            chains: dict[str, list[int]] = {}
            for other in others:
                if other != place:
                    chains.setdefault(chain_of[other], []).append(other)
            rows = [np.concatenate([np.zeros(len(LINK)), linker.new[place]])]
            rows += [np.concatenate([linker.figures(each)[place], np.zeros(len(NEW))]) for each in chains.values()]
            if len(rows) > 1:
                found.append((np.stack(rows), list(chains).index(chain) + 1 if chain in chains else 0))
    return found


def _likeliest(every: Sequence[tuple[Choice, float]]) -> NDArray[np.float64]:
    rows = np.concatenate([rows for (rows, _), _ in every])
    sizes = np.array([len(rows) for (rows, _), _ in every])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    counts = np.array([count for _, count in every])
    right_at = starts + np.array([place for (_, place), _ in every])
    right = rows[right_at]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = rows @ weights
        shares = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        shares /= np.repeat(np.add.reduceat(shares, starts), sizes)
        taken = shares[right_at]
        slope = (shares * np.repeat(counts, sizes)) @ rows - counts @ right
        return PULL * float(weights @ weights) - float(counts @ np.log(taken)), slope + 2 * PULL * weights

    return np.asarray(minimize(loss, np.zeros(len(LINK) + len(NEW)), jac=True, method="L-BFGS-B").x)


if __name__ == "__main__":
    main()
