"""Makes `bot/retrieval/language_table.npz` from the model that the installed py3langid ships.

    python tests/derived_languages.py

py3langid walks an automaton of 39 MB. Each of its states stands for a group of bytes, and after any text it is in that
of the longest known group that the text ends with (Aho and Corasick, 1975): the groups are all that has to be kept.
"""

import numpy as np
from bot.retrieval.language_table import FILE, LENGTH_SHIFT
from bot.retrieval.languages import NAMES
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier


def model() -> LanguageIdentifier:
    """py3langid, asked as the table is: the same languages, probabilities."""
    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(sorted(NAMES))
    return found


def derived(source: LanguageIdentifier) -> dict[str, NDArray[np.generic]]:
    rows = np.array(source.tk_row)
    groups = groups_of(np.array(source.tk_nextmove).reshape(-1, 256)[rows])
    order = np.argsort(groups)[1:]  # without the beginning, the group of no bytes
    return {
        "languages": np.array(source.nb_classes),
        "groups": groups[order],
        "features": np.array(source.tk_output, dtype=np.int32)[order],
        "worth": source.nb_ptc,
        "prior": source.nb_pc,
    }


def groups_of(next_state: NDArray[np.integer]) -> NDArray[np.uint64]:
    """The shortest way to each state: that is the group it stands for."""
    groups = np.zeros(len(next_state), dtype=np.uint64)
    reached = np.zeros(len(next_state), dtype=np.bool_)
    reached[0] = True
    front = np.array([0])
    length = 0
    while len(front):
        length += 1
        where, letter = np.nonzero(~reached[next_state[front]])
        states = next_state[front[where], letter]
        bytes_before = groups[front[where]] & np.uint64((1 << LENGTH_SHIFT) - 1)
        groups[states] = bytes_before << np.uint64(8) | letter.astype(np.uint64) | np.uint64(length << LENGTH_SHIFT)
        reached[states] = True
        front = np.unique(states)
    return groups


if __name__ == "__main__":
    with FILE.open("wb") as stream:
        np.savez_compressed(stream, **derived(model()))
