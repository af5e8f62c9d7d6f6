"""What people heard of their tickets in Slack, compared with what they were promised."""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from friction.script import OUTCOME, Promise, Script, gathers, silent
from lives import Lived
from strict_slack import Said

# How a message is told from others, in the words that people read.
TO_REPORTERS = {
    "was seen:": "acknowledge",
    "asks about FR-": "ask",
    "is resolved (": "resolve",
    "is closed: somebody who reported it": "fixed",
    "is open again:": "reopen",
    "is not taken up.": "reject",
    "is the same as FR-": "merge",
    "is a ticket of its own again.": "unmerge",
    "was part of something bigger.": OUTCOME,
}
REPLIES = {
    "your report is FR-": "receipt",
    "you are on FR-": "joined",
    "is closed; if it comes back": "fixed said",
    "knows that it still happens": "still said",
    "is passed on.": "answer said",
    "whoever works on it reads what you wrote": "reopen said",
}
TO_OWNERS = {
    "people report this now.": "people",
    "Somebody who reported it answers:": "answer",
    "says that it is fixed. Closed.": "fixed",
    "says that it still happens.": "still",
    "opened it again:": "reopen",
}
# How a card says where its ticket is.
SHOWN = {
    "new": "New",
    "acknowledged": "Acknowledged",
    "in_progress": "Being worked on",
    "waiting_reporter": "Waiting for an answer",
    "resolved": "Resolved",
    "closed": "Closed",
    "rejected": "Rejected",
}
# Whoever is killed so soon after Slack took a message had no time to write it down.
TIME_TO_WRITE_SECONDS = 2.0
_NUMBER, _WORDS, _PEOPLE = re.compile(r"FR-(\d+)"), re.compile(r"act \d+ .*"), re.compile(r"(\d+) people")


@dataclass
class Heard:
    """`lost` is what nobody heard, `unpromised` what somebody heard who should not, or twice by two messages.

    `again` is one message that stands twice in Slack where Slack had said that it has it.
    """

    lived: Lived
    script: Script
    promised: int
    messages: int
    lost: Counter[Promise]
    unpromised: Counter[Promise]
    excused: int
    again: list[Promise]
    out_of_order: list[tuple[str, Promise, Promise]]
    to_the_silent: int
    stale_cards: list[str]
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def kept(self) -> bool:
        return not (
            self.lost or self.unpromised or self.again or self.out_of_order or self.to_the_silent or self.stale_cards
        )

    def __str__(self) -> str:
        kinds = ", ".join(f"{what} {count}" for what, count in sorted(self.kinds.items()))
        lines = [
            f"{len(self.script.acts):>6}  acts on {len(self.script.tickets)} tickets, {self.lived.seconds:.0f} s",
            f"{self.lived}",
            f"{self.promised:>6}  promised ({kinds}); {self.messages} messages",
            (
                f"{self.lost.total():>6}  lost, {self.unpromised.total()} told twice or unpromised, {len(self.again)} "
                f"posted again without need, {len(self.out_of_order)} out of order, {self.to_the_silent} to anonymous "
                f"reporters, {len(self.stale_cards)} stale cards"
            ),
            f"{self.excused:>6}  posted again where Slack's answer was lost",
        ]
        wrong = [*self.lost.items(), *self.unpromised.items(), *self.again, *self.out_of_order, *self.stale_cards]
        return "\n".join([*lines, *(f"        {one}" for one in wrong[:20])])


def compared(script: Script, lived: Lived, names: Mapping[int, str]) -> Heard:
    """`names` are the tickets by their numbers."""
    posts: dict[tuple[Promise, str], list[Said]] = defaultdict(list)
    for one in lived.slack.said:
        for number, promise in enumerate(_understood(one, names)):
            posts[promise, f"{one.token}:{number}" if one.token else ""].append(one)
    expected = Counter(script.promised)
    expected.update(Promise(f"C0TEAM{one.group}", "card", one.name) for one in script.tickets.values())
    got = Counter(promise for promise, _ in posts)
    found = Counter({promise: count for promise, count in got.items() if promise not in script.maybe})
    twice = [(promise, earlier) for (promise, _), each in posts.items() for earlier, _ in itertools.pairwise(each)]
    needless = [promise for promise, earlier in twice if earlier.heard and not _killed_soon(earlier, lived)]
    return Heard(
        lived,
        script,
        promised=expected.total(),
        messages=len(lived.slack.said),
        lost=expected - got,
        unpromised=found - expected,
        excused=len(twice) - len(needless),
        again=needless,
        out_of_order=list(_out_of_order(script, posts)),
        stale_cards=list(_stale(script, lived.slack.said, names)),
        to_the_silent=sum(silent(_whose(one)) for one in lived.slack.said),
        kinds=Counter(promise.what for promise in expected.elements()),
    )


