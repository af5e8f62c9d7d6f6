"""The command line for live events of other systems: `throughline feeds`."""

import signal
from contextlib import closing
from threading import Event
from typing import Annotated

import typer

from bot import app, logs, settings
from bot.errors import SettingsError
from bot.handlers.http.feeds import PATH, FeedListener, load_feeds
from bot.printing import print_line
from bot.touchpoints.channel_ids import channels_in

feeds = typer.Typer(name="feeds", no_args_is_help=True)


@feeds.callback()
def group() -> None:
    """Live events of other systems; docs/customer-data.md says how."""


@feeds.command()
def serve(
    port: Annotated[int | None, typer.Option(help="The port; 0 takes any free one. Default: FEED_PORT.")] = None,
) -> None:
    """Wait for live events on a port of its own, without the bot; more than one may, on one database."""
    configured = settings.load()
    logs.to_stderr(configured.secrets)
    chosen = configured.feeds.port if port is None else port
    if chosen is None:
        raise SettingsError("No port is set. Name one with --port, or set FEED_PORT.")
    found = load_feeds(configured.feeds, channels=channels_in(configured.knowledge))
    if not found:
        raise SettingsError(
            "No source may send events yet. Set FEED_SECRET_ and its name in capital letters, as FEED_SECRET_CRM, and "
            f"lay its mapping file into {configured.feeds.mappings}."
        )
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with closing(app.open_store(configured)) as database:
        listener = FeedListener(database, found, host=configured.feeds.host, port=chosen)
        listener.start()
        print_line(
            f"Waiting for events of {', '.join(sorted(found))} on {listener.address}{PATH}/SOURCE. Stop: Ctrl-C."
        )
        stop.wait()
        listener.stop()
