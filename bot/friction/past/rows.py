"""A row of an export -> an old ticket as far as it can be kept, or rejected with the reason."""

from dataclasses import dataclass
from datetime import datetime

from bot.customers.feeds.feed import Feed
from bot.customers.feeds.fields import Row
from bot.customers.feeds.rows import Rejected, moment_in, source_id_in
from bot.friction.moves import State
from bot.friction.past.mapping import NO_STATES, TicketSection


@dataclass(frozen=True, slots=True)
class OldTicket:
    """Its words are not masked yet. `raised_by` is "" where the export does not say; `names` are to be masked.

    `over` is when it was closed, or when it was raised where nothing is said of that.
    """

    source_id: str
    words: str
    filed_at: datetime
    raised_by: str
    names: tuple[str, ...]
    state: State
    over: datetime
    done: str


def old_ticket(row: Row, *, section: TicketSection, feed: Feed, now: datetime) -> OldTicket:
    """Raises `Rejected`."""
    source_id = source_id_in(row, section.id)
    words = section.words.text(row, between="\n")
    if not words:
        raise Rejected(f"it says nothing in {', '.join(section.words.columns)}")
    when = section.when.text(row)
    if not when:
        raise Rejected(f"it does not say when: nothing in {', '.join(section.when.columns)}")
    filed_at = moment_in(when, feed, now)
    over = section.over.text(row)
    raised_by = section.raised_by.text(row)
    return OldTicket(
        source_id,
        words,
        filed_at,
        raised_by,
        # A number names nobody, and would be taken for a name wherever it stands.
        tuple(name for name in (raised_by, *section.names.all(row)) if name and not any(map(str.isdigit, name))),
        _state(section.state.text(row)),
        max(moment_in(over, feed, now), filed_at) if over else filed_at,
        section.done.text(row, between="\n"),
    )


def _state(text: str) -> State:
    word = text.casefold().replace(" ", "_")
    states = [state for state in State if state not in NO_STATES]
    if word not in states:
        raise Rejected(f"its state is none of {', '.join(states)}; add it to `values:` of state")
    return State(word)
