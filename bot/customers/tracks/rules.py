"""`tracks.yaml` of the knowledge folder: the tracks, checked, each fault with its line."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot import conditions
from bot.conditions import Conditions, as_stored, facts_in
from bot.conditions.reading import pairs_of, text_of
from bot.errors import SettingsError
from bot.yaml_lines import Lines

FILE = "tracks.yaml"
# What can be counted from the interactions of a stretch of time; of facts only what holds now is known.
COUNTED = ("contacts", "contacts_on_subject", "transfers", "survey_score")
DAYS, WITHIN, HOLD_BACK = "days", "within days", "hold back"
# Held back from more of them it would be no way to treat customers.
MOST_HELD_BACK = 50
_KEY = re.compile(r"[a-z][a-z0-9-]{0,63}")
_NEEDED = ("name", "when", "do", "owner", "outcome")
_KNOWN = (*_NEEDED, "do not", "say", "until", HOLD_BACK)
_Entries = Mapping[str, tuple[int, yaml.Node]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What says that a track worked: conditions over what was counted in so many days from its beginning."""

    conditions: Conditions
    days: int


@dataclass(frozen=True, slots=True)
class Track:
    """One way to treat customers. `say` is approved wording.

    It ends after `days`, or when `until` is met; with neither, when `when` is not met any more. Of every hundred
    customers `hold_back` are never shown it, so that there is somebody to compare with.
    """

    key: str
    name: str
    when: Conditions
    do: tuple[str, ...]
    do_not: tuple[str, ...]
    say: tuple[str, ...]
    days: int | None
    until: Conditions
    owner: str
    outcome: Outcome
    hold_back: int = 0
    line: int = 0

    @property
    def wording(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What may be said word for word, and what may not be done."""
        return self.say, self.do_not

    @property
    def version(self) -> str:
        """Changes with whatever the rule says."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()[:12]

    def as_json(self) -> dict[str, object]:
        return {
            "track": self.key,
            "name": self.name,
            "when": as_stored(self.when),
            "do": list(self.do),
            "do not": list(self.do_not),
            "say": list(self.say),
            "until": {DAYS: self.days, "conditions": as_stored(self.until)},
            "owner": self.owner,
            "outcome": {WITHIN: self.outcome.days, "conditions": as_stored(self.outcome.conditions)},
            HOLD_BACK: self.hold_back,
        }


def load_tracks(file: Path, *, teams: Collection[str]) -> tuple[Track, ...]:
    """In the order of the file, which says who comes first; none where there is no file.

    `teams` are the keys of `config/owners.yaml`. Raises `SettingsError` with the line at fault.
    """
    if not file.is_file():
        return ()
    lines = Lines(file)

    def fault(line: int, what: str) -> SettingsError:
        return lines.fault(line + 1, what)

    return tuple(_Entry(key, line, node, fault).track(teams) for key, line, node in pairs_of(lines.node, fault=fault))


def keys_in(file: Path, *, teams: Collection[str]) -> frozenset[str] | None:
    """The keys of the tracks, for whatever names them; None where the file is at fault, which is told elsewhere."""
    try:
        return frozenset(track.key for track in load_tracks(file, teams=teams))
    except SettingsError:
        return None


class _Entry:
    """One track as it stands in the file."""

    def __init__(self, key: str, line: int, node: yaml.Node, fault: conditions.Fault) -> None:
        self._key, self._line, self._fault = key, line, fault
        if not _KEY.fullmatch(key):
            raise fault(line, f"{key!r} cannot name a track; write small letters with -, such as third-contact")
        pairs = pairs_of(node, fault=fault)
        for name, at, _ in pairs:
            if name not in _KNOWN:
                raise fault(at, f"`{name}` says nothing here; a track has {', '.join(_KNOWN)}")
        self._entries: _Entries = {name: (at, value) for name, at, value in pairs}
        for name in _NEEDED:
            if name not in self._entries:
                raise fault(line, f"the track {key} needs `{name}:`")

    def track(self, teams: Collection[str]) -> Track:
        days, until = self._until()
        return Track(
            key=self._key,
            name=self._text("name"),
            when=conditions.read(self._entries["when"][1], fault=self._fault),
            do=self._texts("do"),
            do_not=self._texts("do not"),
            say=self._texts("say"),
            days=days,
            until=until,
            owner=self._owner(teams),
            outcome=self._outcome(),
            hold_back=self._hold_back(),
            line=self._line + 1,
        )

    def _text(self, name: str) -> str:
        line, node = self._entries[name]
        text = text_of(node, fault=self._fault)
        if not text:
            raise self._fault(line, f"{name} is empty; write it")
        return text

    def _texts(self, name: str) -> tuple[str, ...]:
        if name not in self._entries:
            return ()
        line, node = self._entries[name]
        listed = node.value if isinstance(node, yaml.SequenceNode) else [node]
        texts = tuple(text_of(each, fault=self._fault) for each in listed)
        if not texts or not all(texts):
            raise self._fault(line, f"`{name}` is empty; write a sentence, or a list of them")
        if len(set(texts)) < len(texts):
            raise self._fault(line, f"one sentence stands in `{name}` twice; keep one")
        return texts

    def _owner(self, teams: Collection[str]) -> str:
        owner = self._text("owner")
        if owner not in teams:
            known = ", ".join(sorted(teams))
            raise self._fault(self._entries["owner"][0], f"config/owners.yaml has no team {owner!r}; it has {known}")
        return owner

    def _until(self) -> tuple[int | None, Conditions]:
        if "until" not in self._entries:
            return None, ()
        days, rest = self._with_days(self._entries["until"][1], DAYS)
        return days, conditions.read(rest, fault=self._fault) if rest is not None else ()

    def _outcome(self) -> Outcome:
        line, node = self._entries["outcome"]
        days, rest = self._with_days(node, WITHIN)
        if days is None or rest is None:
            raise self._fault(line, f"outcome says what is counted, and in how long: {{ contacts: 0, {WITHIN}: 14 }}")
        read = conditions.read(rest, fault=self._fault)
        for fact in facts_in(read):
            if fact not in COUNTED:
                raise self._fault(line, f"an outcome cannot be judged by {fact}; it takes {', '.join(COUNTED)}")
        return Outcome(read, days)

    def _hold_back(self) -> int:
        if HOLD_BACK not in self._entries:
            return 0
        line = self._entries[HOLD_BACK][0]
        share = self._text(HOLD_BACK).removesuffix("%").strip()
        if not share.isdecimal() or int(share) > MOST_HELD_BACK:
            raise self._fault(line, f"`{HOLD_BACK}` is a share of customers, from 0 to {MOST_HELD_BACK}%")
        return int(share)

    def _with_days(self, node: yaml.Node, name: str) -> tuple[int | None, yaml.MappingNode | None]:
        """The number of days under a name, and the mapping without it; None for what is not there."""
        days = None
        for key, line, value in pairs_of(node, fault=self._fault):
            if key == name:
                text = text_of(value, fault=self._fault)
                if not text.isdecimal() or not int(text):
                    raise self._fault(line, f"{text!r} is no number of days; write one, such as {name}: 14")
                days = int(text)
        own = [(key, value) for key, value in node.value if text_of(key, fault=self._fault) != name]
        return days, yaml.MappingNode(node.tag, own, node.start_mark, node.end_mark) if own else None
