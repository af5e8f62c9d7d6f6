"""A row of an export -> what we keep of it: normalized, masked, or rejected with the reason."""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.customers import normal
from bot.customers.feeds import dates
from bot.customers.feeds.channels import listed, where_to_add
from bot.customers.feeds.feed import FactType, Feed, Gone, InteractionSection, RecordSection, TakenFact, TakenKey
from bot.customers.feeds.fields import Row, Taken
from bot.customers.kinds import Direction, KeyKind
from bot.customers.records import BELONGS_TO, Contact, Key, Record
from bot.personal.unkept import without_secrets

LONGEST_TEXT = 20_000
# Clocks differ; what lies further ahead is a wrong date.
AHEAD = timedelta(days=1)
_ONE_LINE = re.compile(
    r"(?P<street>.+?), *(?P<city>[^,\d]+), *(?P<region>[A-Z]{2})(?:,? +(?P<postcode>\d{5}(?:-\d{4})?))?"
    r"(?:, *(?:USA|US))?"
)
_DIRECTIONS = frozenset(map(str, Direction))
_YES = frozenset({"yes", "true", "1", "y", "t", "on"})
_NO = frozenset({"no", "false", "0", "n", "f", "off"})


class Rejected(Exception):
    """A row that cannot be kept; the message says why, without what the row holds."""


def record_of(row: Row, place: str, *, section: RecordSection, feed: Feed) -> Record:
    """Raises `Rejected`."""
    source_id = source_id_in(row, section.id)
    if _is_gone(row, section.gone):
        return Record(place, source_id, gone=True)
    fields = _fields(row, section, feed)
    owner = keys_in(row, section.owner, feed.country)
    if section.owner and not owner:
        raise Rejected(f"it does not say whose it is: {_columns(section.owner)}")
    if owner:
        fields[BELONGS_TO] = str(owner[0])
    name = str(fields.get("name", ""))
    keys = keys_in(row, section.keys, str(fields.get("country", "")))
    _add_known(fields, keys)
    known_by = (*keys, *_clues(name, fields))
    return Record(place, source_id, name, fields, known_by, owner, digest=_digest(fields, (*known_by, *owner)))


def contact_of(row: Row, place: str, *, section: InteractionSection, feed: Feed, now: datetime) -> Contact:
    """Raises `Rejected`."""
    source_id = source_id_in(row, section.id)
    if _is_gone(row, section.gone):
        return Contact(place, source_id, gone=True)
    customer = keys_in(row, section.customer, feed.country)
    if not customer:
        raise Rejected(f"it does not say which customer: nothing usable in {_columns(section.customer)}")
    words = dict.fromkeys(("device", "subject", "outcome", "agent", "team", "place"), "")
    words |= {name: _kept(taken.text(row)) for name, taken in section.words if name != "direction"}
    refs: dict[str, list[str]] = {}
    for key in keys_in(row, section.refs, feed.country):
        refs.setdefault(key.kind, []).append(key.value)
    columns = {
        "channel": _channel(section.channel.text(row), feed.channels),
        "direction": _one_of(_DIRECTIONS, dict(section.words).get("direction", Taken()).text(row) or "in", "direction"),
        "at": moment_in(section.when.text(row), feed, now),
        "text": _kept(section.text.text(row, between="\n"))[:LONGEST_TEXT],
        "transfers": _count(section.transfers.text(row)),
        "refs": refs,
        **words,
        "device": words["device"][:40],
    }
    return Contact(place, source_id, customer, columns, digest=_digest(columns, customer))


def _kept(text: str) -> str:
    return without_secrets(text)


def source_id_in(row: Row, taken: Taken) -> str:
    """Raises `Rejected`."""
    source_id = taken.text(row, between="/")
    if not source_id:
        raise Rejected(f"it has no id in {', '.join(taken.columns)}")
    if len(source_id) > normal.LONGEST:
        raise Rejected(f"its id is longer than {normal.LONGEST} characters")
    if _kept(source_id) != source_id:
        raise Rejected("its id looks like a card or identity number, which is never kept")
    return source_id


def _is_gone(row: Row, gone: Gone | None) -> bool:
    return gone is not None and any(text.casefold() in gone.marks for text in gone.taken.all(row))


def _fields(row: Row, section: RecordSection, feed: Feed) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if name := _kept(section.name.text(row)):
        fields["name"] = name[: normal.LONGEST]
    if one_line := _kept(section.address.text(row, between=", ")):
        parts = _ONE_LINE.fullmatch(one_line)
        fields |= {part: text for part, text in parts.groupdict().items() if text} if parts else {"street": one_line}
    for place, taken in section.places:
        if text := _kept(taken.text(row, between=", " if place == "street" else " ")):
            fields[place] = text
    fields.setdefault("country", feed.country)
    for fact in section.facts:
        if (value := _fact(row, fact, feed)) is not None:
            fields[fact.name] = value
    return {name: value for name, value in fields.items() if value != ""}


