"""Runs the local workspace alone, for a bot in another process: `python -m bot.simulator`."""

import argparse
import os
import sys
import threading
import time

from dotenv import dotenv_values

from bot.simulator.errors import NotLoopback, PortTaken, RealTokens, RequestUrlRefused
from bot.simulator.keys import LOCAL_APP, LOCAL_BOT, check_keys
from bot.simulator.request_url import check_url
from bot.simulator.server import LocalSlack
from bot.simulator.workspace import Workspace

# What a bot of this project registers; any other command is unknown here as it would be in Slack.
COMMANDS = "/ask,/knowledge,/throughline"
TOKENS = (("--bot-token", "SLACK_BOT_TOKEN", LOCAL_BOT), ("--app-token", "SLACK_APP_TOKEN", LOCAL_APP))
# How often a bot that is not there yet is looked for.
RETRY_SECONDS = 1.0


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted. Returns the exit code."""
    options = _options().parse_args(arguments)
    workspace = Workspace(commands=tuple(options.commands.split(",")))
    try:
        # A bot of this project reads its keys from this file too.
        check_keys({name: value for name, value in dotenv_values(".env").items() if value})
        if options.request_url:
            check_url(options.request_url)
        slack = LocalSlack(
            workspace,
            options.host,
            options.port,
            bot_token=options.bot_token,
            app_token=options.app_token,
            signing_secret=options.signing_secret,
        ).start()
    except (NotLoopback, PortTaken, RealTokens) as fault:
        print(fault, file=sys.stderr)  # noqa: T201 - a command's own words
        return 2
    _print_settings(slack, options.request_url)
    try:
        if options.request_url:
            _wait_for_bot(slack, options.request_url)
        threading.Event().wait()
    except KeyboardInterrupt:
        slack.stop()
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot.simulator", description="A local Slack, for this computer only."
    )
    parser.add_argument("--host", default="127.0.0.1", help="127.0.0.1, ::1 or localhost; no other is accepted")
    parser.add_argument("--port", type=int, default=8022)
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
    return parser


def _wait_for_bot(slack: LocalSlack, url: str) -> None:
    """The bot can start only once the workspace runs, so its address is tried until it answers."""
    while True:
        try:
            slack.set_request_url(url)
        except RequestUrlRefused:
            time.sleep(RETRY_SECONDS)
        else:
            print(f"Everything is posted to {url} now.", flush=True)  # noqa: T201 - a command's own words
            return


def _print_settings(slack: LocalSlack, request_url: str) -> None:
    """What a bot needs, and no more: one that has the keys of both ways cannot know which is meant."""
    way = f"SLACK_SIGNING_SECRET={slack.signing_secret}" if request_url else f"SLACK_APP_TOKEN={slack.app_token}"
    print(  # noqa: T201 - a command's own words
        f"The workspace is at {slack.url}\n\n"
        "A bot in another process needs:\n"
        f"SLACK_API_URL={slack.api_url}\nSLACK_BOT_TOKEN={slack.bot_token}\n{way}\n",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
