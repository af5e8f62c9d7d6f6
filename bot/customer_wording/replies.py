"""What is answered about customers beside a card: whom to choose, what their story holds, who waits, and why not."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from bot.customer_wording.phrases import NOBODY_NAMED, ago, day, joined, moment
from bot.customer_wording.told import Line, Part, Press, Told
from bot.customers import timeline
from bot.customers.focus import Focus
from bot.customers.handover import Waiting
from bot.customers.identity.candidates import Candidate
from bot.customers.questions.asking import Found, Quoted
from bot.customers.questions.skipping import Taken
from bot.customers.story.sayings import Saying

USAGE = (
    "Type what you know: /customer dana@example.org, a phone, order or account number, or first and last name with the "
    "postcode. /customer handover shows who waits for us."
)
DROPPED = "Dropped: what you ask next here is about no customer."
NOBODY_WAITS = (
    "No promise is due by tomorrow, no step of a track is blocked, and nobody contacted us more than once in seven "
    "days about something that is open."
)
EMPTY = (
    "No customers are here yet. Whoever runs Throughline imports them: `throughline import --help`. To try it with "
    "made-up ones: `throughline import example`."
)
NOTHING_WRITTEN = "Say it in a few words."
NO_DAY = "Pick a day of the calendar."
NOT_THERE_NOW = "That contact was corrected meanwhile. Open the customer's card again to see what stands there."
NONE_IN_FOCUS = "No customer is in focus here."
NOT_HERE = (
    "People of other companies may be in this channel, or I am not in it, so I show no customer here. Write to me "
    "directly: /customer works there too."
)
_MOST_WAITING = 10
# Of one customer.
_MOST_SAID = 4


def choice(found: Sequence[Candidate], reason: str) -> Told:
    """Whom somebody may have meant: to press, with just enough to choose by."""
    lines = tuple(Line(one.told, Press("This one", "choose", str(one.id))) for one in found)
    return Told(
        tuple(one.alias for one in found), f"{reason[:1].upper()}{reason[1:]}. Which one?", "", (Part("", lines),)
    )


def not_found(reason: str) -> str:
    return (
        f"I found no customer: {reason}. Try an e-mail address, a phone, order or account number, or first and last "
        "name with the postcode."
    )


def found_inside(about: Focus, found: Found, *, zone: tzinfo | None) -> Told:
    """What a customer's own story answers, or that it does not."""
    parts = tuple(_quoted(one, zone) for one in found.quotes)
    narrowed = f"of what is known {found.narrowed}" if found.narrowed and parts else ""
    return Told(
        (about.alias,),
        f"About {about.name or NOBODY_NAMED}",
        narrowed,
        parts or (Part(found.refusal),),
        (Press("Open the card", "choose", str(about.customer)), Press("Somebody else", "drop", "0")),
    )


def taken_already(done: Sequence[Taken], tried: Sequence[Saying], *, steps: int, zone: tzinfo | None) -> str:
    """ "They have taken steps 1 and 2 already: “rebooted twice” (phone, 21 Nov 08:14). Go on with step 3." """
    places = [one.place for one in done]
    said = list(dict.fromkeys(one.by for one in done))[:_MOST_SAID]
    shown = "; ".join(
        f"“{tried[by].quote}” ({timeline.said(tried[by].channel)}, {moment(tried[by].at, zone)})" for by in said
    )
    numbers = joined(str(place + 1) for place in places)
    following = next((place for place in range(steps) if place not in places), None)
    then = f"Go on with step {following + 1}." if following is not None else "That were all of them."
    return f"They have taken {'step' if len(places) == 1 else 'steps'} {numbers} already: {shown}. {then}"


def about(name: str) -> str:
    return f"About {name or NOBODY_NAMED}, by what we know of them. To ask about nobody again: /customer drop"


def _quoted(one: Quoted, zone: tzinfo | None) -> Part:
    where = f"{timeline.said(one.channel)}, {moment(one.at, zone)}"
    who = f"{where}, {one.text}" if one.text else where
    around = one.context if one.context != one.quote else ""
    fine = " · ".join(filter(None, (who, one.outcome if one.outcome not in one.quote else "")))
    return Part(f"“{one.quote}”", tuple(Line(each) for each in (fine, around) if each))


def handover(found: Sequence[Waiting], whose: str, *, now: datetime, zone: tzinfo | None) -> Told:
    """Who waits for us; the first of them, with how many more there are."""
    today = now.astimezone(zone).date()
    shown = found[:_MOST_WAITING]
    count = f"{len(found)} {'customer waits' if len(found) == 1 else 'customers wait'} for us"
    more = f"And {len(found) - len(shown)} more." if len(found) > len(shown) else ""
    return Told(
        tuple(one.alias for one in shown),
        f"Hand-over, {whose}",
        count if found else "nobody waits",
        tuple(_waiting(one, now, today) for one in shown) or (Part(NOBODY_WAITS),),
        foot=more,
    )


def _waiting(one: Waiting, now: datetime, today: date) -> Part:
    """What waits, one line each, and how to go on."""
    said = [
        f"{'OVERDUE since' if each.overdue(today) else 'due'} {day(each.due)}: “{each.text}” ({each.by or 'somebody'})"
        for each in one.promises
        if each.due
    ]
    said += [f"could not: {step}" for step in one.blocked]
    said += [chain.told for chain in one.chains]
    said += [f"last contact {ago(one.last.at, now)} by {one.last.channel_said}"] if one.last else []
    lines = tuple(map(Line, said[:_MOST_SAID]))
    return Part(one.name or NOBODY_NAMED, lines, (Press("Open card", "choose", str(one.customer)),))
