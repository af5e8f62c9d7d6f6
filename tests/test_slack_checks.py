"""The doctor looks at what connects a deployment to Slack, over a socket or over HTTP."""

import socket
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import settings, slack_checks
from bot.findings import Finding
from bot.installations import Installed
from bot.simulator import LocalSlack, Workspace
from bot.slack_settings import SlackInstalled, SlackOverHttp
from slack_sdk import WebClient

from listening import listening_in
from slack_requests import SECRET

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    opened = LocalSlack(Workspace()).start()
    yield opened
    opened.stop()


def over_http(port: int, host: str = "127.0.0.1") -> SlackOverHttp:
    return SlackOverHttp(bot="xoxb-1", signing_secret=SECRET, host=host, port=port)


def nowhere(_slack: SlackInstalled) -> list[Installed]:
    raise AssertionError("an app with one token has no list of workspaces")


def nothing(_clients: Sequence[WebClient]) -> Iterator[Finding]:
    yield from ()


@pytest.mark.parametrize(("installed", "states"), [("1.28.0", ["fault"]), ("1.29.0", []), ("1.30.1", []), ("2.0", [])])
def test_a_bolt_that_runs_unsigned_requests_is_a_fault(installed: str, states: list[str]) -> None:
    assert [finding.state for finding in slack_checks.bolt(installed)] == states


def test_tokens_that_others_can_read_are_warned_about(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    assert list(slack_checks.dotenv(file)) == []
    file.write_text("SLACK_BOT_TOKEN=xoxb-1")
    file.chmod(0o644)
    [finding] = slack_checks.dotenv(file)
    assert (finding.state, finding.remedy) == ("warning", f"Run `chmod 600 {file}`.")
    file.chmod(0o600)
    assert list(slack_checks.dotenv(file)) == []


def test_a_port_is_free_or_ours_or_somebody_elses(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        [taken] = slack_checks.port(over_http(port))
    assert (taken.state, taken.remedy) == ("fault", "Set HTTP_PORT to a free one.")
    assert list(slack_checks.port(over_http(port))) == [
        Finding("ok", f"HTTP: 127.0.0.1 port {port} is free for Slack's requests")
    ]
    with listening_in(tmp_path / "var") as heard:
        port = int(heard.bot._line.address.rpartition(":")[2])
        assert list(slack_checks.port(over_http(port))) == [
            Finding("ok", f"HTTP: a Throughline listens on 127.0.0.1 port {port}")
        ]


def test_a_port_that_other_machines_reach_is_warned_about() -> None:
    *_, finding = slack_checks.port(over_http(0, host="0.0.0.0"))  # noqa: S104 - what is warned about
    assert finding.state == "warning"
    assert finding.remedy.startswith("Put a proxy with TLS before it")


@pytest.mark.parametrize(
    ("headers", "states"),
    [
        ({"date": "Sun, 22 Nov 2026 09:00:30 GMT"}, []),
        ({"Date": "Sun, 22 Nov 2026 08:56:00 GMT"}, ["warning"]),
        ({"date": "Sun, 22 Nov 2026 09:00:00"}, []),
        ({"date": "yesterday"}, []),
        ({}, []),
    ],
)
def test_a_clock_that_is_off_is_warned_about(headers: dict[str, str], states: list[str]) -> None:
    assert [finding.state for finding in slack_checks.clock(headers, now=NOW + timedelta(seconds=1))] == states


def test_an_app_over_http_is_looked_at_as_a_whole(
    slack: LocalSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    values = {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": SECRET,
        "HTTP_PORT": "0",
    }
    found = list(slack_checks.examine(settings.load(values, folder=tmp_path), installed=nowhere, further=nothing))
    assert {finding.state for finding in found} == {"ok"}
    refused = settings.load({**values, "SLACK_BOT_TOKEN": "xoxb-of-another-app"}, folder=tmp_path)
    assert (
        list(slack_checks.examine(refused, installed=nowhere, further=nothing))[-1].what
        == "Slack refused SLACK_BOT_TOKEN: invalid_auth"
    )
