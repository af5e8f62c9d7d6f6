"""chat.*Stream: a message that people can read while the app still writes it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.simulator.channels import Channel, Kind
from bot.simulator.errors import SlackError
from bot.simulator.limits import MAX_MARKDOWN, MAX_TEXT, check_blocks
from bot.simulator.messages import Message, with_ids
from bot.simulator.methods.call import Call, Method
from bot.simulator.methods.chat import root_of

Json = dict[str, Any]

_TASK_STATES = ("pending", "in_progress", "complete", "error")


@dataclass(frozen=True)
class _Piece:
    """What one call adds: text, and blocks that are no text."""

    text: str
    blocks: tuple[Json, ...]


def start(call: Call) -> Json:
    """Begin a message in a thread. In a channel Slack wants to know whom it is for."""
    channel = call.joined_channel()
    _check_recipient(call, channel)
    thread_ts = root_of(call, channel, call.arguments.needed("thread_ts"))
    piece = _piece(call)
    with call.workspace.changing():
        draft = Message(channel.id, "", call.bot.user_id, piece.text, _written(piece.text), thread_ts=thread_ts)
        message = call.workspace.post(replace(draft, blocks=draft.blocks + piece.blocks))
        call.workspace.streams.start(channel.id, message.ts)
    return {"channel": channel.id, "ts": message.ts}


def append(call: Call) -> Json:
    """Add to a message that was begun."""
    piece = _piece(call)
    if not (piece.text or piece.blocks):
        raise SlackError("no_text")
    with call.workspace.changing():
        channel, message = _growing(call)
        _grow(call, message, piece)
    return {"channel": channel.id, "ts": message.ts}


def stop(call: Call) -> Json:
    """Add the last of it, and blocks below; from now on it is a message like any other."""
    piece = _piece(call)
    blocks = check_blocks(call.arguments.structure("blocks", broken="invalid_blocks_format") or [])
    metadata = call.metadata()
    with call.workspace.changing():
        channel, before = _growing(call)
        grown = _grow(call, before, piece)
        call.workspace.streams.stop(channel.id, before.ts)
        whole = replace(grown, blocks=with_ids((*grown.blocks, *blocks)), metadata=metadata or grown.metadata)
        message = call.workspace.finish(before, whole)
    return {"channel": channel.id, "ts": message.ts, "message": call.shown(message)}


def _check_recipient(call: Call, channel: Channel) -> None:
    if channel.kind is Kind.DIRECT:
        return
    if not call.arguments.text("recipient_user_id"):
        raise SlackError("missing_recipient_user_id")
    if not call.arguments.text("recipient_team_id"):
        raise SlackError("missing_recipient_team_id")
    if call.person("recipient_user_id").team.id != call.arguments.text("recipient_team_id"):
        raise SlackError("team_not_found")


def _growing(call: Call) -> tuple[Channel, Message]:
    channel = call.joined_channel()
    message = call.message(channel)
    if message.author != call.bot.user_id:
        raise SlackError("message_not_owned_by_app")
    call.workspace.streams.check(channel.id, message.ts)
    return channel, message


def _grow(call: Call, message: Message, piece: _Piece) -> Message:
    """The message with what one call adds. Text follows text; blocks stand where they came."""
    if len(message.text) + len(piece.text) > MAX_TEXT:
        raise SlackError("msg_too_long")
    *before, last = message.blocks or ({},)
    if piece.text and last.get("type") == "markdown":
        joined = (*before, {**last, "text": last["text"] + piece.text})
    else:
        joined = (*message.blocks, *_written(piece.text))
    return call.workspace.append(replace(message, blocks=joined), message.text + piece.text, piece.blocks)


def _written(text: str) -> tuple[Json, ...]:
    return ({"type": "markdown", "text": text},) if text else ()


def _piece(call: Call) -> _Piece:
    """What a call brings, as `markdown_text` or in chunks. Raises SlackError `invalid_chunks` or `msg_too_long`."""
    chunks = call.arguments.structure("chunks", broken="invalid_chunks") or []
    if not isinstance(chunks, list):
        raise SlackError("invalid_chunks")
    texts = [call.arguments.text("markdown_text")]
    blocks: list[Json] = []
    for chunk in chunks:
        match chunk:
            case {"type": "markdown_text", "text": str(text)}:
                texts.append(text)
            case {"type": "blocks", "blocks": list(inner)}:
                blocks += check_blocks(inner)
            case {"type": "task_update", "id": str(), "title": str(title), "status": status} if status in _TASK_STATES:
                blocks.append(_task(title))
            case {"type": "plan_update", "title": str(title)}:
                blocks.append(_task(title))
            case _:
                raise SlackError("invalid_chunks")
    text = "".join(texts)
    if len(text) > MAX_MARKDOWN:
        raise SlackError("msg_too_long")
    return _Piece(text, tuple(blocks))


def _task(title: str) -> Json:
    """A step of the app's work, as one line."""
    return {"type": "context", "elements": [{"type": "plain_text", "text": title}]}


METHODS: Mapping[str, Method] = {"chat.startStream": start, "chat.appendStream": append, "chat.stopStream": stop}
