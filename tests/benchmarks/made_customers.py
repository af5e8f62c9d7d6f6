"""Exports of a company that is made up: two systems that know customers, one that knows orders, two that know contacts.

The same numbers and seed give the same files on one day: the contacts are of the 16 months before it.
"""

import csv
import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

NOW = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
_MINUTES = 700_000
_LONGEST_TEXT = 20_000
# So many customers have so many contacts; so many others have so many whose texts are as long and awkward as can be.
HEAVY = {2000: 3, 300: 20}
HOSTILE = {200: 1, 20: 2}
BUSY_SHOP, TEAM = "Harbour Street shop", "Customer care"
_SHOPS = (BUSY_SHOP, *(f"Shop {number}" for number in range(1, 60)))
_MAPPINGS = {
    "crm": """\
source: crm
country: US
merge: [email]
customers:
  - id: id
    name: [first, last]
    street: street
    city: city
    postcode: zip
    keys: { email: mail, phone: phone, external: id }
    facts: { segment: segment, since: { from: since, as: date }, boxes: { from: boxes, as: number } }
""",
    "bills": """\
source: bills
country: US
merge: [email]
customers:
  - id: number
    name: name
    keys: { email: mail, account: account }
    facts: { boxes: { from: boxes, as: number }, dispute_open: { from: dispute, as: flag } }
""",
    "shop": """\
source: shop
customers:
  - kind: order
    id: order
    belongs_to: { external: { from: customer, issued_by: crm } }
    keys: { order: order }
    facts: { status: status, items: items, total: { from: total, as: number } }
""",
    "phones": """\
source: phones
country: US
dates: month-first
timezone: America/Chicago
interactions:
  - id: call
    when: started
    channel: { constant: phone }
    customer: { phone: caller }
    text: notes
    outcome: result
    agent: agent
    team: queue
    transfers: transfers
    refs: { order: order }
""",
    "desk": """\
source: desk
country: US
interactions:
  - id: ticket
    when: at
    channel: kind
    direction: way
    customer: { email: mail }
    subject: about
    text: text
    outcome: state
    agent: agent
    team: team
    place: place
    refs: { order: order }
""",
}
_SYLLABLES = ("ba", "den", "ki", "lo", "mar", "nu", "per", "ri", "sol", "ta", "vin", "zo", "fe", "ga", "hal", "jo")
_MADE = sorted("".join(parts) for parts in itertools.product(_SYLLABLES, repeat=3))
_TOPICS = {
    "billing": "bill charge invoice fee refund balance credit autopay statement surcharge tax deposit receipt discount",
    "box": "box cable remote tuner return label shipping serial barcode packaging warehouse equipment",
    "network": "modem router light signal outage reboot cable speed wifi firmware splitter line technician",
    "order": "order parcel delivery tracking courier item size color exchange gift warehouse backorder",
    "account": "password login address name contract transfer owner mailbox app profile verification consent",
    "phone": "phone screen battery sim roaming number port plan data minutes installment upgrade insurance",
    "complaint": "manager complaint letter apology delay wait promise attitude survey compensation queue",
}
_SAID = (
    "customer says the {n} shows {m} {w} again since {d}",
    "asked about the {n} of the {w} {m}",
    "the {n} for {w} was not as told, {p} dollars more than in {o}",
    "explained how the {n} works with the {w}",
    "checked the {n} and the {m} in the system",
    "nobody has called about the {n} yet",
    "{w} {n} arrived damaged on {d}",
    "moves to {w} next month and wants to take the {n} along",
    "third contact about the same {n}, transferred from {w}",
    "the {m} was fine before the {w} update",
    "wants to know whether the {n} can be changed to {w} without a {m}",
    "order {o} still shows {n} pending",
    "says the {n} costs {p} dollars at another company",
    "no {n} was found under that {m}",
    "left a message about the {n} and the {w} {m}",
    "has had {p} days without {n}",
)
_RARER = (
    "Promised a call back by {d}.",
    "We will send a new {n} within 3 working days.",
    "Technician booked for {d} between 2 and 4.",
    "I will check with {w} and get back to you on Friday.",
    "Refund of {p} dollars promised before {d}.",
    "Rebooted the {n} twice and swapped the cable.",
    "Tried the {w} reset, same {m}.",
    "Gave the serial number of the {n} again.",
    "Sent photos of the {n} and the receipt.",
    "If this happens again I am leaving you for {w}.",
    "This is unacceptable, I want to cancel my contract.",
    "Card ending in 4821 was declined.",
)
_OUTCOMES = ("solved", "open", "transferred", "", "waiting for customer", "callback booked", "not solved", "answered")
_CHANNELS = ("email", "chat", "store", "social", "web", "mobile_app", "field", "survey")
_SHARES = (30, 25, 25, 5, 5, 4, 3, 3)
# Where patterns may go back and forth: words that begin what they look for, and never what ends it.
_AWKWARD = (
    "we will call ",
    "call back by ",
    "the technician will ",
    "by 2 by 2 ",
    "1234 5678 ",
    "within the next within ",
    "rebooted to ",
    "a.b.c.d ",
    "agent: ",
    "told us the ",
    "promised, ",
    "9/10 on 3/4 ",
    "word ",
    "x",
    " ",
    "? ",
    "\n",
)


