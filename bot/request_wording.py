"""Every sentence about requests to people and the pages proposed from their answers. Plain text, as in `wording`."""

from collections.abc import Sequence
from datetime import datetime

from bot.people import Person, the
from bot.requests import Request, State

ASK_HUMAN = "Ask a human"
TAKE = "I take it"
HELPS = "That helps"
STILL_OPEN = "Still open"
NO_LONGER = "No longer needed"
SAVE = "Save as a page"
PUBLISH = "Publish"
REFUSE = "Refuse"
SEND = "Send"
CANCEL = "Cancel"
SUBMIT_PAGE = "Propose"

QUESTION_LABEL = "Your question"
ADDED_LABEL = "What should they know?"
ADDED_HINT = "For example what you have tried, or who is waiting"
NO_QUESTION = "Write the question in a sentence, so that they know what to answer."
STILL_LABEL = "What is still open?"
TITLE_LABEL = "Title of the page"
TITLE_HINT = "What people would look for, in a few words"
TEXT_LABEL = "Text"
TEXT_HINT = "As it should be quoted: whole sentences that stand on their own, without names of customers"
AUDIENCE_LABEL = "Who may see it"
REASON_LABEL = "Why not"
NO_TITLE = "Give the page a title, so that people see what it is about."
NO_TEXT = "Write the answer in a sentence or more; that is what people will be shown."
NO_REASON = "Say why in a sentence, so that the next try gets it right."
NO_CHOICE = "Choose who may see the page."

UNKNOWN_QUESTION = (
    "I could not find the question this button belongs to, so I asked nobody. Ask the question again, and press the "
    "button under that answer."
)
UNKNOWN_REQUEST = "I could not find the request this button belongs to; it may be too old. Nothing was changed."
ONLY_THE_ASKER = "Only the person who asked can say that. Nothing was changed."
SETTLED = "You have said so already, or the request is over. Nothing was changed."
ONLY_EMPLOYEES = "Only employees can propose a page. Ask somebody of the team to press the button."
SOMEBODY = "Somebody whom Slack does not name now"
THANKS = "Thank you. They will see that it helped."
REOPENED = "Thank you. I told them that it is still open."
WITHDRAWN = "All right. I told them that you no longer need it."
ASIDE = "What you write in this thread goes to {}. Begin a message with (aside) to keep it among yourselves."
WITH_FILE = "(They attached a file, which I cannot pass on. Ask them for it.)"
PUBLISHING = (
    "I write the page and try the golden questions against it before it goes live. This takes a minute or two; I say "
    "here what came of it."
)


def form_title(team: str, *, most: int) -> str:
    """The title of a form; Slack allows few letters there."""
    title = f"Ask {the(team)}" if team else ASK_HUMAN
    return title if len(title) <= most else ASK_HUMAN


def goes_to(team: str, channel: str) -> str:
    """`channel` is its name with #, "" where nobody is known who answers for the question."""
    to = in_channel(team, channel) if channel else "an admin of the knowledge"
    return (
        f"This goes to {to}, with your name. Personal data such as phone and account numbers is masked before it "
        "leaves. The answer comes back to you."
    )


def shown_as(person: Person, place: str) -> str:
    """Who asks, as far as it is known: "Maya Okafor (shop, shift-lead, Harbour Street shop)"."""
    known = [*sorted(person.roles), *([place] if place else [])]
    return f"{person.name} ({', '.join(known)})" if known else person.name


def answers_as(name: str, team: str) -> str:
    return f"{name} ({team})" if team else name


def card_title(number: int, team: str) -> str:
    return f"Request {number} for {the(team)}" if team else f"Request {number}"


def card_again(number: int, team: str) -> str:
    return f"Still waiting: {card_title(number, team)[0].lower()}{card_title(number, team)[1:]}"


def asks(who: str) -> str:
    return f"{who} asks:"


def adds(who: str) -> str:
    return f"{who} adds:"


def tried(titles: Sequence[str], *, hidden: int, answered: bool) -> str:
    """The pages that were tried; `hidden` counts those whose names not everybody here may read."""
    named = [*titles]
    if hidden:
        pages = "1 page" if hidden == 1 else f"{hidden} pages"
        named.append(f"{pages} that not everybody here may read")
    if not named:
        return "No page comes near."
    return f"{'The pages that were quoted' if answered else 'No page answers; the closest'}: {'; '.join(named)}"


def replies_go(name: str, *, alone: bool) -> str:
    return ASIDE.format(f"{name} alone" if alone else f"{name}, where the question was asked and others read too")


def asked(number: int, reached: str, *, comes: str) -> str:
    return f"I asked {reached} (request {number}). {comes}"


