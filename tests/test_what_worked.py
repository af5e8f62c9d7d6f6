"""What was mended at a touchpoint and how, beside its cell of the map: the newest first, of enough people alone."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta

import pytest
from bot.friction import acting
from bot.friction.acting import Act, Resolution
from bot.friction.moves import Event
from bot.friction.roles import Actor
from sqlalchemy.orm import Session

import mapped_company
from friction.desk import SEALER
from mapped_company import NOW, RETURN, WEEK, Company, report

RUTH = Actor("U0RUTH", "T0", "Ruth", triager=True)


def resolved(
    session: Session,
    words: str,
    people: Sequence[int],
    how: str,
    *,
    resolution: Resolution = Resolution.FIXED,
    days: int = 1,
    touchpoint: str = RETURN,
    partner: str = "",
) -> None:
    number = report(session, words, people, at=NOW - 4 * WEEK, touchpoint=touchpoint, partner=partner)
    at = NOW - timedelta(days=days)
    for one in (Act(Event.ACKNOWLEDGE), Act(Event.RESOLVE, how, resolution)):
        acting.act(session, number, one, RUTH, sealer=SEALER, now=at)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    made = mapped_company.opened(tmp_path_factory.mktemp("worked"))
    with made.database.writing.begin() as session:
        resolved(session, "Typed into both", range(6), "Orion sends <b>each</b> device at once", days=9)
        resolved(
            session, "Nobody knew how", range(6, 12), "A morning of training", resolution=Resolution.TRAINING_GIVEN
        )
        resolved(session, "Left as it was", range(12, 18), "It is meant to be so", resolution=Resolution.BY_DESIGN)
        resolved(session, "Secret of two", range(18, 20), "We spoke with the two")
        resolved(session, "At the till", range(20, 26), "A new cable for it", touchpoint=mapped_company.TILL)
        resolved(session, "Late parcels", range(26, 32), "They scan at once", partner="parcel_carrier", days=20)
    yield made
    made.close()


def panel(company: Company, query: str) -> str:
    with closing(company.browser("lead")) as client:
        return client.get(f"/map?{query}").text.partition("What worked here")[2].partition("</section>")[0]


def test_what_was_done_there_is_told_newest_first_with_its_ticket(company: Company) -> None:
    shown = panel(company, "cell=store.leave")
    assert shown.index("Nobody knew how") < shown.index("Typed into both") < shown.index("Late parcels")
    assert '<a href="/tickets/FR-2">Nobody knew how</a>' in shown
    assert "Training was given, 19 Nov 2026: A morning of training" in shown
    assert "Orion sends &lt;b&gt;each&lt;/b&gt; device at once" in shown
    for other in ("Left as it was", "Secret of two", "We spoke with the two", "At the till"):
        assert other not in shown


def test_of_a_partner_it_is_what_they_mended(company: Company) -> None:
    shown = panel(company, "partner=parcel_carrier&cell=store.leave")
    assert "Late parcels" in shown
    assert "Typed into both" not in shown


def test_where_nothing_was_mended_it_says_how_that_changes(tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = mapped_company.opened(tmp_path_factory.mktemp("nothing_worked"))
    with closing(empty):
        assert "What is resolved in Slack stands here" in panel(empty, "cell=store.leave")
