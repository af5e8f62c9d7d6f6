"""assistant.threads.*: what the app shows beside its messages."""

from collections.abc import Mapping
from typing import Any

from bot.simulator.agent import MAX_LOADING_MESSAGES, MAX_PROMPTS, Prompt, Prompts
from bot.simulator.channels import Channel, Kind
from bot.simulator.errors import SlackError
from bot.simulator.methods.call import Call, Method

Json = dict[str, Any]


def set_status(call: Call) -> Json:
    """Say below a thread that the app is at work. Its next message there takes it back, and so do two minutes."""
    channel = call.joined_channel("channel_id")
    thread_ts = _thread(call, channel)
    loading = call.arguments.structure("loading_messages", broken="invalid_arguments") or []
    if not isinstance(loading, list) or len(loading) > MAX_LOADING_MESSAGES:
        raise _invalid(f"no more than {MAX_LOADING_MESSAGES} items allowed [json-pointer:/loading_messages]")
    if "status" not in call.arguments.values:
        raise _invalid("missing required field: status")
    words = call.arguments.text("status")
    call.workspace.set_status(channel, thread_ts, words, loading=tuple(map(str, loading)))
    return {}


def set_suggested_prompts(call: Call) -> Json:
    """Suggest up to four questions. With a `thread_ts` Slack says yes and shows nothing: agent apps have no threads."""
    channel = _direct(call)
    given = call.arguments.structure("prompts", broken="invalid_arguments")
    if not isinstance(given, list) or not 1 <= len(given) <= MAX_PROMPTS:
        raise _invalid(f"must have 1 to {MAX_PROMPTS} items [json-pointer:/prompts]")
    if not all(isinstance(one, dict) and one.get("title") and one.get("message") for one in given):
        raise _invalid("must provide `title` and `message` [json-pointer:/prompts]")
    prompts = tuple(Prompt(str(one["title"]), str(one["message"])) for one in given)
    if not call.arguments.text("thread_ts"):
        call.workspace.suggest(channel, Prompts(call.arguments.text("title"), prompts))
    return {}


def set_title(call: Call) -> Json:
    """Name a conversation in the direct message with the app."""
    channel = _direct(call)
    thread_ts = _thread(call, channel)
    with call.workspace.changing():
        call.workspace.agent.titles[channel.id, thread_ts] = call.arguments.needed("title")
    return {}


def _direct(call: Call) -> Channel:
    channel = call.joined_channel("channel_id")
    if channel.kind is not Kind.DIRECT:
        raise SlackError("channel_not_found")
    return channel


def _thread(call: Call, channel: Channel) -> str:
    """The first message of the thread that is meant."""
    message = call.workspace.message(channel.id, call.arguments.needed("thread_ts"))
    if message is None or message.only_for is not None:
        raise SlackError("invalid_thread_ts")
    return message.thread_ts or message.ts


def _invalid(message: str) -> SlackError:
    return SlackError("invalid_arguments", messages=(message,))


METHODS: Mapping[str, Method] = {
    "assistant.threads.setStatus": set_status,
    "assistant.threads.setSuggestedPrompts": set_suggested_prompts,
    "assistant.threads.setTitle": set_title,
}
