"""How long each table keeps a row, why, and who drops it. A table that is not listed here fails the tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from bot import exchanges, inbox, outbox, pacing, proposals
from bot.acquaintances import AcquaintanceRow
from bot.audit import dropping
from bot.customers import focus
from bot.customers.tracks import assigning
from bot.exchanges import ExchangeRow
from bot.letters import frontline, telling
from bot.pulses import answering
from bot.retrieval import notices, withdrawals
from bot.visits import tokens, visiting


@dataclass(frozen=True, slots=True)
class Kept:
    """`period` is how long a row is kept once it is needed no more; None: as long as `why` says."""

    period: timedelta | None
    why: str


class Forget(Protocol):
    """Drops what is past its time, in the caller's transaction."""

    def __call__(self, session: Session, *, now: datetime) -> None: ...


_WITH_PAGE = Kept(None, "as long as a kept state of the knowledge has the page; the company's own text")
_WITH_EXCHANGE = Kept(exchanges.KEPT, "with the question it belongs to")
_WITH_REQUEST = Kept(proposals.KEPT, "with the request it belongs to")
_WITH_TICKET = Kept(None, "with the ticket")
_WITH_CUSTOMER = Kept(None, "as long as its source has it; what is corrected or deleted there follows")

TABLES: Mapping[str, Kept] = {
    "inbox": Kept(inbox.KEPT, "Slack delivers an event again within minutes; a day covers a bot that was down"),
    "outbox": Kept(outbox.KEPT, "answers stand in it, enough to look into a complaint; dead letters 90 days"),
    "outbox_paces": Kept(pacing.KEPT, "an old pace says nothing"),
    "exchanges": Kept(exchanges.KEPT, "what nothing answered, and how this month compares with the same last year"),
    "gaps": _WITH_EXCHANGE,
    "feedback": _WITH_EXCHANGE,
    "requests": Kept(proposals.KEPT, "what people answered, for whoever asks the same; counted from its last change"),
    "request_cards": _WITH_REQUEST,
    "request_replies": _WITH_REQUEST,
    "proposals": Kept(proposals.KEPT, "with its request, and not before it is decided on; a page of it is a file"),
    "acquaintances": Kept(exchanges.KEPT, "while somebody asks now and then; after that they are welcomed anew"),
    "channels": Kept(None, "the settings of a channel, until somebody changes them; no message stands in it"),
    "slack_bots": Kept(None, "until the app is uninstalled there"),
    "slack_installations": Kept(None, "until the app is uninstalled there"),
    "slack_oauth_states": Kept(timedelta(minutes=10), "a random word; dropped when the next one is made"),
    "customers": _WITH_CUSTOMER,
    "customer_records": _WITH_CUSTOMER,
    "customer_keys": _WITH_CUSTOMER,
    "interactions": _WITH_CUSTOMER,
    "interaction_vectors": Kept(None, "with the contact that they were made of, and anew when its text is corrected"),
    "customer_entries": Kept(
        None, "as long as the customer; what was taken back too, so that it is known who wrote it"
    ),
    "customer_focus": Kept(focus.KEPT, "which customer a conversation is about; over long before"),
    "track_rules": Kept(None, "what a track said in each version, so that an old assignment can be explained"),
    "track_assignments": Kept(assigning.KEPT, "what worked is counted from them; counted from when it ended"),
    "track_exposures": Kept(assigning.KEPT, "with the assignment"),
    "track_steps": Kept(assigning.KEPT, "with the assignment"),
    "map_versions": Kept(None, "what each version of the map brought; tickets and routes name it"),
    "map_things": Kept(None, "what was ever on the map, so that no id is used again for something else"),
    "interaction_routes": Kept(None, "with the contact, until the map or its text says otherwise"),
    "headcounts": Kept(None, "how many work where, until the next roster is imported; no names"),
    "friction_tickets": Kept(None, "what got in people's way and whether it was mended; trends are over years"),
    "friction_reports": _WITH_TICKET,
    "friction_ticket_tools": _WITH_TICKET,
    "friction_ticket_vectors": _WITH_TICKET,
    "friction_imports": _WITH_TICKET,
    "friction_report_steps": Kept(assigning.KEPT, "with the step of the track"),
    "friction_questions": _WITH_EXCHANGE,
    "friction_events": _WITH_TICKET,
    "friction_corrections": _WITH_TICKET,
    "friction_cards": _WITH_TICKET,
    "friction_news": Kept(None, "until it is told: a week at most"),
    "friction_habits": Kept(None, "when somebody wants to hear of their reports, by a mark and not by name"),
    "friction_sights": _WITH_TICKET,
    "steering_annotations": Kept(None, "what happened when; charts of years need it"),
    "steering_ratings": Kept(None, "how good we said we are, quarter by quarter"),
    "steering_decisions": Kept(None, "what was decided and why; asked about years later"),
    "steering_efforts": Kept(None, "what the order of the roadmap goes by"),
    "steering_verdicts": Kept(None, "what later scores learn from"),
    "steering_acknowledgements": Kept(notices.KEPT, "with the notice"),
    "friction_themes": Kept(None, "as long as there are tickets of it"),
    "friction_theme_changes": Kept(None, "what people did to themes, so that it can be undone and is known"),
    "friction_nights": Kept(None, "a month: each night drops what is older"),
    "friction_report_customers": Kept(None, "as long as the ticket and the customer"),
    "pulse_weeks": Kept(answering.OVER_AFTER, "the secret of a week; it goes when its last question is over"),
    "pulse_asked": Kept(answering.ASKED_KEPT, "so that nobody is asked too often; a mark, and not what they said"),
    "pulse_answers": Kept(answering.KEPT, "scores of nobody in particular, to compare years; whole quarters go"),
    "pulse_stops": Kept(None, "until they want to be asked again; a mark and not a name"),
    "letter_stops": Kept(None, "until they want the digest and alerts again"),
    "letter_surges": Kept(frontline.OVER_AFTER, "at which touchpoint complaints surge, while it goes on"),
    "letter_alerts": Kept(telling.KEPT, "what somebody was told of, while it goes on"),
    "web_links": Kept(visiting.LINK_KEPT, "a hash; so that whoever opens an old link is told that it is over"),
    "web_sessions": Kept(visiting.SESSION_LASTS, "a hash, and who signed in to the page"),
    "web_tokens": Kept(timedelta(days=max(tokens.DAYS)), "a hash, and whose program shows it; until it is revoked"),
    "customer_merges": Kept(None, "as long as both customers, so that it can be undone"),
    "identity_proposals": Kept(None, "as long as both customers; a refused pair must not be proposed again"),
    "erasures": Kept(None, "that somebody was erased, not who; so that an import can say which erasure refuses a row"),
    "erased_keys": Kept(None, "until somebody says that an import may bring them back"),
    "erasure_hash_key": Kept(None, "as long as the hashes that were made with it"),
    "copies": Kept(None, "as long as there is such a file; an erasure looks, and forgets the others"),
    "audit": Kept(dropping.KEPT, "who looked at whom, for as long as complaints come; the oldest end goes first"),
    "knowledge_generations": Kept(None, "the live state of the knowledge and the one before it"),
    "knowledge_documents": _WITH_PAGE,
    "knowledge_audiences": _WITH_PAGE,
    "knowledge_sections": _WITH_PAGE,
    "knowledge_passages": _WITH_PAGE,
    "knowledge_vectors": _WITH_PAGE,
    "knowledge_block_vectors": _WITH_PAGE,
    "knowledge_successions": _WITH_PAGE,
    "knowledge_conflicts": _WITH_PAGE,
    "knowledge_compared": _WITH_PAGE,
    "knowledge_judgments": Kept(None, "until the section is edited or somebody verifies the page"),
    "knowledge_changes": Kept(None, "of the last 200 states of the knowledge"),
    "knowledge_verifications": Kept(None, "who checked a page and when, as proof, as long as there is the knowledge"),
    "knowledge_withdrawals": Kept(withdrawals.KEPT, "counted from when the page was restored; until then it stands"),
    "knowledge_notices": Kept(notices.KEPT, "counted from its end"),
    "knowledge_notice_audiences": Kept(notices.KEPT, "with its notice"),
    "knowledge_words": _WITH_PAGE,
    "knowledge_meanings": _WITH_PAGE,
    "knowledge_page_sums": _WITH_PAGE,
}


def _forget_acquaintances(session: Session, *, now: datetime) -> None:
    """Drop whoever was met long ago and of whom no question is kept."""
    asking = select(ExchangeRow.workspace, ExchangeRow.person)
    gone = tuple_(AcquaintanceRow.workspace, AcquaintanceRow.person).not_in(asking)
    session.execute(delete(AcquaintanceRow).where(AcquaintanceRow.since < now - exchanges.KEPT, gone))


# In this order: a person is forgotten with the last question of theirs.
FORGETS: tuple[Forget, ...] = (
    inbox.forget_old,
    outbox.forget_old,
    pacing.forget_old,
    exchanges.forget_old,
    proposals.forget_old,
    _forget_acquaintances,
    notices.forget_old,
    withdrawals.forget_old,
    focus.forget_old,
    assigning.forget_old,
    dropping.forget_old,
    visiting.forget_old,
    tokens.forget_old,
    answering.forget_old,
    telling.forget_old,
    frontline.forget_old,
)
