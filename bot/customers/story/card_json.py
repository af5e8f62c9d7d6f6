"""A card as JSON, with everything that it is put together from."""

from datetime import tzinfo
from typing import Any

from bot.customers.contacts.chains import Chain
from bot.customers.entries import Entry
from bot.customers.story.card import Card
from bot.customers.story.facts import Fact
from bot.customers.story.fragile import Reason
from bot.customers.story.promises import Promise
from bot.customers.story.sayings import Saying


def as_json(card: Card, *, zone: tzinfo | None) -> dict[str, Any]:
    """Times are ISO 8601 in `zone`, days are ISO dates."""

    def moment(at: Any) -> str:  # noqa: ANN401 - a datetime
        return str(at.astimezone(zone).isoformat(timespec="minutes"))

    def entry(one: Entry) -> dict[str, Any]:
        return {"number": one.id, "text": one.text, "by": one.author_name, "at": moment(one.at)}

    def promise(one: Promise) -> dict[str, Any]:
        due = one.due.isoformat() if one.due else None
        return {"text": one.text, "due": due, "by": one.by, "at": moment(one.at), "channel": one.channel or None}

    def saying(one: Saying) -> dict[str, Any]:
        return {"kind": one.kind, "quote": one.quote, "channel": one.channel, "at": moment(one.at)}

    def reason(one: Reason) -> dict[str, Any]:
        return {"text": one.text, "at": moment(one.at)}

    return {
        "name": card.name,
        "id": card.source_id,
        "facts": {name: _fact(fact) for name, fact in card.facts.of_customer.items()},
        "disagreements": [{"fact": fact.name, "of": fact.of, **_fact(fact)} for fact in card.disagreements],
        "last_72_hours": [one.as_json() for one in card.lately],
        "chains": [_chain(chain) for chain in card.chains],
        "told_or_tried": [*map(entry, card.tried), *map(saying, card.said)],
        "promises": [*map(promise, card.promises)],
        "fragile": [*map(reason, card.fragile)],
        "scores": [{"said": one.said, "share": one.share, "at": moment(one.at)} for one in card.scores],
        "notes": [*map(entry, card.notes)],
        "timeline": [one.as_json() for one in card.timeline],
        "interactions": card.total,
    }


def _fact(fact: Fact) -> dict[str, Any]:
    said = [{"value": each.value, "source": each.source} for each in fact.said]
    return {"value": fact.value, "disputed": fact.disputed, "said": said}


def _chain(chain: Chain) -> dict[str, Any]:
    on = {"channels": list(chain.channels), "changes_of_channel": chain.changes, "devices": list(chain.devices)}
    return {"told": chain.told, "contacts": len(chain.ids), **on}
