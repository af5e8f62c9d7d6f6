"""How a page stands on a day: when it was last checked, and what will replace it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache

from sqlalchemy import Date, Select, bindparam, func, select
from sqlalchemy.orm import Session

from bot.retrieval import catalogue, judgments
from bot.retrieval.catalogue import SCOPES, DocumentRow
from bot.retrieval.passages import FoundPassage
from bot.retrieval.scope import Scope
from bot.retrieval.validity import SuccessionRow, VerificationRow


def with_standing(session: Session, passages: Mapping[int, FoundPassage], scope: Scope) -> dict[int, FoundPassage]:
    """The same passages, each with its last verification and with what will replace it."""
    checked = verified_days(session, {found.source for found in passages.values()}, day=scope.day)
    following = _successors(session, {found.document for found in passages.values()}, scope)
    known: dict[int, FoundPassage] = {}
    for key, found in passages.items():
        own = (found.verified, checked.get(found.source))
        days = [day for day in own if day is not None and (scope.day is None or day <= scope.day)]
        on, by = following.get(found.document, (None, ""))
        standing = (max(days, default=None), on, by)
        as_stored = standing == (found.verified, found.replaced_on, found.replaced_by)
        known[key] = found if as_stored else replace(found, verified=standing[0], replaced_on=on, replaced_by=by)
    return known


# Asked with every question, as the other below: putting a statement together takes longer than asking it.
_VERIFIED = (
    select(VerificationRow.source, func.max(VerificationRow.day))
    .where(
        VerificationRow.source.in_(bindparam("sources", expanding=True)),
        VerificationRow.day <= bindparam("day", type_=Date),
    )
    .group_by(VerificationRow.source)
)


def verified_days(session: Session, sources: Iterable[str], *, day: date | None) -> dict[str, date]:
    """Source -> the last recorded verification, of those until `day`."""
    return dict(session.execute(_VERIFIED, {"sources": sorted(sources), "day": day or date.max}).all())


def verify(session: Session, source: str, *, day: date, by: str) -> None:
    """Record that somebody checked a page against real life, which settles what was said of it before."""
    session.add(VerificationRow(source=source, day=day, by=by))
    judgments.settle(session, source)


def _successors(session: Session, documents: Iterable[int], scope: Scope) -> dict[int, tuple[date, str]]:
    """Document -> the first day after the scope's on which a page that the asker may see replaces it, and its title."""
    if scope.day is None:
        return {}
    rows = session.execute(_successors_within(scope), {"documents": sorted(documents)})
    return {replaced: (effective, title) for replaced, effective, title in rows if effective is not None}


@lru_cache(maxsize=SCOPES)
def _successors_within(scope: Scope) -> Select[int, date | None, str]:
    return (
        select(SuccessionRow.replaced, DocumentRow.effective, DocumentRow.title)
        .join(DocumentRow, DocumentRow.id == SuccessionRow.successor)
        .where(
            SuccessionRow.generation == scope.generation,
            SuccessionRow.replaced.in_(bindparam("documents", expanding=True)),
            DocumentRow.effective > scope.day,
            catalogue.visible_to(scope.audiences),
            DocumentRow.source.not_in(catalogue.withdrawn()),
        )
        .order_by(DocumentRow.effective.desc(), DocumentRow.id.desc())
    )
