"""A question that a number answers: for whoever may read the page of leads, and only in their eyes."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from bot import friction_wording, inbox, outbox
from bot import numbers_wording as wording
from bot.asked_metrics.answering import Answered, answer
from bot.asked_metrics.measure import World
from bot.asked_metrics.things import Dimension
from bot.asked_metrics.understanding import Understood
from bot.database import Database
from bot.experience.viewers import may_see, viewer_of
from bot.friction import listing
from bot.friction.listing import Asked
from bot.friction.wanted import Field, Wanted
from bot.handlers import smalltalk
from bot.handlers.blocks import MAX_TEXT, Json, Message, escaped
from bot.handlers.replying import reply_destination
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.people import Owners, Person

# The kind of the message in the outbox.
NUMBER = "number"
_FIELDS = {
    Dimension.TOOL: Field.TOOL,
    Dimension.PARTNER: Field.PARTNER,
    Dimension.TOUCHPOINT: Field.TOUCHPOINT,
    Dimension.TEAM: Field.TEAM,
    Dimension.KIND: Field.KIND,
}

# A question and the local time at which it is asked.
Understands = Callable[[Session, str, datetime], Understood | None]


class Numbers:
    """`understands` says what a question counts, None where it asks for no number; `address` where the page is."""

    def __init__(
        self,
        database: Database,
        directory: SlackDirectory,
        *,
        owners: Owners,
        understands: Understands,
        world: Callable[[], World],
        address: Callable[[], str],
        zone_of: Callable[[Person], tzinfo | None],
    ) -> None:
        self._database = database
        self._directory = directory
        self._owners = owners
        self._understands = understands
        self._world = world
        self._address = address
        self._zone_of = zone_of

    def takes(self, event: Accepted, person: Person) -> bool:
        """Whether a message asks for a number; then it is answered here. Of people from outside it never is."""
        value = event.value
        asked = value["addressed"] or (not value["opens_thread"] and smalltalk.asks(value["text"]))
        if not asked or not value["text"] or person.outsider:
            return False
        now, zone = datetime.now(UTC), self._zone_of(person)
        with self._database.reading() as session:
            understood = self._understands(session, value["text"], now.astimezone(zone))
        if understood is None:
            return False
        viewer = viewer_of(person, self._owners.teams_of(self._directory.address(person.id)))
        with self._database.reading() as session:
            if may_see(viewer):
                found = answer(session, understood, viewer=viewer, world=self._world(), now=now, zone=zone)
                told = _of_lead(found, self._address())
            else:
                told = self._of_everybody(session, understood, person)
        with self._database.writing.begin() as session:
            outbox.owe(
                session,
                key=f"number:{event.id}",
                kind=NUMBER,
                to=reply_destination(value, private=not value["only_asker"]),
                value=told,
                now=now,
            )
            inbox.finish(session, event)
        return True

    def _of_everybody(self, session: Session, understood: Understood, person: Person) -> dict[str, Any]:
        """What `/friction hot` tells everybody, of what was asked as far as it knows that."""
        named = [one for one in understood.things if one.dimension in _FIELDS]
        wanted: tuple[Wanted, ...] = tuple(frozenset({(_FIELDS[one.dimension], one.id)}) for one in named)
        found = listing.hottest(session, Asked(wanted=wanted), audiences=person.audiences)
        lines = [friction_wording.line(one, self._world().map) for one in found[: listing.MOST]]
        about = ", ".join(one.name for one in named)
        return {"lede": wording.for_leads(about, any_=bool(lines)), "lines": lines, "small": [wording.HOT], "link": ""}


def _of_lead(found: Answered, address: str) -> dict[str, Any]:
    link = f"{address}{found.path}" if address else ""
    small = [found.counted, *([] if link else [wording.NO_PAGE])]
    return {"lede": found.lede, "lines": list(found.lines), "small": small, "link": link}


def card(value: Mapping[str, Any]) -> Message:
    """Titles and names are people's words: none of it is parsed, but the link."""
    lede, lines = str(value["lede"]), [str(line) for line in value["lines"]]
    blocks: list[Json] = [{"type": "section", "text": _plain(lede)}]
    if lines:
        items = [{"type": "rich_text_section", "elements": [{"type": "text", "text": line}]} for line in lines]
        listed = {"type": "rich_text_list", "style": "bullet", "elements": items}
        blocks.append({"type": "rich_text", "elements": [listed]})
    small: list[Json] = [_plain(str(line)) for line in value["small"]]
    if value["link"]:
        small.append({"type": "mrkdwn", "text": f"<{value['link']}|{wording.OPEN}>"})
    blocks.append({"type": "context", "elements": small})
    return Message(text=escaped(" ".join([lede, *lines]))[:MAX_TEXT], blocks=tuple(blocks))


def _plain(words: str) -> Json:
    return {"type": "plain_text", "text": words[:MAX_TEXT], "emoji": False}
