"""Every sentence the bot says. Plain text: escaping and layout belong to `handlers/blocks.py`."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from bot.audit.unusual import Unusual
from bot.channels import ChannelSettings
from bot.conditions import Judged
from bot.people import the
from bot.retrieval.conflicts import Conflict
from bot.retrieval.documents import Answer, Citation, Notice, PassedOver, Reason

TRY = "customer brought the modem back after 20 days, do we still bill the fee?"

ONLY_YOU = "For you alone: not everybody here may read the page it comes from."
FOR_ONE_CUSTOMER = "For you alone: I chose it by what we know of one customer, and that stays between us."
NOT_FOR_THE_CUSTOMER = "What answers this does not hold for this customer, and I found nothing else that does."
SHORTENED = (
    "Your question was long; I took what it means from its beginning. If this misses the point, ask in a sentence or "
    "two."
)
STEP_HELPFUL = "Thank you. I recorded that this answer helped."
STEP_NOT_HELPFUL = "Thank you. I recorded that this answer did not help, for the owner of the page."
FEEDBACK_LOST = "I could not find the answer this button belongs to, so nothing was recorded. Ask the question again."
SHARE = "Share with the thread"
SHARE_IN_CHANNEL = "Share in this channel"
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
NOT_ATTENDED = "Throughline is not at work in this workspace. Ask whoever runs it to add this workspace."
FAULT = "Something went wrong on my side and I could not answer. Please ask again; if it happens twice, tell an admin."
PEOPLE_UNKNOWN = (
    "Slack did not tell me who you are or who reads here, so I cannot know which pages you may see. Please ask again "
    "in a minute; if it happens twice, tell an admin, who finds the cause with `throughline doctor`."
)
VERIFIED_THEN = "An edit does not renew this; verify the page again after one."
WITHDRAWN_THEN = (
    "No answer uses it from now on, whatever is reindexed. A page it supersedes does not come back by this."
)
ROLLED_BACK_THEN = "The pages that were left are not published again by themselves: mend them and reindex."
NOTICE_USAGE = (
    "Write what to say and until when: `/knowledge notice Orion is down, use the paper form, until 15:00`. To tell "
    "only some, add `for role:phone`."
)
AS_USAGE = "Write who and what: `/knowledge as Maya Okafor: who may waive the equipment fee?`"
REINDEX_BEGUN = "Reindexing has begun. I say how far it is in our direct messages."
NOT_REINDEXED = "The knowledge was not reindexed; what was there goes on answering."
REINDEXING = "Reindexing the knowledge …"
SHARED = "Shared, from what everybody here may read."
NOT_SHARED = "It stands on a page that not everybody here may read, so I did not share it."
SHARE_LOST = "I could not find that answer of yours any more, so nothing was shared. Ask the question again."
WELCOME = (
    "I answer from the company's own pages, word for word, and say where each sentence stands. Ask me in your own "
    "words, here or by mentioning me in a channel. Three things to try:"
)
WELCOME_CHANNEL = (
    "Hello everybody. Mention me with a question and I answer in its thread, word for word from the company's pages, "
    "with my sources. `/ask` shows the answer to you alone. For example:"
)
CHANGES_USAGE = "Write how far to look back: `/throughline changes 3d`, or `8h`; without it, since your last shift."
SETTINGS_TITLE = "Settings of a channel"
SETTINGS_FOR = "How I behave in"
SETTINGS_IN_A_CHANNEL = "Type `/throughline settings` in the channel that it is about."
HOME_TITLE = "Things to try"
LOOKING_UP = "is looking it up …"
GLAD = "Glad that helped. Ask me anything else whenever you like."
HOW_TO_ASK = (
    f'Ask me in your own words, as you would ask a colleague: "{TRY}" I answer from the company\'s pages, word for '
    "word, and say where each sentence stands. In a channel, mention me or type /ask to see the answer alone; "
    "`/throughline help` lists everything else."
)
WHERE_NEWS = (
    "Type `/throughline changes`: it lists what changed since your last shift, and the notices that stand. My Home "
    "shows it, too."
)
UNASKED = "Nobody put this to me: an admin lets me answer here where a page does. Ignore me if I am beside the point."
NO_FORM = "The form could not be opened in time. Nothing was changed; please press or type it once more."
ASK_USAGE = f"Type the question behind the command: `/ask {TRY}`"


def visitor(partner: str) -> str:
    """Told to people from outside; `partner` is the company of theirs that we know, or ""."""
    if partner:
        return f"You see what is marked for visitors and for {partner}. For anything else, ask your contact here."
    return "You see what is marked for visitors. For anything else, ask whoever invited you."


def too_many(seconds: int, *, crowd: bool) -> str:
    """Told to whoever asked more than is let in; `crowd`: all together did."""
    wait = "a second" if seconds == 1 else f"{seconds} seconds"
    if crowd:
        return f"Very many people are asking at once, so I did not take this question. Please ask again in {wait}."
    return f"That was a lot at once, and I did not take the last of it. Please ask again in {wait}."


def in_line(ahead: int) -> str:
    others = "One question is" if ahead == 1 else f"{ahead} questions are"
    return f"I have your question. {others} before it; the answer comes by itself."


def foreign(language: str) -> str:
    return f"This looks like {language}, and the pages I know are not written in it. Please ask in English."


def recorded(owner: str) -> str:
    """`owner` is a team's name, "" where the closest page names none."""
    return f"I recorded the question for {the(owner)}." if owner else "I recorded the question."


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


