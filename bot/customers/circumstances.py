"""By what a customer's track is chosen: what systems say, what happened lately, and how it stands with them."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from bot.conditions import Facts, known
from bot.customers.contacts.chains import Chain
from bot.customers.story import card
from bot.customers.story.facts import Fact
from bot.customers.story.fragile import Reason
from bot.customers.timeline import Interaction
from bot.customers.tracks.events import lately


def circumstances(
    facts: Mapping[str, Fact],
    interactions: Sequence[Interaction],
    open_chains: Collection[Chain],
    fragile: Collection[Reason],
    *,
    now: datetime,
) -> Facts:
    """Of what a card is made of. `open_chain_contacts` are those of the longest open chain, `open_chain_transfers` of
    the one with most; no system can say what is counted here.
    """
    counted = {
        "open_chain_contacts": known(max((chain.contacts for chain in open_chains), default=0)),
        "open_chain_transfers": known(max((chain.transfers for chain in open_chains), default=0)),
        "fragile": known("yes" if fragile else "no"),
    }
    return {**facts, **lately(interactions, now=now), **counted}


def circumstances_of(
    session: Session, customer: int, *, audiences: AbstractSet[str], now: datetime, zone: tzinfo | None
) -> Facts:
    """Of a customer by id. Without a model, so chains are told by words, numbers and time. Raises as `card.card_of`."""
    return circumstances_on(card.card_of(session, customer, audiences=audiences, now=now, zone=zone), now=now)


def circumstances_on(one: card.Card, *, now: datetime) -> Facts:
    """Of what stands on a card."""
    return circumstances(one.facts.of_customer, one.read, one.chains, one.fragile, now=now)
