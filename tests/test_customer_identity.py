"""One customer from many keys: by rule where a key says so, by a person where it is only likely, and back again."""

from pathlib import Path

import pytest
from bot.customers import normal
from bot.customers.identity import merging, proposals
from bot.customers.kinds import ProposalState
from bot.customers.tables import CustomerRow, InteractionRow, KeyRow, MergeRow, RecordRow
from bot.database import Database
from bot.errors import IdentityError
from sqlalchemy import func, select

from feeds import NOW, Feeds, call, person

pytestmark = pytest.mark.each_engine


@pytest.fixture
def feeds(tmp_path: Path, database: Database) -> Feeds:
    return Feeds(database, tmp_path)


DANA = person("1", "Dana Ruiz", mail="dana@example.org", phone="512-555-0147", street="986 Sunset Drive", zip="80279")
DANA_BILLED = person("B7", "Ruiz, Dana", mail="DANA@example.org", phone="", street="986 Sunset Drive", zip="80279")


def owners(feeds: Feeds) -> dict[str, int]:
    """Each record's customer, by the id that its source gave."""
    with feeds.database.reading() as session:
        rows = session.execute(select(RecordRow.source_id, RecordRow.customer).where(RecordRow.kind == "customer"))
        return dict(rows.all())


def holdings(feeds: Feeds) -> list[tuple[str, int, int]]:
    """What everything belongs to, and who was merged."""
    with feeds.database.reading() as session:
        rows = [("record", row.id, row.customer) for row in session.scalars(select(RecordRow))]
        rows += [("key", row.id, row.customer) for row in session.scalars(select(KeyRow))]
        rows += [("interaction", row.id, row.customer) for row in session.scalars(select(InteractionRow))]
        rows += [("customer", row.id, row.merged_into or 0) for row in session.scalars(select(CustomerRow))]
        return sorted(rows)


def standing(feeds: Feeds) -> int:
    with feeds.database.reading() as session:
        asked = select(func.count()).select_from(CustomerRow).where(CustomerRow.merged_into.is_(None))
        return session.scalar(asked) or 0


def test_the_same_address_in_two_systems_is_one_customer(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])
    feeds.customers("billing", [DANA_BILLED])
    assert len(set(owners(feeds).values())) == 1


def test_two_rows_of_one_file_with_the_same_address_are_one_customer(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA, {**DANA_BILLED, "id": "2"}])
    assert standing(feeds) == 1


def test_the_same_address_under_two_names_is_two_customers(feeds: Feeds) -> None:
    """A mailbox that a couple shares: the rule says one, the names say two, and nobody guesses."""
    feeds.customers("crm", [DANA])
    feeds.customers("billing", [{**DANA_BILLED, "name": "Oluwaseun Adeyemi"}])
    assert standing(feeds) == 2
    assert len(feeds.look_up("dana@example.org").candidates) == 2


def test_a_key_that_the_mapping_does_not_name_merges_nobody(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])
    feeds.customers("billing", [{**DANA_BILLED, "mail": "", "phone": "512 555 0147", "street": "", "zip": ""}])
    assert standing(feeds) == 2
    with feeds.database.reading() as session:
        (proposal,) = proposals.waiting(session, limit=9)
    assert proposal.reason == "the same name, the same phone"


def test_a_correction_that_brings_two_together_merges_them_by_rule(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])
    feeds.customers("billing", [{**DANA_BILLED, "mail": "old@example.org"}])
    assert standing(feeds) == 2
    report = feeds.customers("billing", [DANA_BILLED])
    assert (report.merged, standing(feeds)) == (1, 1)


LIKELY = [
    ("a slip in the name", {"name": "Dana Ruis", "mail": ""}),
    ("a slip in the street", {"street": "986 Sunst Drive", "mail": ""}),
    ("the last name first", {"name": "Ruiz Dana", "mail": ""}),
    ("a middle name", {"name": "Dana Maria Ruiz", "mail": ""}),
    ("no accent", {"name": "Daná Ruíz", "mail": ""}),
]


@pytest.mark.parametrize(("what", "fields"), LIKELY, ids=[what for what, _ in LIKELY])
def test_who_is_likely_the_same_is_proposed_and_not_merged(feeds: Feeds, what: str, fields: dict) -> None:
    feeds.customers("crm", [DANA])
    report = feeds.customers("billing", [{**DANA_BILLED, **fields}])
    assert (report.proposed, report.merged, standing(feeds)) == (1, 0, 2)


