"""Signing in to the page with Slack, over real HTTP: the local workspace vouches, and nothing else is taken for it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
from bot import migrations, settings
from bot.database import Database, open_database
from bot.errors import SettingsError
from bot.experience.viewers import Viewer
from bot.people import Owners
from bot.simulator import LocalSlack, Workspace, openid
from bot.slack_settings import SignIn
from bot.touchpoints import TouchpointMap
from bot.visits.tables import SessionRow
from bot.visits.visiting import Visitor
from bot.web import Site, SlackOpenId, WebPage
from playwright.sync_api import Browser, expect
from sqlalchemy import delete, select

from commands import Command

pytest_plugins = ["simulator_fixtures"]

OUTSIDE = "https://throughline.tidewater.example"
EMPLOYEE = frozenset({"everyone"})
LEADS = {"U0RUTH": "Ruth Adeyemi"}


@dataclass
class Entrance:
    """The page beside a local workspace, in which Ruth is a lead and everybody else an employee."""

    database: Database
    folder: Path
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    slack: LocalSlack = field(init=False)
    page: WebPage = field(init=False)
    asked: list[Visitor] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.slack = LocalSlack(Workspace()).start()
        self.page = WebPage(self.site(), port=0, data_dir=self.folder).start()

    def site(self, **more: str) -> Site:
        sign_in = SignIn(self.slack.client.id, more.pop("secret", self.slack.client.secret))
        with_slack = SlackOpenId(sign_in, api_url=self.slack.api_url)
        site = Site(self.database, TouchpointMap.empty, Owners(), {}, self.who, UTC, lambda: self.now)
        return replace(site, openid=with_slack, url=more.get("url", ""))

    def who(self, visitor: Visitor) -> Viewer:
        self.asked.append(visitor)
        roles = {"role:lead"} if visitor.person in LEADS else set()
        return Viewer(visitor.name, EMPLOYEE | roles)

    def browser(self) -> httpx.Client:
        return httpx.Client(base_url=self.page.address)

    def consented(self, sent: httpx.Response, person: str = "U0RUTH", **changed: str) -> str:
        """Press Sign in at Slack as somebody; gives the address that leads back."""
        query = dict(parse_qsl(urlsplit(sent.headers["location"]).query)) | changed
        where = f"{self.slack.url}openid/connect/authorize"
        form = {**query, "team": "T0TIDE", "as": person, "do": "allow"}
        answered = httpx.post(where, data=form, headers={"Origin": self.slack.url.rstrip("/")})
        assert answered.status_code == 303, answered.text
        return answered.headers["location"]

    def signed_in(self, client: httpx.Client, *, next_: str = "") -> httpx.Response:
        sent = client.get("/sign-in", params={"next": next_} if next_ else {})
        return client.get(self.consented(sent))

    @property
    def sessions(self) -> int:
        with self.database.reading() as session:
            return len(session.scalars(select(SessionRow)).all())


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entrance]:
    folder = tmp_path_factory.mktemp("entrance")
    database = open_database(f"sqlite:///{folder / 'throughline.db'}")
    migrations.upgrade(database.engine)
    entrance = Entrance(database, folder)
    yield entrance
    entrance.page.stop()
    entrance.slack.stop()
    database.close()


@pytest.fixture
def entrance(opened: Entrance) -> Entrance:
    opened.now = datetime.now(UTC)
    opened.asked.clear()
    with opened.database.writing.begin() as session:
        session.execute(delete(SessionRow))
    return opened


def test_somebody_signs_in_in_a_browser_and_arrives_where_they_wanted_to_be(
    entrance: Entrance, chromium: Browser
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{entrance.page.address}/tickets?state=over")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_role("link", name="Sign in with Slack").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to Throughline with Tidewater")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("radio", name="Ruth Adeyemi").check()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Ruth Adeyemi")).to_be_visible()
    assert page.url == f"{entrance.page.address}/tickets?state=over"
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in with Slack")).to_be_visible()
    context.close()


def test_the_page_learns_ids_and_no_address(entrance: Entrance) -> None:
    with entrance.browser() as client:
        assert entrance.signed_in(client).headers["location"] == "/"
        assert "Ruth Adeyemi" in client.get("/").text
    assert {(one.person, one.workspace, one.address) for one in entrance.asked} == {("U0RUTH", "T0TIDE", "")}


def test_whoever_cancels_is_told_so(entrance: Entrance) -> None:
    with entrance.browser() as client:
        client.get("/sign-in")
        shown = client.get("/signed-in?error=access_denied&state=x")
        assert shown.status_code == 401
        assert "Slack was told no" in shown.text
        assert 'href="/sign-in"' in shown.text


def test_whoever_may_read_nothing_gets_no_session(entrance: Entrance) -> None:
    with entrance.browser() as client:
        back = entrance.consented(client.get("/sign-in"), "U0SAM")
        assert client.get(back).status_code == 403
        assert entrance.sessions == 0


def test_another_browser_cannot_finish_what_this_one_began(entrance: Entrance) -> None:
    with entrance.browser() as client, entrance.browser() as other:
        back = entrance.consented(client.get("/sign-in"))
        assert other.get(back).status_code == 401
        other.get("/sign-in")
        assert other.get(back).status_code == 401
        assert client.get(back).status_code == 303
    assert entrance.sessions == 1


def test_a_code_is_taken_once(entrance: Entrance) -> None:
    with entrance.browser() as client:
        back = entrance.consented(client.get("/sign-in"))
        cookies = dict(client.cookies)
        assert client.get(back).status_code == 303
        again = httpx.get(back, cookies=cookies)
        assert again.status_code == 401
        assert "Slack did not say who you are" in again.text


@pytest.mark.parametrize("changed", [{"nonce": "0" * 64}, {"code_challenge": "A" * 43}], ids=["nonce", "challenge"])
def test_what_was_asked_otherwise_than_this_browser_asked_is_refused(
    entrance: Entrance, changed: dict[str, str]
) -> None:
    with entrance.browser() as client:
        back = entrance.consented(client.get("/sign-in"), **changed)
        assert client.get(back).status_code == 401
    assert entrance.sessions == 0


@pytest.mark.parametrize("query", ["", "code=x", "state=x", "state=x&code=y", "state=%C3%A9&code=y"])
def test_made_up_answers_of_slack_are_refused(entrance: Entrance, query: str) -> None:
    with entrance.browser() as client:
        assert client.get(f"/signed-in?{query}").status_code == 401
        client.get("/sign-in")
        assert client.get(f"/signed-in?{query}").status_code == 401


def test_an_old_id_token_is_refused(entrance: Entrance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openid, "_TOKEN_SECONDS", -3600)
    with entrance.browser() as client:
        assert client.get(entrance.consented(client.get("/sign-in"))).status_code == 401
    assert entrance.sessions == 0


def test_a_wrong_secret_and_an_absent_slack_are_told_apart(entrance: Entrance, tmp_path: Path) -> None:
    page = WebPage(entrance.site(secret="other"), port=0, data_dir=tmp_path).start()
    slack = LocalSlack(Workspace()).start()
    gone = SlackOpenId(SignIn(slack.client.id, slack.client.secret), api_url=slack.api_url)
    away = WebPage(replace(entrance.site(), openid=gone), port=0, data_dir=tmp_path).start()
    with httpx.Client(base_url=page.address) as client:
        assert "did not say who you are" in client.get(entrance.consented(client.get("/sign-in"))).text
    with httpx.Client(base_url=away.address) as client:
        sent = client.get("/sign-in")
        state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
        slack.stop()
        shown = client.get(f"/signed-in?{urlencode({'state': state, 'code': 'x'})}")
        assert "could not be reached" in shown.text
    page.stop()
    away.stop()


@pytest.mark.parametrize(
    "next_", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\nb", "/" + "x" * 2000]
)
def test_nobody_is_led_to_another_site(entrance: Entrance, next_: str) -> None:
    with entrance.browser() as client:
        assert entrance.signed_in(client, next_=next_).headers["location"] == "/"


def test_a_session_ends_after_two_hours_in_which_nobody_was_there(entrance: Entrance) -> None:
    with entrance.browser() as client:
        entrance.signed_in(client)
        for _ in range(3):
            entrance.now += timedelta(hours=1, minutes=59)
            assert client.get("/").status_code == 200
        entrance.now += timedelta(hours=2, minutes=1)
        assert client.get("/").status_code == 401


# Behind a proxy with TLS


@pytest.fixture
def proxied(entrance: Entrance, tmp_path: Path) -> Iterator[httpx.Client]:
    """What a proxy hands on of a browser that speaks TLS with it."""
    page = WebPage(entrance.site(url=OUTSIDE), port=0, data_dir=tmp_path).start()
    host = urlsplit(OUTSIDE).netloc
    with httpx.Client(base_url=page.address, headers={"Host": host, "Origin": OUTSIDE}) as client:
        yield client
    page.stop()


def test_behind_a_proxy_cookies_are_protected_and_slack_leads_back_there(proxied: httpx.Client) -> None:
    sent = proxied.get("/sign-in")
    asked = parse_qs(urlsplit(sent.headers["location"]).query)
    assert asked["redirect_uri"] == [f"{OUTSIDE}/signed-in"]
    cookie = sent.headers["set-cookie"]
    assert cookie.startswith("__Host-throughline_sign_in=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "domain" not in cookie.casefold()
    assert "max-age" in sent.headers["strict-transport-security"]


def test_other_hosts_are_told_the_address_and_forms_of_plain_http_are_refused(proxied: httpx.Client) -> None:
    refused = proxied.get("/", headers={"Host": "evil.example"})
    assert refused.status_code == 421
    assert OUTSIDE in refused.text
    plain = OUTSIDE.replace("https", "http")
    assert proxied.post("/leave", data={"form": "x"}, headers={"Origin": plain}).status_code == 403


def test_settings_for_the_page_are_checked_by_name(tmp_path: Path) -> None:
    for given in ("http://throughline.example", "https://", "throughline.example", "https://a.example/path"):
        with pytest.raises(SettingsError, match="WEB_URL"):
            settings.load({"WEB_URL": given}, folder=tmp_path)
    assert settings.load({"WEB_URL": f"{OUTSIDE}/"}, folder=tmp_path).web_url == OUTSIDE
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    with pytest.raises(SettingsError, match="SIGN_IN_CLIENT_SECRET"):
        settings.load({**tokens, "SIGN_IN_CLIENT_ID": "1.2"}, folder=tmp_path)
    with pytest.raises(SettingsError, match="SIGN_IN_CLIENT_ID"):
        settings.load({**tokens, "SIGN_IN_CLIENT_ID": "x", "SIGN_IN_CLIENT_SECRET": "y"}, folder=tmp_path)
    both = settings.load({**tokens, "SIGN_IN_CLIENT_ID": "1.2", "SIGN_IN_CLIENT_SECRET": "hush"}, folder=tmp_path)
    assert both.slack is not None
    assert both.slack.sign_in == SignIn("1.2", "hush")
    assert "hush" in both.secrets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_the_manifest_names_where_slack_leads_back_to(command: Command) -> None:
    told = json.loads(command("manifest", "--url", "https://bot.example.org", "--page", f"{OUTSIDE}/").out)
    oauth = told["oauth_config"]
    assert oauth["redirect_urls"] == ["https://bot.example.org/slack/oauth_redirect", f"{OUTSIDE}/signed-in"]
    assert oauth["scopes"]["user"] == ["openid", "profile"]
    assert "redirect_urls" not in json.loads(command("manifest").out)["oauth_config"]
    assert command("manifest", "--page", "http://x").code == 2
