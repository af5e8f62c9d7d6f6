"""Who is asking, and the audiences they belong to: roles and partners from `config/people.yaml`, the rest from Slack.

What cannot be established is denied: a person nobody vouches for reads what is public.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from functools import reduce
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.audiences import CHANNEL, CUSTOMERS, EVERYONE, GROUP, PUBLIC
from bot.calendars import calendars_of
from bot.errors import NotAllowed, UnknownPerson
from bot.grants import Grants, grants_of
from bot.working_time import Calendar
from bot.yaml_lines import Lines

ADMIN = "admin"
# Whoever sees to it that customers are looked at for a reason. Not the admins: they look at customers too, and nobody
# is to be their own overseer unless the company says so.
AUDITOR = "auditor"

_EMAIL = re.compile(r"[^@\s]+@([^@\s]+\.[^@\s]+)")


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of a person. `outsider` is a guest, or somebody of another company.

    `groups` are handles of user groups, `channels` are ids: of those that a page or `config/people.yaml` names.
    """

    id: str
    name: str = ""
    email: str = ""
    outsider: bool = True
    groups: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks, with every audience they belong to. `partner` is the company of an outsider we know."""

    id: str
    name: str
    audiences: frozenset[str]
    roles: frozenset[str] = frozenset()
    place: str = ""
    outsider: bool = False
    partner: str = ""

    @property
    def admin(self) -> bool:
        return ADMIN in self.roles

    @property
    def serves_customers(self) -> bool:
        """Whether they may look customers up."""
        return CUSTOMERS in self.audiences


@dataclass(frozen=True, slots=True)
class Member:
    """A line of the roster."""

    name: str
    email: str
    roles: frozenset[str]
    place: str


@dataclass(frozen=True, slots=True)
class Directory:
    """`config/people.yaml`, checked."""

    roles: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, ZoneInfo] = field(default_factory=dict)  # of those places that say one
    calendars: Mapping[str, Calendar] = field(default_factory=dict)  # of those that say when they are open; no zones
    roster: tuple[Member, ...] = ()
    partners: Mapping[str, str] = field(default_factory=dict)  # domain -> partner
    grants: Grants = field(default_factory=Grants)
    serving: frozenset[str] = frozenset()  # roles whose people may look customers up

    def person(self, profile: Profile) -> Person:
        """The audiences of somebody Slack described."""
        return self._outsider(profile) if profile.outsider else self._employee(profile)

    def _outsider(self, profile: Profile) -> Person:
        """No roster, group or channel makes an outsider more: only what is marked for them is theirs."""
        partner = self._partner(profile.email) or ""
        own = {f"partner:{partner}"} if partner else set()
        return Person(
            id=profile.id,
            name=profile.name or profile.id,
            audiences=frozenset({PUBLIC, f"person:{profile.id}", *own}),
            outsider=True,
            partner=partner,
        )

    def _employee(self, profile: Profile) -> Person:
        member = self._member(profile.email)
        roles = (member.roles if member else frozenset()) | self.grants.roles(profile.groups, profile.channels)
        own = {PUBLIC, EVERYONE, f"person:{profile.id}"}
        if roles & self.serving:
            own.add(CUSTOMERS)
        own |= {f"{GROUP}{group}" for group in profile.groups} | {f"{CHANNEL}{channel}" for channel in profile.channels}
        return Person(
            id=profile.id,
            name=profile.name or (member.name if member else profile.id),
            audiences=frozenset(own | {f"role:{role}" for role in roles}),
            roles=roles,
            place=member.place if member else "",
        )

    def find(self, words: str) -> Person:
        """Somebody by e-mail address or name, for the command line. Raises `UnknownPerson`.

        An address of a partner's domain is a person of that partner; any other address that is not on the roster is an
        outsider.
        """
        asked = _folded(words)
        matches = [
            member
            for member in self.roster
            if asked == member.email or asked in {_folded(member.name), *_folded(member.name).split()}
        ]
        if len(matches) == 1:
            member = matches[0]
            return self.person(Profile(id=member.email, name=member.name, email=member.email, outsider=False))
        if not matches and _EMAIL.fullmatch(asked):
            return self.person(Profile(id=asked, name=words.strip(), email=asked, outsider=True))
        known = ", ".join(member.name for member in matches or self.roster)
        what = "More than one person is" if matches else "Nobody is"
        raise UnknownPerson(
            f"{what} called {words!r} in config/people.yaml. Name one of {known}, or write an e-mail address (one that "
            "is not listed asks as an outsider)."
        )

    def calendar(self, place: str, *, zone: tzinfo | None) -> Calendar:
        """When people of a place work: Monday to Friday from 9 to 17 where it does not say.

        `zone` is that of a place without one, and of no place.
        """
        return replace(self.calendars.get(place, Calendar()), zone=self.zones.get(place, zone))

    def place_of(self, team: "Team") -> str:
        """Where most of its people work, the one listed first where two places are equal; "" where nobody says."""
        members = filter(None, map(self._member, team.people))
        places = Counter(member.place for member in members if member.place)
        return max(places, key=lambda place: places[place], default="")

    def _member(self, email: str) -> Member | None:
        return next((member for member in self.roster if member.email == email.casefold()), None)

    def _partner(self, email: str) -> str | None:
        found = _EMAIL.fullmatch(email.casefold())
        return self.partners.get(found[1]) if found else None


# An employee whom the roster gives no role; the command line asks as one unless told otherwise.
ORDINARY_EMPLOYEE = Person(id="", name="an employee", audiences=frozenset({PUBLIC, EVERYONE}))


def the(team: str) -> str:
    """As a sentence has it: "the Returns team", but "Billing policy"."""
    return f"the {team}" if team.casefold().endswith((" team", " desk", " group", " office")) else team


def must_be_admin(person: Person) -> None:
    """Raises `NotAllowed` for everybody else."""
    if not person.admin:
        raise NotAllowed(
            f"Only an admin may do that, and {person.name} is not one. Ask an admin; config/people.yaml says who they "
            "are."
        )


def must_be_auditor(person: Person) -> None:
    """Raises `NotAllowed` for everybody else, admins included."""
    if AUDITOR not in person.roles:
        raise NotAllowed(
            f"Only an auditor may read who looked at which customer, and {person.name} is not one. Ask an auditor; "
            f"config/people.yaml says who they are, and gives the role {AUDITOR}; best to somebody who serves nobody."
        )


def shared_audiences(people: Iterable[Person], *, channel: str = "") -> frozenset[str]:
    """What all of these people may see, so what a post that all of them read may use; nothing for nobody."""
    sets = [person.audiences for person in people]
    if not sets:
        return frozenset()
    shared = reduce(frozenset.intersection, sets)
    return shared | {f"{CHANNEL}{channel}"} if channel else shared


@dataclass(frozen=True, slots=True)
class Team:
    """Who answers for a page."""

    key: str
    name: str
    channel: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Owners:
    """`config/owners.yaml`, checked."""

    teams: Mapping[str, Team] = field(default_factory=dict)

    def name(self, key: str) -> str:
        """The team's name for people; a key nobody listed is shown as it stands."""
        return self.teams[key].name if key in self.teams else key

    def called(self, name: str) -> Team | None:
        """The team of this name, or with this key; None where nobody listed it."""
        return next((team for team in self.teams.values() if name in {team.name, team.key}), None)

    def teams_of(self, address: str) -> frozenset[str]:
        """The keys of the teams that somebody belongs to, by their e-mail address."""
        folded = address.casefold()
        return frozenset(key for key, team in self.teams.items() if folded in map(str.casefold, team.people))