@dataclass(slots=True)
class Company:
    """`people` are rows of the CRM; `heavy` and `hostile` are places in it by how many contacts those have."""

    folder: Path
    people: list[dict[str, str]]
    heavy: dict[int, list[int]] = field(default_factory=dict)
    hostile: dict[int, list[int]] = field(default_factory=dict)
    orders: list[str] = field(default_factory=list)

    def exports(self, *names: str) -> Iterator[tuple[Path, Path]]:
        """Of each source its file and its mapping."""
        for name in names:
            yield self.folder / f"{name}.csv", self.folder / f"{name}.yaml"


def make(folder: Path, *, customers: int, interactions: int, seed: int) -> Company:
    """Write the files of so many customers, and of somewhat more interactions: the awkward ones come on top."""
    draw = random.Random(seed)
    company = Company(folder, list(_people(customers, draw)))
    for name, mapping in _MAPPINGS.items():
        (folder / f"{name}.yaml").write_text(mapping)
    _write(folder / "crm.csv", company.people)
    _write(folder / "bills.csv", _bills(company.people, draw))
    _write(folder / "shop.csv", _orders(company, draw))
    whose = _whose(company, interactions, seed)
    by_phone = np.random.default_rng(seed).random(len(whose)) < 0.6
    _write(folder / "phones.csv", _calls(company, whose, np.flatnonzero(by_phone), seed))
    tickets = _tickets(company, whose, np.flatnonzero(~by_phone), seed)
    _write(folder / "desk.csv", itertools.chain(tickets, _awkward(company)))
    return company


def _people(count: int, draw: random.Random) -> Iterator[dict[str, str]]:
    first, last = [name.capitalize() for name in _MADE[:400]], [name.capitalize() for name in _MADE[400:3400]]
    for number in range(count):
        yield {
            "id": f"C{number:07}",
            "first": draw.choice(first),
            "last": draw.choice(last),
            "mail": f"mail{number}@example.com",
            "phone": f"({201 + number % 700}) 555-{number // 700 + 100:04}",
            "street": f"{draw.randrange(1, 999)} {draw.choice(last)} Street",
            "city": draw.choice(first),
            "zip": f"{draw.randrange(10000, 10900)}",
            "segment": draw.choice(("gold", "silver", "")),
            "since": f"20{draw.randrange(10, 26)}-0{draw.randrange(1, 10)}-{draw.randrange(10, 29)}",
            "boxes": str(draw.randrange(4)),
        }


def _bills(people: Sequence[dict[str, str]], draw: random.Random) -> Iterator[dict[str, str]]:
    """Seven of ten are in the older system too, one in ten of them with other boxes."""
    for number, one in enumerate(people):
        if draw.random() < 0.7:
            yield {
                "number": f"B{number}",
                "name": f"{one['last']}, {one['first']}",
                "mail": one["mail"].upper(),
                "account": f"{800_000_000 + number}",
                "boxes": one["boxes"] if draw.random() < 0.9 else "3",
                "dispute": draw.choice(("no", "no", "no", "yes")),
            }


def _orders(company: Company, draw: random.Random) -> Iterator[dict[str, str]]:
    for one in company.people:
        for _ in range(draw.randrange(4)):
            order = f"W{1_000_000 + len(company.orders)}"
            company.orders.append(order)
            yield {
                "order": f"#{order}",
                "customer": one["id"],
                "status": draw.choice(("pending", "delivered", "returned")),
                "items": draw.choice(_MADE),
                "total": f"{draw.randrange(10, 900)}.50",
            }


def _whose(company: Company, count: int, seed: int) -> np.ndarray:
    """For each interaction, in the order of time, the place of its customer: most have some eight, few very many."""
    draw = np.random.default_rng(seed + 1)
    places = draw.permutation(len(company.people))
    told: list[np.ndarray] = []
    for many, of in HEAVY.items():
        company.heavy[many] = places[:of].tolist()
        told.append(np.repeat(places[:of], many))
        places = places[of:]
    for many, of in HOSTILE.items():
        company.hostile[many] = places[:of].tolist()
        places = places[of:]
    share = draw.gamma(2.0, size=len(places))
    left = count - sum(map(len, told))
    told.append(draw.choice(places, size=left, p=share / share.sum()))
    return draw.permutation(np.concatenate(told))


