"""Who can reach the local workspace: this computer, by its own name, from its own page."""

import hashlib
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from bot.simulator import LocalSlack, Workspace
from bot.simulator.errors import NotLoopback, PortTaken, RealTokens

pytest_plugins = ["simulator_fixtures"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "example.org", ""])  # noqa: S104 - refused
def test_an_address_that_others_can_reach_is_refused_with_the_remedy(host):
    with pytest.raises(NotLoopback, match=r"Leave --host out, or give one of 127\.0\.0\.1, ::1, localhost"):
        LocalSlack(Workspace(), host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_is_served(host):
    slack = LocalSlack(Workspace(), host).start()
    assert httpx.get(slack.url).status_code == 200
    slack.stop()


def test_a_port_in_use_is_named_with_the_remedy():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"port {port}: .* choose another with --port"):
            LocalSlack(Workspace(), port=port).start()


def test_a_request_for_another_name_is_refused_so_that_no_foreign_page_can_rebind_its_name(slack):
    for path in ("", "static/tokens.css", "api/auth.test"):
        assert httpx.get(slack.url + path, headers={"Host": "evil.example"}).status_code == 421
    port = slack.url.rpartition(":")[2].strip("/")
    assert httpx.get(slack.url, headers={"Host": f"localhost:{port}"}).status_code == 200


@pytest.mark.parametrize("origin", [None, "https://evil.example", "http://127.0.0.1:1", "null"])
@pytest.mark.parametrize("path", ["say", "press", "faults"])
def test_another_page_cannot_post_here(slack, workspace, path, origin):
    form = {"as": "U0MAYA", "channel": "C0HARBOUR", "text": "x", "fault": "twice"}
    headers = {"Origin": origin} if origin else {}
    before = len(workspace.messages("C0HARBOUR"))
    assert httpx.post(slack.url + path, data=form, headers=headers).status_code == 403
    assert len(workspace.messages("C0HARBOUR")) == before
    assert workspace.faults.names == ()


def test_the_page_says_what_a_browser_may_do_with_it(slack):
    headers = httpx.get(slack.url).headers
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_a_place_that_does_not_exist_leads_to_one_that_does(slack):
    assert "# harbour-street" in httpx.get(f"{slack.url}?as=NOBODY&channel=NOWHERE&thread=1.2").text


def test_a_button_that_is_gone_is_called_so(slack, workspace):
    form = {"as": "U0MAYA", "channel": "C0HARBOUR", "message": "1.000001", "button": "0"}
    answer = httpx.post(f"{slack.url}press", data=form, headers={"Origin": workspace.address})
    assert (answer.status_code, answer.text) == (409, "This button is gone; the message has changed.")


def test_the_bot_finds_the_workspace_again_where_it_was(workspace):
    slack = LocalSlack(workspace).start()
    url, token = slack.api_url, slack.bot_token
    slack.stop()
    slack.start()
    assert (slack.api_url, slack.bot_token) == (url, token)
    slack.stop()


def test_tokens_are_random_unless_given():
    first, second = LocalSlack(Workspace()), LocalSlack(Workspace())
    assert first.bot_token != second.bot_token
    assert first.app_token.startswith("xapp-1-local-")
    assert LocalSlack(Workspace(), bot_token="xoxb-local-mine").bot_token == "xoxb-local-mine"


def test_run_alone_it_prints_where_it_is_and_what_a_bot_needs():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "SLACK_BOT_TOKEN": "xoxb-local-mine", "SLACK_APP_TOKEN": "another program's"}
    command = [sys.executable, "-m", "bot.simulator", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        printed = "".join(running.stdout.readline() for _ in range(6))
        answer = httpx.get(f"http://127.0.0.1:{port}/")
        running.terminate()
    assert answer.status_code == 200
    assert f"The workspace is at http://127.0.0.1:{port}/" in printed
    assert f"SLACK_API_URL=http://127.0.0.1:{port}/api/" in printed
    assert "SLACK_BOT_TOKEN=xoxb-local-mine" in printed
    # What is no key of this workspace is neither taken nor printed.
    assert re.search("SLACK_APP_TOKEN=xapp-1-local-", printed)


@pytest.mark.parametrize(
    ("options", "way", "other"),
    [
        ([], "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"),
        (["--request-url=http://127.0.0.1:9/slack/events"], "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"),
    ],
)
def test_run_alone_it_prints_the_keys_of_one_way_since_a_bot_with_both_does_not_start(options, way, other):
    command = [sys.executable, "-m", "bot.simulator", "--port=0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        printed = "".join(running.stdout.readline() for _ in range(6))
        running.terminate()
    assert f"\n{way}=" in printed
    assert other not in printed


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        ("--host=0.0.0.0", "will not listen on '0.0.0.0'"),
        ("--request-url=http://example.org/slack", "posts to this computer only, not to 'http://example.org/slack'"),
    ],
)
def test_run_for_others_it_says_why_not(option, reason):
    command = [sys.executable, "-m", "bot.simulator", option]
    refused = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert refused.returncode == 2
    assert reason in refused.stderr


