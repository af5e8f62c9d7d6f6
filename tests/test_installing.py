"""Whoever installs the bot is led to Slack and back, and reads what to do; a stranger gets nowhere and costs little."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from bot import app
from bot.handlers.http.installing import MOST_WAITING, THREADS
from bot.handlers.manifest import bot_scopes
from bot.installations import Installations
from bot.running import RunningBot
from bot.simulator import SlackFront
from bot.slack_settings import SlackInstalled
from cryptography.fernet import Fernet

import fronts
from offices import settings_for, until

KEY = Fernet.generate_key().decode()
COOKIE = "slack-app-oauth-state"


@dataclass
class Door:
    """Where a bot can be installed, and what it knows."""

    front: SlackFront
    bot: RunningBot
    installations: Installations
    client: httpx.Client

    def begin(self) -> httpx.Response:
        return self.client.get("/slack/install")

    def come_back(self, state: str, cookie: str, **query: str) -> httpx.Response:
        """As a browser does that Slack sends back."""
        given = {"state": state, **query}
        return self.client.get("/slack/oauth_redirect", params=given, headers={"Cookie": f"{COOKIE}={cookie}"})

    def install(self) -> httpx.Response:
        """The whole way, as an admin goes it."""
        state = state_of(self.begin())
        scope = ",".join(bot_scopes())
        return self.come_back(state, state, code=code_of(self.front, state, scope=scope))

    def workspaces(self) -> list[str]:
        return [one.workspace for one in self.installations.all()]


def code_of(front: SlackFront, state: str, **more: str) -> str:
    """What Slack sends along when an admin allows it; the bot names no address to come back to."""
    return fronts.code(front, state=state, redirect_uri="", **more)


def state_of(begun: httpx.Response) -> str:
    return parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]


@contextmanager
def opened(folder: Path, *, secret: str = "hush", allowed: str = "T0HARB") -> Iterator[Door]:  # noqa: S107 - a local one
    slack = SlackInstalled(
        client_id="1.2",
        client_secret=secret,
        signing_secret=fronts.SECRET,
        keys=(KEY,),
        workspaces=frozenset({allowed}),
        port=0,
    )
    house = app.build(settings_for(folder / "var"))
    with fronts.opened() as front:
        bot = RunningBot(house, tokens=slack, api_url=front.api_url).start()
        installations = Installations(house.database, client_id="1.2", keys=[KEY])
        try:
            with httpx.Client(base_url=bot._line.address, timeout=30) as client:
                yield Door(front, bot, installations, client)
        finally:
            bot.stop()
            house.database.close()


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened(tmp_path_factory.mktemp("door")) as one:
        yield one


def test_whoever_begins_is_led_to_slack_with_what_the_bot_needs(door: Door) -> None:
    begun = door.begin()
    where = urlsplit(begun.headers["location"])
    asked = parse_qs(where.query)
    assert begun.status_code == 302
    assert f"{where.scheme}://{where.netloc}{where.path}" == door.front.authorize_url
    assert (asked["client_id"], asked["scope"]) == (["1.2"], [",".join(bot_scopes())])
    cookie = begun.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}={asked['state'][0]};")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=lax", "Max-Age=600"))


@pytest.mark.parametrize(
    "team", ["T0HARB&redirect_uri=https://evil.example", "T0OTHER", "x\r\nSet-Cookie: a=b", "https://evil.example", "é"]
)
def test_nothing_of_the_address_goes_along_but_a_workspace_that_may_install(door: Door, team: str) -> None:
    begun = door.client.get("/slack/install", params={"team": team})
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert set(asked) == {"state", "client_id", "scope"}
    named = door.client.get("/slack/install", params={"team": "T0HARB"})
    assert parse_qs(urlsplit(named.headers["location"]).query)["team"] == ["T0HARB"]


def test_the_whole_way_ends_with_what_to_do_next(door: Door) -> None:
    ended = door.install()
    assert ended.status_code == 200
    assert "Throughline is in Tidewater Harborside" in ended.text
    assert "You can close this page." in ended.text
    assert door.workspaces() == ["T0HARB"]
    assert door.bot.attended.of("T0HARB") is not None


def test_a_page_loaded_again_installs_nothing_again(door: Door) -> None:
    state = state_of(door.begin())
    code = code_of(door.front, state)
    assert door.come_back(state, state, code=code).status_code == 200
    again = door.come_back(state, state, code=code)
    assert (again.status_code, "Try again" in again.text) == (401, True)
    assert "loaded a second time" in again.text


def test_nobody_can_be_made_to_finish_what_somebody_else_began(door: Door) -> None:
    """Else a stranger's installation could be slipped to an admin by a link."""
    state, another = state_of(door.begin()), state_of(door.begin())
    code = code_of(door.front, state)
    for cookie in (another, "", "made-up"):
        refused = door.come_back(state, cookie, code=code)
        assert refused.status_code == 400
        assert "opened in another browser" in refused.text
    made_up = door.come_back("made-up", "made-up", code=code)
    assert made_up.status_code == 401
    assert fronts.exchanged(door.front, code, redirect_uri="")["ok"]  # nobody has asked Slack for it


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"error": "access_denied"}, "You said no, so nothing was installed."),
        ({"error": "storage_error"}, "Slack did not allow it."),
        ({"error": "<script>alert(1)</script>"}, "Slack did not allow it."),
        ({"error": "x\n2026-11-22 CRITICAL bot: all is lost"}, "Slack did not allow it."),
        ({}, "opened in another browser"),
    ],
)
def test_what_a_stranger_writes_into_the_address_is_neither_shown_nor_logged(
    door: Door, query: dict[str, str], said: str, caplog: pytest.LogCaptureFixture
) -> None:
    shown = door.client.get("/slack/oauth_redirect", params=query)
    assert said in shown.text
    assert "script" not in shown.text
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert not [one for one in caplog.records if one.name.startswith("bot") and one.levelname != "DEBUG"]


