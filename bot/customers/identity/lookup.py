"""Free words -> the one customer they are about, or those among whom somebody must choose. Never a guess."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.customers import normal
from bot.customers.batches import batched
from bot.customers.identity.candidates import Candidate, Known, candidates, known_of
from bot.customers.identity.mentions import Identifier, Mentions, mentions_in
from bot.customers.identity.resolving import likeness
from bot.customers.kinds import IDENTIFYING, KeyKind
from bot.customers.permission import must_be_permitted, permitted
from bot.customers.tables import KeyRow, RecordRow

# Of 100: a name written so is the same one with a slip; below, it is another.
SLIP = 84.0
# The same where both sound alike: "yuusf rosis".
SLIP_BY_EAR = 76.0
OTHER_PERSON = 60.0
# More namesakes than anybody reads through.
_MOST_NAMESAKES = 500
_CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class LookUp:
    """`customer` is there where the words leave no doubt; else `candidates` are to be asked about, if any are known."""

    customer: Candidate | None
    candidates: tuple[Candidate, ...]
    reason: str


def look_up(session: Session, text: str, *, audiences: AbstractSet[str], country: str = "US") -> LookUp:
    """Identifiers exactly, else a name with postcode, street or city, else a name. Raises `NotAllowed`.

    `country`: where phone numbers without a country code are read as of.
    """
    must_be_permitted(audiences)
    return _Search(session, mentions_in(text, country=country), audiences).found()


@dataclass(slots=True)
class _Search:
    session: Session
    said: Mentions
    audiences: AbstractSet[str]

    def found(self) -> LookUp:
        owners = self._owners()
        if owners:
            return self._by_identifiers(owners)
        unknown = next((each.said for each in self.said.identifiers if each.sure), "")
        return self._by_name(unknown)

    # By what leads to one customer

    def _owners(self) -> dict[Identifier, set[int]]:
        """Who has what the text says; somebody a system named comes before a mere number that contacted us."""
        wanted = defaultdict(list)
        for each in self.said.identifiers:
            wanted[each.value].append(each)
        named: dict[Identifier, set[int]] = defaultdict(set)
        met: dict[Identifier, set[int]] = defaultdict(set)
        for values in batched(sorted(wanted)):
            asked = (
                select(KeyRow.kind, KeyRow.value, KeyRow.customer, RecordRow.kind)
                .join(RecordRow, RecordRow.id == KeyRow.record)
                .where(KeyRow.value.in_(values), KeyRow.kind.in_(IDENTIFYING), permitted(self.audiences))
            )
            for kind, value, customer, of in self.session.execute(asked):
                for each in wanted[value]:
                    if kind in each.kinds:
                        (met if of == _CONTACT else named)[each].add(customer)
        return {each: named[each] or met[each] for each in self.said.identifiers if named[each] or met[each]}

    def _by_identifiers(self, owners: dict[Identifier, set[int]]) -> LookUp:
        common = set.intersection(*owners.values())
        everybody = set.union(*owners.values())
        first = next(iter(owners))
        if not common:
            said = " and ".join(dict.fromkeys(each.said for each in owners))
            return self._ask(everybody, f"{said} belong to different customers; which one is it?")
        known = self._known(common)
        spoken = self._named(known)
        if len(common) > 1:
            spoken = spoken or self._half_named(known)
            if len(spoken) == 1:
                return self._one(next(iter(spoken)), f"{first.said} and the name")
            return self._ask(spoken or common, f"{len(spoken or common)} customers have {first.said}")
        customer = next(iter(common))
        other, whose = ("", []) if customer in spoken else self._another_name(known[customer])
        if other:
            namesakes = self._narrowed(self._namesakes())[0]
            return self._ask(
                [customer, *whose, *namesakes],
                f"{first.said} belongs to {known[customer].name}, and {other} is another name",
            )
        return self._one(customer, first.said)

    def _named(self, known: dict[int, Known]) -> set[int]:
        """Those of these customers whose name the text says."""
        pairs = {each.value for each in self.said.pairs}
        return {customer for customer, one in known.items() if pairs & normal.name_keys(one.name)}

    def _half_named(self, known: dict[int, Known]) -> set[int]:
        """Those of these few customers of whose name a word is in the text."""
        words = set(self.said.words)
        return {
            customer
            for customer, one in known.items()
            if any(words.intersection(readings) for readings in normal.name_words(one.name))
        }

    def _another_name(self, known: Known) -> tuple[str, list[int]]:
        """A name in the text that is not this customer's: somebody else's here, and who that is, or one that is
        introduced as a name."""
        if not known.name:
            return "", []
        for customer, strong in self._matches().items():
            if strong and customer != known.id:
                name = self._known([customer])[customer].name
                if likeness(name, known.name) < SLIP:
                    return name, [customer]
        names = [name for name in self.said.introduced if len(normal.name_words(name)) > 1]
        if names and all(likeness(name, known.name) < OTHER_PERSON for name in names):
            return names[0], []
        return "", []

    # By name and place

    def _by_name(self, unknown: str) -> LookUp:
        namesakes = self._namesakes()
        if not namesakes:
            return self._by_likeness(unknown)
        narrowed, how = self._narrowed(namesakes)
        if len(narrowed) == 1 and how:
            return self._one(narrowed[0], f"the name and {how}")
        if not how and self.said.said_postcodes and not self._a_postcode_of(namesakes):
            return self._ask(namesakes, f"nobody of that name lives at {' or '.join(sorted(self.said.said_postcodes))}")
        if len(narrowed) > 1:
            return self._ask(narrowed, f"{len(narrowed)} customers have that name")
        return self._by_name_alone(narrowed[0], unknown, said_whole=namesakes[narrowed[0]])

    def _by_name_alone(self, only: int, unknown: str, *, said_whole: bool) -> LookUp:
        if unknown:
            return self._ask([only], f"nobody is known by {unknown}; one customer has that name")
        if not said_whole:
            return self._ask([only], "one customer's name is nearly that")
        return self._one(only, "the name")

    def _by_likeness(self, unknown: str) -> LookUp:
        """Nobody has a name that the text says; perhaps it was misspelled, or only half of it was said."""
        near = self._spelled_alike()
        if near:
            narrowed, how = self._narrowed(dict.fromkeys(near, True))
            if len(narrowed) == 1 and how in {"postcode", "street"}:
                only = next(iter(narrowed))
                return self._one(only, f"the {how} and a name spelled nearly like {near[only]}")
            return self._ask(narrowed, "nobody has exactly that name; is it one of these?")
        neighbors = self._at_postcodes()
        if neighbors:
            return self._ask(neighbors, "half a name and a postcode; is it one of these?")
        if unknown:
            return LookUp(None, (), f"nobody is known by {unknown}")
        return LookUp(None, (), "no customer's name, address or number is in it")

    def _namesakes(self) -> dict[int, bool]:
        """Customers with a name that the text says; whether it says first and last. The most words of a name win."""
        matches = self._matches()
        strong = {customer for customer, surely in matches.items() if surely}
        return dict.fromkeys(strong, True) if strong else matches

    def _matches(self) -> dict[int, bool]:
        places: dict[int, set[int]] = defaultdict(set)
        spoken: dict[int, set[str]] = defaultdict(set)
        of = defaultdict(list)
        for pair in self.said.pairs:
            of[pair.value].append(pair.places)
        for customer, value in self._keyed(KeyKind.NAME, of):
            for pair_places in of[value]:
                places[customer].update(pair_places)
            spoken[customer].update(value.split(" "))
        most = max(map(len, places.values()), default=0)
        fullest = [customer for customer, where in places.items() if len(where) == most]
        known = self._known(fullest)
        return {
            customer: _says_last(known[customer].name, spoken[customer]) for customer in fullest if customer in known
        }

    def _spelled_alike(self) -> dict[int, str]:
        """Customers whose name sounds like one in the text and is written nearly so."""
        sounds: dict[str, set[str]] = defaultdict(set)
        for pair in self.said.pairs:
            sounds[normal.sound(pair.value)].add(pair.value)
        near = {f"{sound} {code}": sound for sound in sounds for code in self.said.postcodes}
        here = {(customer, near[value]) for customer, value in self._keyed(KeyKind.NEAR, near)}
        heard = here or {(customer, value) for customer, value in self._keyed(KeyKind.SOUND, sounds)}
        known = self._known({customer for customer, _ in heard})
        alike = {
            customer: known[customer].name
            for customer, sound in heard
            if customer in known
            and any(likeness(value, known[customer].name) >= SLIP_BY_EAR for value in sounds[sound])
        }
        return alike or self._slips_at_postcodes()

    def _slips_at_postcodes(self) -> dict[int, str]:
        """A slip that sounds otherwise is looked for among the few who live there."""
        there = self._there()
        values = {pair.value for pair in self.said.pairs}
        return {
            customer: one.name
            for customer, one in there.items()
            if one.name and any(likeness(value, one.name) >= SLIP for value in values if " " in value)
        }

    def _at_postcodes(self) -> list[int]:
        """Who lives at a postcode of the text and has a word of it in their name."""
        return sorted(self._half_named(self._there()))

    def _there(self) -> dict[int, Known]:
        return self._known(customer for customer, _ in self._keyed(KeyKind.POSTCODE, self.said.postcodes))

    def _narrowed(self, namesakes: Collection[int]) -> tuple[list[int], str]:
        """Those at a place that the text says, and by what they were told apart; all of them where nothing does."""
        known = self._known(namesakes)
        left = list(known)
        by = ""
        for what, fits in (("postcode", self._at_postcode), ("street", self._at_street), ("city", self._in_city)):
            there = [customer for customer in left if fits(known[customer])]
            if there and (len(left) > len(there) or len(left) == 1):
                left, by = there, by or what
            if len(left) == 1 and by:
                break
        return left, by

    def _at_postcode(self, one: Known) -> bool:
        return normal.postcode(str(one.fields.get("postcode", ""))) in self.said.postcodes

    def _at_street(self, one: Known) -> bool:
        street = normal.plain(str(one.fields.get("street", "")).partition(",")[0])
        return len(street) > 5 and f" {street} " in self.said.plain  # noqa: PLR2004 - "1 Elm" may be anything

    def _in_city(self, one: Known) -> bool:
        city = normal.plain(str(one.fields.get("city", "")))
        return bool(city) and f" {city} " in self.said.plain

    def _a_postcode_of(self, namesakes: Collection[int]) -> bool:
        return any(map(self._at_postcode, self._known(namesakes).values()))

    # Rows

    def _keyed(self, kind: KeyKind, values: Iterable[str]) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        for some in batched(sorted(set(values))):
            asked = (
                select(KeyRow.customer, KeyRow.value)
                .where(KeyRow.kind == kind, KeyRow.value.in_(some), permitted(self.audiences))
                .limit(_MOST_NAMESAKES)
            )
            found += [(customer, value) for customer, value in self.session.execute(asked)]
        return found

    def _known(self, customers: Iterable[int]) -> dict[int, Known]:
        return known_of(self.session, set(customers), audiences=self.audiences)

    def _one(self, customer: int, reason: str) -> LookUp:
        found = candidates(self.session, [customer], audiences=self.audiences)
        return LookUp(found[0] if found else None, (), f"found by {reason}")

    def _ask(self, customers: Iterable[int], reason: str) -> LookUp:
        return LookUp(None, candidates(self.session, list(customers), audiences=self.audiences), reason)


def _says_last(name: str, spoken: AbstractSet[str]) -> bool:
    """Whether the last word of a name is among the words, beside another one."""
    words = normal.name_words(name)
    return bool(words) and any(reading in spoken for reading in words[-1])