@pytest.mark.parametrize("variable", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_USER_TOKEN"])
def test_it_does_not_run_beside_the_key_to_a_real_workspace(monkeypatch, variable):
    monkeypatch.setenv(variable, "xoxb-1-real" if "BOT" in variable else "xapp-1-A0-real")
    with pytest.raises(RealTokens, match=f"{variable}: this may open a real Slack.* Unset {variable}"):
        LocalSlack(Workspace())


def test_it_takes_no_key_that_may_be_a_real_one():
    with pytest.raises(RealTokens, match="SLACK_BOT_TOKEN"):
        LocalSlack(Workspace(), bot_token="xoxb-1-real")


@pytest.mark.parametrize("where", ["environment", "file"])
def test_run_alone_beside_a_real_key_it_says_why_not_and_does_not_repeat_the_key(tmp_path, where):
    key = "xapp-1-A0-very-real"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    if where == "environment":
        environment["SLACK_APP_TOKEN"] = key
    else:
        (tmp_path / ".env").write_text(f"SLACK_APP_TOKEN={key}\n")
    command = [sys.executable, "-m", "bot.simulator", "--port", "0"]
    refused = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=30, env=environment, cwd=tmp_path
    )
    assert refused.returncode == 2
    assert "SLACK_APP_TOKEN: this may open a real Slack" in refused.stderr
    assert key not in refused.stderr + refused.stdout


def test_the_vendored_scripts_are_the_ones_that_third_party_md_names():
    project = Path(__file__).parent.parent
    rows = re.findall(
        r"^\| `(\S+\.js)` .* `([0-9a-f]{64})` \|$", (project / "THIRD_PARTY.md").read_text(), re.MULTILINE
    )
    assert {path for path, _ in rows} >= {f"bot/simulator/static/{name}" for name in ("htmx.min.js", "hx-sse.min.js")}
    for path, digest in rows:
        assert hashlib.sha256((project / path).read_bytes()).hexdigest() == digest


def test_the_simulator_knows_nothing_of_the_rest_of_the_bot():
    here = Path(__file__).parent.parent / "bot" / "simulator"
    imported = {
        module
        for file in here.rglob("*.py")
        for module in re.findall(r"^(?:from|import) (bot\S*)", file.read_text(), re.MULTILINE)
    }
    assert all(module.startswith("bot.simulator") for module in imported)


def test_run_for_several_workspaces_it_prints_their_pages_and_what_a_bot_needs():
    command = [sys.executable, "-m", "bot.simulator", "--workspaces", "--port", "0", "--client-id", "1.2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        printed = "".join(running.stdout.readline() for _ in range(10))
        try:
            settings = dict(re.findall(r"^(SLACK_\w+)=(\S+)$", printed, re.MULTILINE))
            pages = re.findall(r"^(Tidewater(?: Harborside)?): (http://127\.0\.0\.1:\d+/)$", printed, re.MULTILINE)
            shown = [httpx.get(url).text for _, url in pages]
            consent = re.search(r"http://127\.0\.0\.1:\d+/oauth/v2/authorize", printed)[0]
            asks = httpx.get(consent, params={"client_id": "1.2", "scope": "chat:write"})
            code = {"code": "1.2.3", "client_id": "1.2", "client_secret": settings["SLACK_CLIENT_SECRET"]}
            refused = httpx.post(f"{settings['SLACK_API_URL']}oauth.v2.access", data=code)
        finally:
            running.terminate()
    assert [name for name, _ in pages] == ["Tidewater", "Tidewater Harborside"]
    assert all(f"Throughline is not installed in {name}." in page for (name, _), page in zip(pages, shown, strict=True))
    assert settings["SLACK_WORKSPACES"] == "T0TIDE,T0HARB"
    assert len(settings["SLACK_SIGNING_SECRET"]) == 32
    assert asks.status_code == 200
    assert "http://127.0.0.1:3000" in asks.text
    assert refused.json()["error"] == "invalid_code"


def test_consent_that_would_lead_to_another_computer_is_refused():
    command = [sys.executable, "-m", "bot.simulator", "--workspaces", "--redirect-url", "https://bot.example.org/x"]
    refused = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert refused.returncode == 2
    assert "Consent leads to this computer only" in refused.stderr
