"""`throughline import`, `customer` and `customers`, as an admin and a clerk type them."""

import getpass
import json
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from commands import Command
from feeds import CALLS, CRM, Feeds, call, person


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    feeds = Feeds(None, tmp_path)
    feeds.mapping("crm", CRM)
    feeds.mapping("calls", CALLS)
    dana = person("1", "Dana Ruiz", mail="dana@example.org", phone="512-555-0147", street="9 Elm Avenue", zip="19122")
    feeds.jsonl(
        "crm.jsonl", [dana, person("2", "Dana Ruis", phone="", street="9 Elm Avenue", zip="19122"), {"name": "x"}]
    )
    feeds.csv("calls.csv", [call("c1", caller="512-555-0147", notes="Still billed for 3 boxes")])
    return tmp_path


def test_from_an_export_to_the_customer_at_the_counter(command: Command) -> None:
    done = command("import", "customers", "crm.jsonl", "--mapping", "crm.yaml")
    assert done.code == 0, done.err
    assert "crm: 3 rows" in done.out
    assert "2 added, 1 rejected" in done.out
    assert "Why rows were rejected stands in crm.jsonl.rejected.jsonl" in done.out
    assert "1 new pairs may be one customer" in done.out
    assert command("import", "interactions", "calls.csv", "--mapping", "calls.yaml").code == 0
    found = command("customer", "dana@example.org", "--as", "Sam Tran")
    assert found.code == 0
    assert "Dana Ruiz" in found.out
    assert "Still billed for 3 boxes" in found.out
    assert "email: dana@example.org · phone: +15125550147" in found.out


def test_a_rehearsal_writes_nothing(command: Command) -> None:
    assert "2 added" in command("import", "customers", "crm.jsonl", "--mapping", "crm.yaml", "--dry-run").out
    assert command("customer", "dana@example.org").code == 3


def test_two_who_are_one_are_merged_and_told_apart_again(command: Command) -> None:
    command("import", "customers", "crm.jsonl", "--mapping", "crm.yaml")
    (proposed,) = json.loads(command("customers", "proposals", "--json").out)
    assert [one["name"] for one in proposed["customers"]] == ["Dana Ruiz", "Dana Ruis"]
    assert "customers undo 1" in command("customers", "accept", str(proposed["number"]), "--as", "Sam Tran").out
    told = command("customers", "merges", "dana@example.org").out
    assert "by sam.tran@tidewater.example: names spelled alike" in told
    assert "crm:2" in told
    assert command("customers", "undo", "1").code == 0
    assert "No two customers look like one." in command("customers", "proposals").out
    refused = command("customers", "undo", "1")
    assert (refused.code, "No merge or split 1 can be undone" in refused.err) == (1, True)


def test_whoever_is_shown_is_a_row_of_the_audit_with_who_looked(command: Command) -> None:
    command("import", "customers", "crm.jsonl", "--mapping", "crm.yaml")
    command("customers", "proposals", "--as", "Sam Tran")
    command("customers", "merges", "dana@example.org")
    report = json.loads(command("audit", "report", "--json").out)
    by = {one["person"]: (one["customers"], one["purposes"]) for one in report["readers"]}
    assert by == {
        "sam.tran@tidewater.example": (2, {"identity": 2}),
        f"os:{getpass.getuser()}": (1, {"identity": 1, "look-up": 1}),
    }
    looks = json.loads(command("audit", "report", "--customer", "dana@example.org", "--json").out)["looks"]
    assert [one["fields"] for one in looks] == [
        ["records"],
        ["name", "city", "keys", "last_contact"],
        ["name", "address", "keys", "records"],
    ]


