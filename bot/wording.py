"""Every sentence the bot says. Plain text: escaping and layout belong to `handlers/blocks.py`."""

from collections.abc import Sequence
from datetime import date

from bot.retrieval.conflicts import Conflict
from bot.retrieval.documents import Answer, Citation, Notice, Reason

TRY = "customer brought the modem back after 20 days, do we still bill the fee?"

ONLY_YOU = "Only you can see this: not everybody here may read the page it comes from."
SHORTENED = (
    "Your question was long; I took what it means from its beginning. If this misses the point, ask in a sentence or "
    "two."
)
STEP_HELPFUL = "Thank you. I recorded that this answer helped."
STEP_NOT_HELPFUL = "Thank you. I recorded that this answer did not help, for the owner of the page."
FEEDBACK_LOST = "I could not find the answer this button belongs to, so nothing was recorded. Ask the question again."
MORE = "… and more on the page"
HELPFUL = "Helpful"
NOT_HELPFUL = "Not helpful"
NOTHING = "I found nothing that answers this."
NOTHING_INDEXED = (
    "I have no page that you may read, so I cannot answer. An admin can index the knowledge with `throughline "
    "reindex`; if you should have access, ask them to check config/people.yaml."
)
NOTHING_THEN = "No page that you may read was in force on that day, so I cannot answer for it. Ask about another day."
CLOSEST = "The closest pages, which do not seem to say it:"
NO_WORDS = f'I see no question in words there. Ask me in a sentence, for example: "{TRY}"'
FAULT = "Something went wrong on my side and I could not answer. Please ask again; if it happens twice, tell an admin."
PEOPLE_UNKNOWN = (
    "Slack did not tell me who you are or who reads here, so I cannot know which pages you may see. Please ask again "
    "in a minute; if it happens twice, tell an admin, who finds the cause with `throughline doctor`."
)
NO_FORM = "The form could not be opened in time. Nothing was changed; please press or type it once more."
ASK_USAGE = f"Type the question behind the command: `/ask {TRY}`"


def visitor(partner: str) -> str:
    """Told to people from outside; `partner` is the company of theirs that we know, or ""."""
    if partner:
        return f"You see what is marked for visitors and for {partner}. For anything else, ask your contact here."
    return "You see what is marked for visitors. For anything else, ask whoever invited you."


def foreign(language: str) -> str:
    return f"This looks like {language}, and the pages I know are not written in it. Please ask in English."


def recorded(owner: str) -> str:
    """`owner` is a team's name, "" where the closest page names none."""
    return f"I recorded the question for {owner}." if owner else "I recorded the question."


def place(citation: Citation) -> str:
    """Where a citation points: "Equipment returns › Waivers"."""
    return f"{citation.title} › {citation.section}" if citation.section else citation.title


def standing(citation: Citation, owner: str) -> str:
    """Who answers for the page and how old it is: "Returns team · verified 12 days ago"."""
    said = [owner] if owner else []
    said.append(age(citation))
    if citation.replaced_on:
        said.append(f"replaced on {day(citation.replaced_on)} by {citation.replaced_by}")
    if citation.overdue:
        said.append("past its review date, check with the owner")
    return " · ".join(said)


def age(citation: Citation) -> str:
    """How long ago somebody last checked the page; where nobody did, how long its rule has been in force."""
    if citation.age_days is None:
        return "no date on the page"
    if citation.unverified:
        since = f"for {citation.age_days} days" if citation.age_days > 1 else f"since {days_ago(citation.age_days)}"
        return f"in force {since}, not verified in that time"
    return f"verified {days_ago(citation.age_days)}"


def day(date: date) -> str:
    """As people write it: "1 March 2026"."""
    return f"{date.day} {date:%B %Y}"


def notice(notice: Notice) -> str:
    return f"Notice until {notice.said}: {notice.text}"


def as_of(date: date) -> str:
    return f"As of {day(date)}:"


def disagreement(answer: Answer) -> str:
    """What to say before two quotes that disagree, with the teams to ask; "" where none do."""
    found = answer.contradiction
    if found is None:
        return ""
    said = f"These two pages disagree: {found.here} here, {found.there} there."
    owners = (quote.citation.owner for quote in answer.quotes[found.at : found.at + 2])
    named = list(dict.fromkeys(owner for owner in owners if owner))
    if not named:
        return f"{said} Neither page names an owner; ask your lead before you act on one of them."
    return f"{said} Ask the {'owner' if len(named) == 1 else 'owners'}: {', '.join(named)}."


def conflict(found: Conflict, teams: Sequence[str]) -> tuple[str, ...]:
    """Lines for those who settle it; `teams` are the names of both owners, "" where a page names none."""
    first, second = found.first, found.second
    shown = f"; shown in {found.shown} answer{'s' * (found.shown != 1)}" if found.shown else ""
    return (
        f"Pages disagree: {first.says} in {first.source}, {second.says} in {second.source}{shown}",
        *(
            f"  {side.title} ({team or 'no owner on the page'}): {side.sentence}"
            for side, team in zip((first, second), teams, strict=True)
        ),
    )


def days_ago(days: int) -> str:
    match days:
        case 0:
            return "today"
        case 1:
            return "yesterday"
        case _:
            return f"{days} days ago"


def more_lines(count: int) -> str:
    return f"… and {count} more on the page"


def refusal(reason: Reason, *, language: str = "", as_of: date | None = None) -> str:
    match reason:
        case Reason.NO_WORDS:
            return NO_WORDS
        case Reason.EMPTY_INDEX:
            return NOTHING_THEN if as_of else NOTHING_INDEXED
        case Reason.LANGUAGE:
            return foreign(language)
        case Reason.NOTHING_CLEARS_THE_BAR:
            return NOTHING


def closest(places: Sequence[str]) -> str:
    return f"Closest: {'; '.join(places)}"