def _calls(company: Company, whose: np.ndarray, places: np.ndarray, seed: int) -> Iterator[dict[str, str]]:
    for number in places.tolist():
        draw, at = _drawn(number, len(whose), seed)
        person = int(whose[number])
        yield {
            "call": f"call-{number}",
            "started": f"{at:%m/%d/%Y %H:%M:%S}",
            "caller": company.people[person]["phone"],
            "notes": text_of(draw, _topic(draw, person)),
            "result": draw.choice(_OUTCOMES),
            "agent": f"Agent {draw.randrange(300)}",
            "queue": TEAM if draw.random() < 0.3 else f"Queue {draw.randrange(10)}",
            "transfers": str(max(0, draw.randrange(-6, 4))),
            "order": draw.choice(company.orders) if draw.random() < 0.2 else "",
        }


def _tickets(company: Company, whose: np.ndarray, places: np.ndarray, seed: int) -> Iterator[dict[str, str]]:
    for number in places.tolist():
        draw, at = _drawn(number, len(whose), seed)
        person = int(whose[number])
        topic = _topic(draw, person)
        kind = draw.choices(_CHANNELS, _SHARES)[0]
        words = text_of(draw, topic)
        yield {
            "ticket": f"T{number}",
            "at": at.isoformat(timespec="seconds"),
            "kind": kind,
            "way": "out" if kind == "email" and draw.random() < 0.3 else "in",
            "mail": company.people[person]["mail"],
            "about": " ".join(words.split()[:5]) if kind in {"email", "web"} else "",
            "text": words,
            "state": f"{draw.randrange(1, 6)}/5" if kind == "survey" else draw.choice(_OUTCOMES),
            "agent": f"Agent {draw.randrange(300)}",
            "team": TEAM if draw.random() < 0.2 else "",
            "place": (BUSY_SHOP if draw.random() < 0.2 else draw.choice(_SHOPS)) if kind == "store" else "",
            "order": draw.choice(company.orders) if draw.random() < 0.2 else "",
        }


def _awkward(company: Company) -> Iterator[dict[str, str]]:
    """As long as is kept, of words that make patterns look again and again; all of the last weeks."""
    for many, people in company.hostile.items():
        for person, number in itertools.product(people, range(many)):
            kind = ("chat", "email", "store")[number % 3]
            yield {
                "ticket": f"H{person}-{number}",
                "at": (NOW - timedelta(hours=number)).isoformat(timespec="seconds"),
                "kind": kind,
                "way": "out" if number % 2 else "in",
                "mail": company.people[person]["mail"],
                "about": "",
                "text": f"{(_AWKWARD[number % len(_AWKWARD)] * _LONGEST_TEXT)[: _LONGEST_TEXT - 1]}.",
                "state": "open",
                "agent": "Agent 1",
                "team": "",
                "place": "",
                "order": "",
            }


def text_of(draw: random.Random, topic: str) -> str:
    """Of 5 to 60 words, as notes and messages are: short ones are the most."""
    most = round(5 * 12 ** draw.random())
    said: list[str] = []
    count = 0
    nouns = _TOPICS[topic].split()
    while count < most:
        form = draw.choice(_RARER) if draw.random() < 0.18 else draw.choice(_SAID)
        clause = form.format(
            n=draw.choice(nouns),
            m=draw.choice(nouns),
            w=draw.choice(_MADE),
            d=f"{draw.randrange(1, 28)} {draw.choice(('Sep', 'Oct', 'Nov'))}",
            p=draw.randrange(3, 300),
            o=f"W{draw.randrange(10**6, 10**7)}",
        )
        said.append(f"{clause[0].upper()}{clause[1:].removesuffix('.')}.")
        count += len(clause.split())
    return " ".join(" ".join(said).split()[:60])


def _topic(draw: random.Random, person: int) -> str:
    """A customer has few of them."""
    return list(_TOPICS)[(person + draw.randrange(3)) % len(_TOPICS)]


def _drawn(number: int, count: int, seed: int) -> tuple[random.Random, datetime]:
    return random.Random(seed * 1_000_000_007 + number), NOW - timedelta(minutes=_MINUTES * (1 - number / count) + 1)


def _write(file: Path, rows: Iterable[dict[str, str]]) -> None:
    rest = iter(rows)
    first = next(rest)
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, first)
        writer.writeheader()
        writer.writerows(itertools.chain([first], rest))
