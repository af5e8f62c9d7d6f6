"""What admins do to keep the knowledge true between reindexes: withdraw, restore, verify, notices, and what needs care.

Whatever door they come through, they are told no here if they are not the ones to do it.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot import audiences, exchanges, gaps, unhelpful
from bot.audiences import EVERYONE
from bot.database import Database
from bot.errors import CurationError, NotAllowed
from bot.gaps import GapGroup
from bot.people import ADMIN, AUDITOR, Owners, Person, must_be_admin
from bot.retrieval import naming, notices, standing, upkeep, withdrawals
from bot.retrieval.conflicts import Conflict
from bot.retrieval.documents import Notice
from bot.retrieval.library import Library, Status
from bot.retrieval.naming import PageName
from bot.retrieval.upkeep import StalePage
from bot.retrieval.withdrawals import Withdrawal
from bot.unhelpful import UnhelpfulPage

# Whoever may run commands on the machine may read its whole database; they need no role in config/people.yaml.
OPERATOR = Person(id="", name="the command line", audiences=frozenset(), roles=frozenset({ADMIN, AUDITOR}))

# Slack shows at most 3000 characters; a notice is a sentence or two.
MOST_CHARACTERS = 500
# What was asked longer ago says little about what is used now.
USED_WITHIN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class StandingNotice:
    """A live notice as an admin sees it: with whom it is meant for and who posted it."""

    notice: Notice
    audiences: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class State:
    """The knowledge at a glance. `live` is None where nothing was ever indexed; `gaps` counts unanswered questions."""

    live: Status | None
    withdrawn: tuple[Withdrawal, ...]
    notices: tuple[StandingNotice, ...]
    stale: int
    gaps: int


@dataclass(frozen=True, slots=True)
class UsedPage:
    """A stale page, with how many answers quoted it within `USED_WITHIN`."""

    page: StalePage
    owner: str
    used: int


class Curator:
    """Changes that hold from the next question on, in every process on this database."""

    def __init__(self, database: Database, library: Library, owners: Owners) -> None:
        self._database = database
        self._library = library
        self._owners = owners

    def roll_back(self, *, by: Person) -> tuple[int, int]:
        """Go back to the state before the last reindex; returns the generation left and the one now live."""
        must_be_admin(by)
        return self._library.roll_back()

    def conflicts(
        self, *, owner: str, by: Person, teams: AbstractSet[str] = frozenset(), today: date | None = None
    ) -> list[Conflict]:
        """The pages that disagree, of one owner (the key of a team) or of all.

        Whoever is no admin is told of those with a page of their `teams`, where they may read the other one today.
        """
        looks_after = _looks_after(by, teams)
        found = self._library.conflicts(owner=owner)
        if by.admin:
            return found
        sides = {side.source for one in found for side in (one.first, one.second)}
        readable = self._library.titles(sides, audiences=by.audiences, day=today) if today else {}
        return [
            one
            for one in found
            if looks_after(one.first.owner) or looks_after(one.second.owner)
            if all(looks_after(side.owner) or side.source in readable for side in (one.first, one.second))
        ]

    def withdraw(self, words: str, *, by: Person, reason: str, now: datetime) -> PageName:
        """Take the page these words mean out of all answers."""
        must_be_admin(by)
        with self._database.writing.begin() as session:
            page = naming.the_page(session, words)
            if not withdrawals.withdraw(session, page.source, reason=reason.strip(), by=by.name, now=now):
                raise CurationError(
                    f"{page.source} is withdrawn already. `throughline knowledge status` lists such pages."
                )
        return page

    def restore(self, words: str, *, by: Person, now: datetime) -> PageName:
        """Let a withdrawn page answer again."""
        must_be_admin(by)
        with self._database.writing.begin() as session:
            page = naming.the_page(session, words)
            if not withdrawals.restore(session, page.source, by=by.name, now=now):
                raise CurationError(f"{page.source} is not withdrawn, so there is nothing to restore.")
        return page

    def verify(self, words: str, *, by: Person, today: date, teams: AbstractSet[str] = frozenset()) -> PageName:
        """Record that this person checked the page today. For admins and the page's owners.

        `teams` are the keys of theirs; those that list their id are theirs anyway, as on the command line.
        """
        with self._database.writing.begin() as session:
            page = naming.the_page(session, words) if by.admin else self._own_page(session, words, by, teams)
            standing.verify(session, page.source, day=today, by=by.name)
        return page

    def _own_page(self, session: Session, words: str, by: Person, teams: AbstractSet[str]) -> PageName:
        """Of the pages of this person's teams the one these words mean; others are not even named."""
        teams = teams | self._owners.teams_of(by.id)
        own = [page for page in naming.living_pages(session) if page.owner in teams]
        if not naming.fitting(own, words):
            raise NotAllowed(
                f"Only an admin or an owner of a page may verify it, and {by.name} owns none that goes by {words!r}."
            )
        return naming.chosen(own, words)

    def post_notice(
        self, text: str, *, until: datetime, said: str, meant_for: Iterable[str], by: Person, now: datetime
    ) -> Notice:
        """Make something known at once, to these audiences (none: every employee)."""
        must_be_admin(by)
        words = " ".join(text.split())
        if not words:
            raise CurationError('The notice has no words. For example: "Orion is down, use the paper form".')
        if len(words) > MOST_CHARACTERS:
            raise CurationError(
                f"The notice has {len(words)} characters; {MOST_CHARACTERS} is the most. Put the rest on a page."
            )
        names = list(meant_for) or [EVERYONE]
        for name in names:
            if not audiences.known(name):
                raise CurationError(
                    f"{name!r} is not an audience. Write public, everyone, partner:NAME, role:NAME, group:NAME, "
                    "channel:ID or person:ID."
                )
        with self._database.writing.begin() as session:
            return notices.post(session, words, until=until, said=said, audiences=names, by=by.name, now=now)

    def end_notice(self, number: int, *, by: Person, now: datetime) -> None:
        """Take a notice down before its time."""
        must_be_admin(by)
        with self._database.writing.begin() as session:
            if not notices.end(session, number, now=now):
                raise CurationError(
                    f"No notice {number} stands now. `throughline knowledge notices` lists those that do."
                )

    def standing_notices(self, *, by: Person, now: datetime) -> list[StandingNotice]:
        """Every live notice, newest first."""
        must_be_admin(by)
        with self._database.reading() as session:
            return _standing(session, now)

    def state(self, *, by: Person, today: date, now: datetime) -> State:
        """What is live, what is taken out, what needs care."""
        must_be_admin(by)
        live = self._library.status()
        with self._database.reading() as session:
            return State(
                live=live,
                withdrawn=tuple(withdrawals.standing(session)),
                notices=tuple(_standing(session, now)),
                stale=len(upkeep.stale_pages(session, today=today)),
                gaps=exchanges.gaps(session),
            )

    def stale(self, *, by: Person, today: date, now: datetime, teams: AbstractSet[str] = frozenset()) -> list[UsedPage]:
        """Pages past their review date or unverified for long, most used first; of an owner those of their `teams`."""
        looks_after = _looks_after(by, teams)
        with self._database.reading() as session:
            pages = [page for page in upkeep.stale_pages(session, today=today) if looks_after(page.owner)]
            used = exchanges.times_quoted(session, since=now - USED_WITHIN)
        found = [UsedPage(page, self._owners.name(page.owner), used[page.source]) for page in pages]
        return sorted(found, key=lambda one: (-one.used, one.page.verified or date.min, one.page.source))

    def unhelpful(self, *, owner: str, by: Person, teams: AbstractSet[str] = frozenset()) -> list[UnhelpfulPage]:
        """The pages whose answers did not help, of one owner (the key of a team) or of all, worst first; for whoever is
        no admin those of their `teams`."""
        looks_after = _looks_after(by, teams)
        with self._database.reading() as session:
            pages = [page for page in unhelpful.pages(session) if looks_after(page.owner)]
        return [page for page in pages if page.owner == owner] if owner else pages

    def used(self, *, now: datetime) -> Counter[str]:
        """Page -> how many answers quoted it within `USED_WITHIN`; whom it is told may read the page."""
        with self._database.reading() as session:
            return exchanges.times_quoted(session, since=now - USED_WITHIN)

    def sections_used(self, source: str, *, now: datetime) -> Counter[str]:
        """Section -> how many answers quoted it within `USED_WITHIN`, of a page that whom it is told may read."""
        with self._database.reading() as session:
            return exchanges.sections_quoted(session, source, since=now - USED_WITHIN)

    def gap_groups(self, *, by: Person) -> list[GapGroup]:
        """What nothing answered, grouped by meaning, what most people asked first."""
        must_be_admin(by)
        with self._database.reading() as session:
            asked = exchanges.asked_gaps(session)
        return gaps.grouped(asked, meanings=self._library.meanings)


def _looks_after(by: Person, teams: AbstractSet[str]) -> Callable[[str], bool]:
    """Which owners' pages are somebody's to look after: everybody's for an admin, else those of their teams.

    Raises `NotAllowed` for whoever is no admin and in no team.
    """
    if by.admin:
        return lambda _owner: True
    if not teams:
        must_be_admin(by)
    return lambda owner: owner in teams


def _standing(session: Session, now: datetime) -> list[StandingNotice]:
    return [StandingNotice(*row) for row in notices.all_live(session, now=now)]
