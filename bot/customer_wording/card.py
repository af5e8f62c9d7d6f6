"""A customer's card, and the pages of their timeline, in words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo

from bot.customer_wording.phrases import NOBODY_NAMED, ago, day, joined, moment
from bot.customer_wording.told import Line, Part, Press, Told
from bot.customers import timeline
from bot.customers.entries import Entry
from bot.customers.identity.candidates import Candidate
from bot.customers.kinds import Direction
from bot.customers.story.card import Card
from bot.customers.story.facts import TENURE, Fact, shown
from bot.customers.story.promises import Promise
from bot.customers.surveys import Score
from bot.customers.timeline import Interaction
from bot.customers.tracks.assigning import OnTrack
from bot.customers.tracks.rules import Track
from bot.customers.tracks.steps import Result, mark_of

# The first that a customer has is how the company ranks them.
_RANKS = ("segment", "tier", "level", "status", "plan")
# On the card elsewhere, or of use to nobody who stands in front of them.
_NOT_LISTED = frozenset({"name", "street", "region", "postcode", "country", "since", TENURE})
_MOST_FACTS, _LONGEST_FACT = 12, 120
_MOST_LINES = 5
_MOST_REASONS = 3
# Fewer answers have no course.
_TREND = 2


def card(
    one: Card, *, now: datetime, zone: tzinfo | None, track: OnTrack | None = None, assignment: int | None = None
) -> Told:
    """The whole card, what matters first. `assignment` is by which steps of the track can be said to be done."""
    today = now.astimezone(zone).date()
    parts = (
        *_lately(one, now),
        *_running(one),
        *_not_again(one, zone),
        *_promised(one.promises, today, zone),
        *_disagreements(one.disagreements),
        *_fragile(one),
        *_scores(one.scores, zone),
        *(_track(track, track.track, assignment) if track and track.track else ()),
        *_notes(one.notes, zone),
        *_facts(one.facts.of_customer.values()),
        *_timeline(one, zone),
    )
    number = str(one.id)
    return Told(
        (one.alias,),
        one.name or NOBODY_NAMED,
        " · ".join(
            filter(
                None,
                (
                    _rank(one.facts.of_customer),
                    _tenure(one.facts.of_customer),
                    f"track: {track.track.name}" if track and track.track else "",
                ),
            )
        ),
        tuple(parts),
        (
            Press("Ask about them", "ask", number),
            Press("Add note", "note", number),
            Press("Promise", "promise", number),
            Press("Tried", "tried", number),
            Press("Log friction", "friction", number),
        ),
    )


def page(one: Candidate, rows: Sequence[Interaction], *, shown_before: int, total: int, zone: tzinfo | None) -> Told:
    """Earlier contacts."""
    last = shown_before + len(rows)
    lines = tuple(Line(row.told(zone)) for row in rows)
    older = (_older(one.id, rows[-1], last),) if last < total and rows else ()
    title = f"{one.name or NOBODY_NAMED}: contacts {shown_before + 1} to {last} of {total}"
    return Told((one.alias,), title, "", (Part("", lines),), older)


def _rank(facts: Mapping[str, Fact]) -> str:
    known = next((facts[name] for name in _RANKS if name in facts and not facts[name].disputed), None)
    return shown(known.value).capitalize() if known else ""


def _tenure(facts: Mapping[str, Fact]) -> str:
    months = facts.get(TENURE)
    return f"{months.value} months" if months else ""


def _lately(one: Card, now: datetime) -> list[Part]:
    """Who contacted whom in the last 72 hours, and where."""
    theirs = [each for each in reversed(one.lately) if each.direction == Direction.IN]
    ours = [each for each in reversed(one.lately) if each.direction == Direction.OUT]
    told = [
        f"{who} {joined(f'{ago(each.at, now)} by {each.channel_said}' for each in some[-_MOST_LINES:])}"
        for who, some in (("Contacted us", theirs), ("We contacted them", ours))
        if some
    ]
    return [Part(f"{'. '.join(told)}.")] if told else [Part("No contact in the last 72 hours.")]


def _running(one: Card) -> list[Part]:
    """What they contacted us about more than once, and nobody has settled."""
    lines = tuple(Line(chain.told) for chain in one.chains if len(chain.ids) > 1)[:_MOST_LINES]
    return [Part("Still open, and not for the first time:", lines)] if lines else []


def _not_again(one: Card, zone: tzinfo | None) -> list[Part]:
    """What they need not be asked or told to try again."""
    said = [Line(f"“{each.quote}” ({timeline.said(each.channel)}, {moment(each.at, zone)})") for each in one.said]
    tried = [_entry(each, zone) for each in one.tried]
    lines = (*tried, *said)[:_MOST_LINES]
    return [Part("Do not ask again. They have already told us or tried:", lines)] if lines else []


def _promised(promises: Iterable[Promise], today: date, zone: tzinfo | None) -> list[Part]:
    lines = tuple(_promise(one, today, zone) for one in promises)[:_MOST_LINES]
    return [Part("Promised:", lines)] if lines else []


def _promise(one: Promise, today: date, zone: tzinfo | None) -> Line:
    due = "" if one.due is None else f"{'OVERDUE, was due' if one.overdue(today) else 'due'} {day(one.due)}"
    by = " ".join(filter(None, (timeline.said(one.channel), moment(one.at, zone))))
    text = " · ".join(filter(None, (f"“{one.text}”", due, one.by, by)))
    value = str(one.entry) if one.entry is not None else f"{one.interaction}:{one.place}"
    return Line(text, Press("Kept", "kept" if one.entry is not None else "kept_there", value))


def _disagreements(facts: Sequence[Fact]) -> list[Part]:
    lines = tuple(Line(fact.told) for fact in facts)[:_MOST_LINES]
    return [Part("The systems disagree. Ask before you rely on it:", lines)] if lines else []


def _fragile(one: Card) -> list[Part]:
    lines = tuple(Line(reason.text) for reason in one.fragile)[:_MOST_REASONS]
    return [Part("Fragile: go gently. Why:", lines, (Press("Not so", "contest", str(one.id)),))] if lines else []


def _scores(scores: Sequence[Score], zone: tzinfo | None) -> list[Part]:
    """What they thought of us, the last of it last: one bad answer after good ones is another thing than all bad."""
    if len(scores) < _TREND:
        return []
    *before, last = (one.share for one in scores)
    course = "the lowest came last" if last < min(before) else "the highest came last" if last > max(before) else ""
    some = scores[-_MOST_LINES:]
    told = ", then ".join(f"{one.said} ({day(one.at.astimezone(zone).date())})" for one in some)
    count = f"the last {len(some)} of {len(scores)}" if len(some) < len(scores) else f"{len(scores)}"
    return [Part(f"Answers to surveys ({count}): {told}{f'; {course}' if course else ''}.")]


def _track(on: OnTrack, track: Track, assignment: int | None) -> list[Part]:
    """What to do next for such a customer, what to say and what to leave alone."""
    blocked = [each for each in on.taken if each.result is Result.COULD_NOT]
    lines = (
        *((f"Next: {on.next_step}",) if on.next_step else ("Every step is done.",)),
        *(f"Say: “{said}”" for said in track.say),
        *track.do_not,
        *(f"Could not: {each.step} ({each.why}; {each.author_name})" for each in blocked),
        f"Why this track: {'; '.join(on.cause)}",
    )
    presses: tuple[Press, ...] = ()
    if assignment is not None and on.next_step:
        value = f"{assignment}:{mark_of(on.next_step)}"
        presses = (Press("Did it", "did", value), Press("Could not", "could_not", value))
    return [Part(f"Track: {track.name}", tuple(map(Line, lines)), presses)]


def _notes(notes: Sequence[Entry], zone: tzinfo | None) -> list[Part]:
    lines = tuple(_entry(note, zone) for note in notes)[:_MOST_LINES]
    return [Part("Notes:", lines)] if lines else []


def _entry(entry: Entry, zone: tzinfo | None) -> Line:
    return Line(f"{entry.text} ({entry.author_name}, {moment(entry.at, zone)})")


def _facts(facts: Iterable[Fact]) -> list[Part]:
    told = [fact.told for fact in facts if fact.name not in _NOT_LISTED and not fact.disputed]
    short = [each if len(each) <= _LONGEST_FACT else f"{each[:_LONGEST_FACT]} …" for each in told[:_MOST_FACTS]]
    return [Part(" · ".join(short))] if short else []


def _timeline(one: Card, zone: tzinfo | None) -> list[Part]:
    if not one.timeline:
        return [Part("No contact is known of yet.")]
    waiting = timeline.unanswered(one.timeline)
    lines = tuple(Line(f"{each.told(zone)}{' · unanswered' * (each.id in waiting)}") for each in one.timeline)
    rest = (_older(one.id, one.timeline[-1], len(one.timeline)),) if one.total > len(one.timeline) else ()
    return [Part(f"Latest contacts ({len(one.timeline)} of {one.total}):", lines, rest)]


def _older(customer: int, last: Interaction, count: int) -> Press:
    return Press("Earlier contacts", "older", f"{customer}:{last.id}:{count}")
