"""Partner delays: the partner's own clock, from when a ticket began to wait for them until it went on."""

from datetime import datetime

from bot.noticing.findings import Findings
from bot.noticing.seen import Seen
from bot.signals.partner_delays import Wait, delays
from bot.signals.signal import Kind

_SECONDS = 86400.0


def partner_waits(seen: Seen, until: int | None = None) -> Findings:
    """As of the last whole week, or of the one at a place among them. Which tickets wait everybody may read."""
    found = Findings(Kind.PARTNER_DELAY)
    if not seen.weeks:
        return found
    last = len(seen.weeks) - 1 if until is None else until
    ends = seen.edges[last + 1]
    told, few = delays(waits(seen, ends), until=seen.weeks[last].following.monday, weeks=last + 1)
    for one in told:
        found.say(1 - one.p, one.signal(seen.period(last)))
    found.hush("partners: too few waits, lately or in the weeks before", few)
    return found


def waits(seen: Seen, until: datetime) -> list[Wait]:
    """As they stood then: what was not over yet waited until then."""
    zone = seen.reading.world.zone
    found = []
    for number, hold_since, hold_until, partner in seen.held:
        if hold_since < until:
            ended = until if hold_until is None else min(hold_until, until)
            days = (ended - hold_since).total_seconds() / _SECONDS
            found.append(Wait(str(number), partner, hold_since.astimezone(zone).date(), days))
    return found