def holds(conditions: Sequence[Judged]) -> str:
    """For whom a quote holds, or how its conditions stand for the customer in focus; "" where it holds for all."""
    if any(one.standing is None for one in conditions):
        return f"Holds where {' and '.join(one.told for one in conditions)}."
    return " · ".join(one.told for one in conditions)


def passed_over(one: PassedOver) -> str:
    return f"Not for this customer: {place(one.citation)} ({'; '.join(each.told for each in one.conditions)})"


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


def moment(local: datetime) -> str:
    """As people say it: "Friday 20 November, 17:40"; `local` is in their zone."""
    return f"{local:%A} {local.day} {local:%B, %H:%M}"


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


def count(number: int, one: str, many: str = "") -> str:
    """ "1 page", "2 pages"."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def days_ago(days: int) -> str:
    match days:
        case 0:
            return "today"
        case 1:
            return "yesterday"
        case _:
            return f"{days} days ago"


def only_pictures(names: Sequence[str]) -> str:
    return f"{_unseen(names)}. Tell me in words what it shows, or type the text of the error, and I look for an answer."


def cannot_see(names: Sequence[str]) -> str:
    """What is said of attached pictures: nobody should think that they were read."""
    return f"{_unseen(names)}; I went by your words alone."


def _unseen(names: Sequence[str]) -> str:
    named = ", ".join(name for name in names if name)
    what = "the picture you attached" if len(names) == 1 else "the pictures you attached"
    return f"I cannot see {what}{f' ({named})' if named else ''}"


def only_from(folders: Sequence[str]) -> str:
    return f"In this channel I answer only from: {', '.join(folder or 'the top folder' for folder in folders)}."


def settings_saved(chosen: ChannelSettings) -> str:
    """What holds in a channel from now on."""
    sources = ", ".join(folder or "pages in no folder" for folder in chosen.folders) or "all pages"
    asked = "I answer questions that nobody put to me" if chosen.unasked else "I answer only when I am asked"
    people = "people are asked in the channel you chose" if chosen.escalation else "the owners of a page are asked"
    return f"Saved. Here I answer from {sources}; {asked}; {people}."


def confidential(why: str) -> str:
    return f"For you alone: your question holds {why}, and what concerns one customer stays between us."


def welcome(name: str) -> str:
    return f"Hello {name.split(maxsplit=1)[0]}, nice to meet you. {WELCOME}" if name.split() else WELCOME


def shared(name: str, question: str) -> str:
    return f"{name} shares an answer to: {question}"


def tried(question: str) -> str:
    return f"You asked: {question}"


def more(count: int) -> str:
    return f"… and {count} more"


def seen_as(name: str) -> str:
    return f"What {name} would get. It is not kept as a question of theirs."


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
        case Reason.NOT_FOR_THE_CUSTOMER:
            return NOT_FOR_THE_CUSTOMER


def closest(places: Sequence[str]) -> str:
    return f"Closest: {'; '.join(places)}"


def unusual_reading(name: str, person: str, seen: Unusual, *, most: int, zone: tzinfo | None) -> str:
    """For admins: who looked at how many, and what to do; never at whom."""
    since, until = seen.since.astimezone(zone), seen.until.astimezone(zone)
    return (
        f"{name} looked at {seen.customers} different customers from {since:%H:%M} to {until:%H:%M} on "
        f"{since:%Y-%m-%d}; more than {most} within an hour is unusual. There may be a good reason, so ask {name} "
        f"first. An auditor can see why each one was looked at: `throughline audit report --person {person}`."
    )