def load_directory(file: Path) -> Directory:
    """Raises `SettingsError` with the line at fault."""
    checked = Lines(file)
    roles = {str(name): str(meaning) for name, meaning in checked.mapping("roles").items()}
    places = {str(name): str(_fields(place).get("name", name)) for name, place in checked.mapping("places").items()}
    zones = {str(name): zone for name, place in checked.mapping("places").items() if (zone := _zone(checked, place))}
    roster: list[Member] = []
    for line, entry in checked.entries("roster"):
        name, email, place = _text(entry, "name"), _text(entry, "email").casefold(), _text(entry, "place")
        named = entry.get("roles") or []
        if not name or not _EMAIL.fullmatch(email):
            raise checked.fault(line, "somebody of the roster needs a name and an e-mail address")
        if any(member.email == email for member in roster):
            raise checked.fault(line, f"{email} is listed twice; keep one line")
        if not isinstance(named, list):
            raise checked.fault(line, "roles is a list: roles: [shop, phone]")
        for role in named:
            if str(role) not in roles:
                raise checked.fault(line, f"role {role!r} is not listed under roles; add it there or mend the spelling")
        if place and place not in places:
            raise checked.fault(line, f"place {place!r} is not listed under places; add it there or mend the spelling")
        roster.append(Member(name, email, frozenset(map(str, named)), place))
    return Directory(
        roles=roles,
        places=places,
        zones=zones,
        calendars=calendars_of(checked),
        roster=tuple(roster),
        partners=_partners(checked),
        grants=grants_of(checked, roles=roles, guarded=(ADMIN, AUDITOR)),
        serving=_serving(checked, roles),
    )


