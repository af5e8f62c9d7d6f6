"""One entry of a list in a mapping file: what its lines take from a row, checked with the line at fault."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from bot.customers.feeds.feed import Delivery, Gone, TakenKey
from bot.customers.feeds.fields import Taken
from bot.customers.kinds import IDENTIFYING, KeyKind
from bot.errors import SettingsError
from bot.yaml_lines import Lines

# What the columns that hold these are called; none of them may be kept, so no line may name one.
_SECRET = re.compile(
    r"(?:^|[^a-z])(?:cvv2?|cvc2?|csc|(?:card|security|verification)_(?:number|num|no|code)|cardn(?:umber|um|o)|pan"
    r"|(?:credit|debit|payment)_?card|pass(?:word|wd|code|phrase)|pwd|passwort|kennwort|pin|ssn|sin|social_?security\w*"
    r"|social_?insurance\w*|(?:national|identity|personal)_?(?:id|number)\w*|tax_?(?:id|number|file)\w*|passport\w*"
    r"|driv\w+_?licen[cs]e\w*|ausweis\w*|steuer_?(?:id|nummer)\w*|personnummer|dni|nie|bsn|cpf|curp|pesel|aadhaar"
    r"|d_?o_?b|date_?of_?birth|birth_?(?:date|day)|bday|born(?:_\w+)?|geburts\w+|date_?(?:de_?)?naissance"
    r"|fecha_?(?:de_?)?nac\w*|data_?di_?nascita)(?:$|[^a-z])"
)
_DELETED_MARKS = frozenset({"yes", "true", "1", "deleted", "d", "y"})
_ENUM = TypeVar("_ENUM", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list in the file."""

    lines: Lines
    line: int
    entry: dict[str, Any]
    source: str

    def fault(self, name: str, what: str) -> SettingsError:
        return self.lines.fault(self.lines.line_of(name, after=self.line), what)

    def taken(self, name: str) -> Taken:
        return self.take(name, self.entry.get(name))

    def needed(self, name: str, example: str) -> Taken:
        if not self.entry.get(name):
            raise self.lines.fault(self.line, f"this entry needs `{name}:`, for example `{name}: {example}`")
        return self.taken(name)

    def take(self, name: str, value: Any) -> Taken:  # noqa: ANN401 - whatever YAML holds
        if value is None:
            return Taken()
        if isinstance(value, dict):
            if unknown := value.keys() - {"from", "constant", "values", "as", "issued_by"}:
                raise self.fault(name, f"{name} has {min(unknown)}, and knows from, constant and values only")
            if ("constant" in value) == ("from" in value):
                raise self.fault(name, f"{name} needs either `from: COLUMN` or `constant: WORDS`")
            if "constant" in value:
                return Taken(constant=str(value["constant"]))
            words = value.get("values")
            if words is not None and not isinstance(words, dict):
                raise self.fault(name, f"values of {name} are pairs: values: {{ theirs: ours }}")
            in_other_words = {str(theirs).casefold(): str(ours) for theirs, ours in words.items()} if words else None
            return Taken(self._columns(name, value["from"]), values=in_other_words)
        return Taken(self._columns(name, value))

    def _columns(self, name: str, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
        columns = tuple(map(str, value)) if isinstance(value, list) else (str(value),)
        for column in columns:
            if _SECRET.search(_as_words(column)):
                raise self.fault(
                    name,
                    f"{column} sounds like a card's code, a password, an identity number or a date of birth, which "
                    "Throughline never keeps; leave the line out",
                )
        return columns

    def keys(self, name: str, allowed: Collection[KeyKind] = IDENTIFYING) -> tuple[TakenKey, ...]:
        entry = self.entry.get(name) or {}
        if not isinstance(entry, dict):
            raise self.fault(name, f"{name} holds pairs of a kind of key and a column: {name}: {{ email: mail }}")
        return tuple(self._key(name, kind, value, allowed) for kind, value in entry.items())

    def _key(self, name: str, kind: str, value: Any, allowed: Collection[KeyKind]) -> TakenKey:  # noqa: ANN401 - as above
        if kind not in set(allowed):
            raise self.fault(str(kind), f"{kind} is no kind of key; {name} takes {', '.join(sorted(allowed))}")
        known = KeyKind(kind)
        issuer = str(value.get("issued_by", "")) if isinstance(value, dict) else ""
        return TakenKey(known, (issuer or self.source) if known.of_one_system else "", self.take(kind, value))

    def gone(self) -> Gone | None:
        value = self.entry.get("deleted")
        if value is None:
            return None
        if not isinstance(value, dict) or not value.get("from"):
            raise self.fault("deleted", "deleted needs a column: deleted: { from: is_deleted, marks: [1, true] }")
        marks = value.get("marks") or _DELETED_MARKS
        return Gone(Taken(self._columns("deleted", value["from"])), frozenset(str(mark).casefold() for mark in marks))

    def delivery(self) -> Delivery:
        return self.one_of("delivery", Delivery) or Delivery.DELTA

    def one_of(self, name: str, kinds: type[_ENUM]) -> _ENUM | None:
        return checked(self.entry.get(name), name, kinds, lambda what: self.fault(name, what))


def _as_words(column: str) -> str:
    """ "Date of Birth", "dateOfBirth" and "date-of-birth" are one name: "date_of_birth"."""
    return re.sub(r"[\s-]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column)).lower()


def known_names(lines: Lines, line: int, names: Collection[str], known: frozenset[str]) -> None:
    for name in names:
        if name not in known:
            at = lines.line_of(str(name), after=line)
            raise lines.fault(at, f"{name} says nothing here; what is known is {', '.join(sorted(known))}")


def checked(
    value: Any,  # noqa: ANN401 - whatever YAML holds
    name: str,
    kinds: type[_ENUM],
    fault: Callable[[str], SettingsError],
    *,
    but: Collection[_ENUM] = (),
) -> _ENUM | None:
    """One of `kinds`, and none of `but`; None for nothing."""
    if value is None:
        return None
    allowed = [kind for kind in kinds if kind not in but]
    if str(value) not in allowed:
        raise fault(f"{name} is {value!r}; write one of {', '.join(allowed)}")
    return kinds(str(value))
