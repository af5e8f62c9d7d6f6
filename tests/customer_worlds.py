"""Random customers, people and channels for the oracle of who may see what. The truth here was asked of no query.

Whatever is known of a customer holds words that stand nowhere else: `marks`, by which it is found wherever it turns up.
"""

import itertools
import json
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from bot.customers.feeds.importing import import_customers, import_interactions
from bot.customers.feeds.mapping import load_feed
from bot.customers.tables import CustomerRow, KeyRow
from bot.database import Database
from sqlalchemy import select

from quiet_slack import BOT, QuietSlack, Room, Somebody

CRM = """\
source: {source}
format: jsonl
country: US
merge: [email]
customers:
  - id: id
    name: name
    street: street
    city: city
    postcode: zip
    keys: {{ email: mail, phone: phone, external: id, account: account, order: order }}
    facts: {{ boxes: {{ from: boxes, as: number }}, hobby: hobby }}
"""
CALLS = """\
source: phones
format: jsonl
country: US
timezone: UTC
dates: iso
interactions:
  - id: call
    when: at
    channel: channel
    direction: direction
    customer: { phone: phone, email: mail }
    text: notes
    outcome: result
    place: place
    team: team
    transfers: transfers
    refs: { order: order }
"""
_ONSETS = re.findall("[a-z]+", "b d f g k l m n p r s t v z br dr fl gr kl pr tr")
_VOWELS, _ENDS = "aeiou", "lmnrst"
_SAID = (
    "Promised to call back about the {0} within 2 days.",
    "Is fed up and will cancel because of the {0}. We will refund the {1} by Friday.",
    "Gave the serial of the {0}, rebooted the {1} twice.",
    "Asks again about the {0}, nobody called back.",
)


class Words:
    """Words that nobody wrote before and none of which stands in another."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._made: set[str] = set()

    def one(self) -> str:
        while True:
            pick = self._dice.choice
            word = "".join(pick(_ONSETS) + pick(_VOWELS) for _ in range(4)) + pick(_ENDS)
            if not any(word in other or other in word for other in self._made):
                self._made.add(word)
                return word


def bare(text: str) -> str:
    """As marks are looked for: numbers are written with blanks and without, names in any case."""
    return re.sub(r"[\W_]", "", text.casefold())


@dataclass
class Customer:
    """One customer as systems tell of them. `marks` are the words that are theirs, bare."""

    number: int
    name: str
    mail: str
    phone: str
    account: str
    order: str
    zip: str
    row: dict[str, Any]
    contacts: list[dict[str, Any]]
    marks: set[str]
    id: int = 0
    alias: str = ""
    gone_into: "Customer | None" = None

    @property
    def standing(self) -> "Customer":
        return self.gone_into.standing if self.gone_into else self

    def said(self, dice: random.Random) -> str:
        """What somebody types to mean them."""
        if not self.name:
            return self.phone
        by_name = (self.name, f"{self.name}, zip {self.zip}", self.name.lower(), " ".join(self.name.split()[::-1]))
        return dice.choice([self.mail, self.phone, f"account {self.account}", f"order {self.order}", *by_name])


@dataclass
class World:
    """`marks`: word -> the customers whose it is."""

    slack: dict[str, QuietSlack]
    customers: list[Customer] = field(default_factory=list)
    marks: dict[str, list[Customer]] = field(default_factory=dict)
    serving: frozenset[str] = frozenset()
    roles: dict[str, frozenset[str]] = field(default_factory=dict)
    erased: list[Customer] = field(default_factory=list)

    def recognize(self, database: Database) -> None:
        """Find each customer's number and alias where they were imported, and remember whose marks are whose."""
        with database.reading() as session:
            for one in self.customers:
                key = one.mail or f"+1{one.phone.replace('-', '')}"
                found = session.scalars(select(KeyRow.customer).where(KeyRow.value == key)).first()
                assert found is not None, one
                one.id, one.alias = found, session.get_one(CustomerRow, found).alias
                for word in one.marks:
                    self.own(word, one)

    def own(self, word: str, customer: Customer) -> None:
        owners = self.marks.setdefault(bare(word), [])
        if customer not in owners:
            owners.append(customer)

    def in_words(self, text: str) -> dict[str, list[Customer]]:
        """The marks that stand in a text, with whose they are."""
        plain = bare(text)
        return {mark: owners for mark, owners in self.marks.items() if mark in plain}

    def may(self, person: str, workspace: str) -> bool:
        """The definition: an employee of this workspace one of whose roles serves customers."""
        one = self.slack[workspace].people.get(person)
        inside = one is not None and one.team == workspace and not one.flags
        return bool(one and inside and self.roles.get(one.email, frozenset()) & self.serving)

    def readers(self, workspace: str, channel: str) -> set[str]:
        """Whoever reads what is posted there for all; nobody knows of a channel that we cannot see into."""
        slack = self.slack[workspace]
        if channel.startswith("D") and channel[1:] in slack.people:
            return {channel[1:]}
        room = slack.rooms.get(channel)
        return set(room.members) - {BOT} if room else {"nobody knows"}

    def ours(self, workspace: str, channel: str) -> bool:
        """Whether nobody of another company is there: a direct message with the bot, or a channel that we see into."""
        if channel.startswith("D"):
            return channel[1:] in self.slack[workspace].people
        room = self.slack[workspace].rooms.get(channel)
        return bool(room and room.joined and not room.flags)


