"""What every two contacts of one customer have in common, all at once."""

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from bot.customers.contacts.contents import Content

Matrix = NDArray[np.float64]

_A_DAY = timedelta(days=1)
_SAME_CALL = 30 / (24 * 60)
# Takes the customer's own middle for what it is only where there are many contacts: three about one thing are alike.
_UNLIKE = 4.0
# Of a shared word: two that a customer says all the time make no likeness.
_LITTLE = 2.0


class Likeness:
    """Matrices with a row and a column for each contact, oldest first; nothing has anything in common with itself.

    `shared` has for each contact a row over all of them for each of `SHARED`; `next_to` has for each two what `NEXT_TO`
    names, and nothing in a last row, which is nobody's.
    """

    SHARED = ("words", "answers", "other_number", "device", "day", "ago")
    NEXT_TO = ("number", "echo", "brief_next", "besides")

    def __init__(self, contents: Sequence[Content], vectors: NDArray[np.float32] | None) -> None:
        self.days = np.array([(one.at - contents[0].at) / _A_DAY for one in contents])
        self.products, self.meaning = _meaning(vectors, len(contents))
        words = _Words(contents)
        later = np.tri(len(contents), k=-1)
        shared = (
            words.shared([one.words for one in contents], [one.words for one in contents]),
            _mirrored(later * words.shared([one.said for one in contents], [one.ended for one in contents])),
            _others([one.refs for one in contents]),
            _meeting([{one.device} - {""} for one in contents]),
            _same_days(contents, later),
            _mirrored(later * self._said_ago(contents)),
        )
        # By contact first: a chain's are taken together.
        self.shared = np.ascontiguousarray(np.stack(shared).transpose(1, 0, 2))
        for each in (*self.shared.transpose(1, 0, 2), self.meaning):
            np.fill_diagonal(each, 0.0)
        next_to = (
            _meeting([one.identifiers for one in contents]),
            _mirrored(later * _counted([one.spoken for one in contents], [one.answered for one in contents])),
            _mirrored(later * _brief_next(contents)),
            _mirrored(later * self._besides(contents)),
        )
        self.next_to = np.zeros((len(contents) + 1, len(contents), len(self.NEXT_TO)))
        self.next_to[:-1] = np.stack(next_to, axis=-1)

    def _said_ago(self, contents: Sequence[Content]) -> Matrix:
        found = np.zeros((len(contents), len(contents)))
        for place, one in enumerate(contents):
            for days, off in one.back:
                found[place] = np.maximum(found[place], abs(self.days[place] - self.days - days) <= off)
        return found

    def _besides(self, contents: Sequence[Content]) -> Matrix:
        said = np.array([one.besides for one in contents], dtype=float)
        return np.asarray(said[:, None] * (self.days[:, None] - self.days < _SAME_CALL))


class _Words:
    """Words by how rare they are with this customer."""

    def __init__(self, contents: Sequence[Content]) -> None:
        holding = Counter(word for one in contents for word in one.words)
        total = len(contents) + 0.5
        self._rarity = {word: math.log(1 + total / (count + 0.5)) for word, count in holding.items()}

    def shared(self, some: Sequence[AbstractSet[str]], others: Sequence[AbstractSet[str]]) -> Matrix:
        """The worth of what both say, as a share of what the one says that says less."""
        worth, of_others = self._worth(some), self._worth(others)
        return np.asarray(_counted(some, others, self._rarity) / (np.minimum(worth[:, None], of_others) + _LITTLE))

    def _worth(self, some: Sequence[AbstractSet[str]]) -> Matrix:
        return np.array([sum([self._rarity[word] for word in each]) for each in some])


def _meaning(vectors: NDArray[np.float32] | None, total: int) -> tuple[Matrix, Matrix]:
    """Products and cosines of what is left of the vectors without their middle; zeros without vectors."""
    if vectors is None:
        return np.zeros((total, total)), np.zeros((total, total))
    wide = vectors.astype(np.float64)
    apart = wide - wide.sum(axis=0) / (total + _UNLIKE)
    products = apart @ apart.T
    length = np.sqrt(np.maximum(products.diagonal(), 1e-9))
    return products, products / length / length[:, None]


def _same_days(contents: Sequence[Content], later: Matrix) -> Matrix:
    named = [one.days for one in contents]
    when = [{(one.at.month, one.at.day)} for one in contents]
    told = _mirrored(later * _meeting(when, named))
    return told + np.maximum(_mirrored(later * _meeting(named, when)), _meeting(named))


def _brief_next(contents: Sequence[Content]) -> Matrix:
    brief = np.array([1 / (1 + len(one.words)) for one in contents])
    place = np.arange(len(contents))
    return np.asarray(brief[:, None] / np.maximum(place[:, None] - place, 1))


def _others(refs: Sequence[AbstractSet[str]]) -> Matrix:
    some = np.array([bool(each) for each in refs], dtype=float)
    return np.asarray(np.outer(some, some) * (1.0 - _meeting(refs)))


def _meeting(some: Sequence[AbstractSet[Hashable]], others: Sequence[AbstractSet[Hashable]] | None = None) -> Matrix:
    """1 where two of them have anything in common."""
    return np.asarray(_counted(some, some if others is None else others) > 0, dtype=np.float64)


def _counted(
    some: Sequence[AbstractSet[Hashable]],
    others: Sequence[AbstractSet[Hashable]],
    worth: Mapping[str, float] | None = None,
) -> Matrix:
    """How much each two have in common: few do, so by what holds a key, not by a product of matrices."""
    left, right = _holding(some), _holding(others)
    total = len(some)
    meetings = [
        (np.add.outer(np.multiply(rows, total), right[key]).ravel(), 1.0 if worth is None else worth[str(key)])
        for key, rows in left.items()
        if key in right
    ]
    if not meetings:
        return np.zeros((total, total))
    at = np.concatenate([places for places, _ in meetings])
    count = np.repeat([each for _, each in meetings], [len(places) for places, _ in meetings])
    return np.asarray(np.bincount(at, weights=count, minlength=total * total), np.float64).reshape(total, total)


def _holding(some: Sequence[AbstractSet[Hashable]]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = {}
    for row, keys in enumerate(some):
        for key in keys:
            found.setdefault(key, []).append(row)
    return found


def _mirrored(later: Matrix) -> Matrix:
    """What holds of a contact and an earlier one, whichever of both one asks of."""
    return np.asarray(later + later.T)
