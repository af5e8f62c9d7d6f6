"""`/friction hot`: what costs most time, of all or of what somebody names."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from bot import friction_wording as wording
from bot.errors import UnknownFilter
from bot.friction import listing
from bot.friction.desk import Desk
from bot.friction.listing import Asked
from bot.friction.wanted import Vocabulary
from bot.people import Owners, Person

SHOWN = 10
# Whoever says more after "hot" and means nothing that is known tells what happened.
LONGEST_FILTER = 2


class Hot:
    """`places` are names by keys."""

    def __init__(self, desk: Desk, owners: Owners, places: Mapping[str, str]) -> None:
        self._desk = desk
        self._owners = owners
        self._places = places

    def wanted(self, words: str) -> bool:
        """Hot water that is out in the kitchen is reported; who means a tool and mistypes it is told what there is."""
        first, about = _parted(words)
        if first != "hot":
            return False
        try:
            self._vocabulary().understood(about)
        except UnknownFilter:
            return len(about.split()) <= LONGEST_FILTER
        return True

    def told(self, session: Session, words: str, person: Person) -> str:
        """Raises `UnknownFilter`, which says what there is, and `NotAllowed`."""
        _, about = _parted(words)
        asked = Asked(wanted=self._vocabulary().understood(about))
        found = listing.shortlist(session, asked, audiences=person.audiences, most=SHOWN)
        if not found.first:
            return wording.nothing_about(about) if about else wording.NOTHING_HOT
        lines = [wording.line(one, self._desk.map) for one in found.first]
        return "\n".join([wording.listed(wording.hot(about), lines), *wording.more(found.total - SHOWN)])

    def _vocabulary(self) -> Vocabulary:
        teams = {key: self._owners.name(key) for key in self._owners.teams}
        return Vocabulary(self._desk.map, teams=teams, places=self._places, kinds=wording.KINDS)


def _parted(words: str) -> tuple[str, str]:
    """The first word, and what is said after it."""
    first, _, rest = words.strip().partition(" ")
    return first.casefold(), rest.strip()
