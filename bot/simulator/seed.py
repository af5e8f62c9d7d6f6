"""The people, channels and first messages of the workspaces: a fictional broadband company with shops."""

from dataclasses import dataclass

from bot.simulator.channels import Channel, Kind
from bot.simulator.groups import UserGroup
from bot.simulator.people import Bot, Installation, Person, Team

TIDEWATER = Team("T0TIDE", "Tidewater", "tidewater", "tidewater.example")
HARBORSIDE = Team("T0HARB", "Tidewater Harborside", "tidewater-harborside", "tidewater.example")
FIELDPRO = Team("T0FIELD", "FieldPro", "fieldpro", "fieldpro.example")
THROUGHLINE = Bot("U0BOT", "B0BOT", "A0THROUGHLINE", "Throughline")
# One app; in each team it is somebody else.
THROUGHLINE_HARBORSIDE = Bot("U0HARBBOT", "B0HARBBOT", "A0THROUGHLINE", "Throughline")


@dataclass(frozen=True)
class Seed:
    """What a workspace starts with. `history` is (channel, author, text), oldest first, in Slack's encoding."""

    installation: Installation
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    history: tuple[tuple[str, str, str], ...] = ()
    groups: tuple[UserGroup, ...] = ()


PEOPLE = (
    Person("U0MAYA", "Maya Okafor", "maya.okafor@tidewater.example", "Shop associate, shift lead", TIDEWATER),
    Person("U0SAM", "Sam Tran", "sam.tran@tidewater.example", "Phone", TIDEWATER),
    Person("U0JONAS", "Jonas Weber", "jonas.weber@tidewater.example", "Owner, Billing IT", TIDEWATER),
    Person("U0ELIF", "Elif Kaya", "elif.kaya@tidewater.example", "Knowledge admin", TIDEWATER, admin=True),
    Person("U0RUTH", "Ruth Adeyemi", "ruth.adeyemi@tidewater.example", "EX lead", TIDEWATER, admin=True),
    Person("U0NIAMH", "Niamh O'Brien", "niamh.obrien@tidewater.example", "Supervisor, phone", TIDEWATER),
    Person("U0FEMI", "Femi Bello", "femi.bello@tidewater.example", "Shop associate, Mill Road", TIDEWATER),
    Person("U0TOMAS", "Tomas Brand", "tomas.brand@fieldpro.example", "Installer, FieldPro", FIELDPRO),
    Person("U0NOOR", "Noor Haddad", "noor.haddad@visitor.example", "Guest", TIDEWATER, guest=True),
)

_STAFF = ("U0MAYA", "U0SAM", "U0JONAS", "U0ELIF", "U0RUTH", "U0NIAMH", "U0FEMI", THROUGHLINE.user_id)

CHANNELS = (
    Channel("C0HARBOUR", "harbour-street", Kind.PUBLIC, _STAFF, "Shop floor, Harbour Street"),
    Channel("C0RETURNS", "returns", Kind.PUBLIC, _STAFF, "Boxes coming back, and what we charge"),
    Channel("C0OUTAGES", "outages", Kind.PUBLIC, _STAFF, "What is down, where, until when"),
    Channel("C0BILLING", "billing-policy", Kind.PUBLIC, _STAFF, "Questions for the owners of billing policy"),
    Channel(
        "C0BILLINGIT",
        "billing-it",
        Kind.PUBLIC,
        ("U0JONAS", "U0ELIF", "U0RUTH", THROUGHLINE.user_id),
        "Orion and what is around it",
    ),
    Channel(
        "G0SUPER",
        "supervisors",
        Kind.PRIVATE,
        ("U0NIAMH", "U0ELIF", THROUGHLINE.user_id),
        "Waivers and escalations",
    ),
    Channel(
        "C0FIELD",
        "fieldpro-shared",
        Kind.PUBLIC,
        ("U0MAYA", "U0JONAS", "U0TOMAS", THROUGHLINE.user_id),
        "With the installers of FieldPro",
        shared=True,
    ),
    Channel("C0LOBBY", "lobby", Kind.PUBLIC, ("U0MAYA", "U0ELIF", "U0NOOR", THROUGHLINE.user_id), "Visitors welcome"),
)

