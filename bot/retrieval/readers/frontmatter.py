"""The lines between `---` at the top of a page: title, owner, audience and dates.

A page whose front matter is broken is left out, never read with defaults: a lost `audience` line would open it to
everyone.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

import yaml

from bot import audiences
from bot.audiences import EVERYONE
from bot.errors import Unreadable, line_at_fault
from bot.retrieval.readers.applies import APPLIES, Applies, read_applies
from bot.yaml_lines import PlainLoader

_FENCE = re.compile(r"\A---[ \t]*\r?\n(.*?)(?:^---[ \t]*\r?$\n?|\Z)", re.DOTALL | re.MULTILINE)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ].*)?")
# A name this near to `audience` or `applies` is a slip of the pen (`audiences`, `Applies`), not some generator's field.
_NEAR = 0.8
# They stand beside every passage of the page in the index.
MAX_CHARACTERS = 50_000
MAX_VALUE_CHARACTERS = 300
MAX_KEYWORD_CHARACTERS = 3000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    title: str = ""
    owner: str = ""
    keywords: tuple[str, ...] = ()
    audiences: frozenset[str] = frozenset({EVERYONE})
    effective: date | None = None
    verified: date | None = None
    review_by: date | None = None
    supersedes: tuple[str, ...] = ()
    applies: Applies = field(default_factory=Applies)


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The front matter and the text below it. Raises `Unreadable` with the line at fault."""
    page = text.lstrip()  # an empty line above the first --- must not open the page to everyone
    found = _FENCE.match(page)
    if found is None:
        return FrontMatter(), text  # none, or a page that opens with a horizontal rule
    if not found.group(0).rstrip().endswith("---") or (found.end() == len(page) and "\n---" not in found.group(0)):
        raise Unreadable("front matter is opened by --- but never closed; add a line with --- below it")
    if found.end() > MAX_CHARACTERS:
        raise Unreadable(f"front matter has more than {MAX_CHARACTERS:,} letters; keep to the lines that count")
    above = text.count("\n", 0, len(text) - len(page)) + 2  # the number of the line below the first ---
    try:
        fields = yaml.load(found.group(1), Loader=PlainLoader) or {}  # noqa: S506 - it makes nothing but text
    except yaml.MarkedYAMLError as fault:
        line = above + line_at_fault(fault)
        raise Unreadable(f"front matter, line {line}: {fault.problem}; mend that line") from fault
    except yaml.reader.ReaderError as fault:
        line = above + found.group(1).count("\n", 0, fault.position)
        raise Unreadable(f"front matter, line {line}: {fault.reason}; type that line anew") from fault
    if not isinstance(fields, dict):
        raise Unreadable("front matter must be lines of `name: value`; mend it or remove the --- lines")
    return (
        FrontMatter(
            title=_text(fields, "title"),
            owner=_text(fields, "owner"),
            keywords=_keywords(fields.get("keywords")),
            audiences=_audiences(fields),
            effective=_day(fields, "effective"),
            verified=_day(fields, "verified"),
            review_by=_day(fields, "review_by"),
            supersedes=_paths(fields, "supersedes"),
            applies=_applies(fields, found.group(1), above),
        ),
        page[found.end() :],
    )


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise Unreadable(f"front matter: `{name}` must be one line of text")
    line = " ".join(value.split())
    if len(line) > MAX_VALUE_CHARACTERS:
        raise Unreadable(f"front matter: `{name}` has more than {MAX_VALUE_CHARACTERS} letters; shorten it")
    return line


def _keywords(value: object) -> tuple[str, ...]:
    """A list, or words with commas between them, as most handbooks write it."""
    listed = value if isinstance(value, list) else str(value or "").split(",")
    words = tuple(word for entry in listed if (word := " ".join(str(entry).split())))
    if sum(map(len, words)) > MAX_KEYWORD_CHARACTERS:
        raise Unreadable(f"front matter: `keywords` has more than {MAX_KEYWORD_CHARACTERS:,} letters; keep the best")
    return words


def _paths(fields: dict[str, object], name: str) -> tuple[str, ...]:
    """One path or a list of them."""
    value = fields.get(name) or []
    listed = value if isinstance(value, list) else [value]
    paths = [path.strip() for path in listed if isinstance(path, str)]
    if len(paths) < len(listed):
        raise Unreadable(f"front matter: `{name}` must be the path of a page, or a list of paths")
    return tuple(dict.fromkeys(path for path in paths if path))


def _day(fields: dict[str, object], name: str) -> date | None:
    value = _text(fields, name)
    if not value:
        return None
    found = _DAY.fullmatch(value)
    try:
        return date.fromisoformat(found[1] if found else "")
    except ValueError as fault:
        raise Unreadable(f"front matter: `{name}: {value}` is not a date; write it as YYYY-MM-DD") from fault


def _applies(fields: dict[str, object], text: str, above: int) -> Applies:
    """For whom the page holds; the front matter's text is read once more, for the lines."""
    _refuse_slips(fields, APPLIES)
    front = yaml.compose(text, Loader=PlainLoader) if APPLIES in fields else None
    return read_applies(front, above=above) if front else Applies()


def _refuse_slips(fields: dict[str, object], meant: str) -> None:
    """A line that was lost to a slip would open the page."""
    for name in fields:
        if name != meant and get_close_matches(str(name).casefold(), [meant], cutoff=_NEAR):
            raise Unreadable(f"front matter: `{name}` is not known; write `{meant}`")


def _audiences(fields: dict[str, object]) -> frozenset[str]:
    """Who may read the page. Whatever might be meant as an audience and cannot be read as one is refused."""
    _refuse_slips(fields, "audience")
    if "audience" not in fields:
        return frozenset({EVERYONE})
    value = fields["audience"]
    listed = value if isinstance(value, list) else [value] if value else []
    names = frozenset(" ".join(str(name).split()) for name in listed)
    for name in sorted(names):
        if not audiences.known(name):
            raise Unreadable(
                f"front matter: audience `{name}` is not known; write public, everyone, partner:NAME, role:NAME, "
                "group:NAME, channel:ID or person:ID"
            )
    if not names:
        raise Unreadable(
            "front matter: `audience` is empty, so nobody could read the page; name one or remove the line"
        )
    return names
