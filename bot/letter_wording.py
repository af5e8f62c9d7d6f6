"""What the bot says around a weekly digest to one reader, and around alerts."""

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
