"""A small touchpoint map, and where a fault was planted in it."""

from pathlib import Path

TEAMS = {"shops", "billing-it", "care"}
ROLES = {"shop", "phone"}
TRACKS = {"third-contact"}
# Stands in the line in which a planted fault has to be found; it is taken out before the map is read.
HERE = "§"

MAP = """\
stages:
  - { id: buy, name: Buy }
  - { id: leave, name: Return or leave }
channels:
  - { id: store, name: Shop }
  - { id: web, name: Website }
tools:
  - id: pos
    name: PointPost
    aliases: [the till, cash register]
    owner: shops
  - id: orion
    name: Orion
    aliases: [old billing]
    owner: billing-it
    system_of_record_for: [bill, equipment]
    retiring_on: 2027-03-31
  - id: caredesk
    name: CareDesk
    aliases: [CRM]
    owner: billing-it
  - id: price_feed
    name: Price feed
    owner: shops
partners:
  - id: courier
    name: Courier
    kind: enables
    aliases: [parcel service]
    owner: care
cx_touchpoints:
  - id: cx.store.checkout
    name: Paying at the register
    stage: buy
    channel: store
    owner: shops
    targets: { csat: 4.5, complaints_per_1000: 2 }
    customer_symptoms: [I was charged too much]
  - id: cx.web.order
    name: Ordering online
    stage: buy
    channel: web
    owner: care
    self_service: yes
    customer_symptoms: the page failed
  - id: cx.store.equipment_return
    name: Bringing equipment back
    stage: leave
    channel: store
    owner: care
    self_service: missing
    treatment_track: third-contact
    customer_symptoms:
      - billed for a box I brought back
      - I waited at the counter
ex_touchpoints:
  - id: ex.store.checkout
    name: Selling at the register
    serves: [cx.store.checkout]
    roles: [shop]
    visible_to_customer: yes
    standard: { policy: selling.md, minutes: 4 }
    steps:
      - { do: scan it, tool: pos, writes: sale }
    employee_symptoms: [the till is dead]
  - id: ex.store.equipment_return
    name: Taking equipment back
    serves: [cx.store.equipment_return]
    roles: [shop, phone]
    owner: care
    steps:
      - { do: take it off, tool: caredesk, reads: customer, writes: [equipment] }
      - { do: take it off again, tool: orion, writes: equipment }
      - { do: send it to the depot, partner: courier }
    employee_symptoms: [typed twice, the lists differ]
  - id: ex.desk.tidying
    name: Tidying up
    roles: [shop]
    owner: shops
    employee_symptoms: [no time for it]
edges:
  - { from: caredesk, to: orion, kind: should_sync, status: broken }
  - { from: price_feed, to: pos, kind: should_sync }
  - { from: ex.store.checkout, to: ex.store.equipment_return, kind: hands_off }
"""
OWNERS = """\
shops: { name: Shops, channel: "#shops", people: [maya@tidewater.example] }
billing-it: { name: Billing IT, channel: "#billing-it", people: [] }
care: { name: Customer care, channel: "#care", people: [] }
"""
PEOPLE = "roles: { shop: Serves customers, phone: Answers calls }\nroster: []\n"
TRACK = """\
third-contact:
  name: Third contact
  when: { open_chain_contacts: { at least: 3 } }
  do: Read it all
  owner: care
  outcome: { contacts: 0, within days: 14 }
"""


def written(folder: Path, text: str = MAP) -> Path:
    """The file, beside the one page that it names."""
    (folder / "selling.md").write_text("# Selling\n\nScan it.\n")
    file = folder / "touchpoints.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def planted(old: str, new: str) -> tuple[str, int]:
    """The map with one of its texts replaced, and the line of the fault, which `new` names by `HERE`."""
    assert MAP.count(old) == 1, f"{old!r} stands there {MAP.count(old)} times"
    text = MAP.replace(old, new)
    (line,) = (number for number, each in enumerate(text.splitlines(), start=1) if HERE in each)
    return text.replace(HERE, ""), line


def company(folder: Path) -> Path:
    """A folder with the map, and everything that it names, where commands look for it."""
    pages, config = folder / "knowledge", folder / "config"
    pages.mkdir()
    config.mkdir()
    (config / "owners.yaml").write_text(OWNERS)
    (config / "people.yaml").write_text(PEOPLE)
    (pages / "tracks.yaml").write_text(TRACK)
    written(pages)
    return folder
