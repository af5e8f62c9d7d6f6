"""What lies beside the data: mapping files, people and owning teams, and a README that says what to run."""

from collections.abc import Sequence
from pathlib import Path

from bot.demo.ground import Ground
from bot.demo.people import PLACES, SHOPS, Employee

CRM, CONTACTS, MESSAGES, SURVEYS, TICKETS = (
    "demo_crm",
    "demo_contacts",
    "demo_messages",
    "demo_surveys",
    "demo_friction",
)

MAPPINGS = {
    "customers.yaml": f"""\
source: {CRM}
files: ["customers.csv"]
format: csv
country: US
customers:
  - id: number
    delivery: snapshot
    name: name
    street: street
    city: city
    region: state
    postcode: zip
    keys: {{ email: mail, phone: phone, account: account, external: number }}
    facts:
      segment: tier
      since: {{ from: since, as: date }}
      boxes: {{ from: boxes, as: number }}
""",
    "contacts.yaml": f"""\
source: {CONTACTS}
files: ["contacts.csv"]
format: csv
timezone: UTC
interactions:
  - id: id
    when: at
    channel: channel
    customer: {{ external: {{ from: customer, issued_by: {CRM} }} }}
    text: text
    outcome: outcome
    team: team
    place: place
    transfers: transfers
""",
    "messages.yaml": f"""\
source: {MESSAGES}
files: ["messages.jsonl"]
format: jsonl
timezone: UTC
interactions:
  - id: id
    when: at
    channel: channel
    customer: {{ external: {{ from: customer, issued_by: {CRM} }} }}
    text: text
    outcome: outcome
    team: team
    transfers: transfers
""",
    "surveys.yaml": f"""\
source: {SURVEYS}
files: ["surveys.csv"]
format: csv
timezone: UTC
interactions:
  - id: id
    when: answered
    channel: {{ constant: survey }}
    customer: {{ external: {{ from: customer, issued_by: {CRM} }} }}
    subject: question
    text: comment
    outcome: score
""",
    "friction.yaml": f"""\
source: {TICKETS}
format: csv
timezone: UTC
tickets:
  - id: number
    same_as: same_as
    words: words
    when: reported
    raised_by: reporter
    role: role
    place: place
    kind: kind
    tools: tools
    partner: partner
    touchpoint: touchpoint
    minutes: minutes
    frequency: frequency
    effect: effect
    customer: {{ external: {{ from: customer, issued_by: {CRM} }} }}
    state: status
    acknowledged: acknowledged
    waiting: {{ for: waiting_for, from: waiting_from, until: waiting_until }}
    resolved: [resolved, resolved_again]
    reopened: reopened
    resolution: resolution
    done: answer
    over: closed
    still: still
""",
}
# Each with its file, in this order: customers before what happened with them.
IMPORTS = (
    ("import customers", "customers.csv", "customers.yaml"),
    ("import interactions", "contacts.csv", "contacts.yaml"),
    ("import interactions", "messages.jsonl", "messages.yaml"),
    ("import interactions", "surveys.csv", "surveys.yaml"),
    ("friction import", "tickets.csv", "friction.yaml"),
)


def commands(folder: Path) -> list[str]:
    """What takes the data over, as it is typed."""
    return [
        f"CONFIG={folder / 'config'} throughline {command} {folder / file} --mapping {folder / 'mappings' / mapping}"
        for command, file, mapping in IMPORTS
    ]


def write_papers(folder: Path, ground: Ground, staff: Sequence[Employee], *, told: str) -> None:
    """`told` is how this company was made."""
    (folder / "mappings").mkdir(exist_ok=True)
    for name, text in MAPPINGS.items():
        (folder / "mappings" / name).write_text(text, encoding="utf-8")
    (folder / "config").mkdir(exist_ok=True)
    (folder / "config" / "people.yaml").write_text(_people(staff), encoding="utf-8")
    (folder / "config" / "owners.yaml").write_text(_owners(ground, staff), encoding="utf-8")
    (folder / "README.md").write_text(_readme(told), encoding="utf-8")


def _people(staff: Sequence[Employee]) -> str:
    roles = dict.fromkeys(role for one in staff for role in one.roles)
    lines = ["# Everybody here is made up.", "roles:"]
    lines += [f"  {role}: Works as {role.replace('-', ' ')}" for role in roles]
    lines += [f"customers: [{', '.join(role for role in roles if role not in _BEHIND)}]", "places:"]
    for id_, name in PLACES.items():
        hours = "mon-sat: 09:00-20:00" if id_ in SHOPS else "mon-fri: 08:00-18:00, sat: 09:00-17:00"
        lines.append(f"  {id_}: {{ name: {name}, timezone: America/New_York, hours: {{ {hours} }} }}")
    lines.append("roster:")
    lines += [
        f"  - {{ name: {one.name}, email: {one.email}, roles: [{', '.join(one.roles)}], place: {one.place} }}"
        for one in staff
    ]
    return "\n".join(lines) + "\n"


_BEHIND = frozenset({"owner", "lead", "admin", "auditor"})


def _owners(ground: Ground, staff: Sequence[Employee]) -> str:
    owner = next(one.email for one in staff if "owner" in one.roles)
    lines = ["# Which team owns what on the map; all of it is made up."]
    lines += [
        f'{team}: {{ name: {team.replace("-", " ").capitalize()}, channel: "#{team}", people: [{owner}] }}'
        for team in ground.teams
    ]
    return "\n".join(lines) + "\n"


def _readme(told: str) -> str:
    # The folder may be moved: here everything is named as it is seen from inside.
    run = "\n".join(commands(Path()))
    return f"""\
# Made-up years of a company

{told}

Nobody in it exists. Take it over into an empty database, from inside this folder:

```
export DATA_DIR=var
{run}
```

or all at once, when it is made: `throughline demo-data ... --load`. Afterwards start with `CONFIG=config`, so that
places and people have names.

| | |
|---|---|
| `customers.csv` | who they are |
| `contacts.csv`, `messages.jsonl` | what they said, on every channel |
| `surveys.csv` | what they gave in surveys |
| `tickets.csv` | friction: tickets with their whole life; a me-too names in `same_as` the ticket that it joins |
| `roster.csv`, `config/` | employees with roles and places; places and owning teams |
| `fixes.csv`, `annotations.csv` | what was fixed when; what else happened |
| `mappings/` | how each file is read |
| `plants.json` | **not to be imported**: what is planted, with the ids of its rows |
| `truth.csv` | **not to be imported**: the touchpoint of each contact, and whether it is a complaint |
"""
