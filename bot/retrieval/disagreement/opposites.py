"""Words of which one clause has the one and the other its opposite, without any "not": included here, extra there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# `/` parts the two sides; each side is the beginnings of words or phrases. Deeper lines go on.
_PAIRS = """
    included|includes|part of the|comes with|contains / extra for|pay extra|costs extra|charged separately
        |billed separately|at an extra|at extra|excluded|excludes|surcharge for|separate charge|not part of
        |without
    carried over|carry over|rolled over|roll over|carries over|moved into|stays valid|never expire
        |does not expire|do not expire / lapse|expire|forfeit|is lost|are lost|lose
    optional|voluntary|not needed|not required|unnecessary|not mandatory / mandatory|compulsory|obligatory
        |required|a must|must
    automatically|by itself|by themselves|without being asked|on its own / on request|only if asked
        |has to be asked|must be asked|has to ask|must ask|by hand|manually
    in advance|beforehand|up front|upfront|prior / afterwards|in arrears|at the end|later on|after the fact
    smoke-free|nonsmoking|non-smoking|no-smoking / smoking is|may smoke|smokers|smoking area
    allowed|permitted|welcome|may|can be|possible|accepted|taken / prohibited|forbidden|banned|barred
        |turned away|off limits|off-limits|refused|rejected|no longer|stays outside|stay outside
        |stay in the locker|stays behind|is void|are void
    open|opens|staffed / closed|shut|stays dark|not staffed
    shared|pooled|split among|split between|divided / keeps what|keep what|keeps their|own tips
    refunded|refund|returned|paid back|gets back / kept|we keep|withheld|not refunded|nonrefundable
        |non-refundable|forfeited|is lost
    shared with|passed on|handed on / confidential|kept secret|stays inside
    orally|by phone|verbal|spoken / in writing|written|on paper
    encrypted / plain text|unencrypted
    at once|immediately|right away|straight away|on the spot / only after|not before|waits|has to wait
    paid by us|we pay|we cover|company pays|covers|is covered|are covered|at our cost / customer pays|pays for
        |own expense|own cost|own pocket|pay themselves|pays it
    by appointment only|appointment only|by appointment|only by appointment / walk in|walk-in
        |without an appointment|no appointment
    any|every|whatever|no matter|regardless|wherever|whichever|all kinds|of all / only|exclusively|nothing but
        |none but|solely
    themselves|freely|on their own|without asking|as they like / approval of|must be approved|has to be approved
        |needs approval|needs the approval|permission of|needs permission
    at home|remotely|from home / on site|on-site|at the office|in person
    taxes included|including tax|including taxes|tax included / plus tax|plus taxes|before tax|tax comes on top
        |net of tax
"""
# So many characters before a word may hold a "not" that is meant for it.
_REACH = 25
_NEGATED = re.compile(r"\b(?:not|never|no|cannot|nobody|none|neither|nor|without)\b|n[’']t\b", re.IGNORECASE)


_FOLDED = re.sub(r"\n {8}([|/])", lambda found: f" {found[1]}" if found[1] == "/" else "|", _PAIRS)
# Phrase -> the pairs of which it is the one side, and those of which it is the other, as bits.
_BITS: dict[str, list[int]] = {}
for _at, _line in enumerate(_FOLDED.strip().splitlines()):
    for _side, _phrases in enumerate(_line.split(" / ")):
        for _phrase in _phrases.strip().split("|"):
            _BITS.setdefault(_phrase, [0, 0])[_side] |= 1 << _at
# The longer phrases first: "by appointment only" before "by appointment".
_ANY = re.compile(rf"(?<!non-)\b(?:{'|'.join(map(re.escape, sorted(_BITS, key=len, reverse=True)))})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sides:
    """The pairs of which a clause has the one side and those of which it has the other, as bits."""

    ones: int
    others: int


def sides(clause: str) -> Sides:
    ones = others = 0
    for phrase in _phrases_of(clause):
        ones |= _BITS[phrase.lower()][0]
        others |= _BITS[phrase.lower()][1]
    # A clause with both sides of a pair takes none.
    return Sides(ones & ~others, others & ~ones)


def opposed(one: Sides, other: Sides) -> int:
    """The pairs of which two clauses have the two sides, as bits."""
    return (one.ones & other.others) | (one.others & other.ones)


def words(clause: str, pairs: int) -> str:
    """The words of a clause that make it a side of one of these pairs."""
    return next(phrase for phrase in _phrases_of(clause) if any(bits & pairs for bits in _BITS[phrase.lower()]))


def _phrases_of(clause: str) -> Iterator[str]:
    """Every phrase of a side that no "not" precedes."""
    for found in _ANY.finditer(clause):
        if not _NEGATED.search(clause[: found.start()][-_REACH:]):
            yield found[0]
