"""chat.*: what the bot says."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.simulator.channels import Channel, Kind
from bot.simulator.errors import SlackError
from bot.simulator.limits import MAX_TEXT, MAX_UPDATE_TEXT, check_blocks
from bot.simulator.messages import Message
from bot.simulator.methods.call import Call, Method

Json = dict[str, Any]


def post_message(call: Call) -> Json:
    """Say something to everyone in a channel. Text beyond 40,000 characters is cut off."""
    channel = call.joined_channel()
    message = call.workspace.post(_draft(call, channel, only_for=None))
    return {"channel": channel.id, "ts": message.ts, "message": call.shown(message)}


def post_ephemeral(call: Call) -> Json:
    """Say something to one person in a channel. Nobody else will ever see it, and no method returns it."""
    channel = call.joined_channel()
    person = call.person()
    if person.id not in channel.members:
        raise SlackError("user_not_in_channel")
    return {"message_ts": call.workspace.post(_draft(call, channel, only_for=person.id)).ts}


def update(call: Call) -> Json:
    """Change what the bot said. Blocks that are not given stay; an empty list removes them."""
    channel = call.channel()
    before = call.message(channel)
    if before.author != call.bot.user_id:
        raise SlackError("cant_update_message")
    if call.workspace.streams.is_live(channel.id, before.ts):
        raise SlackError("streaming_state_conflict")
    if len(call.arguments.text("text")) > MAX_UPDATE_TEXT:
        raise SlackError("msg_too_long")
    given = call.arguments.structure("blocks", broken="invalid_blocks_format")
    blocks = before.blocks if given is None else check_blocks(given)
    call.workspace.uploads.check(blocks)
    if not (call.arguments.text("text") or blocks):
        raise SlackError("no_text")
    changed = replace(
        before, text=call.arguments.text("text"), blocks=blocks, metadata=call.metadata() or before.metadata
    )
    after = call.workspace.update(before, changed)
    return {"channel": channel.id, "ts": after.ts, "text": after.text, "message": call.shown(after)}


def delete(call: Call) -> Json:
    """Take back what the bot said."""
    channel = call.channel()
    message = call.message(channel)
    if message.author != call.bot.user_id:
        raise SlackError("cant_delete_message")
    call.workspace.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """The address of a message on the page."""
    channel = call.channel()
    message = call.message(channel, "message_ts")
    thread = f"&thread={message.thread_ts}" if message.thread_ts else ""
    return {"channel": channel.id, "permalink": f"{call.workspace.address}/?channel={channel.id}{thread}#m{message.ts}"}


def _draft(call: Call, channel: Channel, *, only_for: str | None) -> Message:
    text = call.arguments.text("text")
    blocks = check_blocks(call.arguments.structure("blocks", broken="invalid_blocks_format") or [])
    call.workspace.uploads.check(blocks)
    if not (text or blocks):
        raise SlackError("no_text")
    if only_for and len(text) > MAX_TEXT:
        raise SlackError("msg_too_long")
    thread_ts = call.arguments.text("thread_ts") or None
    return Message(
        channel.id,
        "",
        call.bot.user_id,
        text[:MAX_TEXT],
        blocks,
        thread_ts=root_of(call, channel, thread_ts),
        only_for=only_for,
        metadata=call.metadata(),
        broadcast=bool(thread_ts) and call.arguments.flag("reply_broadcast"),
    )


def root_of(call: Call, channel: Channel, thread_ts: str | None) -> str | None:
    """The first message of a thread. Raises SlackError `thread_not_found` where there is no such message.

    A reply to a reply joins the thread that this is in, as in Slack.
    """
    if thread_ts is None:
        return None
    answered = call.workspace.message(channel.id, thread_ts)
    if answered is None or (answered.only_for and channel.kind is not Kind.DIRECT):
        raise SlackError("thread_not_found")
    return answered.thread_ts or answered.ts


METHODS: Mapping[str, Method] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
}
