"""What an erasure does with each table. A table that is not listed here fails the tests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, String, Table, false, or_, select
from sqlalchemy.orm import Session

from bot.customers.tables import CustomerRow
from bot.database import Base
from bot.retrieval.engines import server_tables

# Shorter texts, as "still billed", many customers said.
SHORTEST_TEXT = 24


class Treatment(StrEnum):
    """`GOES`: the rows that a foreign key leads to from the customer go; where others' rows quote them, that is masked.

    `MASKED`: no row goes; where one quotes the customer, that is masked. `QUOTING`: rows that hold a word of theirs go,
    and what hangs on those. `SEARCHED`: a row that holds a word of theirs is named, for a person to see to. `RANDOM`:
    it holds what leads to nobody once the customer's row is gone.
    """

    GOES = "goes"
    MASKED = "masked"
    QUOTING = "quoting"
    SEARCHED = "searched"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Treated:
    """`masked`: the columns with free words in which others' rows may quote the customer."""

    how: Treatment
    why: str
    masked: tuple[str, ...] = ()


def _theirs(*masked: str) -> Treated:
    return Treated(Treatment.GOES, "what is known of the customer, and what was done about it", masked)


def _told(*masked: str) -> Treated:
    return Treated(Treatment.MASKED, "what colleagues reported; it was masked before, as far as that notices", masked)


_PAGES = Treated(Treatment.SEARCHED, "the company's own pages; mend the page, then reindex")
_SAID = Treated(Treatment.QUOTING, "what people wrote and were answered, for a while")
_SET = Treated(Treatment.SEARCHED, "what an admin set, and Slack's own ids")

TABLES: Mapping[str, Treated] = {
    "customers": _theirs(),
    "customer_records": _theirs("fields"),
    "customer_keys": _theirs(),
    "interaction_vectors": _theirs(),
    "interactions": _theirs("subject", "text", "outcome", "refs"),
    "customer_entries": _theirs("text"),
    "customer_focus": _theirs(),
    "track_assignments": _theirs("cause"),
    "track_exposures": _theirs(),
    "track_steps": _theirs("why"),
    "customer_merges": _theirs("reason"),
    "identity_proposals": _theirs("reason"),
    "friction_report_customers": _theirs(),
    "interaction_routes": _theirs(),
    "friction_report_steps": _theirs(),
    "friction_tickets": _told("title", "workaround", "resolved_with", "cause_shown_by"),
    "friction_reports": _told("words"),
    "friction_events": _told("words", "changed"),
    "friction_themes": _told("label", "outcome"),
    "friction_theme_changes": _told("told", "before", "after"),
    "friction_nights": Treated(Treatment.SEARCHED, "when themes were proposed"),
    "friction_corrections": _told("guessed", "chosen"),
    "friction_news": _told("value"),
    "steering_annotations": _told("words"),
    "steering_ratings": _told("why"),
    "steering_decisions": _told("why"),
    "steering_efforts": Treated(Treatment.SEARCHED, "how many days a theme takes; no words"),
    "steering_verdicts": Treated(Treatment.SEARCHED, "whether two things are one problem; no words"),
    "steering_acknowledgements": Treated(Treatment.SEARCHED, "which partner knows of which notice"),
    "friction_cards": Treated(Treatment.SEARCHED, "where Slack shows a ticket"),
    "friction_habits": Treated(Treatment.SEARCHED, "when a colleague wants to hear, by a mark"),
    "friction_sights": Treated(Treatment.SEARCHED, "who looked which colleague reported something"),
    "friction_ticket_tools": Treated(Treatment.SEARCHED, "ids of tools"),
    "friction_imports": Treated(Treatment.SEARCHED, "numbers of tickets in another system"),
    "friction_ticket_vectors": Treated(Treatment.SEARCHED, "what a title and words without names mean"),
    "pulse_weeks": Treated(Treatment.SEARCHED, "secrets of weeks"),
    "pulse_asked": Treated(Treatment.SEARCHED, "when colleagues were asked about a tool, by marks"),
    "pulse_answers": Treated(Treatment.SEARCHED, "scores of tools, of nobody in particular"),
    "pulse_stops": Treated(Treatment.SEARCHED, "marks of colleagues who do not want to be asked"),
    "letter_stops": _SET,
    "letter_surges": Treated(Treatment.SEARCHED, "at which touchpoint many complain within an hour; of no customer"),
    "letter_alerts": Treated(Treatment.SEARCHED, "which colleague was told that something rose, or a target is missed"),
    "inbox": _SAID,
    "outbox": _SAID,
    "exchanges": _SAID,
    "gaps": _SAID,
    "friction_questions": _SAID,
    "feedback": _SAID,
    "requests": _SAID,
    "request_cards": _SAID,
    "request_replies": _SAID,
    "proposals": _SAID,
    "audit": Treated(Treatment.RANDOM, "who looked, at a random alias that leads to nobody any more"),
    "erasures": Treated(Treatment.RANDOM, "that somebody was erased, not who"),
    "erased_keys": Treated(Treatment.RANDOM, "keyed hashes, by which an import knows whom it must not bring back"),
    "erasure_hash_key": Treated(Treatment.RANDOM, "the key of those hashes"),
    "track_rules": Treated(Treatment.SEARCHED, "what knowledge/tracks.yaml said; it names no customer"),
    "map_versions": Treated(Treatment.SEARCHED, "what knowledge/touchpoints.yaml brought; it names no customer"),
    "map_things": Treated(Treatment.SEARCHED, "what knowledge/touchpoints.yaml said; it names no customer"),
    "headcounts": Treated(Treatment.SEARCHED, "how many people work where"),
    "copies": Treated(Treatment.SEARCHED, "where exports and older databases are"),
    "web_links": _SET,
    "web_sessions": _SET,
    "web_tokens": _SET,
    "acquaintances": _SET,
    "channels": _SET,
    "outbox_paces": _SET,
    "slack_bots": _SET,
    "slack_installations": _SET,
    "slack_oauth_states": _SET,
    "knowledge_generations": _PAGES,
    "knowledge_documents": _PAGES,
    "knowledge_audiences": _PAGES,
    "knowledge_sections": _PAGES,
    "knowledge_passages": _PAGES,
    "knowledge_vectors": _PAGES,
    "knowledge_block_vectors": _PAGES,
    "knowledge_successions": _PAGES,
    "knowledge_conflicts": _PAGES,
    "knowledge_compared": _PAGES,
    "knowledge_judgments": _PAGES,
    "knowledge_changes": _PAGES,
    "knowledge_verifications": _PAGES,
    "knowledge_withdrawals": _PAGES,
    "knowledge_notices": _PAGES,
    "knowledge_notice_audiences": _PAGES,
    "knowledge_words": _PAGES,
    "knowledge_meanings": _PAGES,
    "knowledge_page_sums": _PAGES,
}


