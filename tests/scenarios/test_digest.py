"""The week is posted on Monday morning: once, with its picture, where employees read; and it names nobody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from bot import outbox
from bot.experience.weeks import week_at, week_of
from bot.friction.acting import Act, Resolution, act
from bot.friction.moves import Event
from bot.friction.roles import Actor
from bot.handlers.digests import Digesting, is_time
from bot.handlers.manifest import bot_scopes
from bot.handlers.workspace.channels import SlackChannels
from bot.handlers.workspace.directory import SlackDirectory
from bot.simulator.faults import Mishap
from slack_sdk import WebClient

from friction import weeks
from offices import Office

# The last one that is over: what is owed for a moment to come waits for it.
MONDAY = datetime.combine(week_at(datetime.now(UTC), UTC).previous.monday, time(9, 30), UTC)
WEEK = week_of(MONDAY.date()).previous
TITLE = f"Week {WEEK.number}"
CHANNEL = "C0HARBOUR"
RUTH = Actor("U0RUTH", "T0", "Ruth", triager=True)
MENDED = "The terminal keeps its sign-in for a shift now."


@pytest.fixture
def digesting(office: Office) -> Callable[..., Digesting]:
    """The step of the worker, in an office with twelve weeks of friction; its clock is the test's."""
    house = office.house.of(office.workspace.installation.team.id)
    sealer = house.friction.sealer
    with house.database.writing.begin() as session:
        made = weeks.furnish(session, sealer, now=MONDAY - timedelta(days=3))
        for event, words, resolution in ((Event.ACKNOWLEDGE, "", None), (Event.RESOLVE, MENDED, Resolution.FIXED)):
            at = MONDAY - timedelta(days=2)
            act(session, made[4], Act(event, words, resolution), RUTH, sealer=sealer, now=at)
    client = WebClient(token=office.slack.bot_token, base_url=office.slack.api_url)
    people = SlackDirectory(client, house.directory, team=office.workspace.installation.team.id)

    def of(channel: str = "#harbour-street", *, now: datetime = MONDAY) -> Digesting:
        return Digesting(
            house.database,
            SlackChannels(client),
            people,
            channel=channel,
            map_=lambda: house.touchpoints.map,
            zone=UTC,
            clock=lambda: now,
        )

    return of


def posted(office: Office) -> list[str]:
    office.settle()
    return [one.words for one in office.replies("U0MAYA", CHANNEL) if one.words.startswith(TITLE)]


def test_the_week_is_posted_once_with_its_picture_and_with_what_was_fixed(
    office: Office, digesting: Callable[..., Digesting]
) -> None:
    for minutes in (0, 5, 10):
        digesting(now=MONDAY + timedelta(minutes=minutes))()
    (told,) = posted(office)
    assert "You said, we did" in told
    assert MENDED in told
    assert "The same box is typed into CareDesk" in told
    assert "Person " not in told, "nobody who reported is named"
    (message,) = (one for one in office.replies("U0MAYA", CHANNEL) if one.words.startswith(TITLE))
    (picture,) = (block for block in message.blocks if block["type"] == "image")
    upload = office.workspace.uploads.picture(picture["slack_file"]["id"])
    assert upload is not None
    assert (upload.body or b"").startswith(b"\x89PNG")
    assert f"to {WEEK.number}" in picture["alt_text"]


@pytest.mark.parametrize(
    ("later", "time_for_it"),
    [
        (timedelta(days=-1), False),
        (timedelta(hours=-1), False),
        (timedelta(), True),
        (timedelta(days=2), True),
        (timedelta(days=4), False),
    ],
)
def test_it_is_posted_from_monday_morning_until_wednesday(later: timedelta, time_for_it: bool) -> None:
    now = MONDAY + later
    assert is_time(now, week_at(now, UTC), UTC) is time_for_it


def test_without_a_channel_that_it_is_in_nothing_is_posted(office: Office, digesting: Callable[..., Digesting]) -> None:
    digesting("")()
    digesting("#no-such-channel")()
    assert posted(office) == []


def test_where_slack_takes_no_picture_the_words_are_posted(office: Office, digesting: Callable[..., Digesting]) -> None:
    scopes = {scope for scope in bot_scopes() if scope != "files:write"}
    office.workspace.grants = replace(office.workspace.grants, scopes=frozenset(scopes))
    digesting()()
    (told,) = posted(office)
    assert MENDED in told


def test_a_post_whose_answer_was_lost_is_not_posted_twice(office: Office, digesting: Callable[..., Digesting]) -> None:
    office.workspace.faults.strike_next(Mishap.DROPPED_AFTER, method="chat.postMessage")
    digesting()()
    assert len(posted(office)) == 1
    with office.house.database.reading() as session:
        assert outbox.is_owed(session, f"digest:{WEEK.key}")
