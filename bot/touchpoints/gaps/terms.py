"""G8: names of products and plans in the pages behind selling that no page behind helping says."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.touchpoints.gaps.finding import Gap, GapKind
from bot.touchpoints.kinds import Purchase
from bot.touchpoints.map import TouchpointMap
from bot.touchpoints.naming import folded

# Said once it may be an example.
_SAID = 2
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_HEADING = re.compile(r"^\s*#.*$", re.MULTILINE)
# A name in the middle of a sentence: words that begin large, or a number after one ("Internet 300"). What opens a
# sentence, a cell or a quotation is large for that reason, and a name only with a number.
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][A-Za-z]+(?:[ -](?:[A-Z][A-Za-z]*|\d+))*|(?<=[|*] )[A-Z][A-Za-z]+[ -]\d+")
# Where what is sold is spoken of: a form that names the "Social Security number" sells nothing.
_SELLS = re.compile(
    r"\$\d|\b(?:plans?|packages?|bundles?|offers?|prices?|promotions?|deals?|products?|Mbps)\b", re.IGNORECASE
)


def other_words(map_: TouchpointMap, pages: Path) -> Iterator[Gap]:
    """Compared are the pages that are the standard of work on one side of the purchase, as far as they are text."""
    selling, helping = (_pages_of(map_, side) for side in (Purchase.BEFORE, Purchase.AFTER))
    sold = {page: _names(text) for page in sorted(selling - helping) if (text := _text(pages / page))}
    helped = " ".join(folded(_text(pages / page)) for page in helping)
    known = set(map_.names) | {folded(stage.name) for stage in map_.stages.values()}
    counts: Counter[str] = sum(sold.values(), Counter())
    if not helped or not counts:
        return
    for term in sorted(counts):
        if counts[term] >= _SAID and folded(term) not in known and not _said(term, helped):
            where = [page for page, names in sold.items() if term in names]
            ids = tuple(one.id for one in map_.ex.values() if one.standard and one.standard.policy in where)
            told = f"“{term}” is how it is sold ({', '.join(where)}), and no page behind helping says it."
            yield Gap(GapKind.OTHER_WORDS, ids, told, map_.lines.get(ids[0], 0), map_.owner_of(ids[0]))


def _said(term: str, text: str) -> bool:
    return f" {folded(term)}" in f" {text}"


def _pages_of(map_: TouchpointMap, side: Purchase) -> set[str]:
    stages = {stage.id for stage in map_.stages.values() if stage.purchase is side}
    served = {one.id for one in map_.cx.values() if one.stage in stages}
    behind: Iterable[str] = (
        one.standard.policy for one in map_.ex.values() if one.standard and served & set(one.serves)
    )
    return {page for page in behind if page}


def _names(text: str) -> Counter[str]:
    sentences = re.split(r"\n|(?<=[.!?]) ", _HEADING.sub("", text))
    return Counter(name for each in sentences if _SELLS.search(each) for name in _NAME.findall(each))


def _text(file: Path) -> str:
    """Of a page that is written as text; "" of any other."""
    if file.suffix.casefold() not in {".md", ".txt", ".markdown"}:
        return ""
    try:
        return _FRONT_MATTER.sub("", file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return ""
