"""How a new generation becomes the live one, and how it stops being it.

First its rows are written beside the live generation, which does not see them: a candidate. Then it is tried. Then one
transaction makes it the live one, or takes its rows out again. A process that is killed in between leaves a candidate
that nobody sees; the next reindex takes it out.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.errors import NothingToGoBackTo, Overtaken
from bot.retrieval import catalogue, changes, drafts, forgetting, languages, successions
from bot.retrieval.catalogue import DocumentRow, Generation, PassageRow
from bot.retrieval.drafts import Draft
from bot.retrieval.engines import filling


@dataclass(frozen=True, slots=True)
class Origin:
    """What a generation is made from. `pages` is a digest over all its pages."""

    model: str
    folder: str
    pages: str


def live_as_planned(session: Session, number: int) -> Generation | None:
    """The live generation, which is the one that somebody planned for (0: none). Raises `Overtaken` where it is not."""
    live = catalogue.live_generation(session)
    if (live.number if live else 0) != number:
        raise _overtaken()
    return live


def propose(
    session: Session, fresh: Sequence[Draft], buried: Sequence[int], *, origin: Origin, now: datetime
) -> tuple[Generation, tuple[tuple[str, str], ...]]:
    """Write the candidate: the live generation without the `buried` documents and with the `fresh` ones.

    Returns it with remarks, as (page, what is wrong with its `supersedes`).
    """
    # Never a number that was used: a process may still hold what it meant then.
    number = (session.scalar(select(func.max(Generation.number))) or 0) + 1
    catalogue.bury(session, buried, died=number)
    drafts.write(session, fresh, born=number)
    filling.fill(session, born=number)
    remarks = successions.write(session, generation=number)
    alive = catalogue.alive_at(number)
    passages = session.scalar(
        select(func.count(PassageRow.id)).join(DocumentRow, PassageRow.document == DocumentRow.id).where(alive)
    )
    by_language = select(DocumentRow.language, func.count()).where(alive).group_by(DocumentRow.language)
    spoken = Counter(dict(session.execute(by_language).all()))
    candidate = Generation(
        number=number,
        state=catalogue.CANDIDATE,
        model=origin.model,
        folder=origin.folder,
        pages=origin.pages,
        built_at=now,
        documents=spoken.total(),
        passages=passages or 0,
        bar=0.0,
        languages=languages.common(spoken),
    )
    session.add(candidate)
    return candidate, remarks


def publish(session: Session, number: int, *, bar: float) -> None:
    """Make the candidate the live generation, keep the one before it, and drop what no kept generation shows.

    Raises `Overtaken` where somebody has taken the candidate out.
    """
    live = catalogue.live_generation(session)
    candidate = session.get(Generation, number)
    if candidate is None or candidate.state != catalogue.CANDIDATE:
        raise _overtaken()
    if live:
        live.state = catalogue.PREVIOUS
        changes.record(session, number, at=candidate.built_at)
    candidate.state, candidate.bar = catalogue.LIVE, bar
    session.flush()
    forgetting.forget_before(session, live.number if live else number, swept=number)


def discard(session: Session) -> None:
    """Take out the candidate, if there is one. Its number stays taken: somebody may remember things by it."""
    for candidate in session.scalars(select(Generation).where(Generation.state == catalogue.CANDIDATE)):
        _undo(session, candidate.number)
        candidate.state = catalogue.REFUSED


def roll_back(session: Session) -> tuple[int, int]:
    """Make the generation before the live one live again; returns the number that was left, and the one now live.

    The pages of the one that was left are remembered, so that the next start does not publish them again.
    Raises `NothingToGoBackTo`.
    """
    live = catalogue.live_generation(session)
    before = session.scalars(select(Generation).where(Generation.state == catalogue.PREVIOUS)).one_or_none()
    if live is None or before is None:
        raise NothingToGoBackTo(
            "There is no earlier state to go back to: only the one before the last reindex is kept. "
            "Mend the pages and run `throughline reindex`."
        )
    discard(session)
    _undo(session, live.number)
    changes.forget(session, live.number)
    live.state = catalogue.ROLLED_BACK
    before.state = catalogue.LIVE
    return live.number, before.number


def was_rolled_back(session: Session, pages: str) -> datetime | None:
    """When exactly these pages were built and then rolled back from; None where they were not, or are live again."""
    live = catalogue.live_generation(session)
    if live and live.pages == pages:
        return None
    return session.scalar(
        select(Generation.built_at)
        .where(Generation.state == catalogue.ROLLED_BACK, Generation.pages == pages)
        .order_by(Generation.number.desc())
        .limit(1)
    )


def _overtaken() -> Overtaken:
    return Overtaken(
        "The knowledge was rolled back or reindexed by somebody else while this reindex was under way, so nothing of "
        "it was published. Run `throughline reindex` again."
    )


def _undo(session: Session, number: int) -> None:
    """The documents as they were before a generation: without those it brought, with those it buried."""
    successions.forget(session, number)
    session.execute(delete(DocumentRow).where(DocumentRow.born == number))
    session.execute(update(DocumentRow).where(DocumentRow.died == number).values(died=None))