GROUPS = (
    UserGroup("S0SHOP", "shop-floor", "Shop floor", ("U0MAYA", "U0SAM")),
    UserGroup("S0SUPER", "supervisors", "Supervisors", ("U0NIAMH",)),
)

HISTORY = (
    ("C0HARBOUR", "U0NIAMH", "Morning all. Phones are busy with the Mill Lane outage, so expect people to walk in."),
    ("C0HARBOUR", "U0SAM", "Three calls about the same return box since eight. Anyone else?"),
    ("C0HARBOUR", "U0MAYA", "Two at the counter as well. They were billed for modems they had already brought back."),
    ("C0HARBOUR", "U0JONAS", "Send me the account numbers, I am looking at the device list in Orion now."),
)


def tidewater() -> Seed:
    """Six employees, an installer from outside, a guest, and a direct message with the bot for each of them."""
    directs = _directs(PEOPLE, THROUGHLINE)
    return Seed(Installation(TIDEWATER, THROUGHLINE), PEOPLE, CHANNELS + directs, HISTORY, GROUPS)


# Some ids are those of others in the first workspace, as may happen: an id means something only in its team.
HARBORSIDE_PEOPLE = (
    Person("U0MAYA", "Mayra Lindqvist", "mayra.lindqvist@tidewater.example", "Shop associate", HARBORSIDE),
    Person("U0SAM", "Samir Patel", "samir.patel@tidewater.example", "Manager, Harborside", HARBORSIDE, admin=True),
    # The same two people as in the first workspace, under other ids.
    Person("U0HELIF", "Elif Kaya", "elif.kaya@tidewater.example", "Knowledge admin", HARBORSIDE, admin=True),
    Person("U0RUTH", "Niamh O'Brien", "niamh.obrien@tidewater.example", "Supervisor, phone", HARBORSIDE),
    Person("U0PIET", "Piet de Groot", "piet.degroot@tidewater.example", "Phone", HARBORSIDE),
    Person("U0NOOR", "Nora Haas", "nora.haas@visitor.example", "Guest", HARBORSIDE, guest=True),
)
_HARBORSIDE_STAFF = ("U0MAYA", "U0SAM", "U0HELIF", "U0RUTH", "U0PIET", THROUGHLINE_HARBORSIDE.user_id)
HARBORSIDE_CHANNELS = (
    Channel("C0HARBOUR", "front-desk", Kind.PUBLIC, _HARBORSIDE_STAFF, "The desk at Harborside"),
    Channel("C0HARBREP", "repairs", Kind.PUBLIC, _HARBORSIDE_STAFF, "Modems and boxes on the bench"),
    Channel(
        "G0SUPER",
        "night-shift",
        Kind.PRIVATE,
        ("U0MAYA", "U0PIET", THROUGHLINE_HARBORSIDE.user_id),
        "Hand-over of the night",
    ),
    Channel("C0HARBVIS", "visitors", Kind.PUBLIC, ("U0HELIF", "U0NOOR", THROUGHLINE_HARBORSIDE.user_id), "Welcome"),
)
HARBORSIDE_GROUPS = (
    UserGroup("S0SHOP", "bench", "Repair bench", ("U0PIET",)),
    UserGroup("S0HARBSHOP", "shop-floor", "Shop floor", ("U0MAYA",)),
)
HARBORSIDE_HISTORY = (
    ("C0HARBOUR", "U0SAM", "Morning all. The bench is full, so please tag every box with its account number."),
    ("C0HARBOUR", "U0MAYA", "Two modems came in wet. I put them aside."),
)


def harborside() -> Seed:
    """A second workspace of the same company: other people and channels, some under ids of the first."""
    directs = _directs(HARBORSIDE_PEOPLE, THROUGHLINE_HARBORSIDE)
    return Seed(
        Installation(HARBORSIDE, THROUGHLINE_HARBORSIDE),
        HARBORSIDE_PEOPLE,
        HARBORSIDE_CHANNELS + directs,
        HARBORSIDE_HISTORY,
        HARBORSIDE_GROUPS,
    )


def _directs(people: tuple[Person, ...], bot: Bot) -> tuple[Channel, ...]:
    return tuple(
        Channel(person.id.replace("U", "D", 1), bot.name, Kind.DIRECT, (person.id, bot.user_id)) for person in people
    )
