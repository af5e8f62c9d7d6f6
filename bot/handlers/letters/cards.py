"""A digest, alerts, and what is said when a button below them is pressed. Values -> Block Kit; pure, as `blocks`."""

from collections.abc import Callable, Mapping
from typing import Any

from bot import letter_wording as wording
from bot.assistant import reply_from
from bot.handlers.blocks import MAX_TEXT, Json, Message, answered, escaped
from bot.handlers.modals import plain

LETTER, ALERTS, SAID, SURGE = "letter", "letter_alerts", "letter_said", "letter_surge"
STOP_ACTION, RESUME_ACTION = "letter_stop", "letter_resume"
# On the Home: it says how it is, and makes it the other way.
TURN_OFF_ACTION, TURN_ON_ACTION = "letter_home_off", "letter_home_on"
ACTIONS = (STOP_ACTION, RESUME_ACTION, TURN_OFF_ACTION, TURN_ON_ACTION)
# A message of Slack's has fifty blocks at most; nobody reads as many on a phone.
MOST_SHOWN = 10
# Presses are told apart by numbers elsewhere; there is one thing to stop.
_VALUE = "1"


def letter(value: Mapping[str, Any], *, file: str = "") -> Message:
    """With its picture where it has the id of one. Titles and words of people are plain: nothing of them is parsed."""
    said = " ".join(value["sentences"])
    blocks: list[Json] = [
        {"type": "header", "text": plain(value["title"][:150])},
        {"type": "section", "text": plain(said[:MAX_TEXT])},
    ]
    if file:
        blocks.append({"type": "image", "slack_file": {"id": file}, "alt_text": value["alt"][:2000]})
    # A letter that was owed before pages stood in it has none.
    own = filter(None, (value["reached"], value.get("pages", "")))
    blocks.extend({"type": "section", "text": plain(each[:MAX_TEXT])} for each in own)
    if value["address"]:
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": _links(value)}})
    blocks += _below(wording.WHY)
    return Message(text=escaped(f"{value['title']}. {said}")[:MAX_TEXT], blocks=tuple(blocks))


def alerts(value: Mapping[str, Any]) -> Message:
    """`value`: `things`, each with its `words` and its `path` on the page at `address`, "" for no page."""
    title = wording.alerts_title(len(value["things"]))
    blocks: list[Json] = [{"type": "header", "text": plain(title)}]
    for one in value["things"][:MOST_SHOWN]:
        section: Json = {"type": "section", "text": plain(one["words"][:MAX_TEXT])}
        blocks.append(section)
        if value["address"] and one["path"]:
            link = f"<{value['address']}{one['path']}|{wording.ROWS}>"
            blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": link}]})
    if len(value["things"]) > MOST_SHOWN:
        more = wording.more_alerts(len(value["things"]) - MOST_SHOWN)
        links = f" <{value['address']}/signals|{wording.SIGNALS}> · <{value['address']}/targets|{wording.TARGETS}>"
        text = more + (links if value["address"] else "")
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": text}})
    blocks += _below(wording.ALERTS_WHY)
    said = " ".join(one["words"] for one in value["things"])
    return Message(text=escaped(f"{title}. {said}")[:MAX_TEXT], blocks=tuple(blocks))


def surge(value: Mapping[str, Any]) -> Message:
    """Of one touchpoint, for everybody who serves customers there: what they say, what to answer, what not to say."""
    said = wording.SAYING + ", ".join(value["said"]) if value["said"] else ""
    counted = " ".join(filter(None, (value["count"], value["others"], said)))
    blocks: list[Json] = [
        {"type": "header", "text": plain(value["title"][:150])},
        {"type": "section", "text": plain(counted[:MAX_TEXT])},
    ]
    for title, lines in ((wording.APPROVED, value["approved"]), (wording.DO_NOT, value["do_not"])):
        if lines:
            listed = "\n".join([title, *(f"• {line}" for line in lines)])
            blocks.append({"type": "section", "text": plain(listed[:MAX_TEXT])})
    if value["reply"]:
        blocks.append({"type": "section", "text": plain(wording.pages_on(value["asked"]))})
        blocks += answered(reply_from(value["reply"])).blocks
    else:
        blocks.append({"type": "section", "text": plain(wording.no_page_on(value["asked"]))})
    if value["address"]:
        link = f"<{value['address']}/map?cell={value['cell']}#cell|{wording.MAP}>"
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": link}]})
    blocks.append({"type": "context", "elements": [plain(wording.SURGE_WHY)]})
    return Message(text=escaped(f"{value['title']}. {counted}")[:MAX_TEXT], blocks=tuple(blocks))


def said(value: Mapping[str, Any]) -> Message:
    """What became of a press, and the button that undoes it."""
    blocks: list[Json] = [{"type": "section", "text": plain(value["text"])}]
    if value["offers"]:
        blocks.append(_offering(value["offers"]))
    return Message(text=escaped(value["text"]), blocks=tuple(blocks))


def switch(*, stopped: bool) -> Json:
    """The button of the Home."""
    label, action = (wording.OFF, TURN_ON_ACTION) if stopped else (wording.ON, TURN_OFF_ACTION)
    return {"type": "button", "text": plain(label), "action_id": action, "value": _VALUE}


KINDS: Mapping[str, Callable[[Mapping[str, Any]], Message]] = {LETTER: letter, ALERTS: alerts, SAID: said, SURGE: surge}
_LABELS = {STOP_ACTION: wording.STOP, RESUME_ACTION: wording.RESUME}


def _below(why: str) -> list[Json]:
    return [{"type": "context", "elements": [plain(why)]}, _offering(STOP_ACTION)]


def _offering(action: str) -> Json:
    button = {"type": "button", "text": plain(_LABELS[action]), "action_id": action, "value": _VALUE}
    return {"type": "actions", "elements": [button]}


def _links(value: Mapping[str, Any]) -> str:
    address, cell = value["address"], f"?cell={value['cell']}#cell" if value["cell"] else ""
    links = [f"<{address}/|{wording.PAGE}>", f"<{address}/map{cell}|{wording.MAP}>"]
    if value["team"]:
        links.append(f"<{address}/tickets?team={value['team']}|{wording.TICKETS}>")
    return " · ".join(links)
