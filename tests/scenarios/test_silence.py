"""A connection that is open and dead is noticed and replaced in time; where none comes back, the program says so."""

import gc
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from bot import running
from bot.app import House
from bot.handlers import sockets
from bot.running import RunningBot
from bot.simulator import LocalSlack, Workspace
from bot.simulator.clock import Clock
from bot.slack_settings import SlackTokens

from commands import Command
from offices import PATIENCE_SECONDS, Office, furnish, until
from tcp_proxy import Proxy

QUESTION = "@Throughline Can I waive a late fee without a supervisor?"
SOURCE = "Late fees and late-fee waivers"
# The watchdog's promise: noticed and replaced.
PROMISED_SECONDS = 30.0


@dataclass
class Distant:
    """An office whose bot reaches Slack through a network that can go wrong."""

    office: Office
    proxy: Proxy


@pytest.fixture
def distant(house: House) -> Iterator[Distant]:
    with ExitStack() as closing:
        slack = LocalSlack(Workspace(clock=Clock(speed=4))).start()
        closing.callback(slack.stop)
        proxy = closing.enter_context(Proxy(slack._port))
        slack.workspace.address = f"http://{proxy.address}"
        tokens = SlackTokens(slack.bot_token, slack.app_token)
        bot = RunningBot(house, tokens=tokens, api_url=f"http://{proxy.address}/api/").start()
        closing.callback(bot.stop)
        slack.workspace.wait_for(lambda: slack.workspace.connections == running.CONNECTIONS, timeout=PATIENCE_SECONDS)
        until(lambda: proxy.open == running.CONNECTIONS)
        yield Distant(Office(house, slack.workspace, slack, bot), proxy)


def heard_since(bot: RunningBot, moment: float) -> bool:
    return all(connection.client.heard_at > moment for connection in bot._line._connections)


def test_sockets_that_are_open_and_dead_are_replaced_in_time(distant: Distant) -> None:
    office = distant.office
    assert SOURCE in office.ask("U0MAYA", "C0HARBOUR", QUESTION).words
    distant.proxy.silence()
    silent_since = time.monotonic()
    until(lambda: heard_since(office.bot, silent_since), timeout=PROMISED_SECONDS)
    took = time.monotonic() - silent_since
    print(f"{took:>6.1f}  seconds until both silent sockets were replaced")  # noqa: T201 - a figure to report
    assert took < PROMISED_SECONDS
    assert SOURCE in office.ask("U0MAYA", "C0HARBOUR", QUESTION).words


def test_a_question_that_went_into_a_dead_socket_is_answered_once(distant: Distant) -> None:
    office = distant.office
    distant.proxy.silence()
    asked = office.workspace.say("U0MAYA", "C0HARBOUR", QUESTION)
    [answer] = office.workspace.wait_for(
        lambda: office.replies("U0MAYA", "C0HARBOUR", asked), timeout=2 * PROMISED_SECONDS
    )
    assert SOURCE in answer.words
    office.settle()
    assert len(office.replies("U0MAYA", "C0HARBOUR", asked)) == 1


@pytest.mark.parametrize("fault", ["reset", "half_close"])
def test_a_socket_that_is_cut_is_replaced_at_once(distant: Distant, fault: str) -> None:
    began = time.monotonic()
    getattr(distant.proxy, fault)()
    until(lambda: heard_since(distant.office.bot, began), timeout=10)
    assert SOURCE in distant.office.ask("U0MAYA", "C0HARBOUR", QUESTION).words
    gc.collect()  # websocket-client leaves closing a socket that the server closed to the garbage collector


def test_a_slow_network_costs_no_connection(distant: Distant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "SILENCE_SECONDS", sockets.PING_SECONDS + 2)
    sessions = [connection.client.current_session for connection in distant.office.bot._line._connections]
    distant.proxy.latency = 0.5
    assert SOURCE in distant.office.ask("U0MAYA", "C0HARBOUR", QUESTION).words
    time.sleep(8)
    assert [connection.client.current_session for connection in distant.office.bot._line._connections] == sessions


def test_while_no_connection_comes_about_slack_is_asked_ever_more_slowly(distant: Distant) -> None:
    distant.proxy.refusing = True
    distant.proxy.reset()
    distant.proxy.asked = 0
    time.sleep(12)
    assert 4 <= distant.proxy.asked <= 24  # twice five calls, which the client tries twice each
    distant.proxy.refusing = False
    began = time.monotonic()
    until(lambda: heard_since(distant.office.bot, began), timeout=PROMISED_SECONDS)


@pytest.fixture
def folder(tmp_path: Path, starter_data: Path) -> Path:
    furnish(tmp_path / "var", starter_data)
    return tmp_path


@pytest.fixture
def as_before() -> Iterator[None]:
    """The program takes the signals for itself."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_where_no_connection_comes_back_the_program_ends_with_a_clear_line(
    command: Command, as_before: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "LOST_SECONDS", 8.0)
    with ExitStack() as closing:
        slack = LocalSlack(Workspace()).start()
        closing.callback(slack.stop)
        proxy = closing.enter_context(Proxy(slack._port))
        slack.workspace.address = f"http://{proxy.address}"
        gone = threading.Thread(target=lambda: _lose(slack.workspace, proxy))
        gone.start()
        ended = command(
            "run",
            SLACK_API_URL=f"http://{proxy.address}/api/",
            SLACK_BOT_TOKEN=slack.bot_token,
            SLACK_APP_TOKEN=slack.app_token,
        )
        gone.join()
    assert ended.code == 1
    assert "The connection to Slack was lost and did not come back" in ended.err
    assert "Traceback" not in ended.err
    gc.collect()


def _lose(workspace: Workspace, proxy: Proxy) -> None:
    workspace.wait_for(lambda: workspace.connections == running.CONNECTIONS, timeout=60)
    proxy.refusing = True
    proxy.reset()
