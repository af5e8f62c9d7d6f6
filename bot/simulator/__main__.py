"""Runs the local workspace alone, or two of them, for a bot in another process: `python -m bot.simulator`."""

import argparse
import os
import sys
import threading
import time

from dotenv import dotenv_values

from bot.simulator.errors import NotLoopback, PortTaken, RealTokens, RequestUrlRefused
from bot.simulator.front import SlackFront
from bot.simulator.keys import LOCAL_APP, LOCAL_BOT, check_keys
from bot.simulator.request_url import check_url
from bot.simulator.seed import harborside
from bot.simulator.server import LocalSlack
from bot.simulator.workspace import Workspace

# What a bot of this project registers; any other command is unknown here as it would be in Slack.
COMMANDS = "/ask,/knowledge,/throughline"
TOKENS = (("--bot-token", "SLACK_BOT_TOKEN", LOCAL_BOT), ("--app-token", "SLACK_APP_TOKEN", LOCAL_APP))
# Where a bot of this project listens, and where it takes consent, unless it is told otherwise.
REQUEST_URL = "http://127.0.0.1:3000/slack/events"
REDIRECT_URL = "http://127.0.0.1:3000/slack/oauth_redirect"
# How often a bot that is not there yet is looked for.
RETRY_SECONDS = 1.0


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted. Returns the exit code."""
    options = _options().parse_args(arguments)
    request_url = options.request_url or (REQUEST_URL if options.workspaces else "")
    try:
        # A bot of this project reads its keys from this file too.
        check_keys({name: value for name, value in dotenv_values(".env").items() if value})
        if request_url:
            check_url(request_url)
        slack = _front(options).start() if options.workspaces else _alone(options).start()
    except (NotLoopback, PortTaken, RealTokens) as fault:
        print(fault, file=sys.stderr)  # noqa: T201 - a command's own words
        return 2
    print(_settings(slack, over_http=bool(request_url)), flush=True)  # noqa: T201 - a command's own words
    try:
        if request_url:
            _wait_for_bot(slack, request_url)
        threading.Event().wait()
    except KeyboardInterrupt:
        slack.stop()
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot.simulator", description="A local Slack, for this computer only."
    )
    parser.add_argument("--host", default="127.0.0.1", help="127.0.0.1, ::1 or localhost; no other is accepted")
    parser.add_argument("--port", type=int, default=8022, help="of the page; with --workspaces the next two as well")
    parser.add_argument("--commands", default=COMMANDS, help="the slash commands that exist, with commas between")
    for name, variable, prefix in TOKENS:
        given = os.environ.get(variable, "")
        stable = given if given.startswith(prefix) else ""
        parser.add_argument(name, default=stable, help=f"stays the same over restarts (else ${variable}, or random)")
    parser.add_argument(
        "--request-url", default="", help="where a bot listens: everything is posted there, signed, not sent by sockets"
    )
    parser.add_argument(
        "--signing-secret", default="", help="what signs it; random unless given, so that no real one lies about"
    )
    several = parser.add_argument_group("several workspaces")
    several.add_argument(
        "--workspaces",
        action="store_true",
        help="two workspaces of one company, behind one address for the bot; it is in neither, and has no token, until "
        f"an admin there installs it (OAuth). Everything is posted to --request-url, or {REQUEST_URL}",
    )
    several.add_argument("--client-id", default="", help="of the app; random unless given")
    several.add_argument("--client-secret", default="", help="of the app; random unless given")
    several.add_argument(
        "--redirect-url", default=REDIRECT_URL, help=f"where consent leads; {REDIRECT_URL} unless given"
    )
    return parser


def _alone(options: argparse.Namespace) -> LocalSlack:
    return LocalSlack(
        Workspace(commands=tuple(options.commands.split(","))),
        options.host,
        options.port,
        bot_token=options.bot_token,
        app_token=options.app_token,
        signing_secret=options.signing_secret,
    )


def _front(options: argparse.Namespace) -> SlackFront:
    """The pages on the port and the next, the address for the bot on the one after; 0 is any for each."""
    commands = tuple(options.commands.split(","))
    ports = [options.port and options.port + number for number in range(3)]
    return SlackFront(
        LocalSlack(Workspace(installed=False, commands=commands), options.host, ports[0]),
        LocalSlack(Workspace(harborside(), installed=False, commands=commands), options.host, ports[1]),
        client_id=options.client_id,
        client_secret=options.client_secret,
        signing_secret=options.signing_secret,
        redirect_urls=(options.redirect_url,),
        host=options.host,
        port=ports[2],
    )


def _wait_for_bot(slack: LocalSlack | SlackFront, url: str) -> None:
    """The bot can start only once the workspace runs, so its address is tried until it answers."""
    while True:
        try:
            slack.set_request_url(url)
        except RequestUrlRefused:
            time.sleep(RETRY_SECONDS)
        else:
            print(f"Everything is posted to {url} now.", flush=True)  # noqa: T201 - a command's own words
            return


def _settings(slack: LocalSlack | SlackFront, *, over_http: bool) -> str:
    """What a bot needs, and whoever runs it: with the keys of two ways it could not know which is meant."""
    if isinstance(slack, SlackFront):
        installations = [one.workspace.installation for one in slack.slacks]
        pages = [f"{one.team.name}: {page.url}" for one, page in zip(installations, slack.slacks, strict=True)]
        where = "\n".join(pages) + f"\nConsent is given at {slack.authorize_url}; begin at the bot's own install page."
        keys = f"SLACK_CLIENT_ID={slack.client.id}\nSLACK_CLIENT_SECRET={slack.client.secret}\n"
        keys += f"SLACK_WORKSPACES={','.join(one.team.id for one in installations)}\n"
        keys += f"SLACK_SIGNING_SECRET={slack.signing_secret}"
    else:
        where = f"The workspace is at {slack.url}"
        way = f"SLACK_SIGNING_SECRET={slack.signing_secret}" if over_http else f"SLACK_APP_TOKEN={slack.app_token}"
        keys = f"SLACK_BOT_TOKEN={slack.bot_token}\n{way}"
    return f"{where}\n\nA bot in another process needs:\nSLACK_API_URL={slack.api_url}\n{keys}\n"


if __name__ == "__main__":
    sys.exit(main())
