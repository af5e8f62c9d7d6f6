"""The week, for one reader: a picture, three sentences, and for owners whom their teams' troubles reached, and which
of their pages are late for a review.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.experience import map_words, weekly
from bot.experience.digest import Digest
from bot.experience.digest import digest as digest_of
from bot.experience.drawing import Spec
from bot.experience.mapped import WEEKS as MAP_WEEKS
from bot.experience.mapped import mapped
from bot.experience.picture import Picture
from bot.experience.reading import Reading
from bot.experience.touched import Touched, touched
from bot.experience.viewers import Viewer
from bot.experience.weeks import Week, last_weeks
from bot.experience.world import World
from bot.noticing.names import names
from bot.noticing.noticed import noticed
from bot.noticing.pages import late_pages
from bot.signals.page_use import Stale
from bot.signals.signal import Kind
from bot.signals.spikes import Verdict

# A spike is judged by the year before it.
SIGNAL_WEEKS = 65
# Touchpoints that are named with their complaints, and pages that are late.
MOST_TOUCHPOINTS = MOST_PAGES = 3


@dataclass(frozen=True, slots=True)
class Letter:
    """`sentences` are the week, what hurts most, what rose or was fixed. `reached` and `pages` are for owners, "" for
    others, and `pages` also where none of theirs is late.

    `alt` says in words what the picture shows; without a `spec` there is none. `cell` is the worst one's on the map.
    """

    title: str
    sentences: tuple[str, str, str]
    reached: str
    pages: str
    alt: str
    spec: Spec | None
    cell: str


def letter(session: Session, week: Week, world: World, *, viewer: Viewer, now: datetime) -> Letter | None:
    """Of a week that is over; None where nothing happened in it. Raises `NotAllowed` for whoever may not read it."""
    until = min(now, week.end(world.zone))
    found = digest_of(session, week, viewer=viewer, now=until, zone=world.zone)
    long = Reading(session, last_weeks(SIGNAL_WEEKS, until=week), world, viewer=viewer, now=until)
    lately = Reading(session, last_weeks(MAP_WEEKS, until=week), world, viewer=viewer, now=until)
    picture = mapped(lately)
    late = late_pages(long) if viewer.teams else []
    if found.empty and picture.worst is None and not late:
        return None
    reached = touched(lately, viewer.teams) if viewer.teams else None
    name_of = world.map.name_of
    return Letter(
        title=weekly.headline(week, found.losses, found.counts),
        sentences=(weekly.lost_in_words(found.losses), _worst(picture, found, world), _changed(long, found)),
        reached=_reached(reached, world) if reached else "",
        pages=_late(late) if late else "",
        alt=weekly.alt_of(found.losses, name_of),
        spec=weekly.picture(found.losses, name_of),
        cell=picture.worst.key if picture.worst else "",
    )


def _worst(picture: Picture, found: Digest, world: World) -> str:
    one, name_of = picture.worst, world.map.name_of
    if one is None:
        return weekly.most_in_words(found.losses, name_of) or "No place on the map stands out."
    there = f"{name_of(one.channel)}, {name_of(one.stage)}"
    beneath = map_words.beneath(one, world.map)
    with_ = f", with {beneath} beneath" if beneath else ""
    return f"It hurts most here: {there}, {map_words.complaints(one)} in four weeks and {map_words.hours(one)}{with_}."


def _changed(reading: Reading, found: Digest) -> str:
    name_of = names(reading)
    signals = noticed(reading, frozenset({Kind.SPIKE})).signals
    own = [one for one in signals if one.verdict == Verdict.THEME_SPIKE]
    parts = []
    if own:
        more = f", and {len(own) - 1} more" if len(own) > 1 else ""
        parts.append(f"Rose by itself: {own[0].sentence(name_of)}{more}")
    elif signals:
        parts.append(signals[0].sentence(name_of))
    if found.fixed:
        parts.append(_fixed([one.title for one in found.fixed]))
    if not parts:
        return "Nothing was fixed, and nothing rose by itself as far as so many reports and complaints can tell."
    return f"{'. '.join(parts)}."


def _fixed(titles: list[str]) -> str:
    if len(titles) == 1:
        return f"Fixed: “{titles[0]}”"
    return f"{len(titles)} problems were fixed, among them “{titles[0]}”"


def _reached(found: Touched, world: World) -> str:
    if not found.tickets:
        return "Nothing that got in people's way was your teams' last week."
    tickets = "1 ticket" if found.tickets == 1 else f"{found.tickets} tickets"
    if found.customers is None:
        who = "fewer than five customers"
    else:
        who = f"{found.customers} customers" if found.customers else "no customers that we know of"
    places = [f"{world.map.name_of(id_)} ({count})" for id_, count in found.complaints[:MOST_TOUCHPOINTS]]
    at = f" Complaints where that is: {', '.join(places)}." if places else ""
    return f"What your teams answer for ({tickets}) reached {who} last week.{at}"


def _late(pages: Sequence[Stale]) -> str:
    named = [f"{one.page.id} ({_late_by(one)})" for one in pages[:MOST_PAGES]]
    more = f", and {len(pages) - MOST_PAGES} more" if len(pages) > MOST_PAGES else ""
    count = "A page of your teams is" if len(pages) == 1 else f"{len(pages)} pages of your teams are"
    return f"{count} late for a review: {', '.join(named)}{more}."


def _late_by(one: Stale) -> str:
    days = "1 day" if one.days == 1 else f"{one.days} days"
    answers = "1 answer" if one.page.answers == 1 else f"{one.page.answers} answers"
    return f"{days}, {answers} quoted it lately" if one.page.answers else days
