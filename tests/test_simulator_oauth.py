"""OAuth in the local Slack: consent, codes and what they are exchanged for, as strict as Slack documents it."""

import base64
import re

import httpx
import pytest
from bot.simulator import LocalSlack, SlackFront, Workspace
from bot.simulator.errors import NotLoopback
from bot.simulator.faults import Mishap
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

import fronts
from fronts import REDIRECT, SCOPES, answer, code, exchanged, installed, parts, query


@pytest.fixture(scope="module")
def served():
    with fronts.opened(speed=60.0) as front:
        yield front


@pytest.fixture
def front(served):
    """The first workspace has the app, the second has not."""
    yield served
    second = served.slacks[1].workspace
    if second.is_installed:
        second.uninstall()


def test_consent_leads_back_with_a_code_and_the_state(front):
    back = answer(front)
    assert back.headers["location"].startswith(f"{REDIRECT}?")
    assert set(parts(back)) == {"code", "state"}
    assert parts(back)["state"] == "a state"
    assert re.fullmatch(r"\d+\.\d+\.[0-9a-f]{64}", parts(back)["code"])


def test_cancel_leads_back_with_the_refusal_and_the_state(front):
    assert parts(answer(front, do="cancel", person="")) == {"error": "access_denied", "state": "a state"}


def test_what_a_redirect_url_carries_stays_in_it(front):
    assert parts(answer(front, redirect_uri=f"{REDIRECT}/other?kept=1"))["kept"] == "1"


def test_without_a_redirect_uri_consent_leads_to_the_first_that_is_registered_and_without_a_state_none_comes(front):
    back = answer(front, redirect_uri="", state="")
    assert back.headers["location"].startswith(f"{REDIRECT}?code=")
    assert set(parts(back)) == {"code"}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"client_id": "9.9"}, "invalid_client_id"),
        ({"client_id": ""}, "invalid_client_id"),
        ({"redirect_uri": "http://127.0.0.1:3000/elsewhere"}, "bad_redirect_uri"),
        ({"redirect_uri": "https://evil.example/slack/oauth_redirect"}, "bad_redirect_uri"),
        ({"redirect_uri": f"{REDIRECT}/"}, "bad_redirect_uri"),
        ({"scope": ""}, "no_scopes"),
        ({"scope": " , "}, "no_scopes"),
        ({"scope": "chat:write,chat:shout"}, "invalid_scope"),
        ({"user_scope": "chat:write"}, "invalid_scope"),
    ],
)
def test_a_request_that_is_wrong_gets_a_page_of_slacks_own_and_leads_nowhere(front, wrong, error):
    for refused in (httpx.get(front.authorize_url, params=query(**wrong)), answer(front, **wrong)):
        assert (refused.status_code, "location" in refused.headers) == (400, False)
        assert f"<code>{error}</code>" in refused.text


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ({"person": "U0MAYA"}, "Mayra Lindqvist may not install apps in Tidewater Harborside."),
        ({"person": "U0NOOR"}, "Nora Haas may not install apps"),
        ({"person": "U0JONAS"}, "Nobody here has the id 'U0JONAS'"),
        ({"team": "T0NONE"}, "There is no such workspace here."),
    ],
)
def test_only_an_admin_of_the_workspace_may_allow(front, who, words):
    refused = answer(front, **who)
    assert (refused.status_code, "location" in refused.headers) == (403, False)
    assert refused.text.startswith(words)


def test_another_page_cannot_press_allow(front):
    form = query() | {"team": "T0HARB", "as": "U0SAM", "do": "allow"}
    for origin in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert httpx.post(front.authorize_url, data=form, headers=origin).status_code == 403
    assert httpx.get(front.authorize_url, params=form, headers={"Host": "evil.example"}).status_code == 421


def test_a_code_is_exchanged_for_what_slack_documents(front):
    said = exchanged(front, code(front)).data
    token = said.pop("access_token")
    assert token.startswith("xoxb-local-")
    assert said == {
        "ok": True,
        "app_id": "A0THROUGHLINE",
        "authed_user": {"id": "U0SAM"},
        "scope": SCOPES,
        "token_type": "bot",
        "bot_user_id": "U0HARBBOT",
        "team": {"id": "T0HARB", "name": "Tidewater Harborside"},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    told = WebClient(base_url=front.api_url, token=token).auth_test()
    assert (told["team_id"], told["user_id"], told["bot_id"]) == ("T0HARB", "U0HARBBOT", "B0HARBBOT")
    assert told.headers["x-oauth-scopes"] == SCOPES


def test_consent_alone_installs_nothing(front):
    code(front)
    assert not front.slacks[1].workspace.is_installed
    assert front.slacks[1].bot_token == ""


@pytest.mark.parametrize("way", ["basic", "form", "json"])
def test_who_the_app_is_may_be_said_by_basic_or_among_the_arguments(front, way):
    arguments = {"code": code(front), "redirect_uri": REDIRECT}
    url = f"{front.api_url}oauth.v2.access"
    named = arguments | {"client_id": "1.2", "client_secret": "hush"}
    if way == "basic":
        said = httpx.post(url, data=arguments, auth=("1.2", "hush"))
    else:
        said = httpx.post(url, **({"data": named} if way == "form" else {"json": named}))
    assert said.json()["ok"] is True


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"client_id": "9.9"}, "invalid_client_id"),
        ({"client_secret": "loud"}, "bad_client_secret"),
        ({"redirect_uri": f"{REDIRECT}/other?kept=1"}, "bad_redirect_uri"),
        ({"redirect_uri": ""}, "bad_redirect_uri"),
        ({"grant_type": "password"}, "invalid_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "xoxe-local-1"}, "invalid_refresh_token"),
    ],
)
def test_an_exchange_that_is_wrong_is_refused_in_slacks_words_and_the_code_stays_good(front, wrong, error):
    given = code(front)
    with pytest.raises(SlackApiError) as refused:
        exchanged(front, given, **wrong)
    assert refused.value.response["error"] == error
    assert exchanged(front, given)["ok"]


