"""Exports and mappings for tests, written as an admin would have them."""

import csv
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.audiences import CUSTOMERS
from bot.customers.feeds.importing import import_customers, import_interactions
from bot.customers.feeds.mapping import load_feed
from bot.customers.feeds.reporting import ImportReport
from bot.customers.identity.lookup import LookUp, look_up
from bot.database import Database

PROJECT = Path(__file__).parent.parent
SHARED = PROJECT.parent / "shared" / "data"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SERVING = frozenset({"public", "everyone", CUSTOMERS})

CRM = """\
source: crm
format: jsonl
country: US
merge: [email]
customers:
  - id: id
    delivery: snapshot
    name: name
    street: street
    city: city
    postcode: zip
    keys: { email: mail, phone: phone, external: id }
    facts: { boxes: { from: boxes, as: number } }
"""
BILLING = CRM.replace("source: crm", "source: billing")
CALLS = """\
source: phones
format: csv
country: US
timezone: America/Chicago
dates: month-first
interactions:
  - id: call
    delivery: snapshot
    when: started
    channel: { constant: phone }
    customer: { phone: caller, email: mail }
    text: notes
    outcome: result
    transfers: transfers
    refs: { order: order }
"""


@dataclass
class Feeds:
    """A database, and a folder in which exports are written."""

    database: Database
    folder: Path
    mappings: dict[str, str] = field(default_factory=lambda: {"crm": CRM, "billing": BILLING, "phones": CALLS})

    def mapping(self, source: str, text: str = "") -> Path:
        file = self.folder / f"{source}.yaml"
        file.write_text(text or self.mappings[source], encoding="utf-8")
        return file

    def jsonl(self, name: str, rows: list[dict[str, Any]]) -> Path:
        file = self.folder / name
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        os.utime(file, (NOW.timestamp(), NOW.timestamp()))
        return file

    def csv(self, name: str, rows: list[dict[str, Any]]) -> Path:
        file = self.folder / name
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        os.utime(file, (NOW.timestamp(), NOW.timestamp()))
        return file

    def customers(self, source: str, rows: list[dict[str, Any]], **options: Any) -> ImportReport:
        feed = load_feed(self.mapping(source))
        return import_customers(self.database, [self.jsonl(f"{source}.jsonl", rows)], feed, now=NOW, **options)

    def calls(self, rows: list[dict[str, Any]], **options: Any) -> ImportReport:
        feed = load_feed(self.mapping("phones"))
        return import_interactions(self.database, [self.csv("calls.csv", rows)], feed, now=NOW, **options)

    def look_up(self, text: str) -> LookUp:
        with self.database.reading() as session:
            return look_up(session, text, audiences=SERVING)


def person(id_: str, name: str, **fields: Any) -> dict[str, Any]:
    return {"id": id_, "name": name, **fields}


def call(id_: str, **fields: Any) -> dict[str, Any]:
    usual = {"started": "11/20/2026 08:14", "caller": "", "mail": "", "notes": "", "result": "", "transfers": "0"}
    return {"call": id_, **usual, "order": "", **fields}
