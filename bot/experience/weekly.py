"""The week in words: what the overview opens with, and the weekly post."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.experience import charts
from bot.experience.digest import MOST_FIXED, Digest
from bot.experience.drawing import Spec
from bot.experience.losses import Losses, mean_before
from bot.experience.overview import Counts
from bot.experience.weeks import Week
from bot.friction.tickets import Ticket

# A change by less than this share nobody would call one.
_SAME = 0.05


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted of a week: plain words, and the picture with what it shows in words. No `spec`: no picture."""

    title: str
    lede: str
    hot: tuple[str, ...]
    thanks: str
    fixed: tuple[str, ...]
    alt: str
    spec: Spec | None


def headline(week: Week, losses: Losses, counts: Counts) -> str:
    """ "Week 47: less time lost, 3 fixed"."""
    lost, before = losses.total[-1].hours, mean_before(losses.total)
    if lost is None or before is None:
        change = "time lost to friction"
    elif abs(lost - before) <= _SAME * before:
        change = "as much time lost as before"
    else:
        change = "less time lost" if lost < before else "more time lost"
    fixed = f", {counts.fixed} fixed" if counts.fixed else ""
    return f"Week {week.number}: {change}{fixed}"


def lede(losses: Losses, name_of: Callable[[str], str]) -> str:
    """What stands behind it, in a sentence or two."""
    return " ".join(filter(None, (lost_in_words(losses), most_in_words(losses, name_of))))


def post_of(digest: Digest, name_of: Callable[[str], str], weight: Callable[[Ticket], str]) -> Post:
    """`weight` tells how much a ticket weighs, by the rule for few people."""
    more = len(digest.fixed) - MOST_FIXED
    fixed = [f"{one.title}: {one.resolved_with}" for one in digest.fixed[:MOST_FIXED]]
    return Post(
        title=headline(digest.week, digest.losses, digest.counts),
        lede=lede(digest.losses, name_of),
        hot=tuple(" · ".join(filter(None, (f"{one.key} {one.title}", weight(one)))) for one in digest.hottest),
        thanks="You said, we did. Thank you to everybody who reported it or said “me too”:" if fixed else "",
        fixed=(*fixed, *([f"and {more} more"] if more > 0 else [])),
        alt=alt_of(digest.losses, name_of),
        spec=picture(digest.losses, name_of),
    )


def as_text(post: Post) -> Sequence[str]:
    """Line by line, as a command prints it."""
    lines = [post.title, post.lede]
    if post.fixed:
        lines += ["", post.thanks, *(f"- {one}" for one in post.fixed)]
    if post.hot:
        lines += ["", "What costs most now:", *(f"- {one}" for one in post.hot)]
    return lines


def named(name_of: Callable[[str], str]) -> Callable[[str], str]:
    """With words for where no tool was named."""
    return lambda id_: name_of(id_) if id_ else "No tool named"


def picture(losses: Losses, name_of: Callable[[str], str]) -> Spec | None:
    """None where of no tool enough people told what it costs."""
    chart = charts.losses_by_week(losses, losses.tools, named(name_of), charts.WIDE)
    told = any(loss.hours for one in losses.tools for loss in one.weeks)
    return charts.titled("Hours lost by tool, week by week", chart) if told else None


def alt_of(losses: Losses, name_of: Callable[[str], str]) -> str:
    """What the picture shows, in words."""
    last = [
        f"{named(name_of)(one.id)} {'not told' if one.latest.hours is None else f'{one.latest.hours:g}'}"
        for one in losses.tools[: charts.MOST_ROWS]
        if one.latest.tickets
    ]
    weeks = f"Hours lost by tool, weeks {losses.weeks[0].number} to {losses.weeks[-1].number}"
    return f"{weeks}. In the last one: {', '.join(last)}." if last else f"{weeks}."


def lost_in_words(losses: Losses) -> str:
    """A sentence: how many hours of the last week, beside the weeks before."""
    lost, before = losses.total[-1].hours, mean_before(losses.total)
    if lost is None:
        few = "Too few people said what it costs them, so no hours are told."
        return few if losses.total[-1].tickets else "Nothing that anybody reported was open."
    hours = f"{lost:g} hours went into what gets in people's way"
    if before is None:
        return f"{hours}."
    change = round(abs(lost - before) * 2) / 2
    if not change:
        return f"{hours}, as many as the average of the four weeks before."
    return f"{hours}, {change:g} {'fewer' if lost < before else 'more'} than the average of the four weeks before."


def most_in_words(losses: Losses, name_of: Callable[[str], str]) -> str:
    """A sentence: the tool in which most of them went; "" where that cannot be told."""
    top = next((one for one in losses.tools if one.id and one.latest.hours), None)
    if not losses.total[-1].hours or top is None or top.latest.hours is None:
        return ""
    return f"Most of it in {name_of(top.id)}: {top.latest.hours:g} h."
