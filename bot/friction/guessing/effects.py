"""What a report says it did to the customer."""

import re
from collections.abc import Mapping

from bot.friction.kinds import CustomerEffect, Kind

_WHO = (
    r"(?:customers?|callers?|people|clients?|guests?|she|he|they|him|her|them|everyone|everybody|"
    r"lady|guy|man|woman|couple)"
)
_EFFECTS: dict[CustomerEffect, str] = {
    CustomerEffect.SAFETY: r"""
        \bgas\b | \bunsafe\b | \binjur\w*\b | \bgot\shurt\b | \blive\s(wires?|cables?)\b | \bdowned\sline\b
        | \bburn(s|ed|ing)\b | \bcaught\sfire\b
        | \belectric\w*\sshock\b | \bdangerous\b | \bdog\sbit\b | \bthreaten\w*\b | \bhangs?\sover\b | \bambulance\b
    """,
    CustomerEffect.CHARGED_WRONG: rf"""
        \b(over-?charged|double-?\s?(charged|billed)|billed\stwice|charged\stwice|wrongly\s(charged|billed))\b
        | \b{_WHO}\b.{{0,40}}\b(charged|billed|pa(id|ys?)|invoiced)\b.{{0,25}}\b(more|for|too\smuch|twice|extra
        |wrong|anyway|still|old)\b
        | \b(still|gets?|get|being|wrongly)\s(charged|billed)\b | \bstill\sgot\sa\b.{{0,10}}\bfee\b
        | \bfees?\s(start|keep|go)\w*\b | \bwrong\sbills?\b
        | \b(rings?|scans?|comes)\s(up\s)?(at\s)?\$?\d[\d.]*\b | \bcharged\s\$?\d
    """,
    CustomerEffect.LEFT: rf"""
        \bwalk(ed|s|ing)?\s(out|away|off)\b
        | \b{_WHO}\s(\w+\s)?(left|leaves?|gave\sup|hung\sup|hang\sup|cancel+ed)\b | \band\sleft\b | \bagent\sleft\b
        | \b(went|goes|going|gone)\s(to\s(the\s)?(competition|competitor|others?)|elsewhere|somewhere\selse
        |next\sdoor)\b
        | \bsigned\swith\b
        | \blost\s(the|a|four|two|three|\d+)\s(\w+\s)?(sales?|customers?|orders?)\b
        | \bsend(ing)?\s(people|customers|them)\s(home|away)\b | \bcan'?t\ssell\b
        | \bcustomer\sis\slost\b | \ball\sgone\b | \babandon\w*\b | \bcustomers?\sgone\b | \bhung\sup\s(on\sme)?\b
        | \bwon'?t\scome\sback\b | \b(and|then)\shung\sup\b
        | \bcan'?t\s(ring|sell)\b
    """,
    CustomerEffect.REPEATED_INFO: r"""
        \brepeat(s|ed|ing)?\b
        | \b(tell|tells|told|explain\w*|say|says)\b.{0,40}\b(again|twice|second\stime|all\sover)\b
        | \bstarts?\sfrom\s(zero|scratch)\b
        | \bask(ed)?\s.{0,40}\b(again|second\stime|forward\sscreenshots)\b | \balready\stold\b
        | \bpassed\saround\b | \btransferred\s\d\stimes\b
    """,
    CustomerEffect.WRONG_INFO: rf"""
        \b(told|promised|quoted|gave|informed|sent)\b.{{0,40}}\b(wrong|but|then|refused|not\strue|incorrect)\b
        | \bwrong\s(info\w*|answer|thing|door|date|time|one)\b
        | \b(misinformed|misled)\b | \bfor\snothing\b | \bdifferent\s(numbers|answers|amounts)\b | \bquoted\sthe\b
        | \bi\slooked\sstupid\b
        | \bi\stold\s{_WHO}\b | \bdoes\s(it\s)?differently\b
        | \bsays?\s.{{0,40}}\b(available|in\sstock|we\shave)\b.{{0,40}}\b(but|empty|zero|not|sold)\b
        | \bthink\sthey\swere\b
    """,
    CustomerEffect.WAITED: rf"""
        \bqueues?\b | \blines?\s(to\sthe|out\sthe|at|of\speople)\b | \bin\sline\b | \bon\shold\b
        | \b{_WHO}\b.{{0,30}}\b(wait\w*|stood|stands?|standing|stare\w*|stuck)\b
        | \bwait(ed|ing|s)?\b.{{0,25}}\b{_WHO}\b | \bkeep\w*\s{_WHO}\swaiting\b
        | \bwith\s(the\s|a\s)?customer\s(in\sfront|standing|at\sthe)\b | \bcalming\b
        | \bfell\sasleep\b | \bmiddle\sof\sa\scall\b | \bcustomers?\s(is|are|gets?)\s(\w+\s)?(annoyed|impatient)\b
    """,
    CustomerEffect.NONE: r"""
        \bno\scustomers?\s(was|were|is|are)?\s?(affected|harmed|involved|noticed)\b | \bback\soffice\sonly\b
        | \bcustomers?\s(don'?t|didn'?t|doesn'?t)\snotice\b
        | \bafter\sclosing\b
    """,
}  # in this order: what weighs most counts where several are told
EFFECTS: Mapping[CustomerEffect, re.Pattern[str]] = {
    effect: re.compile(pattern, re.IGNORECASE | re.VERBOSE | re.DOTALL) for effect, pattern in _EFFECTS.items()
}


def effects(text: str) -> tuple[CustomerEffect, ...]:
    """What the text tells of, the worst first; none where it does not speak of the customer."""
    plain = text.replace("’", "'")
    return tuple(effect for effect, words in EFFECTS.items() if words.search(plain))


# What a kind mostly does to the customer of whom a report speaks without saying more.
_BY_KIND: Mapping[Kind, CustomerEffect] = {
    Kind.SLOW: CustomerEffect.WAITED,
    Kind.OUTAGE: CustomerEffect.WAITED,
    Kind.HARDWARE: CustomerEffect.WAITED,
    Kind.LOGIN: CustomerEffect.WAITED,
    Kind.MISSING_PERMISSION: CustomerEffect.WAITED,
    Kind.MANUAL_WORKAROUND: CustomerEffect.WAITED,
    Kind.PARTNER_DELAY: CustomerEffect.WAITED,
    Kind.HANDOFF: CustomerEffect.REPEATED_INFO,
    Kind.MISSING_DATA: CustomerEffect.REPEATED_INFO,
    Kind.WRONG_DATA: CustomerEffect.WRONG_INFO,
    Kind.UNCLEAR_POLICY: CustomerEffect.WRONG_INFO,
    Kind.LANGUAGE_MISMATCH: CustomerEffect.WRONG_INFO,
}
_CUSTOMER = re.compile(r"\b(?:customers?|callers?|clients?|guests?)\b", re.IGNORECASE)


def likely(text: str, kind: Kind) -> CustomerEffect | None:
    """What it probably did to a customer whom the text names without saying; None where it names none."""
    return _BY_KIND.get(kind) if _CUSTOMER.search(text) else None