def test_credentials_that_cannot_be_read_are_nobody_s(front):
    for garbled in ("Basic ###", f"Basic {base64.b64encode(bytes([255, 254])).decode()}", "Basic"):
        said = httpx.post(f"{front.api_url}oauth.v2.access", data={"code": "x"}, headers={"Authorization": garbled})
        assert said.json()["error"] == "invalid_client_id"


def test_a_request_without_a_redirect_uri_needs_none_at_the_exchange(front):
    assert exchanged(front, code(front, redirect_uri=""), redirect_uri="")["ok"]
    assert exchanged(front, code(front, redirect_uri=""))["ok"]
    with pytest.raises(SlackApiError, match="bad_redirect_uri"):
        exchanged(front, code(front, redirect_uri=""), redirect_uri=f"{REDIRECT}/other?kept=1")


def test_a_code_is_good_once(front):
    given = code(front)
    exchanged(front, given)
    with pytest.raises(SlackApiError, match="code_already_used"):
        exchanged(front, given)


@pytest.mark.parametrize("given", ["", "1.2.abc", "x" * 5000])
def test_a_code_that_slack_never_gave_is_refused(front, given):
    with pytest.raises(SlackApiError, match="invalid_code"):
        exchanged(front, given)


def test_a_code_is_good_for_ten_minutes(front):
    early, late = code(front), code(front)
    consents = front._consents
    for given, minutes in ((early, 4.0), (late, 10.5)):  # six seconds for the exchange of the early one
        consents.find(given).born -= minutes * 60 / 60.0  # the clock runs sixty times as fast
    assert exchanged(front, early)["ok"]
    with pytest.raises(SlackApiError, match="invalid_code"):
        exchanged(front, late)


def test_installing_again_brings_the_same_token_and_adds_scopes(front):
    token = installed(front, scope="chat:write").token
    again = exchanged(front, code(front, scope="users:read", person="U0HELIF"))
    assert (again["access_token"], again["scope"]) == (token, "chat:write,users:read")
    assert again["authed_user"] == {"id": "U0HELIF"}
    assert WebClient(base_url=front.api_url, token=token).users_list()["ok"]


def test_installing_after_an_uninstall_brings_a_new_token_and_only_the_new_scopes(front):
    client = installed(front, scope="chat:write,users:read")
    front.slacks[1].workspace.uninstall()
    again = exchanged(front, code(front, scope="chat:write"))
    assert again["scope"] == "chat:write"
    assert again["access_token"] != client.token
    with pytest.raises(SlackApiError, match="account_inactive"):
        client.auth_test()


def test_what_was_not_asked_for_may_not_be_called(front):
    with pytest.raises(SlackApiError) as refused:
        installed(front).usergroups_list()
    assert (refused.value.response["error"], refused.value.response["needed"]) == ("missing_scope", "usergroups:read")


def test_the_exchange_is_in_the_journal_of_the_workspace_without_secrets(front):
    installed(front)
    kept = front.slacks[1].workspace.journal.calls("oauth.v2.access")[-1]
    assert dict(kept.arguments) == {"redirect_uri": REDIRECT}
    assert front.slacks[0].workspace.journal.calls("oauth.v2.access") == ()


def test_an_exchange_may_be_done_and_its_answer_lost(front):
    second = front.slacks[1].workspace
    second.faults.strike_next(Mishap.LOST_ANSWER, method="oauth.v2.access")
    given = code(front)
    with pytest.raises(SlackApiError):
        exchanged(front, given)
    assert second.is_installed
    with pytest.raises(SlackApiError, match="code_already_used"):
        exchanged(front, given)


def test_consent_leads_to_this_computer_only_and_somewhere():
    with pytest.raises(NotLoopback, match="this computer only"):
        SlackFront(LocalSlack(Workspace()), redirect_urls=("https://bot.example.org/slack/oauth_redirect",))
    with pytest.raises(ValueError, match="no redirect URL"):
        SlackFront(LocalSlack(Workspace()), redirect_urls=())