def truth_of(people: Path) -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """Of `config/people.yaml`: the roles that serve customers, and the roles of each address."""
    said = yaml.safe_load(people.read_text(encoding="utf-8"))
    return frozenset(said["customers"]), {one["email"]: frozenset(one["roles"]) for one in said["roster"]}


def random_customers(dice: random.Random, now: datetime) -> list[Customer]:
    """Seven: two namesakes, two with one phone, one whom two systems tell of, one with a slip in the address of
    another, and a number that nobody has a name for."""
    words, serial = Words(dice), itertools.count(dice.randrange(10**6))
    made = [_customer(number, dice, words, now, next(serial)) for number in range(7)]
    _call(made[1], made[0].name, now)
    made[2].phone = made[2].row["phone"] = made[3].phone
    made[5].mail = made[5].row["mail"] = f"x{made[0].mail[1:]}"
    made[6].row.clear()
    for one in made:
        for contact in one.contacts:
            contact["phone"] = one.phone if one is made[6] else ""
            contact["mail"] = "" if one is made[6] else one.mail
    made[6].name = made[6].mail = ""
    for one in made:
        named = f"{one.name} {one.mail if one is not made[5] else one.mail.partition('@')[2]}"
        one.marks |= {word for word in re.findall(r"\w+", named) if len(word) > len("example")}
        one.marks.add(one.phone.replace("-", ""))
    return made


def _customer(number: int, dice: random.Random, words: Words, now: datetime, serial: int) -> Customer:
    first, last, host, street, hobby = (words.one() for _ in range(5))
    said = [words.one() for _ in range(4)]
    account, order = f"77{serial:08d}"[:10], f"W{serial + 3_000_000:07d}"
    name, phone = f"{first.title()} {last.title()}", f"512-{dice.randint(200, 999)}-{dice.randint(1000, 9999)}"
    row = {
        "id": f"{words.one()}-{serial}",
        "name": name,
        "mail": f"{first}@{host}.example",
        "phone": phone,
        "street": f"{serial % 90 + 10} {street.title()} Road",
        "city": "Austin",
        "zip": f"{78700 + number}",
        "account": account,
        "order": order,
        "boxes": dice.randint(1, 5),
        "hobby": hobby,
    }
    contacts = [
        {
            "call": f"{serial}-{place}",
            "at": (now - timedelta(hours=dice.randint(1, 100))).isoformat(timespec="minutes"),
            "channel": dice.choice(["phone", "email", "chat", "store"]),
            "direction": "in",
            "notes": dice.choice(_SAID).format(said[2 * place], said[2 * place + 1]),
            "result": "",
            "place": dice.choice(["harbour-street", "call-center"]),
            "team": dice.choice(["customer-care", "returns"]),
            "transfers": dice.choice([0, 0, 4]),
            "order": order,
        }
        for place in range(2)
    ]
    marks = {street, hobby, *said, bare(account), bare(order), bare(row["id"])}
    return Customer(number, name, row["mail"], phone, account, order, row["zip"], row, contacts, marks)


