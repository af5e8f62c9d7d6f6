"""The moments between which everything of some weeks is put."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from bot.experience.weeks import Week

# So that what happens at this very moment is before the edge that stands for it.
_AFTER = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Edges:
    """`moments` rise; of each week the place where it begins, where it ends, and where it stands: its end, or now."""

    moments: tuple[datetime, ...]
    begins: tuple[int, ...]
    ends: tuple[int, ...]
    stands: tuple[int, ...]

    @classmethod
    def of(
        cls, weeks: Sequence[Week], *, now: datetime, zone: tzinfo | None, besides: Iterable[datetime] = ()
    ) -> "Edges":
        begins = [week.start(zone) for week in weeks]
        ends = [week.end(zone) for week in weeks]
        stands = [min(end, now + _AFTER) for end in ends]
        moments = sorted({*begins, *ends, *stands, *besides})
        place = {moment: number for number, moment in enumerate(moments)}
        return cls(
            tuple(moments),
            tuple(place[one] for one in begins),
            tuple(place[one] for one in ends),
            tuple(place[one] for one in stands),
        )

    def place(self, moment: datetime) -> int:
        """Of one of the moments."""
        return self.moments.index(moment)
