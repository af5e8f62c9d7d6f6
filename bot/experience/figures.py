"""Figures: what views are drawn from, counted once for everybody who may read the same."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from bot.experience.reading import Reading
from bot.experience.viewers import THE_COMPANY, Rights

P = ParamSpec("P")
T = TypeVar("T")
Counting = Callable[Concatenate[Reading, P], T]


@dataclass(frozen=True, slots=True)
class Figure:
    """How to count one: for these rights, of what was asked besides."""

    count: Callable[..., object]
    rights: Rights
    besides: tuple[object, ...]

    def of(self, reading: Reading) -> object:
        """Never by who asks: what one person may read is not for whoever asks next."""
        return reading.snapshot.once(self, lambda: self.count(reading.for_all_with(self.rights), *self.besides))


def figure(count: Counting[P, T]) -> Counting[P, T]:
    """Count it once for each snapshot and what is asked besides, by position and hashable.

    It is counted with the rights of the company: whoever may read it reads the same.
    """
    return _once(count, lambda _reading: THE_COMPANY.rights)


def figure_by_rights(count: Counting[P, T]) -> Counting[P, T]:
    """The same, once for each viewer's rights: something of it is not for everybody."""
    return _once(count, lambda reading: reading.viewer.rights)


def forget(told: Counting[P, T], reading: Reading, *besides: object) -> None:
    """Count a figure by rights anew for whoever asks next with the rights of this reader."""
    reading.snapshot.forget(Figure(told.__wrapped__, reading.viewer.rights, besides))  # type: ignore[attr-defined]


def _once(count: Counting[P, T], rights: Callable[[Reading], Rights]) -> Counting[P, T]:
    @wraps(count)
    def told(reading: Reading, *args: P.args, **kwargs: P.kwargs) -> T:
        if kwargs:
            raise TypeError(f"{count.__name__} takes what is asked besides by position.")
        asked = Figure(count, rights(reading), args)
        reading.snapshot.asked[asked] = reading.asked_at
        return cast("T", asked.of(reading))

    return cast("Counting[P, T]", told)