def _zone(checked: Lines, place: object) -> ZoneInfo | None:
    """Raises `SettingsError` with the line at fault."""
    name = _fields(place).get("timezone")
    if name is None:
        return None
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        line = checked.line_of("places")
        raise checked.fault(line, f"timezone {name!r} is none; write one as America/New_York") from None


def _serving(checked: Lines, roles: Mapping[str, str]) -> frozenset[str]:
    """The roles under `customers`; without that line nobody may look a customer up."""
    named = checked.value("customers") or []
    line = checked.line_of("customers")
    if not isinstance(named, list):
        raise checked.fault(line, "customers is a list of roles: customers: [shop, phone]")
    for role in map(str, named):
        if role not in roles:
            raise checked.fault(line, f"role {role!r} is not listed under roles; add it there or mend the spelling")
    return frozenset(map(str, named))


def _partners(checked: Lines) -> dict[str, str]:
    """Domain -> partner."""
    partners: dict[str, str] = {}
    for line, entry in checked.entries("partners"):
        name, domains = _text(entry, "name"), entry.get("domains")
        if not name or not isinstance(domains, list) or not domains or not all(domains):
            raise checked.fault(line, "a partner needs a name and domains: [its-mail-domain.example]")
        for domain in map(_folded, map(str, domains)):
            if partners.setdefault(domain, name) != name:
                raise checked.fault(line, f"{domain} is listed for {partners[domain]} too; keep it with one partner")
    return partners


def load_owners(file: Path) -> Owners:
    """Raises `SettingsError` with the line at fault."""
    checked = Lines(file)
    teams: dict[str, Team] = {}
    for line, key, entry in checked.named():
        people = entry.get("people") or []
        name, channel = _text(entry, "name"), _text(entry, "channel")
        if not name or not channel or not isinstance(people, list):
            raise checked.fault(line, f"{key} needs name, channel and people: [address]")
        teams[key] = Team(key=key, name=name, channel=channel, people=tuple(map(str, people)))
    return Owners(teams)


def _fields(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(entry: Mapping[str, Any], name: str) -> str:
    """The words behind a name, "" where there are none: to YAML an empty value is null, and a list is no text."""
    value = entry.get(name)
    return "" if value is None or isinstance(value, list | dict) else " ".join(str(value).split())


def _folded(words: str) -> str:
    """As names are compared: phones type the apostrophe of O’Brien as a quotation mark."""
    return " ".join(words.casefold().replace("’", "'").split())
