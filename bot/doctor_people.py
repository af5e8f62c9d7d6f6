"""Whether the user groups and channels that pages and `config/people.yaml` name are there in Slack."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.audiences import CHANNEL, GROUP
from bot.database import Database
from bot.findings import Finding
from bot.handlers.workspace.channels import SlackChannels
from bot.people import Directory
from bot.retrieval import catalogue, named

_PEOPLE = "config/people.yaml"


def named_anywhere(database: Database, directory: Directory) -> dict[str, str]:
    """`group:` or `channel:` audience -> a page that names it, or `config/people.yaml`, or a notice."""
    with database.reading() as session:
        live = catalogue.live_generation(session)
        notices = named.by_notices(session, now=datetime.now(UTC))
        pages = named.by_pages(session, generation=live.number) if live else {}
    granting = [*(f"{GROUP}{name}" for name in directory.grants.groups)]
    granting += [f"{CHANNEL}{name}" for name in directory.grants.channels]
    return {**dict.fromkeys(notices, "a notice"), **pages, **dict.fromkeys(granting, _PEOPLE)}


def examine(clients: Sequence[WebClient], wanted: Mapping[str, str]) -> Iterator[Finding]:
    """What is in one of the workspaces is there. Raises what the clients raise where Slack does not answer at all."""
    groups = {name.removeprefix(GROUP): where for name, where in wanted.items() if name.startswith(GROUP)}
    channels = {name.removeprefix(CHANNEL): where for name, where in wanted.items() if name.startswith(CHANNEL)}
    found = [*(_groups(clients, groups) if groups else ()), *_channels(clients, channels)]
    yield from found
    if wanted and not found:
        yield Finding("ok", f"Slack has the {len(groups)} user groups and {len(channels)} channels that are named")


def digest_channel(clients: Sequence[WebClient], name: str) -> Iterator[Finding]:
    """Whether the week can be posted where DIGEST_CHANNEL says. Raises what the clients raise, as above."""
    if not name:
        yield Finding("ok", "the week is posted nowhere: DIGEST_CHANNEL is not set")
        return
    if any(SlackChannels(client).called(name) for client in clients):
        yield Finding("ok", f"the week is posted in {name} on Monday morning (DIGEST_CHANNEL)")
        return
    yield Finding(
        "warning",
        f"DIGEST_CHANNEL is {name}, and Throughline is in no channel of that name; the week is not posted",
        "Mend the spelling, or invite it there with `/invite @Throughline`.",
    )


def _groups(clients: Sequence[WebClient], groups: Mapping[str, str]) -> Iterator[Finding]:
    try:
        said = [group for client in clients for group in client.usergroups_list()["usergroups"]]
    except SlackApiError as fault:
        yield Finding(
            "fault",
            f"Slack does not list its user groups ({fault.response.get('error')}), and {', '.join(sorted(groups))} are "
            "named, so nobody is answered",
            "Add the scope usergroups:read and reinstall the app, or take the groups out.",
        )
        return
    there = {group["handle"] for group in said if not group.get("date_delete")}
    for handle in sorted(groups.keys() - there):
        yield Finding(
            "warning",
            f"Slack has no user group @{handle}, which {groups[handle]} names; nobody is in it",
            "Mend the spelling of the handle, or make the group in Slack.",
        )


def _channels(clients: Sequence[WebClient], channels: Mapping[str, str]) -> Iterator[Finding]:
    for channel in sorted(channels):
        shown, why = _shown(clients, channel)
        if shown is None:
            yield Finding(
                "warning",
                f"Slack shows no channel {channel} ({why}), which {channels[channel]} names; "
                "nobody counts as being in it",
                "Mend the id, or invite Throughline if the channel is private.",
            )
        elif not shown.get("is_member"):
            yield Finding(
                "warning",
                f"Throughline is not in #{shown.get('name')}, which {channels[channel]} names; that somebody left is "
                "known up to five minutes later",
                "Invite it there with `/invite @Throughline`.",
            )


def _shown(clients: Sequence[WebClient], channel: str) -> tuple[dict[str, Any] | None, str]:
    """The channel as a workspace shows it that has it; else None, and why the last one does not."""
    why = ""
    for client in clients:
        try:
            shown: dict[str, Any] = client.conversations_info(channel=channel)["channel"]
        except SlackApiError as fault:
            why = str(fault.response.get("error"))
        else:
            return shown, ""
    return None, why
