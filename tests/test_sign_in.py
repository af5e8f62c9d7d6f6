"""The way into the page, over real HTTP: a link works once and for minutes, a session for hours, for one person."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from bot import migrations
from bot.database import Database, open_database
from bot.errors import SettingsError
from bot.experience.viewers import Viewer
from bot.people import Owners
from bot.touchpoints import TouchpointMap
from bot.visits import visiting, whereabouts
from bot.visits.tables import LinkRow, SessionRow
from bot.visits.visiting import Visitor
from bot.web import Site, WebPage
from sqlalchemy import select

RUTH = Visitor("Ruth Adeyemi", "ruth.adeyemi@tidewater.example")
LEAD = Viewer("Ruth Adeyemi", frozenset({"everyone", "role:lead"}))
MINUTE = timedelta(minutes=1)


@dataclass
class Door:
    """The page of a test's own; `viewer` is what everybody who signed in may see now."""

    database: Database
    folder: Path
    viewer: Viewer = LEAD
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    page: WebPage = field(init=False)
    clients: list[httpx.Client] = field(default_factory=list)

    def __post_init__(self) -> None:
        site = Site(
            self.database, TouchpointMap.empty, Owners(), {}, lambda _visitor: self.viewer, UTC, lambda: self.now
        )
        self.page = WebPage(site, port=0, data_dir=self.folder).start()

    def link(self) -> str:
        with self.database.writing.begin() as session:
            return visiting.offer(session, RUTH, now=self.now)

    def browser(self) -> httpx.Client:
        self.clients.append(httpx.Client(base_url=self.page.address, headers={"Origin": self.page.address}))
        return self.clients[-1]

    def close(self) -> None:
        for client in self.clients:
            client.close()
        self.clients.clear()

    def signed_in(self) -> httpx.Client:
        client = self.browser()
        assert client.post("/enter", data={"secret": self.link()}).status_code == 303
        return client


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Served once: a server takes a fifth of a second to stop."""
    folder = tmp_path_factory.mktemp("page")
    database = open_database(f"sqlite:///{folder / 'throughline.db'}")
    migrations.upgrade(database.engine)
    opened = Door(database, folder)
    yield opened
    opened.page.stop()
    database.close()


@pytest.fixture
def door(served: Door) -> Iterator[Door]:
    served.now, served.viewer = datetime.now(UTC), LEAD
    yield served
    served.close()


def test_a_link_signs_in_and_the_page_says_who_is_there(door: Door) -> None:
    shown = door.browser().get(f"/enter/{door.link()}")
    assert "Welcome, Ruth Adeyemi" in shown.text
    assert "Ruth Adeyemi" in door.signed_in().get("/").text


def test_looking_at_a_link_does_not_use_it_up(door: Door) -> None:
    secret, client = door.link(), door.browser()
    for _ in range(3):
        assert client.get(f"/enter/{secret}").status_code == 200
    assert client.post("/enter", data={"secret": secret}).status_code == 303


def test_a_used_link_opens_nothing(door: Door) -> None:
    secret = door.link()
    assert door.browser().post("/enter", data={"secret": secret}).status_code == 303
    other = door.browser()
    assert other.post("/enter", data={"secret": secret}).status_code == 401
    assert "opens nothing any more" in other.get(f"/enter/{secret}").text
    assert other.get("/").status_code == 401


def test_a_link_of_eleven_minutes_ago_opens_nothing(door: Door) -> None:
    secret = door.link()
    door.now += 11 * MINUTE
    assert door.browser().get(f"/enter/{secret}").status_code == 401
    assert door.browser().post("/enter", data={"secret": secret}).status_code == 401


def test_a_new_link_makes_the_unused_one_before_worthless(door: Door) -> None:
    first, second = door.link(), door.link()
    assert door.browser().post("/enter", data={"secret": first}).status_code == 401
    assert door.browser().post("/enter", data={"secret": second}).status_code == 303


@pytest.mark.parametrize("path", ["/", "/tickets", "/tickets.csv", "/tickets/FR-1"])
@pytest.mark.parametrize("cookie", ["", "x", "A" * 43])
def test_without_a_session_there_is_only_the_way_to_sign_in(door: Door, path: str, cookie: str) -> None:
    port = door.page.address.rpartition(":")[2]
    shown = httpx.get(f"{door.page.address}{path}", headers={"Cookie": f"throughline_{port}={cookie}"})
    assert shown.status_code == 401
    assert "/friction page" in shown.text


def test_a_session_ends_after_twelve_hours(door: Door) -> None:
    client = door.signed_in()
    for _ in range(11):
        door.now += timedelta(hours=1, minutes=5)
        assert client.get("/").status_code == 200
    door.now += timedelta(minutes=5)
    assert client.get("/").status_code == 401


def test_signing_out_ends_the_session_and_not_only_the_cookie(door: Door) -> None:
    client = door.signed_in()
    kept = dict(client.cookies)
    form = re.search(r'name="form" value="(\w+)"', client.get("/").text)
    assert form is not None
    assert "signed out" in client.post("/leave", data={"form": form[1]}).text
    assert httpx.get(door.page.address, cookies=kept).status_code == 401


@pytest.mark.parametrize("form", ["", "x", visiting.form_token("another session")])
def test_a_form_of_another_session_does_nothing(door: Door, form: str) -> None:
    client = door.signed_in()
    assert client.post("/leave", data={"form": form}).status_code == 403
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1:1"])
def test_a_form_that_another_site_sends_is_refused(door: Door, origin: str) -> None:
    secret = door.link()
    sent = httpx.post(f"{door.page.address}/enter", data={"secret": secret}, headers={"Origin": origin})
    assert sent.status_code == 403
    assert door.browser().post("/enter", data={"secret": secret}).status_code == 303


@pytest.mark.parametrize("host", ["evil.example", "throughline.evil.example:8023", "127.0.0.1.evil.example", "", "[::"])
def test_a_host_that_is_not_this_machine_is_refused(door: Door, host: str) -> None:
    client = door.signed_in()
    assert client.get("/", headers={"Host": host}).status_code in {400, 421}


def test_a_cookie_is_for_this_page_and_for_no_script(door: Door) -> None:
    set_cookie = door.browser().post("/enter", data={"secret": door.link()}).headers["set-cookie"].casefold()
    assert "httponly" in set_cookie
    assert "samesite=lax" in set_cookie
    assert "domain" not in set_cookie


def test_nothing_that_opens_the_page_stands_in_the_database(door: Door) -> None:
    secret = door.link()
    client = door.browser()
    client.post("/enter", data={"secret": secret})
    with door.database.reading() as session:
        rows = [*session.scalars(select(LinkRow)), *session.scalars(select(SessionRow))]
    told = " ".join(str(vars(row)) for row in rows)
    assert RUTH.address in told
    assert secret not in told
    assert not any(value in told for value in dict(client.cookies).values())


def test_whoever_lost_the_role_sees_nothing_from_that_moment(door: Door) -> None:
    client = door.signed_in()
    door.viewer = replace(LEAD, audiences=frozenset({"everyone"}))
    for path in ("/", "/tickets", "/tickets.csv", "/tickets/FR-1"):
        assert client.get(path).status_code == 403


def test_owners_of_a_team_may_read_and_outsiders_never(door: Door) -> None:
    client = door.signed_in()
    door.viewer = Viewer("Jonas", frozenset({"everyone"}), frozenset({"billing-it"}))
    assert client.get("/").status_code == 200
    door.viewer = Viewer("Guest", frozenset({"public", "role:lead"}), frozenset({"billing-it"}))
    assert client.get("/").status_code == 403


def test_every_answer_forbids_what_the_page_does_not_need(door: Door) -> None:
    client = door.signed_in()
    for path in ("/", "/nowhere", "/static/page.css", "/enter/x"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_other_methods_are_refused(door: Door) -> None:
    assert door.signed_in().request("DELETE", "/").status_code == 405


def test_old_links_and_sessions_are_dropped(door: Door) -> None:
    door.now -= timedelta(days=2)
    door.signed_in()
    door.now += timedelta(days=2)
    with door.database.writing.begin() as session:
        visiting.forget_old(session, now=door.now)
        kept = [*session.scalars(select(LinkRow)), *session.scalars(select(SessionRow))]
    assert [row for row in kept if row.until < door.now] == []


def test_a_second_page_on_the_same_port_says_what_to_do(door: Door) -> None:
    port = int(door.page.address.rpartition(":")[2])
    site = Site(door.database, TouchpointMap.empty, Owners(), {}, lambda _visitor: LEAD)
    second = WebPage(site, port=port, data_dir=door.folder)
    with pytest.raises(SettingsError, match="WEB_PORT"):
        second.start()


def test_where_it_is_served_is_noted_while_it_is(door: Door, tmp_path: Path) -> None:
    site = Site(door.database, TouchpointMap.empty, Owners(), {}, lambda _visitor: LEAD)
    page = WebPage(site, port=0, data_dir=tmp_path).start()
    assert whereabouts.noted(tmp_path) == page.address
    page.stop()
    assert whereabouts.noted(tmp_path) == ""
