"""Figures: what views are drawn from, counted once for everybody who may read the same."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from bot.experience.reading import Reading
from bot.experience.viewers import Rights

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure:
    """How to count one: for these rights, of what was asked besides."""

    count: Callable[..., object]
    rights: Rights
    besides: tuple[object, ...]

    def of(self, reading: Reading) -> object:
        """Never by who asks: what one person may read is not for whoever asks next."""
        return reading.snapshot.once(self, lambda: self.count(reading.for_all_with(self.rights), *self.besides))


def figure(count: Callable[Concatenate[Reading, P], T]) -> Callable[Concatenate[Reading, P], T]:
    """Count it once for each snapshot, the viewer's rights and what is asked besides, by position and hashable."""

    @wraps(count)
    def told(reading: Reading, *args: P.args, **kwargs: P.kwargs) -> T:
        if kwargs:
            raise TypeError(f"{count.__name__} takes what is asked besides by position.")
        asked = Figure(count, reading.viewer.rights, args)
        reading.snapshot.asked[asked] = reading.asked_at
        return cast("T", asked.of(reading))

    return cast("Callable[Concatenate[Reading, P], T]", told)