def comes_back(*, alone: bool, direct: bool) -> str:
    """Where the answer will be: in the thread, in this direct message, or in one with the bot."""
    if not alone:
        return "Their answer comes to this thread."
    return "Their answer comes to you here." if direct else "Their answer comes to you in a direct message."


def joined(number: int, reached: str, *, added: str) -> str:
    more = " I passed on what you added." if added else ""
    return f"You asked this before: it is request {number}, and waits for {reached}.{more}"


def in_channel(team: str, channel: str) -> str:
    """Whom a request reached: "the Returns team in #returns"."""
    return f"{the(team)} in {channel}" if team else f"the people in {channel}"


def in_person(names: Sequence[str], why: str) -> str:
    return f"{' and '.join(names)} in a direct message, because {why}"


def not_in(channel: str) -> str:
    return f"I am not in {channel}"


NO_OWNER = "no page that comes near names an owner"
UNLISTED_OWNER = "the owner of the page is not listed in config/owners.yaml"


def nobody(why: str) -> str:
    return (
        f"I could not pass your question on: {why}, and I found no admin in Slack. Nobody was asked. Tell your lead or "
        "an admin, who can invite me to that channel."
    )


def undeliverable(number: int, question: str) -> str:
    return (
        f"I could not deliver your request {number}, so nobody has seen it. Ask again, or tell an admin. "
        f"{you_asked(question)}"
    )


def status(request: Request) -> str:
    """How a request stands, in a line on its card."""
    match request.state:
        case State.OPEN:
            return ""
        case State.TAKEN:
            return f"{request.taker_name} takes this request."
        case State.ANSWERED:
            return "Answered in the thread."
        case State.ACCEPTED:
            return f"Answered. {helped(request.asker_name)}"
        case State.REOPENED:
            return f"{request.asker_name} says that this is still open."
        case State.CLOSED:
            return "Closed."


def taken_for_you(who: str, number: int) -> str:
    return f"{who} has taken your request {number}."


def taken_by(name: str, number: int) -> str:
    return f"{name} has taken request {number} already. If you know the answer, write it in the thread."


def no_longer_waiting(number: int) -> str:
    return f"Request {number} waits for nobody any more. What you write in its thread still reaches the asker."


def answers(who: str, number: int, *, yours: bool) -> str:
    return f"{who} answers {'your request' if yours else 'request'} {number}:"


def corrects(who: str, number: int) -> str:
    return f"{who} corrects an answer to request {number}:"


def you_asked(question: str) -> str:
    return f"You asked: {question}"


def passed_on(name: str) -> str:
    return f"Passed on to {name}, and so is whatever else you write here. If others will ask the same:"


def correction_passed_on(name: str) -> str:
    return f"I sent your correction to {name}."


def helped(name: str) -> str:
    return f"{name} says that this helped."


def not_settled(name: str) -> str:
    return f"{name} says that this is still open:"


def not_needed(name: str) -> str:
    return f"{name} no longer needs an answer."


def waits(name: str, *, since: datetime, taker: str) -> str:
    day = f"{since:%A} {since.day} {since:%B}"
    if taker:
        return f"{taker} took this request of {name}; it has had no answer since {day}. Whoever knows it may reply."
    return f"{name} has waited since {day}, and nobody has taken this request yet."


def proposed(name: str) -> str:
    return f"{name} proposes a page"


def seen_by(audience: str) -> str:
    """Who may see a page, in words: the audience names of pages are for files."""
    kind, _, name = audience.partition(":")
    match kind:
        case "public":
            return "Everybody, also guests and partners"
        case "everyone":
            return "Every employee"
        case "role":
            return f"The role {name}"
        case "partner":
            return f"The partner {name}"
        case _:
            return audience


def who_reviews(team: str) -> str:
    who = f"somebody of {the(team)} who did not write it, or an admin," if team else "an admin"
    return f"It is not knowledge yet: {who} publishes or refuses it."


def proposal_sent(number: int, team: str) -> str:
    return f"Thank you. It is proposal {number}. {who_reviews(team)}"


def published(by: str, title: str, path: str) -> str:
    return f"{by} published “{title}”. It answers from now on, and is kept as {path}."


ASKERS_HEAR = "A running bot tells those who asked."


def page_news(title: str, question: str) -> str:
    return f"There is a page now about what you asked: “{title}”. You asked: {question}"


def refused(by: str, title: str, reason: str) -> str:
    return f"{by} refused the page “{title}”: {reason}"


def none_to_decide(number: int) -> str:
    return (
        f"No proposal {number} is yours to decide. Somebody of the team that owns it may, if they did not write it "
        "themselves, or an admin."
    )


def decided(number: int, by: str, state: str) -> str:
    return f"Proposal {number} is {state} already, by {by}. Nothing was changed."
