"""conversations.*: where the bot is, who else is there, what was said there."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.simulator import profiles
from bot.simulator.channels import Channel, Kind
from bot.simulator.errors import SlackError
from bot.simulator.messages import Message
from bot.simulator.methods.call import Call, Method
from bot.simulator.paging import page, with_cursor

Json = dict[str, Any]

_TYPES = {"public_channel": Kind.PUBLIC, "private_channel": Kind.PRIVATE, "im": Kind.DIRECT, "mpim": None}


def info(call: Call) -> Json:
    """One conversation."""
    shown = profiles.conversation(call.channel(), call.workspace.installation)
    if not call.arguments.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


def list_all(call: Call) -> Json:
    """The conversations that the bot can see; without `types`, public channels."""
    kinds = _kinds(call)
    visible = [one for one in call.workspace.channels if one.kind in kinds and _visible(call, one)]
    limit = call.arguments.number("limit", default=100, most=1000)
    part, following = page(visible, cursor=call.arguments.text("cursor"), limit=limit)
    channels = [profiles.conversation(one, call.workspace.installation) for one in part]
    return with_cursor({"channels": channels}, following)


def of_person(call: Call) -> Json:
    """The conversations that somebody is in, as far as the bot can see them; without `user`, the bot's own."""
    person = call.person().id if call.arguments.text("user") else call.bot.user_id
    kinds = _kinds(call)
    theirs = [one for one in call.workspace.channels if one.kind in kinds and person in one.members]
    visible = [one for one in theirs if _visible(call, one)]
    limit = call.arguments.number("limit", default=100, most=1000)
    part, following = page(visible, cursor=call.arguments.text("cursor"), limit=limit)
    channels = [profiles.conversation(one, call.workspace.installation) for one in part]
    return with_cursor({"channels": channels}, following)


def members(call: Call) -> Json:
    """Who is in a conversation."""
    limit = call.arguments.number("limit", default=100, most=1000)
    part, following = page(call.channel().members, cursor=call.arguments.text("cursor"), limit=limit)
    return with_cursor({"members": list(part)}, following)


def history(call: Call) -> Json:
    """What was said in a conversation outside its threads, newest first."""
    channel = call.joined_channel()
    said = [one for one in call.workspace.messages(channel.id) if not one.is_reply or one.broadcast]
    return _messages(call, _within(call, said)[::-1])


def replies(call: Call) -> Json:
    """A thread from its first message on, oldest first."""
    channel = call.joined_channel()
    ts = call.arguments.needed("ts")
    root = call.workspace.message(channel.id, ts)
    if root is None or root.only_for:
        raise SlackError("thread_not_found")
    return _messages(call, _within(call, call.workspace.messages(channel.id, root.thread_ts or ts)))


def open_direct(call: Call) -> Json:
    """The direct message with a person, by the person's id or by its own."""
    if call.arguments.text("channel"):
        return {"channel": profiles.conversation(call.channel(), call.workspace.installation)}
    users = call.arguments.needed("users").split(",")
    if len(users) > 1:
        # Slack would open a group message here; the workspace has none.
        raise SlackError("not_enough_users" if len(set(users)) == 1 else "method_not_supported_for_channel_type")
    if users[0] not in {person.id for person in call.workspace.people}:
        raise SlackError("user_not_found")
    channel = call.workspace.direct(users[0])
    shown = profiles.conversation(channel, call.workspace.installation)
    opened = shown if call.arguments.flag("return_im") else {"id": channel.id}
    return {"channel": opened, "no_op": True, "already_open": True}


def _kinds(call: Call) -> set[Kind | None]:
    wanted = (call.arguments.text("types") or "public_channel").replace(" ", "").split(",")
    if not set(wanted) <= _TYPES.keys():
        raise SlackError("invalid_types")
    kinds = {_TYPES[name] for name in wanted}
    call.workspace.grants.check(call.method, [kind for kind in kinds if kind])
    return kinds


def _visible(call: Call, channel: Channel) -> bool:
    return channel.kind is Kind.PUBLIC or call.bot.user_id in channel.members


def _within(call: Call, messages: Sequence[Message]) -> Sequence[Message]:
    """Those that everybody can read, between `oldest` and `latest`; the ends count only with `inclusive`."""
    oldest = call.arguments.text("oldest") or "0"
    latest = call.arguments.text("latest") or "9999999999"
    ends = (oldest, latest) if call.arguments.flag("inclusive") else ()
    return [one for one in messages if one.only_for is None and (oldest < one.ts < latest or one.ts in ends)]


def _messages(call: Call, messages: Sequence[Message]) -> Json:
    limit = call.arguments.number("limit", default=100, most=999)
    part, following = page(messages, cursor=call.arguments.text("cursor"), limit=limit)
    answer: Json = {"messages": [call.shown(one) for one in part], "has_more": bool(following)}
    return with_cursor(answer, following) if following else answer


METHODS: Mapping[str, Method] = {
    "conversations.info": info,
    "conversations.list": list_all,
    "conversations.members": members,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.open": open_direct,
    "users.conversations": of_person,
}