ON_SERVER = frozenset(server_tables.metadata.tables)


def treatment_of(table: Table) -> Treatment:
    return TABLES[table.name].how


def tables() -> list[Table]:
    """Every table, one after those that it refers to."""
    return [*Base.metadata.sorted_tables, *server_tables.metadata.sorted_tables]


def texts_of(table: Table) -> list[Column[object]]:
    """The columns in which words may stand; those that may be masked come last."""
    masked = TABLES[table.name].masked
    texts = [column for column in table.columns if isinstance(column.type, String | JSON)]
    return sorted(texts, key=lambda column: column.name in masked)


def theirs(table: Table, ids: tuple[int, ...]) -> ColumnElement[bool]:
    """Which rows are of these customers: a foreign key leads from each to one of them."""
    if table.name == CustomerRow.__tablename__:
        return table.c.id.in_(ids)
    return or_(false(), *_leading(table, ids))


def words_of(session: Session, ids: tuple[int, ...]) -> tuple[str, ...]:
    """What was said and written of these customers, each text once: of every table the free words."""
    texts: dict[str, None] = {}
    for table in tables():
        if columns := [table.c[name] for name in TABLES[table.name].masked]:
            for row in session.execute(select(*columns).where(theirs(table, ids))):
                texts |= dict.fromkeys(text for value in row for text in _strings(value))
    return tuple(text for text in texts if len(text) >= SHORTEST_TEXT)


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def leads_to_customers(table: Table) -> bool:
    """Whether rows of it can be of a customer."""
    return table.name == CustomerRow.__tablename__ or bool(list(_leading(table, ())))


def _leading(table: Table, ids: tuple[int, ...]) -> Iterator[ColumnElement[bool]]:
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
        to = key.column.table
        if to.name == CustomerRow.__tablename__:
            yield key.parent.in_(ids)
        elif key.ondelete == "CASCADE" and to is not table and leads_to_customers(to):
            yield key.parent.in_(select(key.column).where(theirs(to, ids)))