def _call(one: Customer, name: str, _now: datetime) -> None:
    one.name = one.row["name"] = name


class Registry:
    """Imports customers as an admin would, with mappings that are read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._crm, self._billing, self._calls = (
            load_feed(self._file(f"{name}.yaml", text))
            for name, text in (
                ("crm", CRM.format(source="crm")),
                ("billing", CRM.format(source="billing")),
                ("calls", CALLS),
            )
        )

    def take_in(self, database: Database, customers: Iterable[Customer], *, now: datetime) -> None:
        some = list(customers)
        rows = [one.row for one in some if one.row]
        twice = {**some[4].row, "id": f"B{some[4].row['id']}", "boxes": some[4].row["boxes"] + 1, "order": ""}
        for feed, told in ((self._crm, rows), (self._billing, [twice])):
            import_customers(database, [self._lines(told)], feed, now=now)
        calls = [contact for one in some for contact in one.contacts]
        import_interactions(database, [self._lines(calls)], self._calls, now=now)

    def _lines(self, rows: list[dict[str, Any]]) -> Path:
        return self._file("rows.jsonl", "".join(f"{json.dumps(row)}\n" for row in rows))

    def _file(self, name: str, text: str) -> Path:
        file = self._folder / name
        file.write_text(text, encoding="utf-8")
        return file


EMAILS = {
    "maya": "maya.okafor@tidewater.example",
    "sam": "sam.tran@tidewater.example",
    "niamh": "niamh.obrien@tidewater.example",
    "jonas": "jonas.weber@tidewater.example",
    "elif": "elif.kaya@tidewater.example",
    "ruth": "ruth.adeyemi@tidewater.example",
    "newcomer": "newcomer@tidewater.example",
}
# Who is no employee, whatever address they show: a guest, a partner, a stranger who says that they are Maya.
OUTSIDERS = {
    "guest": ("sam.tran@tidewater.example", "is_restricted"),
    "partner": ("tomas@fieldpro.example", "is_stranger"),
    "mask": ("maya.okafor@tidewater.example", "is_stranger"),
    "left": ("niamh.obrien@tidewater.example", "deleted"),
}


def random_slack(dice: random.Random, workspace: str, serial: int) -> QuietSlack:
    """People and channels that no earlier world had: the bot remembers people for some minutes."""
    slack, mark = QuietSlack(), f"{workspace}{serial}"
    for name, email in EMAILS.items():
        slack.people[f"U{mark}{name}"] = Somebody(f"U{mark}{name}", name.title(), email, workspace)
    for name, (email, flag) in OUTSIDERS.items():
        team = "TELSE" if flag == "is_stranger" else workspace
        slack.people[f"U{mark}{name}"] = Somebody(f"U{mark}{name}", name.title(), email, team, {flag})
    slack.people[BOT] = Somebody(BOT, "Throughline", "", workspace)
    ids = [one for one in slack.people if one != BOT]
    staff = [
        one for one in ids if slack.people[one].email.endswith("tidewater.example") and not slack.people[one].flags
    ]
    rooms = [
        Room(f"C{mark}all", "all", [*staff, BOT]),
        Room(f"C{mark}care", "customer-care", [*dice.sample(staff, 4), f"U{mark}guest", BOT]),
        Room(f"G{mark}own", "own", [*dice.sample(staff, 3), BOT]),
        Room(f"C{mark}field", "field", [*ids, BOT], {"is_ext_shared"}),
        Room(f"C{mark}soon", "soon", [*staff, BOT], {"is_pending_ext_shared"}),
        Room(f"C{mark}away", "away", staff, joined=False),
        Room(f"D{mark}theirs", "", dice.sample(staff, 2), joined=False),
    ]
    if dice.random() < 0.6:
        rooms.append(Room(f"C{mark}returns", "returns", [*dice.sample(staff, 3), f"U{mark}guest", BOT]))
    slack.rooms = {room.id: room for room in rooms}
    return slack


def clock() -> datetime:
    return datetime.now(UTC)
