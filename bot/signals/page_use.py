"""Which pages are stale, and which are used most: first those that are both."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.signals.signal import Evidence, Kind, Number, Period, Signal, sentence, thing


@dataclass(frozen=True, slots=True)
class Page:
    """`review_by` is None where nobody promised a review; `answers` quoted it lately."""

    id: str
    owner: str
    review_by: date | None
    answers: int = 0

    def signal(self, period: Period) -> Signal:
        """Of one of those that are used most."""
        return Signal(
            kind=Kind.USED_PAGE,
            verdict="most used",
            where=(self.id,),
            parts=sentence(thing(self.id), f" was quoted by {_answers(self.answers)}"),
            evidence=(Evidence("page", (self.id,)),),
            numbers=(Number("answers", self.answers, self.answers, "answers"),),
            period=period,
        )


@dataclass(frozen=True, slots=True)
class Stale:
    """A page whose review is `days` late."""

    page: Page
    days: int

    def signal(self, period: Period) -> Signal:
        use = f"{_answers(self.page.answers)} quoted it"
        return Signal(
            kind=Kind.STALE_PAGE,
            verdict="stale and used" if self.page.answers else "stale",
            where=(self.page.id,),
            parts=sentence(thing(self.page.id), f" should have been looked at {self.days} days ago; {use}"),
            evidence=(Evidence("page", (self.page.id,)),),
            numbers=(
                Number("days late", self.days, 1, "pages"),
                Number("answers", self.page.answers, self.page.answers, "answers"),
            ),
            period=period,
        )


def _answers(count: int) -> str:
    return "no answer" if not count else "1 answer" if count == 1 else f"{count} answers"


def stale(pages: Iterable[Page], *, today: date) -> list[Stale]:
    """Those whose review is late, the most used first, then the latest; of pages without a date nothing is said."""
    late = [Stale(page, (today - page.review_by).days) for page in pages if page.review_by and page.review_by < today]
    return sorted(late, key=lambda one: (-one.page.answers, -one.days, one.page.id))


def most_used(pages: Iterable[Page], *, count: int = 10) -> list[Page]:
    """Those that answers quoted, the most first."""
    used = sorted((page for page in pages if page.answers), key=lambda one: (-one.answers, one.id))
    return used[:count]
