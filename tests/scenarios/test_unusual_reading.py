"""The admins hear once an hour who looked at unusually many customers; at whom stands nowhere in it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot import audit
from bot.audit import Purpose, View
from bot.handlers.watching import Watching
from bot.handlers.workspace.addressees import Addressees
from bot.handlers.workspace.channels import SlackChannels
from bot.handlers.workspace.directory import SlackDirectory
from slack_sdk import WebClient

from offices import Office

ALIASES = [f"{number:032x}" for number in range(5)]


def watching(office: Office, *, now: datetime) -> Watching:
    client = WebClient(token=office.slack.bot_token, base_url=office.slack.api_url)
    team = client.auth_test()["team_id"]
    people = SlackDirectory(client, office.house.directory, team=team)
    addressees = Addressees(SlackChannels(client), people, people=office.house.directory)
    return Watching(office.house.database.of(team), people, addressees, most=4, zone=UTC, clock=lambda: now)


def look(office: Office, person: str, *, now: datetime) -> None:
    workspace = WebClient(token=office.slack.bot_token, base_url=office.slack.api_url).auth_test()["team_id"]
    with office.house.database.of(workspace).writing.begin() as session:
        for number, alias in enumerate(ALIASES):
            view = View(person, alias, Purpose.CARD, ("name",), channel="C0HARBOUR")
            audit.record(session, view, now=now + timedelta(minutes=number))


def told(office: Office, person: str) -> list[str]:
    office.settle()
    direct = f"D0{person.removeprefix('U0')}"
    return [one.words for one in office.replies(person, direct) if "different customers" in one.words]


def test_the_admins_hear_who_and_how_many_once_an_hour_and_nobody_else_does(open_office: Callable[..., Office]) -> None:
    office, now = open_office(), datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=10)
    look(office, "U0SAM", now=now)
    for _ in range(2):
        watching(office, now=now + timedelta(minutes=6))()
    [words] = told(office, "U0ELIF")
    assert f"Sam Tran looked at 5 different customers from {now:%H:%M} to {now + timedelta(minutes=4):%H:%M}" in words
    assert "more than 4 within an hour is unusual" in words
    assert "throughline audit report --person U0SAM" in words
    assert not any(alias in words for alias in ALIASES)
    assert told(office, "U0SAM") == told(office, "U0RUTH") == []


def test_the_only_admin_hears_of_themselves(open_office: Callable[..., Office]) -> None:
    office, now = open_office(), datetime.now(UTC) - timedelta(minutes=10)
    look(office, "U0ELIF", now=now)
    watching(office, now=now + timedelta(minutes=6))()
    [words] = told(office, "U0ELIF")
    assert words.startswith("Elif Kaya looked at 5")
