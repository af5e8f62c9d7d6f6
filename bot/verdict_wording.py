"""What the bot says about verdicts: the form that asks what was wrong, and what owners read of it. Plain text."""

from collections.abc import Mapping
from datetime import tzinfo

from bot.unhelpful import Outcome, Unhelpful, UnhelpfulPage
from bot.verdicts import Objection

TITLE = "What was wrong?"
SEND = "Send"
CLOSE = "Close"
WHAT = "About the answer"
WORDS = "What should it say?"
WORDS_HINT = "A sentence is enough. Leave out customers' names and numbers."
YOUR_NAME = "Your name"
UNNAMED = "Send it without my name"
CHOOSE_ONE = "Choose what was wrong with the answer."
TOO_LONG = "That is longer than 1000 characters. Shorten it to what the page should say."

OBJECTIONS: Mapping[Objection, str] = {
    Objection.WRONG: "It is wrong",
    Objection.OUTDATED: "It is out of date",
    Objection.BESIDE: "It answers another question",
    Objection.INCOMPLETE: "It is incomplete",
    Objection.UNCLEAR: "The rule is unclear",
    Objection.UNUSABLE: "I cannot use it here (hard to understand)",
}
UNSAID = "No reason given"
SOMEBODY = "somebody"
ADMINS = "the admins"
A_PAGE = "a page that not everybody here may read"

SHOULD_SAY = "It should say:"
ASKED = "Asked was:"
QUOTED = "Quoted was:"
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.OPEN: "open",
    Outcome.EDITED: "settled: the page was edited",
    Outcome.VERIFIED: "settled: the page was verified",
    Outcome.GONE: "settled: the page is gone",
}
NO_FEEDBACK = "No answer was said to be unhelpful."
FEEDBACK_FOOT = "Mend a page, or verify it where it is right: either settles what was said of it before."

WHAT_TO_DO = (
    "For this question another passage is preferred now, if one answers. Mend the page, or, if it is right, verify it: "
    "either settles this."
)


def readers(team: str) -> str:
    """Who will read it; `team` is "" where the page names no owner."""
    who = f"{team}, who answer for the page," if team else "The admins, since the page names no owner,"
    return (
        f"{who} will read this together with the question and your name, or without your name if you tick the "
        "box. That the answer did not help is recorded already. What is wrong with the rule itself becomes a friction "
        "ticket: colleagues read there what you write here, and can join."
    )


RULES: Mapping[Objection, str] = {
    Objection.OUTDATED: "The rule is out of date",
    Objection.INCOMPLETE: "The rule is incomplete",
    Objection.UNCLEAR: "The rule is unclear",
}


def rule_at_fault(found: Objection, page: str, words: str) -> str:
    """As a report of friction; `page` is "" where not every employee may read it."""
    said = f" {SHOULD_SAY} “{words}”" if words and page else ""
    return f"{RULES[found]}: {page or A_PAGE}.{said}"


def reported(key: str) -> str:
    """`key` is "" for who is not named: this message is kept with their name for a while, and would lead to them."""
    return f"Others can join it{f': it is {key}' if key else ''}, and you hear what becomes of it."


def passed_on(team: str) -> str:
    return f"Thank you. I passed it on to {team or ADMINS}."


def not_passed_on(team: str) -> str:
    """Nobody of those who should read it could be found in Slack."""
    return (
        f"Thank you. I recorded it for {team or ADMINS}, who find it in the list of feedback: I know nobody of them in "
        "Slack to write to."
    )


def unchanged(team: str) -> str:
    return f"Thank you. You said exactly this before, and {team or ADMINS} have it."


def objection(found: str) -> str:
    """The value of an `Objection`, or "" where nobody said."""
    return OBJECTIONS[Objection(found)] if found else UNSAID


def objection_said(found: str) -> str:
    return f"“{objection(found)}.”"


def headline(page: str, who: str) -> str:
    """`page` is "" where those who read this may not all know of it."""
    return f"An answer from {f'“{page}”' if page else A_PAGE} did not help {who}."


def unhelpful_page(page: UnhelpfulPage, owner: str) -> str:
    """`owner` is the name of the team, "" for none."""
    return f"{page.title} · {owner or 'no owner'} · {page.open} open of {len(page.verdicts)}"


def unhelpful(verdict: Unhelpful, *, zone: tzinfo | None) -> str:
    """One verdict in a line: when, why, what it should say, what was asked, what became of it."""
    at = verdict.at.astimezone(zone)
    should_say = f" {SHOULD_SAY} “{verdict.words}”" if verdict.words else ""
    asked = f"{ASKED} “{verdict.question}”"
    return f"{at:%Y-%m-%d}: {objection(verdict.objection)}.{should_say} {asked} ({OUTCOMES[verdict.outcome]})"
