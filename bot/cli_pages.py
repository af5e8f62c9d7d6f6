"""The command line for what is read week by week: `throughline pages`, `pages link`, `digest`."""

import signal
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from bot import app, friction_wording, logs, settings
from bot.errors import SettingsError
from bot.experience.digest import digest as digest_of
from bot.experience.drawing import Spec
from bot.experience.drawing import png as drawn
from bot.experience.viewers import THE_COMPANY, must_enter
from bot.experience.weekly import as_text, post_of
from bot.experience.weeks import Week, week_at, week_of
from bot.letters.digest import letter
from bot.page_readers import site_of
from bot.printing import print_line
from bot.visits import visiting, whereabouts
from bot.visits.visiting import Visitor
from bot.web import WebPage
from bot.web.serving import USUAL_PORT
from bot.web.site import by_roster
from bot.worlds import world_of

pages = typer.Typer(name="pages", invoke_without_command=True)


@pages.callback()
def serve(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(help="The port; 0 takes any free one. Default: WEB_PORT, or 8023.")
    ] = None,
) -> None:
    """Serve the page without the bot, from the same database; `throughline run` serves it by itself."""
    if context.invoked_subcommand is not None:
        return
    configured = settings.load()
    logs.to_stderr(configured.secrets)
    chosen = configured.web_port or USUAL_PORT if port is None else port
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    house = app.build(configured)
    with closing(house.database):
        site = site_of(house, by_roster(house.directory, house.owners))
        page = WebPage(site, port=chosen, data_dir=configured.data_dir).start()
        print_line(f"The page: {page.address}. Sign in: throughline pages link --as NAME. Stop: Ctrl-C.")
        stop.wait()
        page.stop()


@pages.command()
def link(
    as_: Annotated[str, typer.Option("--as", help="Who signs in: a name or e-mail of config/people.yaml.")],
) -> None:
    """Print a link that signs somebody in, once, within ten minutes."""
    house = app.build(settings.load())
    with closing(house.database):
        person = house.directory.find(as_)
        visitor = Visitor(person.name, person.id)
        must_enter(by_roster(house.directory, house.owners)(visitor))
        where = whereabouts.noted(house.settings.data_dir)
        if not where:
            raise SettingsError("Nobody serves the page. Start `throughline run` or `throughline pages` first.")
        with house.database.writing.begin() as session:
            secret = visiting.offer(session, visitor, now=datetime.now(UTC))
    print_line(whereabouts.entrance(where, secret))


def digest(
    png: Annotated[Path | None, typer.Option(help="Write the picture into this file.")] = None,
    since: Annotated[str, typer.Option(help="Of the week of this day, YYYY-MM-DD. Default: the last whole week.")] = "",
    as_: Annotated[
        str, typer.Option("--as", help="What a lead or owner gets: a name or e-mail of config/people.yaml.")
    ] = "",
) -> None:
    """Print what is posted of a week: what it cost, what was fixed because of reports, what costs most now."""
    house = app.build(settings.load())
    now, zone = datetime.now(UTC), house.settings.timezone
    week = week_of(_day(since)) if since else week_at(now, zone).previous
    if as_:
        _print_letter(house, as_, week, png)
        return
    with closing(house.database), house.database.reading() as session:
        found = digest_of(session, week, viewer=THE_COMPANY, now=now, zone=zone)
    post = post_of(found, house.touchpoints.map.name_of, friction_wording.weight)
    if found.empty:
        print_line(f"Week {week.number}: nothing was reported, nothing was lost. `/friction` and a few words reports.")
        return
    for line in as_text(post):
        print_line(line)
    _draw(post.spec, png)


def _print_letter(house: app.House, name: str, week: Week, png: Path | None) -> None:
    """Raises `NotAllowed` for whoever may not read the page."""
    now = datetime.now(UTC)
    with closing(house.database), house.database.reading() as session:
        person = house.directory.find(name)
        viewer = by_roster(house.directory, house.owners)(Visitor(person.name, person.id))
        found = letter(session, week, world_of(house, session), viewer=viewer, now=now)
    if found is None:
        print_line(f"Week {week.number}: nothing was reported, nothing was lost: no digest is sent.")
        return
    for line in filter(None, (found.title, *found.sentences, found.reached, found.pages)):
        print_line(line)
    _draw(found.spec, png)


def _draw(spec: Spec | None, png: Path | None) -> None:
    if png is not None and spec is None:
        print_line("No picture: of no tool enough people told what it costs.")
    elif png is not None and spec is not None:
        png.write_bytes(drawn(spec))
        print_line(f"The picture: {png}")


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(f"{written!r} is not a date. Write it as YYYY-MM-DD.") from None
