"""`throughline ask --customer`: the clause that holds for this customer, from the starter knowledge; written down."""

import json
from pathlib import Path

import pytest

from commands import Command
from feeds import CRM, Feeds, person
from offices import furnish

DUE = "when is the bill due, how many days?"


@pytest.fixture
def folder(tmp_path: Path, starter_data: Path) -> Path:
    """A folder with the starter's index, and an export of customers of two segments, and of one without."""
    furnish(tmp_path / "var", starter_data)
    feeds = Feeds(None, tmp_path)
    feeds.mapping("crm", CRM.replace("boxes: { from: boxes, as: number }", "segment: tier"))
    some = [
        person("1", "Dana Ruiz", mail="dana@example.org", tier="gold"),
        person("2", "Harbor Cafe", mail="cafe@example.org", tier="business"),
        person("3", "Ana Lima", mail="ana@example.org"),
    ]
    feeds.jsonl("crm.jsonl", some)
    return tmp_path


@pytest.fixture
def served(command: Command) -> Command:
    assert command("import", "customers", "crm.jsonl", "--mapping", "crm.yaml").code == 0
    return command


def test_two_customers_one_question_two_clauses_and_a_row_for_each_look(served: Command) -> None:
    dana = json.loads(served("ask", "--json", DUE, "--customer", "dana@example.org", "--as", "Sam Tran").out)
    cafe = json.loads(served("ask", "--json", DUE, "--customer", "cafe@example.org", "--as", "Sam Tran").out)
    assert "A bill is due 21 days after the bill date" in dana["citations"][0]["quote"]
    assert "Business bills are due 30 days after" in cafe["citations"][0]["quote"]
    assert cafe["citations"][0]["conditions"] == [
        {"condition": "segment is business", "standing": "met", "told": "segment is business: met"}
    ]
    assert {one["source"] for one in dana["citations"]}.isdisjoint({"policies/business-accounts.md"})
    looks = json.loads(served("audit", "report", "--person", "sam.tran@tidewater.example", "--json").out)["looks"]
    assert [(one["purpose"], one["fields"]) for one in looks] == [("policy", ["name", "segment"])] * 2
    assert len({one["customer"] for one in looks}) == 2
    assert served("audit", "verify").code == 0


def test_what_nobody_recorded_is_asked_for_on_the_command_line(served: Command) -> None:
    said = served("ask", DUE, "--customer", "ana@example.org")
    assert "check: is this a residential account?" in said.out
    assert "For Ana Lima." in said.err
    assert "Holds where segment is not business." in served("ask", DUE).out


def test_nobody_is_judged_by_a_customer_whom_words_do_not_name(served: Command) -> None:
    refused = served("ask", DUE, "--customer", "nobody@example.org")
    assert (refused.code, refused.out) == (1, "")
    assert "does not lead to one customer" in refused.err
    refused = served("ask", DUE, "--customer", "dana@example.org", "--as", "courier@fieldpro.example")
    assert (refused.code, refused.out) == (1, "")
    assert "may not look customers up" in refused.err
