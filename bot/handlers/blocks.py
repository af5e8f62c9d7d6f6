"""Values -> Block Kit. Pure: nothing is looked up, decided or posted here.

What comes from a page travels as rich text or plain text, which Slack does not parse: a `<!channel>` or a `*` in a
quote or a title stays what it is. The bot's own sentences are mrkdwn, where `&`, `<` and `>` are escaped, which is all
Slack asks for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import friction_wording, request_wording, wording
from bot.assistant import Reply
from bot.retrieval.documents import Block, BlockKind, Citation, Notice, Quote, Reason
from bot.summaries.summary import Summary

Json = dict[str, Any]

ANSWER = "answer"
WORDS = "words"
SUMMARY = "summary"
WELCOME = "welcome"
ACT_ACTION = "knowledge_act"
FEEDBACK_ACTION = "answer_feedback"
ASK_HUMAN_ACTION = "ask_human"
TRY_ACTION = "try_question"
SHARE_ACTION = "share_answer"
REPORT_ACTION = "friction_report"
MINE_ACTION = "friction_mine"
LOG_ACTION = "friction_of_answer"
YES = "yes"
NO = "no"

# A quoted list or table longer than this is cut after a whole line and says how many more the page has.
MAX_QUOTED_CHARACTERS = 2400
# Slack's documented limits.
MAX_TEXT = 3000
MAX_CONTEXT_ELEMENTS = 10
MAX_HOME_BLOCKS = 100
MAX_BUTTON = 75
MAX_VALUE = 2000


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is what a notification shows, and what a client that cannot show blocks shows."""

    text: str
    blocks: tuple[Json, ...] = ()


def escaped(text: str) -> str:
    """Slack's escaping; it does not parse an escaped `&lt;!here&gt;` again."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def words(text: str) -> Message:
    return Message(text=escaped(text)[:MAX_TEXT], blocks=(_section(text),))


def welcome(name: str, examples: Sequence[str]) -> Message:
    """A greeting with questions to press; without a `name` it greets a whole channel."""
    said = wording.welcome(name) if name else wording.WELCOME_CHANNEL
    blocks = [_section(said), *tries(examples)]
    return Message(text=escaped(said)[:MAX_TEXT], blocks=tuple(blocks))


def home(
    examples: Sequence[str], parts: Sequence[Summary], *, above: Sequence[Json] = (), presses: Sequence[Json] = ()
) -> Json:
    """Somebody's App Home; `above` everything else stands what cannot wait, and then what can be done at any time."""
    shown: list[Json] = [*above, {"type": "divider"}] if above else []
    if presses:
        shown += [{"type": "actions", "elements": list(presses)}, {"type": "divider"}]
    if examples:
        shown += [_titled(wording.HOME_TITLE), *tries(examples), {"type": "divider"}]
    for part in parts:
        shown.extend((*summary(part).blocks, {"type": "divider"}))
    # Nothing stands below the last part that it would be divided from.
    return {"type": "home", "blocks": shown[:-1][:MAX_HOME_BLOCKS]}


def report_button() -> Json:
    return _button(friction_wording.TITLE, REPORT_ACTION, REPORT_ACTION)


def mine_button() -> Json:
    return _button(friction_wording.MINE, MINE_ACTION, MINE_ACTION)


def tries(examples: Sequence[str]) -> list[Json]:
    """Questions to press, one below the other: side by side they would be cut on a phone."""
    return [{"type": "actions", "elements": [_button(example, TRY_ACTION, example)]} for example in examples]


