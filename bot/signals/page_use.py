"""Which pages are stale, and which are used most: first those that are both."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.signals.signal import Evidence, Kind, Number, Period, Signal, sentence, thing


@dataclass(frozen=True, slots=True)
class Page:
    """`review_by` is None where nobody promised a review; `answers` quoted it in the period, to so many `people`."""

    id: str
    owner: str
    review_by: date | None
    answers: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True)
class Stale:
    """A page whose review is `days` late."""

    page: Page
    days: int

    def signal(self, period: Period) -> Signal:
        use = f"{self.page.answers} answers quoted it" if self.page.answers else "no answer quoted it"
        return Signal(
            kind=Kind.STALE_PAGE,
            verdict="stale and used" if self.page.answers else "stale",
            where=(self.page.id,),
            parts=sentence(thing(self.page.id), f" should have been looked at {self.days} days ago; {use}"),
            evidence=(Evidence("page", (self.page.id,)),),
            numbers=(
                Number("days late", self.days, 1, "pages"),
                Number("answers", self.page.answers, self.page.people, "people"),
            ),
            period=period,
        )


def stale(pages: Iterable[Page], *, today: date) -> list[Stale]:
    """Those whose review is late, the most used first, then the latest; of pages without a date nothing is said."""
    late = [Stale(page, (today - page.review_by).days) for page in pages if page.review_by and page.review_by < today]
    return sorted(late, key=lambda one: (-one.page.answers, -one.days, one.page.id))


def most_used(pages: Iterable[Page], *, count: int = 10) -> list[Page]:
    """Those that answers quoted, the most first; of equals the one that more people read."""
    used = sorted((page for page in pages if page.answers), key=lambda one: (-one.answers, -one.people, one.id))
    return used[:count]
