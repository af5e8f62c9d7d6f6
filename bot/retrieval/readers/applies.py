"""For which customers a page holds, and for which some of its sections: the entry `applies` of the front matter."""

from dataclasses import dataclass, replace

import yaml

from bot import conditions
from bot.conditions import Conditions
from bot.conditions.reading import pairs_of
from bot.errors import Unreadable
from bot.retrieval.documents import Section

APPLIES = "applies"
# Headings stand under this name, since a heading and a fact may be called the same.
SECTIONS = "sections"


@dataclass(frozen=True, slots=True)
class Applies:
    """`page` holds for all of the page; `sections` are headings, each with its line and what holds below it."""

    page: Conditions = ()
    sections: tuple[tuple[str, int, Conditions], ...] = ()


def read_applies(front: yaml.Node, *, above: int) -> Applies:
    """What stands under `applies`; `above` is the number of the front matter's first line. Raises `Unreadable`."""

    def fault(line: int, what: str) -> Unreadable:
        return Unreadable(f"front matter, line {above + line}: {what}")

    under = next(value for name, _, value in pairs_of(front, fault=fault) if name == APPLIES)
    if isinstance(under, yaml.MappingNode) and under.value:
        listed = next((value for key, value in under.value if key.value == SECTIONS), None)
        own = [(key, value) for key, value in under.value if value is not listed]
        page = yaml.MappingNode(under.tag, own, under.start_mark, under.end_mark)
        sections = pairs_of(listed, fault=fault) if listed is not None else []
        return Applies(
            conditions.read(page, fault=fault) if own or not sections else (),
            tuple((name, above + line, conditions.read(value, fault=fault)) for name, line, value in sections),
        )
    return Applies(conditions.read(under, fault=fault))


def with_conditions(sections: tuple[Section, ...], applies: Applies) -> tuple[Section, ...]:
    """The same sections with the conditions of the page and of every heading above each.

    Raises `Unreadable` for a heading that is not on the page: what was meant to hold for some would hold for all.
    """
    there = {_folded(heading) for section in sections for heading in section.headings}
    for heading, line, _ in applies.sections:
        if _folded(heading) not in there:
            raise Unreadable(
                f"front matter, line {line}: there is no heading {heading!r} on this page; write it as it stands there"
            )
    if not applies.page and not applies.sections:
        return sections
    return tuple(replace(section, conditions=_of(section, applies)) for section in sections)


def _of(section: Section, applies: Applies) -> Conditions:
    above = set(map(_folded, section.headings))
    under = [one for heading, _, some in applies.sections if _folded(heading) in above for one in some]
    return (*applies.page, *under)


def _folded(heading: str) -> str:
    return " ".join(heading.casefold().split())