def summary(shown: Summary) -> Message:
    """A list with what can be done about each line. Nothing of it is parsed: lines hold titles and people's words."""
    blocks = [_titled(shown.title)]
    for item in shown.items:
        line = _plain(item.text)
        if item.act is not None:
            line["accessory"] = _button(item.act.label, ACT_ACTION, item.act.command)
        blocks.append(line)
        if item.fine:
            blocks.append(_context(item.fine))
    if shown.more:
        blocks.append(_context([wording.more(shown.more)]))
    if shown.foot:
        blocks.append(_section(shown.foot))
    said = [shown.title, *(item.text for item in shown.items)]
    return Message(text=escaped(". ".join(said))[:MAX_TEXT], blocks=tuple(blocks))


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around an answer. `exchange` is its number, None for one that is not kept.

    `above` and `remarks` are small lines before and after it; `share` is the offer to show it to the others of the
    place, "" for none; `can_ask` offers to ask people, and with `reports` to report what is the matter with the page.
    """

    exchange: int | None = None
    above: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    share: str = ""
    can_ask: bool = True
    reports: bool = True


def answer(reply: Reply, frame: Frame) -> Message:
    """An answer with its sources and the feedback pair, or the stated reason with the closest pages."""
    found = answered(reply) if reply.answer.answered else _refused(reply)
    blocks = [_context([line]) for line in frame.above]
    blocks.extend(found.blocks)
    if frame.remarks:
        blocks.append(_context(frame.remarks))
    if reply.answer.answered and frame.exchange is not None:
        blocks.append(_feedback(frame.exchange))
    if buttons := _buttons(reply, frame):
        blocks.append({"type": "actions", "elements": buttons})
    return replace(found, blocks=tuple(blocks))


def _buttons(reply: Reply, frame: Frame) -> list[Json]:
    """What else can be done, also about a refusal; not where there was no question."""
    share = [_button(frame.share, SHARE_ACTION, str(frame.exchange))] if frame.share else []
    can_ask = frame.can_ask and frame.exchange is not None and reply.answer.reason is not Reason.NO_WORDS
    ask = [(request_wording.ASK_HUMAN, ASK_HUMAN_ACTION)] if can_ask else []
    # Friction is reported by employees.
    log = [(friction_wording.LOG, LOG_ACTION)] if can_ask and frame.reports else []
    return [*share, *(_button(label, action, str(frame.exchange)) for label, action in (*ask, *log))]


def answered(reply: Reply) -> Message:
    found = reply.answer
    numbers = _numbers([quote.citation for quote in found.quotes])
    blocks: list[Json] = [*_above(reply)]
    warning = wording.disagreement(found)
    for place, quote in enumerate(found.quotes):
        if found.contradiction is not None and place == found.contradiction.at:
            blocks.append(_plain(warning))
        blocks.append(_quote(quote, numbers[quote.citation]))
        following = found.quotes[place + 1].conditions if place + 1 < len(found.quotes) else ()
        if quote.conditions and quote.conditions != following:  # said once below those that it is of
            blocks.append(_context([wording.holds(quote.conditions)]))
    blocks.append(_context([_source(citation, number) for citation, number in numbers.items()]))
    blocks.extend(_passed_over(reply))
    blocks.extend(_reported(reply))
    if found.see_also:
        blocks.append(_context([f"See also: {'; '.join(wording.place(citation) for citation in found.see_also)}"]))
    if found.shortened:
        blocks.append(_context([wording.SHORTENED]))
    blocks.extend(_visitor(reply))
    said = [
        *_said_first(reply),
        *([warning] if warning else []),
        *(_said_of(quote, numbers[quote.citation]) for quote in found.quotes),
    ]
    return Message(text=escaped(" ".join(said))[:MAX_TEXT], blocks=tuple(blocks))


def _refused(reply: Reply) -> Message:
    found = reply.answer
    assert found.reason is not None  # noqa: S101 - only refusals come here
    said = [*_said_first(reply), wording.refusal(found.reason, language=found.language, as_of=reply.as_of)]
    blocks = [*_above(reply), _section(said[-1]), *_passed_over(reply)]
    if found.see_also:
        said.append(wording.closest([wording.place(citation) for citation in found.see_also]))
        listed = [
            f"{wording.place(citation)} · {wording.standing(citation, citation.owner)}" for citation in found.see_also
        ]
        blocks.append(_section(wording.CLOSEST))
        blocks.append(_context(listed))
        said.append(wording.recorded(reply.owner))
        blocks.append(_plain(said[-1]))
    blocks.extend(_reported(reply))
    if found.shortened:
        blocks.append(_context([wording.SHORTENED]))
    blocks.extend(_visitor(reply))
    return Message(text=escaped(" ".join(said))[:MAX_TEXT], blocks=tuple(blocks))


def _above(reply: Reply) -> list[Json]:
    """What must be read before the answer."""
    blocks = (
        [_context([_why_private(reply)])]
        if reply.private and (reply.answer.answered or reply.confidential or reply.about_customer)
        else []
    )
    blocks.extend(map(_notice, reply.answer.notices))
    if reply.as_of:
        blocks.append(_plain(wording.as_of(reply.as_of)))
    return blocks


def _said_of(quote: Quote, number: int) -> str:
    said = f"{quote.block.text} [{number}]"
    return f"{said} ({wording.holds(quote.conditions)})" if quote.conditions else said


def _passed_over(reply: Reply) -> list[Json]:
    """Small lines about what holds for other customers."""
    lines = [wording.passed_over(one) for one in reply.answer.passed_over]
    return [_context(lines)] if lines else []


def _reported(reply: Reply) -> list[Json]:
    """What gets in the way of doing it."""
    return [_plain(friction_wording.reported(one)) for one in reply.reported]


def _visitor(reply: Reply) -> list[Json]:
    return [] if reply.visitor is None else [_context([wording.visitor(reply.visitor)])]


def _why_private(reply: Reply) -> str:
    if reply.confidential:
        return wording.confidential(reply.confidential)
    return wording.FOR_ONE_CUSTOMER if reply.about_customer else wording.ONLY_YOU


def _notice(notice: Notice) -> Json:
    """Rich text, since a person wrote it; the time shows in the zone of whoever reads."""
    until = {
        "type": "date",
        "timestamp": int(notice.until.timestamp()),
        "format": "{date_short_pretty} at {time}",
        "fallback": notice.said,
    }
    said = [_text("Notice until ", bold=True), until, _text(": ", bold=True), _text(notice.text)]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": said}]}


def _said_first(reply: Reply) -> list[str]:
    """The same for a client that shows no blocks."""
    day = [wording.as_of(reply.as_of)] if reply.as_of else []
    return [*(f"{wording.notice(notice)}." for notice in reply.answer.notices), *day]


def _numbers(citations: Sequence[Citation]) -> dict[Citation, int]:
    return {citation: number for number, citation in enumerate(dict.fromkeys(citations), start=1)}


def _source(citation: Citation, number: int) -> str:
    return f"[{number}] {wording.place(citation)} · {wording.standing(citation, citation.owner)}"


def _quote(quote: Quote, number: int) -> Json:
    first, block, cut = _fitting(quote)
    elements: list[Json] = []
    listed = block.kind is not BlockKind.PARAGRAPH
    if block.lead:
        elements.append({"type": "rich_text_quote", "elements": _marked(block.lead, quote.decisive)})
    if listed:
        style = "ordered" if block.kind is BlockKind.STEPS else "bullet"
        items = [{"type": "rich_text_section", "elements": _marked(line, quote.decisive)} for line in block.lines]
        offset = {"offset": first} if first and style == "ordered" else {}
        elements.append({"type": "rich_text_list", "style": style, "border": 1, "elements": items, **offset})
    else:
        elements.append({"type": "rich_text_quote", "elements": _marked("\n".join(block.lines), quote.decisive)})
    tail = [_text(f"{cut} ", italic=True)] if cut else []
    tail.append(_text(f"[{number}]"))
    last = elements[-1]["elements"][-1] if listed else elements[-1]
    last["elements"].extend([_text(" "), *tail])
    return {"type": "rich_text", "elements": elements}


def _fitting(quote: Quote) -> tuple[int, Block, str]:
    """How many lines come before, the block with as many as fit, and what to say of the rest.

    The line that answers is among them, and where a single line is too long for Slack, so is its deciding sentence.
    """
    block = quote.block
    first = _first_shown(block.lines, quote.decisive, MAX_QUOTED_CHARACTERS - len(block.lead))
    kept: list[str] = []
    length = len(block.lead)
    for line in block.lines[first:]:
        length += len(line)
        if kept and length > MAX_QUOTED_CHARACTERS:
            break
        kept.append(_shortened(line, quote.decisive))
    rest = len(block.lines) - len(kept)
    return first, Block(kind=block.kind, lines=tuple(kept), lead=block.lead), wording.more_lines(rest) if rest else ""


def _first_shown(lines: Sequence[str], decisive: str, room: int) -> int:
    """The first line, or the one that answers if it would not be seen otherwise."""
    answering = next((place for place, line in enumerate(lines) if decisive and decisive in line), 0)
    return answering if sum(map(len, lines[: answering + 1])) > room else 0


def _shortened(line: str, decisive: str) -> str:
    if len(line) <= MAX_QUOTED_CHARACTERS:
        return line
    at = line.find(decisive) if decisive else 0
    start = at if at + len(decisive) > MAX_QUOTED_CHARACTERS else 0
    kept = line[start : start + MAX_QUOTED_CHARACTERS]
    before, after = "… " if start else "", f" {wording.MORE}" if start + len(kept) < len(line) else ""
    return f"{before}{kept}{after}"


def _marked(text: str, decisive: str) -> list[Json]:
    """The text as rich text, with the decisive sentence in bold."""
    before, found, after = text.partition(decisive) if decisive else (text, "", "")
    parts = ((before, False), (found, True), (after, False))
    return [_text(part, bold=bold) for part, bold in parts if part]


def _text(text: str, *, bold: bool = False, italic: bool = False) -> Json:
    style = {name: True for name, on in (("bold", bold), ("italic", italic)) if on}
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def _section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": escaped(text)[:MAX_TEXT]}}


def _context(lines: Sequence[str]) -> Json:
    return {"type": "context", "elements": [_plain_text(line) for line in lines[:MAX_CONTEXT_ELEMENTS]]}


def _titled(text: str) -> Json:
    line = {"type": "rich_text_section", "elements": [_text(text, bold=True)]}
    return {"type": "rich_text", "elements": [line]}


def _button(label: str, action: str, value: str) -> Json:
    shown = {"type": "plain_text", "text": label[:MAX_BUTTON], "emoji": False}
    return {"type": "button", "text": shown, "action_id": action, "value": value[:MAX_VALUE]}


def _plain(text: str) -> Json:
    return {"type": "section", "text": _plain_text(text)}


def _plain_text(text: str) -> Json:
    return {"type": "plain_text", "text": text[:MAX_TEXT], "emoji": False}


def _feedback(exchange: int) -> Json:
    def button(label: str, verdict: str) -> Json:
        return {"text": {"type": "plain_text", "text": label}, "value": f"{exchange}:{verdict}"}

    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": FEEDBACK_ACTION,
                "positive_button": button(wording.HELPFUL, YES),
                "negative_button": button(wording.NOT_HELPFUL, NO),
            }
        ],
    }
