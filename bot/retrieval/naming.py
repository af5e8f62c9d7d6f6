"""Which page somebody means: by its path, by its title, or by any part of them that only one page has."""

from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import CurationError
from bot.retrieval import catalogue
from bot.retrieval.catalogue import DocumentRow

SHOWN = 10


@dataclass(frozen=True, slots=True)
class PageName:
    source: str
    title: str
    owner: str = ""


def living_pages(session: Session) -> list[PageName]:
    """Every page of the live generation, by path."""
    live = catalogue.live_generation(session)
    if live is None:
        return []
    rows = session.execute(
        select(DocumentRow.source, DocumentRow.title, DocumentRow.owner)
        .where(catalogue.alive_at(live.number))
        .order_by(DocumentRow.source)
    )
    return [PageName(*row) for row in rows]


def owner_of(session: Session, source: str) -> str | None:
    """The key of the team that a living page names, "" where it names none; None where the page is gone."""
    live = catalogue.live_generation(session)
    if live is None:
        return None
    named = select(DocumentRow.owner).where(DocumentRow.source == source, catalogue.alive_at(live.number))
    return session.scalar(named)


def the_page(session: Session, words: str) -> PageName:
    """The one page these words mean, withdrawn or not. Raises `CurationError` that lists the pages that come near."""
    pages = living_pages(session)
    living = {page.source for page in pages}
    gone = session.scalars(catalogue.withdrawn().distinct())
    return chosen([*pages, *(PageName(source, source) for source in gone if source not in living)], words)


def fitting(pages: list[PageName], words: str) -> list[PageName]:
    """Of these pages those that the words may mean: by path, else by title, else by a part of them."""
    asked = _folded(words)
    return (
        [page for page in pages if asked == _folded(page.source)]
        or [page for page in pages if asked == _folded(page.title)]
        or [page for page in pages if asked and (asked in _folded(page.source) or asked in _folded(page.title))]
    )


def chosen(pages: list[PageName], words: str) -> PageName:
    """Of these pages the one these words mean."""
    same = fitting(pages, words)
    if len(same) == 1:
        return same[0]
    if same:
        listed = "".join(f"\n  {page.source}  {page.title}" for page in same[:SHOWN])
        more = f"\n  and {len(same) - SHOWN} more" if len(same) > SHOWN else ""
        raise CurationError(f"{len(same)} pages go by {words!r}. Name one by its path:{listed}{more}")
    names = {_folded(name): page for page in pages for name in (page.title, page.source)}
    near = [names[name].source for name in get_close_matches(_folded(words), names, n=3)]
    hint = f" Did you mean {' or '.join(dict.fromkeys(near))}?" if near else ""
    raise CurationError(f"No page goes by {words!r}.{hint} Name it by its path or title, or by a part of them.")


def _folded(words: str) -> str:
    return " ".join(words.casefold().replace("\\", "/").split())