def _stale(script: Script, said: Iterable[Said], names: Mapping[int, str]) -> Iterable[str]:
    """Cards that do not show how their tickets stand. Of one that was merged the other's counts."""
    for one in said:
        ticket = script.tickets.get(_ticket(one.text, names)) if _is_card(one) else None
        if ticket and ticket.into is None:
            people = len(ticket.everybody)
            shown = f"{people} people" if people > 1 else "1 person"
            if f" · {shown} · {SHOWN[ticket.state]}" not in one.text:
                yield f"{one.text}: {shown}, {SHOWN[ticket.state]}"


def _is_card(one: Said) -> bool:
    return one.channel.startswith("C0TEAM") and one.text.startswith("FR-")


def _killed_soon(one: Said, lived: Lived) -> bool:
    return any(0 <= at - float(one.ts) <= TIME_TO_WRITE_SECONDS for at in lived.killed_at)


def _whose(one: Said) -> str:
    return one.only or (f"U{one.channel[1:]}" if one.channel.startswith("D") else one.channel)


def _understood(one: Said, names: Mapping[int, str]) -> Iterable[Promise]:
    """What a message says; of several in one each."""
    whose = _whose(one)
    to_owners = whose.startswith("C")
    if _is_card(one):
        yield Promise(whose, "card", _ticket(one.text, names))
        return
    markers = TO_OWNERS if to_owners else {**TO_REPORTERS, **REPLIES}
    said = 0
    for head, quote in _parts(one.blocks) or [(one.text, "")]:
        what = next((what for marker, what in markers.items() if marker in head), "")
        if what:
            said += 1
            words = people[1] if (people := _PEOPLE.search(head)) and what == "people" else _words(quote)
            yield Promise(whose, what, "" if to_owners else _ticket(head, names), words)
    if not said:
        yield Promise(whose, f"something else: {one.text}")


def _parts(blocks: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What stands in rich text: a sentence, and what is quoted below it."""
    parts = []
    for block in blocks:
        if block["type"] == "rich_text":
            said = ["".join(run.get("text", "") for run in each["elements"]) for each in block["elements"]]
            parts.append((said[0], " ".join(said[1:])))
    return parts


def _words(quote: str) -> str:
    return found[0] if (found := _WORDS.search(quote)) else ""


def _ticket(text: str, names: Mapping[int, str]) -> str:
    found = _NUMBER.search(text)
    return names.get(int(found[1]), "") if found else ""


def _out_of_order(
    script: Script, posts: Mapping[tuple[Promise, str], list[Said]]
) -> Iterable[tuple[str, Promise, Promise]]:
    """What somebody heard of their tickets before what had happened earlier: of each person and group.

    What is gathered waits, and a question does not: of those who hear once a day questions do not count.
    """
    places: dict[Promise, list[int]] = defaultdict(list)
    for place, promise in enumerate(script.promised):
        places[promise].append(place)
    heard: dict[tuple[str, int], list[tuple[str, Promise]]] = defaultdict(list)
    for (promise, _), each in posts.items():
        counts = promise.what in TO_REPORTERS.values() and not (gathers(promise.to) and promise.what == "ask")
        if counts and promise.ticket in script.tickets and promise.to.startswith("U"):
            heard[promise.to, script.tickets[promise.ticket].group].append((each[0].ts, promise))
    for (person, _), each in heard.items():
        nth: Counter[Promise] = Counter()
        before = (-1, Promise("", ""))
        for _, promise in sorted(each, key=lambda pair: float(pair[0])):
            known = places[promise][nth[promise] : nth[promise] + 1]
            nth[promise] += 1
            if known:
                if known[0] < before[0]:
                    yield person, before[1], promise
                before = max(before, (known[0], promise), key=lambda pair: pair[0])
