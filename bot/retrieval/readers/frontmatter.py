"""The lines between `---` at the top of a page: title, owner, audience and dates.

A page whose front matter is broken is left out, never read with defaults: a lost `audience` line would open it to
everyone.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

import yaml

from bot.errors import Unreadable
from bot.retrieval.documents import EVERYONE, PUBLIC

_FENCE = re.compile(r"\A---[ \t]*\r?\n(.*?)(?:^---[ \t]*\r?$\n?|\Z)", re.DOTALL | re.MULTILINE)
_AUDIENCE = re.compile(r"(?:partner|role|group|channel|person):\S(?:.*\S)?")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    title: str = ""
    owner: str = ""
    keywords: tuple[str, ...] = ()
    audiences: frozenset[str] = frozenset({EVERYONE})
    effective: date | None = None
    verified: date | None = None
    review_by: date | None = None


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The front matter and the text below it. Raises `Unreadable` with the line at fault."""
    if not text.startswith("---"):
        return FrontMatter(), text
    found = _FENCE.match(text)
    if found is None:
        return FrontMatter(), text  # a page that opens with a horizontal rule
    if not found.group(0).rstrip().endswith("---") or (found.end() == len(text) and "\n---" not in found.group(0)):
        raise Unreadable("front matter is opened by --- but never closed; add a line with --- below it")
    try:
        fields = yaml.safe_load(found.group(1)) or {}
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 2 if fault.problem_mark else 1
        raise Unreadable(f"front matter, line {line}: {fault.problem}; mend that line") from fault
    except ValueError as fault:  # YAML reads 2026-02-30 as a date and then finds that there is none
        raise Unreadable(f"front matter: {fault}; write dates as YYYY-MM-DD") from fault
    if not isinstance(fields, dict):
        raise Unreadable("front matter must be lines of `name: value`; mend it or remove the --- lines")
    return (
        FrontMatter(
            title=_text(fields, "title"),
            owner=_text(fields, "owner"),
            keywords=_keywords(fields.get("keywords")),
            audiences=_audiences(fields.get("audience")),
            effective=_day(fields, "effective"),
            verified=_day(fields, "verified"),
            review_by=_day(fields, "review_by"),
        ),
        text[found.end() :],
    )


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, list | dict):
        raise Unreadable(f"front matter: `{name}` must be one line of text")
    return "" if value is None else " ".join(str(value).split())


def _keywords(value: object) -> tuple[str, ...]:
    """A list, or words with commas between them, as most handbooks write it."""
    listed = value if isinstance(value, list) else str(value or "").split(",")
    return tuple(word for entry in listed if (word := " ".join(str(entry).split())))


def _day(fields: dict[str, object], name: str) -> date | None:
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise Unreadable(f"front matter: `{name}: {value}` is not a date; write it as YYYY-MM-DD")


def _audiences(value: object) -> frozenset[str]:
    if value is None:
        return frozenset({EVERYONE})
    listed = value if isinstance(value, list) else [value]
    names = frozenset(" ".join(str(name).split()) for name in listed)
    for name in sorted(names):
        if name not in {EVERYONE, PUBLIC} and not _AUDIENCE.fullmatch(name):
            raise Unreadable(
                f"front matter: audience `{name}` is not known; write public, everyone, partner:NAME, role:NAME, "
                "group:NAME, channel:ID or person:ID"
            )
    if not names:
        raise Unreadable(
            "front matter: `audience` is empty, so nobody could read the page; name one or remove the line"
        )
    return names
