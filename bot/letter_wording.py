"""What the bot says around a weekly digest to one reader, around alerts, and of a surge to the frontline."""

from datetime import datetime

STOP, RESUME = "Stop these", "Send them again"
ON, OFF = "Weekly digest: on", "Weekly digest: off"
STOPPED = "You get no weekly digest and no alerts any more. On your Home, or here, you can have them again."
RESUMED = "You get the weekly digest on Monday morning, and alerts as they come."
NOT_A_READER = "The digest and alerts go to leads, and to the people of teams that own a tool or a page."
WHY = "Each Monday, to leads and to owners of teams. What is told of few people is left out."
ALERTS_WHY = "Told once, for as long as it goes on."
SIGNALS, TARGETS = "all signals", "all targets"
PAGE, MAP, ROWS, TICKETS = "Open the page", "the map", "See the rows", "tickets of your teams"


def alerts_title(count: int) -> str:
    return "Something needs a look" if count == 1 else f"{count} things need a look"


def more_alerts(count: int) -> str:
    return f"And {count} more."


SURGE_WHY = "Told once, for as long as it goes on. Counted from complaints of the last hour, of five customers or more."
APPROVED, DO_NOT, SAYING = "Approved words", "Do not", "They say: "


# Complaints an hour below which a number with a point says less than words.
_HARDLY_ANY = 0.5


def surge_title(name: str) -> str:
    return f"Many complaints now: {name}"


def surge_count(count: int, usual: float, since: datetime) -> str:
    often = f"{usual:.1f}" if usual >= _HARDLY_ANY else "hardly any"
    return f"{count} within an hour, usually {often} at this time of day; the first at {since:%H:%M}."


def elsewhere(others: int) -> str:
    where = "one other touchpoint" if others == 1 else f"{others} other touchpoints"
    return f"So it is at {where}: that may have one reason."


def said_by(words: str, many: int) -> str:
    return f"\u201c{words}\u201d ({many})"


def pages_on(words: str) -> str:
    return f"What our pages say on \u201c{words}\u201d:"


def no_page_on(words: str) -> str:
    return f"No page says what to answer on \u201c{words}\u201d. Whoever knows it, say so here."
