"""The doctor looks at what connects a deployment to Slack, over a socket or over HTTP."""

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import doctor_people, settings, slack_checks
from bot.database import Database
from bot.findings import Finding
from bot.handlers.manifest import bot_scopes
from bot.installations import Installations, Installed
from bot.simulator import LocalSlack, SlackFront, Workspace
from bot.slack_settings import SlackInstalled, SlackOverHttp
from cryptography.fernet import Fernet
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store import Installation

import fronts
from listening import listening_in
from slack_requests import SECRET

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
KEY = Fernet.generate_key().decode()


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


@dataclass
class Several:
    """Two workspaces before one address, and a deployment that may be in them."""

    front: SlackFront
    folder: Path
    installations: Installations

    def install(self, workspace: str, token: str | None) -> None:
        said = Installation(app_id="A1", team_id=workspace, team_name=workspace, user_id="U1", bot_token=token)
        self.installations.store.save(said)

    def examine(
        self, further: Callable[[Sequence[WebClient]], Iterator[Finding]] = nothing, **others: str
    ) -> list[Finding]:
        values = {
            "SLACK_API_URL": self.front.api_url,
            "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": "hush",
            "SLACK_SIGNING_SECRET": SECRET,
            "TOKEN_KEY": KEY,
            "SLACK_WORKSPACES": "T0TIDE,T0HARB",
            "HTTP_PORT": "0",
            **others,
        }
        configured = settings.load(values, folder=self.folder)
        return list(
            slack_checks.examine(configured, installed=lambda _slack: self.installations.all(), further=further)
        )


@pytest.fixture
def several(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Several]:
    monkeypatch.chdir(tmp_path)
    with fronts.opened() as front:
        yield Several(front, tmp_path, Installations(database, client_id="1.2", keys=[KEY]))


def test_of_several_workspaces_each_is_looked_at(several: Several) -> None:
    several.install("T0TIDE", several.front.slacks[0].bot_token)
    several.install("T0HARB", fronts.installed(several.front, scope=",".join(bot_scopes())).token)
    found = [finding for finding in several.examine() if finding.what.startswith("Slack: ")]
    assert [(one.state, one.what.partition(": ")[2]) for one in found] == [
        ("ok", "installed in 2 of 2 workspaces that may have it"),
        ("ok", "throughline in Tidewater Harborside"),
        ("ok", "throughline in Tidewater"),
    ]


def test_a_workspace_too_few_or_too_many_is_warned_about_with_its_remedy(several: Several) -> None:
    several.install("T0HARB", fronts.installed(several.front, scope=",".join(bot_scopes())).token)
    warnings = [finding for finding in several.examine(SLACK_WORKSPACES="T0TIDE") if finding.state == "warning"]
    assert [(one.what, one.remedy) for one in warnings] == [
        ("The bot is not installed in T0TIDE", "Open /slack/install of your address."),
        (
            "Nobody attends T0HARB, where the bot is installed",
            "Name it in SLACK_WORKSPACES, or run `throughline workspaces forget T0HARB`.",
        ),
    ]


def test_a_workspace_that_uninstalled_unheard_is_a_fault_with_both_ways_out(several: Several) -> None:
    several.install("T0HARB", fronts.installed(several.front).token)
    several.front.slacks[1].workspace.uninstall()
    [fault] = [finding for finding in several.examine() if finding.state == "fault"]
    assert fault == Finding(
        "fault",
        "Slack refused the token of T0HARB: account_inactive",
        "Install the app there again, or run `throughline workspaces forget T0HARB`.",
    )


@pytest.mark.parametrize(
    ("wrong", "named"),
    [({"SLACK_CLIENT_ID": "9.9"}, "SLACK_CLIENT_ID"), ({"SLACK_CLIENT_SECRET": "loud"}, "SLACK_CLIENT_SECRET")],
)
def test_credentials_that_slack_does_not_know_are_found_before_somebody_installs(
    several: Several, wrong: dict[str, str], named: str
) -> None:
    [fault] = [finding for finding in several.examine(**wrong) if finding.state == "fault"]
    assert fault.what == f"Slack refused {named}, so nobody can install the bot"


def test_a_user_group_or_channel_of_one_workspace_is_not_missed_in_the_others(several: Several) -> None:
    """`bench` and `C0HARBOUR` are of the second workspace only."""
    several.install("T0TIDE", several.front.slacks[0].bot_token)
    several.install("T0HARB", fronts.installed(several.front, scope=",".join(bot_scopes())).token)
    wanted = dict.fromkeys(("group:bench", "channel:C0HARBOUR", "group:nobody"), "a page")

    def people(clients: Sequence[WebClient]) -> Iterator[Finding]:
        yield from doctor_people.examine(clients, wanted)

    said = [finding.what for finding in several.examine(people)]
    assert [what for what in said if "user group" in what] == [
        "Slack has no user group @nobody, which a page names; nobody is in it"
    ]
    assert not any("Slack shows no channel" in what for what in said)


@pytest.mark.parametrize(
    ("channel", "state", "said"),
    [
        ("", "ok", "the week is posted nowhere: DIGEST_CHANNEL is not set"),
        ("#harbour-street", "ok", "the week is posted in #harbour-street on Monday morning (DIGEST_CHANNEL)"),
        ("#shops", "warning", "DIGEST_CHANNEL is #shops, and Throughline is in no channel of that name"),
    ],
)
def test_the_doctor_says_where_the_week_is_posted(slack: LocalSlack, channel: str, state: str, said: str) -> None:
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    (finding,) = doctor_people.digest_channel([client], channel)
    assert finding.state == state
    assert finding.what.startswith(said)