def _fact(row: Row, fact: TakenFact, feed: Feed) -> Any:  # noqa: ANN401 - a value of JSON
    found = fact.taken.all(row)
    if not found:
        return None
    if fact.type is FactType.NUMBER:
        return _number(found[0], fact.name) if _kept(found[0]) == found[0] else None
    if fact.type is FactType.DATE:
        day = dates.day(found[0], order=feed.order)
        if day is None:
            raise Rejected(f"{fact.name} holds no date that is written {feed.order}")
        return day.isoformat()
    if fact.type is FactType.FLAG:
        return _flag(found[0], fact.name)
    kept = [_kept(text) for text in found]
    return kept if len(kept) > 1 else kept[0]


def _number(text: str, name: str) -> float | int:
    plain = re.sub(r"^[^\d.-]+|[,_ ](?=\d{3})|[^\d.]+$", "", text)
    try:
        number = float(plain)
    except ValueError:
        raise Rejected(f"{name} holds no number") from None
    return int(number) if number.is_integer() else number


def _flag(text: str, name: str) -> bool:
    word = text.casefold()
    if word not in _YES | _NO:
        raise Rejected(f"{name} holds neither yes nor no")
    return word in _YES


def keys_in(row: Row, taken: Iterable[TakenKey], country: str) -> tuple[Key, ...]:
    """What can be used; what is no e-mail address, no phone number or a secret leads nowhere and is left out."""
    found: dict[Key, None] = {}
    for key in taken:
        for text in key.taken.all(row):
            value = normalized(key.kind, text, country)
            if value and (key.kind is KeyKind.PHONE or _kept(text) == text):
                found[Key(key.kind, key.issuer, value)] = None
    return tuple(found)


def normalized(kind: KeyKind, text: str, country: str) -> str | None:
    if kind is KeyKind.EMAIL:
        return normal.email(text)
    if kind is KeyKind.PHONE:
        return normal.phone(text, _REGIONS.get(country.casefold(), country.upper()))
    return normal.reference(text)


_REGIONS = {"usa": "US", "united states": "US", "uk": "GB", "united kingdom": "GB", "germany": "DE", "canada": "CA"}


def _add_known(fields: dict[str, Any], keys: Iterable[Key]) -> None:
    """The addresses and numbers themselves are facts too: two systems may differ about them."""
    for kind in (KeyKind.EMAIL, KeyKind.PHONE):
        if values := [key.value for key in keys if key.kind is kind]:
            fields[kind] = values if len(values) > 1 else values[0]


def _clues(name: str, fields: dict[str, Any]) -> list[Key]:
    """What narrows a search and leads to nobody by itself."""
    names = normal.name_keys(name)
    sounds = {normal.sound(each) for each in names}
    clues = [Key(KeyKind.NAME, "", each) for each in sorted(names)]
    clues += [Key(KeyKind.SOUND, "", each) for each in sorted(sounds)]
    code = normal.postcode(str(fields.get("postcode", "")))
    if code:
        clues.append(Key(KeyKind.POSTCODE, "", code))
        clues += [Key(KeyKind.NEAR, "", f"{each} {code}"[: normal.LONGEST]) for each in sorted(sounds)]
    if street := normal.plain(str(fields.get("street", ""))):
        clues.append(Key(KeyKind.STREET, "", f"{street} {code or ''}".strip()[: normal.LONGEST]))
    return clues


def moment_in(text: str, feed: Feed, now: datetime) -> datetime:
    """Raises `Rejected`."""
    when = dates.moment(text, order=feed.order, zone=feed.zone)
    if when is None:
        raise Rejected(f"its time is not written {feed.order}")
    if when > now + AHEAD:
        raise Rejected(f"its time, {when:%Y-%m-%d}, lies in the future")
    if when < datetime(1970, 1, 1, tzinfo=UTC):
        raise Rejected(f"its time, {when:%Y-%m-%d}, lies before 1970")
    return when


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None  # noqa: PLR2004 - of transfers


def _channel(text: str, known: frozenset[str]) -> str:
    word = text.casefold()
    if word not in known:
        raise Rejected(f"its channel is none of {listed(known)}; add it to `values:` of channel, {where_to_add()}")
    return word


def _one_of(kinds: frozenset[str], text: str, name: str) -> str:
    word = text.casefold()
    if word not in kinds:
        raise Rejected(f"its {name} is none of {', '.join(sorted(kinds))}; add it to `values:` of {name}")
    return word


def _columns(keys: Iterable[TakenKey]) -> str:
    return ", ".join(column for key in keys for column in key.taken.columns)


def _digest(values: dict[str, Any], keys: Iterable[Key]) -> str:
    """The same for the same row and mapping: what has it already need not be written again."""
    told = repr((values, [(key.kind.value, key.issuer, key.value) for key in keys]))
    return hashlib.blake2b(told.encode(errors="surrogatepass"), digest_size=16).hexdigest()
