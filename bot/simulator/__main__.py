"""Runs the local workspace alone, for a bot in another process: `python -m bot.simulator`."""

import argparse
import os
import sys
import threading

from bot.simulator.errors import NotLoopback, PortTaken
from bot.simulator.server import LocalSlack
from bot.simulator.workspace import Workspace

# What a bot of this project registers; any other command is unknown here as it would be in Slack.
COMMANDS = "/ask,/knowledge,/throughline"
# What is printed here must not be a key to a real workspace: only local tokens are taken from the environment.
TOKENS = (("--bot-token", "SLACK_BOT_TOKEN", "xoxb-local-"), ("--app-token", "SLACK_APP_TOKEN", "xapp-1-local-"))


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted. Returns the exit code."""
    options = _options().parse_args(arguments)
    workspace = Workspace(commands=tuple(options.commands.split(",")))
    try:
        slack = LocalSlack(
            workspace, options.host, options.port, bot_token=options.bot_token, app_token=options.app_token
        ).start()
    except (NotLoopback, PortTaken) as fault:
        print(fault, file=sys.stderr)  # noqa: T201 - a command's own words
        return 2
    _print_settings(slack)
    try:
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
    return parser


def _print_settings(slack: LocalSlack) -> None:
    print(  # noqa: T201 - a command's own words
        f"The workspace is at {slack.url}\n\n"
        "A bot in another process needs:\n"
        f"SLACK_API_URL={slack.api_url}\nSLACK_BOT_TOKEN={slack.bot_token}\nSLACK_APP_TOKEN={slack.app_token}\n",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