UNLIKELY = [
    ("a sibling", {"name": "Eva Ruiz", "mail": ""}),
    ("a husband", {"name": "Peter Ruiz", "mail": ""}),
    ("a namesake elsewhere", {"name": "Dana Ruiz", "mail": "", "street": "1 Elm Avenue", "zip": "10001"}),
    ("the next tenant", {"name": "Raj Santos", "mail": ""}),
]


@pytest.mark.parametrize(("what", "fields"), UNLIKELY, ids=[what for what, _ in UNLIKELY])
def test_who_only_shares_something_is_not_proposed(feeds: Feeds, what: str, fields: dict) -> None:
    feeds.customers("crm", [DANA])
    assert feeds.customers("billing", [{**DANA_BILLED, **fields}]).proposed == 0


@pytest.fixture
def proposed(feeds: Feeds) -> Feeds:
    feeds.customers("crm", [DANA])
    feeds.customers("billing", [{**DANA_BILLED, "mail": "other@example.org"}])
    feeds.calls([call("c1", mail="dana@example.org"), call("c2", mail="other@example.org")])
    return feeds


def accept(feeds: Feeds) -> int:
    with feeds.database.writing.begin() as session:
        (proposal,) = proposals.waiting(session, limit=9)
        return proposals.accept(session, proposal.number, by="sam", now=NOW)


def test_an_accepted_proposal_makes_them_one_with_both_their_interactions(proposed: Feeds) -> None:
    accept(proposed)
    assert standing(proposed) == 1
    assert {customer for kind, _, customer in holdings(proposed) if kind == "interaction"} == set(
        owners(proposed).values()
    )
    with proposed.database.reading() as session:
        assert proposals.waiting(session, limit=9) == []
        done = session.scalars(select(MergeRow)).one()
        assert (done.by, done.reason) == ("sam", "the same name, nearly the same address")


def test_undoing_a_merge_restores_exactly_what_moved(proposed: Feeds) -> None:
    before = holdings(proposed)
    number = accept(proposed)
    assert holdings(proposed) != before
    with proposed.database.writing.begin() as session:
        merging.undo(session, number, by="maya", now=NOW)
    assert holdings(proposed) == before
    with proposed.database.reading() as session:
        assert session.get(MergeRow, number).undone_by == "maya"


def test_what_came_after_a_merge_stays_where_it_is_when_the_merge_is_undone(proposed: Feeds) -> None:
    number = accept(proposed)
    proposed.calls(
        [
            call("c1", mail="dana@example.org"),
            call("c2", mail="other@example.org"),
            call("c3", mail="dana@example.org"),
        ]
    )
    with proposed.database.writing.begin() as session:
        kept, gone = merging.undo(session, number, by="maya", now=NOW)
    with proposed.database.reading() as session:
        said = dict(session.execute(select(InteractionRow.source_id, InteractionRow.customer)).all())
    assert said == {"c1": kept, "c2": gone, "c3": kept}


def test_who_was_told_apart_is_not_merged_by_a_rule_again(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])
    feeds.customers("billing", [{**DANA_BILLED, "mail": "old@example.org"}])
    feeds.customers("billing", [DANA_BILLED])  # now by rule
    with feeds.database.writing.begin() as session:
        merging.undo(session, session.scalars(select(MergeRow.id)).one(), by="maya", now=NOW)
    feeds.customers("billing", [{**DANA_BILLED, "boxes": "2"}])
    assert standing(feeds) == 2


def test_a_refused_proposal_is_not_made_again(proposed: Feeds) -> None:
    with proposed.database.writing.begin() as session:
        (proposal,) = proposals.waiting(session, limit=9)
        proposals.refuse(session, proposal.number, by="sam", now=NOW)
        with pytest.raises(IdentityError, match="No proposal"):
            proposals.accept(session, proposal.number, by="sam", now=NOW)
    report = proposed.customers("billing", [{**DANA_BILLED, "mail": "other@example.org", "boxes": "2"}])
    assert (report.changed, report.proposed, standing(proposed)) == (1, 0, 2)


