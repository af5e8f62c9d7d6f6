"""Two workspaces behind one front, and the ways of an admin and of an app with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import httpx
from bot.simulator import Clock, LocalSlack, SlackFront, Workspace, harborside
from slack_sdk import WebClient

REDIRECT = "http://127.0.0.1:3000/slack/oauth_redirect"
SCOPES = "app_mentions:read,channels:history,chat:write,commands,users:read"
SECRET = "one secret of the app, for all workspaces"


@contextmanager
def opened(*, speed: float = 1.0) -> Iterator[SlackFront]:
    """The first workspace has the app, the second has not."""
    first = LocalSlack(Workspace(clock=Clock(speed)))
    second = LocalSlack(Workspace(harborside(), installed=False, clock=Clock(speed)))
    urls = (REDIRECT, f"{REDIRECT}/other?kept=1")
    front = SlackFront(
        first, second, client_id="1.2", client_secret="hush", redirect_urls=urls, signing_secret=SECRET
    ).start()
    try:
        yield front
    finally:
        front.stop()


def query(**more: str) -> dict[str, str]:
    """A request to authorize; what is given empty is left out."""
    whole = {"client_id": "1.2", "scope": SCOPES, "state": "a state", "redirect_uri": REDIRECT} | more
    return {name: value for name, value in whole.items() if value}


def answer(front: SlackFront, *, team: str = "T0HARB", person: str = "U0SAM", do: str = "allow", **more: str):
    """Press Allow or Cancel on the page as this person."""
    form = query(**more) | {"team": team, "as": person, "do": do}
    return httpx.post(front.authorize_url, data=form, headers={"Origin": front.url.rstrip("/")})


def parts(redirected: httpx.Response) -> dict[str, str]:
    """What came back to the app."""
    assert redirected.status_code == 303, redirected.text
    return {name: values[0] for name, values in parse_qs(urlsplit(redirected.headers["location"]).query).items()}


def code(front: SlackFront, **more: str) -> str:
    """What an app gets for an admin's consent."""
    return parts(answer(front, **more))["code"]


def exchanged(front: SlackFront, given: str, **more: str):
    """What Slack says to an app that exchanges a code."""
    known = {"client_id": "1.2", "client_secret": "hush", "redirect_uri": REDIRECT} | more
    arguments = {name: value for name, value in known.items() if value}
    return WebClient(base_url=front.api_url).oauth_v2_access(code=given, **arguments)


def installed(front: SlackFront, **more: str) -> WebClient:
    """Install the app, as an admin and the app do it together. Returns a client with the new token."""
    token = exchanged(front, code(front, **more))["access_token"]
    return WebClient(base_url=front.api_url, token=token)
