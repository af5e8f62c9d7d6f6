"""Pages that are late for a review, those that answers quote most, and what two channels hear differently.

Only of pages that the viewer may read: of others not even their number is told.
"""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select

from bot.audiences import EVERYONE, PUBLIC
from bot.exchanges import ExchangeRow
from bot.experience.reading import Reading
from bot.noticing.findings import Findings
from bot.noticing.seen import Seen
from bot.retrieval import catalogue, conflicts, reading, upkeep
from bot.retrieval.conflicts import Conflict
from bot.retrieval.reading import LivePage, Reader
from bot.retrieval.scope import Scope
from bot.signals.page_use import Page, Stale, most_used, stale
from bot.signals.signal import Kind
from bot.signals.two_answers import Disagreement, Side, two_answers

# What was asked longer ago says little of what is used now.
LATELY = 13
MOST_USED = 5
_NO_PAGES = "no page is indexed yet (`throughline reindex`)"
_FOR_ALL = frozenset({EVERYONE, PUBLIC})
_ROLE = "role:"


def stale_pages(seen: Seen) -> Findings:
    """As of today, those that most answers quoted lately first."""
    found = Findings(Kind.STALE_PAGE)
    pages = _used(seen)
    if not pages:
        found.hush(_NO_PAGES)
    most = max((page.answers for page in pages), default=0) or 1
    for one in _late(seen, pages):
        found.say(one.page.answers / most, one.signal(seen.period()))
    found.hush("pages without a date for their review", sum(page.review_by is None for page in pages))
    return found


def late_pages(reading: Reading) -> list[Stale]:
    """Those that the viewer's teams answer for, the most used first."""
    seen = Seen(reading)
    return [one for one in _late(seen, _used(seen)) if one.page.owner in reading.viewer.teams]


def _late(seen: Seen, pages: Iterable[Page]) -> list[Stale]:
    today = seen.reading.now.astimezone(seen.reading.world.zone).date()
    # An admin reads also what another page has replaced, and nobody is answered from that.
    answering = {one.source for one in upkeep.stale_pages(seen.reading.session, today=today)}
    return stale((page for page in pages if page.id in answering), today=today)


def used_pages(seen: Seen) -> Findings:
    """The few that answers quoted most lately."""
    found = Findings(Kind.USED_PAGE)
    pages = _used(seen)
    if not pages:
        found.hush(_NO_PAGES)
    used = most_used(pages, count=MOST_USED)
    for one in used:
        found.say(one.answers / used[0].answers, one.signal(seen.period()))
    found.hush(f"pages that no answer quoted in {LATELY} weeks", sum(not page.answers for page in pages))
    return found


def answers_by_channel(seen: Seen) -> Findings:
    """Conflicts of pages of which each is for some, and neither for everybody."""
    found = Findings(Kind.TWO_ANSWERS)
    pages = {page.source: page for page in _readable(seen)}
    live = catalogue.live_generation(seen.reading.session)
    if live is None or not pages:
        found.hush(_NO_PAGES)
        return found
    both = [
        one
        for one in conflicts.live(seen.reading.session, generation=live.number)
        if one.first.source in pages and one.second.source in pages
    ]
    apart = [one for one in both if not any(_FOR_ALL & set(pages[side.source].audiences) for side in _sides(one))]
    told = two_answers(_disagreement(one, pages) for one in apart)
    most = max((one.of.shown for one in told), default=0) or 1
    for each in told:
        found.say(each.of.shown / most, each.signal(seen.period()))
    found.hush(
        "pages that disagree, and somebody hears both (`throughline knowledge conflicts`)", len(both) - len(told)
    )
    return found


def _sides(one: Conflict) -> tuple[conflicts.Side, conflicts.Side]:
    return one.first, one.second


def _disagreement(one: Conflict, pages: dict[str, LivePage]) -> Disagreement:
    first, second = (
        Side(side.source, frozenset(name.removeprefix(_ROLE) for name in pages[side.source].audiences), side.says)
        for side in _sides(one)
    )
    return Disagreement(str(one.number), one.kind, first, second, one.shown)


def _used(seen: Seen) -> list[Page]:
    """Those that count, with the answers that quoted them in the last `LATELY` whole weeks."""
    quoted: Counter[str] = Counter()
    if seen.weeks:
        asked = select(ExchangeRow.citations).where(
            ExchangeRow.asked_at >= seen.edges[max(0, len(seen.weeks) - LATELY)], ExchangeRow.asked_at < seen.edges[-1]
        )
        for citations in seen.reading.session.scalars(asked):
            quoted.update({citation.get("source", "") for citation in citations})
    return [Page(one.source, one.owner, one.review_by, quoted[one.source]) for one in _readable(seen)]


def _readable(seen: Seen) -> list[LivePage]:
    """What the viewer may read today; what is withdrawn answers nothing."""
    session, viewer = seen.reading.session, seen.reading.viewer
    live = catalogue.live_generation(session)
    if live is None:
        return []
    today = seen.reading.now.astimezone(seen.reading.world.zone).date()
    scope = Scope(generation=live.number, audiences=viewer.audiences, day=today)
    reader = Reader(viewer.audiences, viewer.teams, every_page=viewer.person.admin)
    return [one for one in reading.pages(session, reader=reader, scope=scope) if not one.withdrawn]