def test_a_split_takes_along_what_only_its_keys_led_to(feeds: Feeds) -> None:
    feeds.customers("crm", [DANA])
    feeds.customers("billing", [{**DANA_BILLED, "phone": "206-555-0293"}])
    feeds.calls([call("c1", caller="206-555-0293"), call("c2", mail="dana@example.org")])
    before = holdings(feeds)
    with feeds.database.writing.begin() as session:
        customer = owners(feeds)["1"]
        (billed,) = session.scalars(select(RecordRow.id).where(RecordRow.source_id == "B7"))
        number = merging.split(session, customer, [billed], by="sam", reason="a daughter", now=NOW)
    with feeds.database.reading() as session:
        said = dict(session.execute(select(InteractionRow.source_id, InteractionRow.customer)).all())
    assert said == {"c1": owners(feeds)["B7"], "c2": owners(feeds)["1"]}
    assert said["c1"] != said["c2"]
    with feeds.database.writing.begin() as session:
        merging.undo(session, number, by="sam", now=NOW)
    assert [row for row in holdings(feeds) if row[0] != "customer"] == [row for row in before if row[0] != "customer"]


def test_an_earlier_change_waits_until_the_later_one_is_undone(proposed: Feeds) -> None:
    first = accept(proposed)
    proposed.customers("crm", [DANA, person("3", "Raj Santos", mail="raj@example.org", phone="")])
    with proposed.database.writing.begin() as session:
        known = owners(proposed)
        second = merging.merge(session, known["3"], known["1"], by="sam", reason="a test", now=NOW)
        with pytest.raises(IdentityError, match=f"later change {second}"):
            merging.undo(session, first, by="sam", now=NOW)
        merging.undo(session, second, by="sam", now=NOW)
        merging.undo(session, first, by="sam", now=NOW)


def test_nobody_is_merged_with_themselves_or_with_somebody_gone(proposed: Feeds) -> None:
    known = owners(proposed)
    with proposed.database.writing.begin() as session:
        with pytest.raises(IdentityError, match="one customer already"):
            merging.merge(session, known["1"], known["1"], by="sam", reason="", now=NOW)
        merging.merge(session, known["1"], known["B7"], by="sam", reason="", now=NOW)
        with pytest.raises(IdentityError, match="merged into another"):
            merging.merge(session, known["1"], known["B7"], by="sam", reason="", now=NOW)
        assert session.scalars(select(MergeRow.gone)).all() == [known["B7"]]


def test_only_one_change_of_a_decided_pair_is_remembered(proposed: Feeds) -> None:
    number = accept(proposed)
    with proposed.database.writing.begin() as session:
        kept, gone = merging.undo(session, number, by="sam", now=NOW)
        assert merging.refused_pairs(session, [kept, gone]) == {(min(kept, gone), max(kept, gone))}
        merging.merge(session, kept, gone, by="sam", reason="after all", now=NOW)
        assert merging.refused_pairs(session, [kept, gone]) == set()
        assert ProposalState.ACCEPTED == "accepted"


KEYS = [
    (normal.email, " Dana.Ruiz@Example.ORG ", "dana.ruiz@example.org"),
    (normal.email, "dana at example", None),
    (normal.reference, "#W2378156", "w2378156"),
    (normal.reference, "w-237 8156", "w2378156"),
    (normal.reference, " # ", None),
    (normal.reference, "mei_kovacs_8020", "mei_kovacs_8020"),
    (normal.postcode, "19122-1234", "19122"),
    (normal.postcode, "sw1a 1aa", "SW1A1AA"),
    (normal.plain, "986 Sunset Drive, Suite 259", "986 sunset drive suite 259"),
]


@pytest.mark.parametrize(("form", "written", "compared"), KEYS)
def test_keys_are_compared_however_they_are_written(form, written: str, compared: str | None) -> None:
    assert form(written) == compared


NAMES = [
    ("Niamh O'Brien", "niamh o’brien"),
    ("Niamh O'Brien", "O'Brien, Niamh"),
    ("María Elena Rodríguez", "Maria Rodriguez"),
    ("Fatima Al-Hassan", "fatima alhassan"),
    ("Łukasz Öster", "Lukasz Oster"),
    ("Jürgen Groß", "Jurgen Gross"),
    ("王 伟", "伟 王"),
]


@pytest.mark.parametrize(("one", "other"), NAMES)
def test_names_meet_however_they_are_written(one: str, other: str) -> None:
    assert normal.name_keys(one) & normal.name_keys(other)
