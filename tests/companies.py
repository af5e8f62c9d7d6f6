"""A company with two workspaces behind one front, and one bot that can be installed in both."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlsplit

import httpx
from bot import acquaintances
from bot.app import House
from bot.handlers.manifest import EVENTS_PATH, REDIRECT_PATH
from bot.running import RunningBot
from bot.simulator import LocalSlack, SlackFront, harborside
from bot.slack_settings import SlackInstalled
from cryptography.fernet import Fernet

from offices import Office, workplace

FIRST, SECOND = "T0TIDE", "T0HARB"
ADMIN = "U0ELIF"
KEY = Fernet.generate_key().decode()


@dataclass
class Company:
    """`house` sees the rows of both workspaces."""

    house: House
    front: SlackFront
    slack: SlackInstalled
    bot: RunningBot

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.slack.port}"

    def office(self, workspace: str) -> Office:
        """One workspace with the bot in it."""
        local = next(one for one in self.front.slacks if one.workspace.installation.team.id == workspace)
        attendance = self.bot.attended.of(workspace)
        assert attendance is not None, f"nobody attends {workspace}"
        return Office(attendance.house, local.workspace, local, self.bot)

    def begin(self) -> httpx.Response:
        """Open the address at which the bot is installed."""
        return httpx.get(f"{self.address}/slack/install")

    def consent(self, asked: httpx.Response, workspace: str, person: str, *, do: str = "allow") -> str:
        """Press a button on Slack's page; returns the address to which it leads."""
        wanted = dict(parse_qsl(urlsplit(asked.headers["location"]).query))
        form = {**wanted, "team": workspace, "as": person, "do": do}
        answered = httpx.post(self.front.authorize_url, data=form, headers={"Origin": self.front.url.rstrip("/")})
        assert answered.status_code == 303, answered.text
        return answered.headers["location"]

    def install(self, workspace: str, person: str) -> httpx.Response:
        """As an admin does it in one browser; returns the page that they see in the end."""
        asked = self.begin()
        return httpx.get(self.consent(asked, workspace, person), headers={"cookie": cookie_of(asked)}, timeout=30)

    def take_in(self, workspace: str, person: str) -> Office:
        """Install it, invite it to the channel C0HARBOUR, and let it say hello there."""
        assert self.install(workspace, person).status_code == 200
        office = self.office(workspace)
        office.workspace.join(office.workspace.installation.bot.user_id, "C0HARBOUR", inviter=person)
        office.settle()
        return office


def cookie_of(response: httpx.Response) -> str:
    """What a browser keeps, over TLS: httpx itself would not send it back over http."""
    kept = SimpleCookie(response.headers["set-cookie"])
    return "; ".join(f"{name}={morsel.value}" for name, morsel in kept.items())


@contextmanager
def opened(house: House, *, allowed: frozenset[str] = frozenset({FIRST, SECOND})) -> Iterator[Company]:
    """The app is installed nowhere yet. Everybody has met the bot, so that nobody is welcomed."""
    with ExitStack() as closing:
        port = free_port()
        first = LocalSlack(workplace(installed=False))
        second = LocalSlack(workplace(seed=harborside(), installed=False))
        redirect = f"http://127.0.0.1:{port}{REDIRECT_PATH}"
        front = SlackFront(first, second, redirect_urls=(redirect,)).start()
        closing.callback(front.stop)
        slack = SlackInstalled(
            client_id=front.client.id,
            client_secret=front.client.secret,
            signing_secret=front.signing_secret,
            keys=(KEY,),
            workspaces=allowed,
            port=port,
        )
        for local in front.slacks:
            _acquaint(house, local)
        bot = RunningBot(house, tokens=slack, api_url=front.api_url).start()
        closing.callback(bot.stop)
        front.set_request_url(f"http://127.0.0.1:{port}{EVENTS_PATH}")
        yield Company(house, front, slack, bot)


def _acquaint(house: House, local: LocalSlack) -> None:
    with house.database.of(local.workspace.installation.team.id).writing.begin() as session:
        for person in local.workspace.people:
            acquaintances.meet(session, person.id, now=datetime.now(UTC))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