def test_somebody_is_erased_after_a_yes_and_a_receipt_is_left(command: Command, folder: Path) -> None:
    command("import", "customers", "crm.jsonl", "--mapping", "crm.yaml")
    command("import", "interactions", "calls.csv", "--mapping", "calls.yaml")
    asked_back = command("erase", "--customer", "19122", "--yes")
    assert (asked_back.code, asked_back.out.startswith("Nothing was erased: ")) == (3, True)
    shown = command("erase", "--customer", "dana@example.org")
    assert shown.code == 3
    assert "1  interactions" in shown.out
    assert "Nobody is there to say yes" in shown.out
    assert command("customer", "dana@example.org").code == 0
    refused = command("erase", "--customer", "dana@example.org", "--yes", "--as", "Sam Tran")
    assert (refused.code, "Only an admin" in refused.err) == (1, True)
    done = command("erase", "--customer", "dana@example.org", "--yes", "--json", "--reason", "asked by mail")
    assert done.code == 0, done.out + done.err
    receipt = json.loads(done.out)
    assert (receipt["proven"], receipt["reason"]) == (True, "asked by mail")
    assert {Path(copy["place"]).name for copy in receipt["copies"]} == {"crm.jsonl", "calls.csv"}
    assert Path(receipt["file"]).is_file()
    assert command("customer", "dana@example.org").code == 3
    assert "Nothing waits to be finished" in command("erase").out
    with closing(sqlite3.connect(folder / "var" / "throughline.db")) as connection, connection:
        connection.execute("UPDATE erasures SET state = 'removed'")  # as one that was interrupted
    (folder / "var" / "erasing").mkdir(exist_ok=True)
    plan = {
        "ids": [],
        "aliases": [],
        "values": [["e-mail address", "dana@example.org", ""]],
        "untelling": 0,
        "texts": [],
    }
    (folder / "var" / "erasing" / f"{receipt['number']}.json").write_text(json.dumps(plan))
    again = command("erase", "--customer", "dana@example.org", "--yes")
    assert (again.code, "Proven: " in again.out) == (0, True)
    again = command("import", "customers", "crm.jsonl", "--mapping", "crm.yaml")
    assert "1 were left out, since their customers were erased" in again.out
    assert command("import", "customers", "crm.jsonl", "--mapping", "crm.yaml", "--allow-erased", "came back").code == 0
    assert command("customer", "dana@example.org").code == 0


def test_a_line_for_each_request(command: Command, folder: Path) -> None:
    command("import", "customers", "crm.jsonl", "--mapping", "crm.yaml")
    asked = [{"_id": "a", "text": "Dana Ruiz, 19122"}, {"_id": "b", "text": "who is x@example.org?"}]
    Feeds(None, folder).jsonl("asked.jsonl", asked)
    lines = [json.loads(line) for line in command("customer", "--requests", "asked.jsonl").out.splitlines()]
    assert [(line["_id"], line["customer"], line["candidates"]) for line in lines] == [("a", "1", []), ("b", None, [])]
    assert lines[1]["reason"] == "nobody is known by x@example.org"


@pytest.mark.parametrize("person", ["ann@fieldpro.example", "Ruth Adeyemi"])
def test_who_may_not_see_customers_sees_none(command: Command, person: str) -> None:
    command("import", "customers", "crm.jsonl", "--mapping", "crm.yaml")
    for words in (("customer", "dana@example.org"), ("customers", "accept", "1")):
        ended = command(*words, "--as", person)
        assert ended.code == 1
        assert "You may not look customers up" in ended.err
        assert "Dana" not in ended.out + ended.err


def test_a_folder_is_looked_into_once(command: Command, folder: Path) -> None:
    (folder / "in").mkdir()
    (folder / "crm.yaml").write_text('files: ["crm*.jsonl"]\n' + CRM)
    (folder / "crm.jsonl").rename(folder / "in" / "crm.jsonl")
    soon = time.time() + 60  # a busy machine takes its time to start a program
    os.utime(folder / "in" / "crm.jsonl", (soon, soon))
    early = command("import", "watch", "in", "--mapping", "crm.yaml", "--once")
    assert (early.code, early.out) == (0, "")  # written a moment ago


def test_the_examples_that_come_along_are_found_from_anywhere(command: Command, folder: Path) -> None:
    (folder / "shop.json").write_text(
        '{"users": {"u1": {"user_id": "u1", "name": {"first_name": "Dana"}}}, "orders": {}}'
    )
    assert "1 added" in command("import", "customers", "shop.json", "--mapping", "examples/mappings/retail.yaml").out


def test_the_example_is_imported_twice_without_harm_and_never_among_real_customers(command: Command) -> None:
    assert "caredesk: 7 rows" in command("import", "example").out
    assert command("import", "example").code == 0
    assert "boxes: caredesk says 1, orion says 3" in command("customer", "dana@example.org").out


def test_the_example_is_not_mixed_with_real_customers(command: Command) -> None:
    command("import", "customers", "crm.jsonl", "--mapping", "crm.yaml")
    refused = command("import", "example")
    assert (refused.code, "made-up ones among them" in refused.err) == (1, True)