def test_a_workspace_that_was_not_named_is_taken_out_again_and_told_its_id(tmp_path: Path) -> None:
    with opened(tmp_path, allowed="T0ELSE") as door:
        refused = door.install()
        assert refused.status_code == 403
        assert "adds the id T0HARB to SLACK_WORKSPACES first" in refused.text
        assert not door.front.slacks[1].workspace.is_installed
        assert door.workspaces() == []


def test_a_wrong_client_secret_is_said_to_be_for_the_doctor(tmp_path: Path) -> None:
    with opened(tmp_path, secret="of another app") as door:
        refused = door.install()
        assert refused.status_code == 401
        assert "finds the reason with the command throughline doctor" in refused.text


def test_where_slack_is_away_whoever_comes_back_reads_it(tmp_path: Path) -> None:
    with opened(tmp_path) as door:
        state = state_of(door.begin())
        code = code_of(door.front, state)
        door.front.stop()
        refused = door.come_back(state, state, code=code)
        assert (refused.status_code, "Begin again in a minute" in refused.text) == (503, True)
        assert "Slack could not be reached" in refused.text


def test_whoever_keeps_the_page_busy_is_sent_away_and_slack_is_heard_all_the_same(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    installing = door.bot._line._installing[-1].endpoint.__self__  # type: ignore[union-attr]
    states = installing._flow.settings.state_store
    monkeypatch.setattr(states, "issue", lambda: "late" if go_on.wait(20) else "")
    count = THREADS + MOST_WAITING + 5
    with ThreadPoolExecutor(count) as crowd:
        asked = [crowd.submit(door.begin) for _ in range(count)]
        until(lambda: sum(one.done() and one.result().status_code == 503 for one in asked) == 5)
        assert door.client.get("/healthz").json() == {"alive": True}
        assert door.client.post("/slack/events", content=b"{}").status_code == 401
        go_on.set()
        assert sorted(one.result().status_code for one in asked) == [302] * (count - 5) + [503] * 5
