"""What somebody asks of themselves: what changed, what they asked, and of whom."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from bot import pulse_wording, wording
from bot.exchanges import Own
from bot.news import News
from bot.people import Owners
from bot.requests import Request
from bot.retrieval.changes import Change
from bot.summaries.summary import Item, Summary, listed

_FURTHER = "`/throughline changes 7d` looks further back."


def news(found: News, *, owners: Owners, zone: tzinfo | None) -> Summary:
    """What changed since a moment, with the notices that stand first."""
    since = wording.moment(found.since.astimezone(zone))
    items = [Item(wording.notice(notice)) for notice in found.notices]
    items += [
        Item(change.title, (" · ".join(_changed(change, owners.name(change.owner), zone)),)) for change in found.changes
    ]
    if not items:
        return Summary(f"Nothing you may read has changed since {since}, and no notice stands.", foot=_FURTHER)
    return listed(f"What changed since {since}", items, foot=_FURTHER)


def _changed(change: Change, owner: str, zone: tzinfo | None) -> list[str]:
    named = ", ".join(section for section in change.sections if section)
    what = "new page" if change.is_new else f"changed: {named}" if named else "changed"
    return [what, *([owner] if owner else []), wording.moment(change.at.astimezone(zone))]


def recent(found: Sequence[Own], *, zone: tzinfo | None) -> Summary:
    """What somebody asked last, for themselves."""
    if not found:
        return Summary("You have not asked anything yet", foot="Press a question above, or mention me in a channel.")
    return Summary(
        "What you asked last",
        tuple(
            Item(
                own.question,
                (
                    " · ".join(
                        [
                            "; ".join(own.pages) if own.answered and own.pages else "not answered",
                            wording.moment(own.asked_at.astimezone(zone)),
                        ]
                    ),
                ),
            )
            for own in found
        ),
    )


def pulse(*, stopped: bool) -> Summary:
    """That somebody is asked one question a week, or is not."""
    return Summary(pulse_wording.TITLE, (Item(pulse_wording.state(stopped=stopped)),))


def requests_made(found: Sequence[Request], *, zone: tzinfo | None) -> Summary:
    """What somebody asked people, for themselves."""
    return listed(
        "What you asked people",
        [Item(one.question, (f"request {one.number} · {one.state} · {_when(one.asked_at, zone)}",)) for one in found],
    )


def requests_waiting(found: Sequence[Request], *, zone: tzinfo | None) -> Summary:
    """What waits for somebody's teams."""
    return listed(
        "What people ask your team",
        [
            Item(
                one.question,
                (" · ".join([*_asked_by(one, zone), *([f"{one.taker_name} has it"] if one.taker_name else [])]),),
            )
            for one in found
        ],
        foot="Answer in the thread under its card.",
    )


def _when(moment: datetime, zone: tzinfo | None) -> str:
    return wording.moment(moment.astimezone(zone))


def _asked_by(one: Request, zone: tzinfo | None) -> list[str]:
    return [f"request {one.number} of {one.asker_name}", _when(one.asked_at, zone)]
