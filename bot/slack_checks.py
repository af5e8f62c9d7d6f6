"""Checks of what connects a deployment to Slack: tokens, scopes, the clock, and where it listens for HTTP."""

import http.client
import json
import socket
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.findings import Finding
from bot.handlers.manifest import bot_scopes
from bot.installations import Installed
from bot.settings import Settings
from bot.slack_settings import Listening, SlackInstalled

# The first one that verifies a signature also where a form says ssl_check=1 (bolt-python#1494).
OLDEST_BOLT = (1, 29)
# A fifth of the five minutes after which a signature no longer counts.
MOST_APART = timedelta(seconds=60)
ANSWER_SECONDS = 2


def examine(
    configured: Settings,
    *,
    installed: Callable[[SlackInstalled], Sequence[Installed]],
    further: Callable[[Sequence[WebClient]], Iterator[Finding]],
) -> Iterator[Finding]:
    """Asks Slack; sends and changes nothing. `further` goes on with clients that Slack knows, one a workspace."""
    yield from bolt(version("slack-bolt"))
    if configured.slack is None:
        yield Finding("ok", "Slack: no tokens set, so `throughline run` starts the local workspace")
        return
    yield from dotenv(Path.cwd() / ".env")
    if isinstance(configured.slack, Listening):
        yield from port(configured.slack)
    known: list[WebClient] = []
    if isinstance(configured.slack, SlackInstalled):
        yield from credentials(WebClient(base_url=configured.slack_api_url), configured.slack)
        found = installed(configured.slack)
        yield from workspaces(found, configured.slack)
        for one in found:
            client = WebClient(token=one.token, base_url=configured.slack_api_url)
            again = f"Install the app there again, or run `throughline workspaces forget {one.workspace}`."
            yield from token(client, f"the token of {one.name}", remedy=again, known=known)
    else:
        client = WebClient(token=configured.slack.bot, base_url=configured.slack_api_url)
        yield from token(client, "SLACK_BOT_TOKEN", remedy="Copy the token again.", known=known)
    if known:
        yield from further(known)


def credentials(client: WebClient, slack: SlackInstalled) -> Iterator[Finding]:
    """Whether Slack knows the app by its id and secret: only then it says of a code that there is none such."""
    try:
        client.oauth_v2_access(client_id=slack.client_id, client_secret=slack.client_secret, code="none")
    except SlackApiError as fault:
        wrong = {"invalid_client_id": "SLACK_CLIENT_ID", "bad_client_secret": "SLACK_CLIENT_SECRET"}
        if name := wrong.get(str(fault.response.get("error"))):
            remedy = "Copy it again: Basic Information > App Credentials."
            yield Finding("fault", f"Slack refused {name}, so nobody can install the bot", remedy)
    except (OSError, SlackClientError) as fault:
        yield _unreachable(fault)


def workspaces(found: Sequence[Installed], slack: SlackInstalled) -> Iterator[Finding]:
    """Whether the bot is where it may be, and nowhere else."""
    here = {one.workspace for one in found}
    may = f"{len(slack.workspaces)} workspaces that may have it"
    yield Finding("ok", f"Slack: installed in {len(here & slack.workspaces)} of {may}")
    for missing in sorted(slack.workspaces - here):
        yield Finding("warning", f"The bot is not installed in {missing}", "Open /slack/install of your address.")
    for beyond in sorted(here - slack.workspaces):
        yield Finding(
            "warning",
            f"Nobody attends {beyond}, where the bot is installed",
            f"Name it in SLACK_WORKSPACES, or run `throughline workspaces forget {beyond}`.",
        )


def bolt(installed: str) -> Iterator[Finding]:
    numbers = tuple(int(part) for part in installed.split(".")[:2] if part.isdigit())
    if numbers < OLDEST_BOLT:
        yield Finding(
            "fault",
            f"slack-bolt {installed} is installed, and some versions before 1.29 run requests that nobody signed",
            "Install Throughline's own versions again: `pip install -c constraints.txt -e .`",
        )


def dotenv(file: Path) -> Iterator[Finding]:
    if file.is_file() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield Finding(
            "warning", f"Other users of this machine can read the tokens in {file}", f"Run `chmod 600 {file}`."
        )


def port(slack: Listening) -> Iterator[Finding]:
    """Whether it can be listened there, and who could send something."""
    where = f"{slack.host} port {slack.port}"
    try:
        family = socket.AF_INET6 if ":" in slack.host else socket.AF_INET
        socket.create_server((slack.host, slack.port), family=family).close()
        yield Finding("ok", f"HTTP: {where} is free for Slack's requests")
    except OSError as fault:
        if _is_alive(slack):
            yield Finding("ok", f"HTTP: a Throughline listens on {where}")
        else:
            yield Finding("fault", f"HTTP: cannot listen on {where} ({fault.strerror})", "Set HTTP_PORT to a free one.")
    if slack.open_to_others:
        yield Finding(
            "warning",
            f"HTTP: other machines can reach {where}, and what they send is not encrypted",
            "Put a proxy with TLS before it and let only the proxy through, or leave out HTTP_HOST.",
        )


def _is_alive(slack: Listening) -> bool:
    asked = http.client.HTTPConnection(slack.host, slack.port, timeout=ANSWER_SECONDS)
    try:
        asked.request("GET", "/healthz")
        said = json.loads(asked.getresponse().read(1000))
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        asked.close()
    return bool(said == {"alive": True})


def token(client: WebClient, name: str, *, remedy: str, known: list[WebClient]) -> Iterator[Finding]:
    """Whether Slack takes it, and as what; then the client is one of the `known`."""
    try:
        said = client.auth_test()
    except SlackApiError as fault:
        yield Finding("fault", f"Slack refused {name}: {fault.response.get('error')}", remedy)
        return
    except (OSError, SlackClientError) as fault:
        yield _unreachable(fault)
        return
    yield Finding("ok", f"Slack: {said.get('user')} in {said.get('team')}")
    granted = {name for name in str(said.headers.get("x-oauth-scopes", "")).split(",") if name}
    if granted and (missing := sorted(set(bot_scopes()) - granted)):
        yield Finding(
            "fault",
            f"The Slack app lacks the scopes {', '.join(missing)}",
            "Paste the manifest again and reinstall the app.",
        )
    yield from clock(said.headers, now=datetime.now(UTC))
    known.append(client)


def _unreachable(fault: Exception) -> Finding:
    return Finding("fault", f"Slack cannot be reached: {fault}", "Check the network, a proxy and SLACK_API_URL.")


def clock(headers: Mapping[str, object], *, now: datetime) -> Iterator[Finding]:
    """Compared with Slack's own, which dates its answers."""
    told = next((str(value) for name, value in headers.items() if name.lower() == "date"), None)
    try:
        apart = abs(now - parsedate_to_datetime(told)) if told else timedelta(0)
    except (ValueError, TypeError):  # TypeError: a date without a zone
        return
    if apart > MOST_APART:
        yield Finding(
            "warning",
            f"The clocks of this machine and of Slack are {apart.total_seconds():.0f} s apart",
            "Let this machine follow a time server: over HTTP every request is refused from 300 s on.",
        )
