"""Satisfaction of touchpoints and of the whole journey, beside each other on the overview."""

import re
from contextlib import closing
from pathlib import Path

from bot.customers.tables import CustomerRow, InteractionRow
from bot.routing.tables import RouteRow

import mapped_company
from mapped_company import CHECKOUT, NOW, WEEK, report


def test_fine_at_each_touchpoint_and_not_as_a_whole_stands_on_the_overview(tmp_path: Path) -> None:
    """Six customers gave each touchpoint 4 of 5, and the whole 2."""
    with closing(mapped_company.opened(tmp_path)) as company:
        with company.database.writing.begin() as session:
            report(session, "The till hangs", range(6))
            for number in range(6):
                customer = CustomerRow(name="", first_seen=NOW)
                session.add(customer)
                session.flush()
                for touchpoint, score in ((CHECKOUT, "4/5"), ("", "2/5")):
                    row = InteractionRow(
                        source="surveys", source_id=f"{number} {touchpoint}", customer=customer.id, known_by="",
                        channel="survey", direction="in", device="", at=NOW - WEEK, subject="", text="", outcome=score,
                        agent="", team="", place="", transfers=None, refs={}, digest="",
                    )  # fmt: skip
                    session.add(row)
                    session.flush()
                    if touchpoint:
                        put = {"interaction": row.id, "touchpoint": touchpoint, "complaint": False, "likeness": 1.0}
                        session.add(RouteRow(**put, routed_by="U0LEE", map_version=0, digest=""))
        with closing(company.browser("lead")) as lead:
            shown = lead.get("/").text
    told = " ".join(re.sub(r"<[^>]+>", " ", shown.partition('id="journeys"')[2].partition("</section>")[0]).split())
    assert "the touchpoint that was worst n 6 4.0" in told
    assert "the touchpoint that was last n 6 4.0" in told
    assert "the journey as a whole n 6 2.0" in told
    assert "100 % were fine at each touchpoint and not as a whole (n 6 with both scores)" in told
