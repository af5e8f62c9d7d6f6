"""`throughline run` as a program of its own, driven as people and Slack drive it, and ended as a supervisor ends it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from bot import app
from bot.simulator import LocalSlack, Workspace

from offices import PATIENCE_SECONDS, furnish, settings_for, until
from programs import Running, throughline

QUESTION = "@Throughline Can I waive a late fee without a supervisor?"
SOURCE = "Late fees and late-fee waivers"


@dataclass
class Started:
    """The program without tokens, and on workspaces of the test's by socket and by HTTP; they load together."""

    alone: Running
    connected: Running
    workspace: Workspace
    over_http: Running
    slack_over_http: LocalSlack


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, starter_data: Path) -> Iterator[Started]:
    here, there, far = (tmp_path_factory.mktemp(name) for name in ("alone", "connected", "over_http"))
    for folder in (here, there, far):
        furnish(folder / "var", starter_data)
    slack = LocalSlack(Workspace()).start()
    tokens = {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
    }
    other = LocalSlack(Workspace()).start()
    signed = {
        "SLACK_API_URL": other.api_url,
        "SLACK_BOT_TOKEN": other.bot_token,
        "SLACK_SIGNING_SECRET": other.signing_secret,
        "HTTP_HOST": "0.0.0.0",  # noqa: S104 - said aloud, which is tested
        "HTTP_PORT": "0",
    }
    alone, connected = Running("--port", "0", folder=here), Running(folder=there, **tokens)
    over_http = Running(folder=far, **signed)
    yield Started(alone, connected, slack.workspace, over_http, other)
    for program in (alone, connected, over_http):
        program.kill()
    slack.stop()
    other.stop()


def test_without_tokens_it_opens_a_workspace_answers_there_and_ends_when_told(started: Started) -> None:
    ready = started.alone.wait_for("Throughline is ready.")
    address = re.search(r"http://127\.0\.0\.1:\d+/", ready)
    assert address is not None
    with httpx.Client(
        base_url=address[0], headers={"Origin": address[0].rstrip("/")}, follow_redirects=True
    ) as browser:
        thread = browser.post(
            "/say", data={"as": "U0MAYA", "channel": "C0HARBOUR", "text": QUESTION}
        ).url.query.decode()
        until(lambda: SOURCE in browser.get(f"/?{thread.replace('U0MAYA', 'U0SAM')}").text, timeout=PATIENCE_SECONDS)
    assert started.alone.stop() == 0
    assert "Stopping" in "".join(started.alone.said)
    assert "Traceback" not in "".join(started.alone.said)


def test_with_tokens_it_answers_in_that_slack_and_ends_when_told(started: Started) -> None:
    started.connected.wait_for("Throughline is ready. It listens in Slack")
    workspace = started.workspace
    asked = workspace.say("U0MAYA", "C0HARBOUR", QUESTION)
    workspace.wait_for(lambda: len(workspace.seen_by("U0SAM", "C0HARBOUR", asked)) == 2, timeout=PATIENCE_SECONDS)
    assert SOURCE in workspace.seen_by("U0SAM", "C0HARBOUR", asked)[1].words
    assert started.connected.stop() == 0
    assert workspace.connections == 0
    said = "".join(started.connected.said)
    assert "xoxb-" not in said
    assert "xapp-" not in said
    assert "Traceback" not in said


def test_with_a_signing_secret_it_answers_over_http_and_warns_of_an_open_port(started: Started) -> None:
    ready = started.over_http.wait_for("Throughline is ready. It waits for Slack's requests on")
    port = re.search(r"0\.0\.0\.0:(\d+)/slack/events", ready)
    assert port is not None
    here = f"http://127.0.0.1:{port[1]}"
    assert httpx.get(f"{here}/readyz").json() == {"ready": True, "database": "ok", "knowledge": "ok", "couriers": "ok"}
    slack, workspace = started.slack_over_http, started.slack_over_http.workspace
    slack.set_request_url(f"{here}/slack/events")
    asked = workspace.say("U0MAYA", "C0HARBOUR", QUESTION)
    workspace.wait_for(lambda: len(workspace.seen_by("U0SAM", "C0HARBOUR", asked)) == 2, timeout=PATIENCE_SECONDS)
    assert SOURCE in workspace.seen_by("U0SAM", "C0HARBOUR", asked)[1].words
    assert started.over_http.stop() == 0
    said = "".join(started.over_http.said)
    assert "HTTP_HOST is 0.0.0.0: other machines can reach this port" in said
    assert slack.signing_secret not in said
    assert "Traceback" not in said


def test_a_second_run_on_one_data_folder_is_refused_with_the_next_step(tmp_path: Path) -> None:
    with app.only_one(settings_for(tmp_path / "var")):
        ended = throughline("run", folder=tmp_path)
    assert ended.returncode == 1
    assert f"already runs on {tmp_path / 'var'}" in ended.stderr
    assert "set DATA_DIR to another folder" in ended.stderr
    assert "Traceback" not in ended.stderr
