"""What a one-tap question says: what is asked, why, who sees what, and how to be left alone. Plain words."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from bot.friction.suppression import FEWEST
from bot.pulses.questions import Question
from bot.pulses.sums import PulseSum

NOT_NOW, STOP, CHANGE, RESUME = "Not now", "Stop asking me", "Change my answer", "Ask me again"
WHO_SEES = (
    "Nobody sees who said what: your answer is kept without your name. Sums are shown from five people on, after their "
    "month is over. At most one question a week."
)
_WHY = {
    Question.EASE: "Why I ask: it shows which tools are hard to work with.",
    Question.DONE: "Why I ask: it tells whether reporting something helps.",
    Question.RECOMMEND: "Why I ask: how working here feels belongs beside how customers feel. Once a quarter at most.",
}
_SCALES = {
    Question.EASE: "1 = very hard, 7 = very easy",
    Question.DONE: "1 = not true at all, 7 = completely true",
    Question.RECOMMEND: "0 = certainly not, 10 = certainly",
}
NAMES = {
    Question.EASE: "Easy to work with",
    Question.DONE: "Easy to get done, after a report was closed",
    Question.RECOMMEND: "Would recommend working here",
}
LATER = "All right. I ask again in a week at the earliest."
STOPPED = "I ask you no more. If you want to be asked again: the button below, or `/throughline pulse on`."
RESUMED = "Thank you. I ask you again, at most once a week. `/throughline pulse off` ends it."
OVER = "This question is over: an answer counts within a week. What you said before stays; this press was not kept."
NOBODY_IS_ASKED = "Nobody is asked anything here: `PULSE` is off. Whoever runs Throughline can set it to `weekly`."
USAGE = "Write `/throughline pulse`, `/throughline pulse off` or `/throughline pulse on`."
EMPLOYEES_ONLY = "These questions are for people who work here."
TITLE = "One question a week"
NOTHING = f"Nothing to show yet: a month is told once it is over, and from {FEWEST} people on."


def asked(question: Question, tool: str) -> str:
    """`tool` is its name, "" for none."""
    match question:
        case Question.EASE:
            return f"One tap: how easy is {tool} to work with?"
        case Question.DONE:
            about = f" about {tool}" if tool else ""
            return f"Something that you reported{about} was closed. One tap: was it easy to get this done?"
        case Question.RECOMMEND:
            return "One tap: would you recommend working here to a friend?"


def scale(question: Question) -> str:
    return _SCALES[question]


def why(question: Question) -> str:
    return _WHY[question]


def thanks(until: datetime, *, zone: tzinfo | None) -> str:
    local = until.astimezone(zone)
    return f"Thank you, that counts. You can change it until {local:%A} {local.day} {local:%B}."


def state(*, stopped: bool) -> str:
    """To somebody, of themselves."""
    if stopped:
        return "I do not ask you how easy your tools are. `/throughline pulse on` if you want to be asked again."
    return f"At most once a week I ask you how easy a tool is. {WHO_SEES} `/throughline pulse off` ends it."


def lines(found: Sequence[PulseSum], *, named: dict[str, str]) -> Iterator[str]:
    """Each sum on a line below its question and tool; `named`: what tools are called, by their ids."""
    above = ""
    for one in found:
        head = NAMES[one.question] + (f": {named.get(one.tool, one.tool)}" if one.tool else "")
        if head != above:
            above = head
            yield head
        of = " ".join(filter(None, (one.period, one.role, one.place)))
        yield f"  {of}: {_numbers(one)}"


def _numbers(one: PulseSum) -> str:
    if one.answers is None or one.mean is None:
        return "not enough data"
    n = f"n {one.answers}"
    if one.enps is not None:
        return f"eNPS {one.enps:+.0f}, mean {one.mean:.1f} of 10 ({n})"
    return f"mean {one.mean:.1f} of 7, {one.easy or 0:.0%} say 5 to 7 ({n})"
