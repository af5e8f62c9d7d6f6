"""The command line for several workspaces: `throughline workspaces`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from cryptography.fernet import Fernet
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import app, settings
from bot.errors import NotInstalled, SettingsError
from bot.installations import Installations, Installed
from bot.settings import Settings
from bot.slack_settings import SlackInstalled

out = Console(emoji=False)
workspaces = typer.Typer(
    name="workspaces",
    help="Where the bot is installed, with SLACK_CLIENT_ID set; docs/slack-setup.md says how to install it.",
    invoke_without_command=True,
)


@workspaces.callback()
def show(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """List the workspaces in which the bot is installed, and those that may install it."""
    if context.invoked_subcommand:
        return
    with _installations() as (slack, installations):
        found = installations.all()
    if as_json:
        missing = sorted(slack.workspaces - {one.workspace for one in found})
        told = {"installed": [_told(one, slack) for one in found], "missing": missing}
        print(json.dumps(told, indent=2, ensure_ascii=False))  # noqa: T201 - exactly this
        return
    for line in _described(found, slack):
        out.print(line, soft_wrap=True, highlight=False, markup=False)
    if found:
        out.print(_table(found))


@workspaces.command()
def key() -> None:
    """Make a TOKEN_KEY. To change keys: put the new one before the old one and a comma, then `workspaces seal`."""
    print(Fernet.generate_key().decode())  # noqa: T201 - exactly this


@workspaces.command()
def seal() -> None:
    """Encrypt all stored tokens with the first TOKEN_KEY; then the others are no longer needed."""
    with _installations() as (_, installations):
        count = installations.seal_again()
    out.print(
        f"Encrypted the tokens of {count} workspaces with the first TOKEN_KEY. Where it is the only one everywhere, "
        "the others are no longer needed.",
        highlight=False,
        soft_wrap=True,
    )


@workspaces.command()
def forget(workspace: Annotated[str, typer.Argument(help="The id of a workspace, as in the list.")]) -> None:
    """Forget the tokens of a workspace: nothing is answered there any more. What was said there is kept."""
    with _installations() as (_, installations):
        if workspace not in {one.workspace for one in installations.all()}:
            raise NotInstalled(f"The bot is not installed in {workspace}. `throughline workspaces` lists where it is.")
        installations.remove(workspace)
    out.print(f"Forgot the tokens of {workspace}. Remove the app at Slack too, under Manage apps.", highlight=False)


@contextmanager
def _installations() -> Iterator[tuple[SlackInstalled, Installations]]:
    configured = settings.load()
    slack = _of_several(configured)
    database = app.open_store(configured)
    try:
        yield slack, Installations(database, client_id=slack.client_id, keys=slack.keys)
    finally:
        database.close()


def _of_several(configured: Settings) -> SlackInstalled:
    if not isinstance(configured.slack, SlackInstalled):
        raise SettingsError(
            "SLACK_CLIENT_ID is not set, so this Throughline is in one workspace at most. What several need stands in "
            "docs/slack-setup.md."
        )
    return configured.slack


def _described(found: list[Installed], slack: SlackInstalled) -> list[str]:
    installed = {one.workspace for one in found}
    missing, beyond = sorted(slack.workspaces - installed), sorted(installed - slack.workspaces)
    here = len(installed & slack.workspaces)
    lines = [f"Installed in {here} of {len(slack.workspaces)} workspaces that SLACK_WORKSPACES names."]
    if missing:
        lines.append(f"Not yet in {', '.join(missing)}: open /slack/install of your public address in a browser.")
    if beyond:
        lines.append(f"Not attended, because SLACK_WORKSPACES does not name them: {', '.join(beyond)}.")
    return lines


def _table(found: list[Installed]) -> Table:
    table = Table("Workspace", "Name", "Installed (UTC)", "By")
    for one in found:
        table.add_row(*map(escape, (one.workspace, one.name, f"{one.at:%Y-%m-%d %H:%M}", one.by)))
    return table


def _told(one: Installed, slack: SlackInstalled) -> dict[str, object]:
    return {
        "workspace": one.workspace,
        "name": one.name,
        "installed_at": one.at.isoformat(),
        "by": one.by,
        "attended": one.workspace in slack.workspaces,
    }
