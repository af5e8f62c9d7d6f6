"""OAuth: what an app asks an admin for, and the codes that it exchanges for tokens."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.simulator.arguments import Arguments
from bot.simulator.client import Client
from bot.simulator.errors import SlackError
from bot.simulator.messages import Json
from bot.simulator.scope_words import KNOWN
from bot.simulator.workspace import Workspace

# Slack's documented lifetime of a code.
CODE_SECONDS = 600.0
# An app's client id and secret, as somebody gave them.
Credentials = tuple[str, str]


class NotAskedRight(ValueError):
    """A request to authorize that Slack answers with a page of its own and no redirect. `code` is Slack's word."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True)
class Asked:
    """What an app asks an admin for. `redirect_uri` is empty where the request named none."""

    scopes: tuple[str, ...]
    state: str
    redirect_uri: str
    registered: str

    @property
    def goes_to(self) -> str:
        """Where the answer goes: the app's first registered address unless the request named one."""
        return self.redirect_uri or self.registered

    def answered(self, **parts: str) -> str:
        """The address that brings an answer back to the app, with the state that it sent along."""
        where = urlsplit(self.goes_to)
        state = {"state": self.state} if self.state else {}
        query = urlencode([*parse_qsl(where.query, keep_blank_values=True), *parts.items(), *state.items()])
        return where._replace(query=query).geturl()


def asked(client: Client, query: Mapping[str, str]) -> Asked:
    """Read a request to authorize. Raises NotAskedRight."""
    if query.get("client_id", "") != client.id:
        raise NotAskedRight("invalid_client_id", "No app has the client id of this link.")
    redirect_uri = query.get("redirect_uri", "")
    if redirect_uri and redirect_uri not in client.redirect_urls:
        raise NotAskedRight(
            "bad_redirect_uri", f"The app did not register {redirect_uri} as a redirect URL, letter for letter."
        )
    if query.get("user_scope"):
        raise NotAskedRight("invalid_scope", "The link asks for user_scope; this workspace gives no tokens of people.")
    scopes = tuple(dict.fromkeys(query.get("scope", "").replace(",", " ").split()))
    if not scopes:
        raise NotAskedRight("no_scopes", "The link asks for nothing: its scope is missing.")
    unknown = [scope for scope in scopes if scope not in KNOWN]
    if unknown:
        raise NotAskedRight("invalid_scope", f"Slack has no such scope for bots: {', '.join(unknown)}.")
    return Asked(scopes, query.get("state", ""), redirect_uri, client.redirect_urls[0])


@dataclass
class Consent:
    """An admin said yes; the app has yet to take it up."""

    workspace: Workspace
    person: str
    asked: Asked
    born: float
    taken: bool = False


class Consents:
    """The codes that were handed out, each good for one exchange within ten minutes."""

    def __init__(self) -> None:
        self._by_code: dict[str, Consent] = {}

    def issue(self, workspace: Workspace, person_id: str, asked: Asked) -> str:
        """A code as Slack makes them: two numbers and a secret."""
        code = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(32)}"
        self._by_code[code] = Consent(workspace, person_id, asked, workspace.clock.now())
        return code

    def find(self, code: str) -> Consent | None:
        """What a code stands for, also where it is worth nothing any more."""
        return self._by_code.get(code)


def taken_up(consent: Consent, redirect_uri: str) -> Json:
    """Install the app by a code. Returns Slack's answer to `oauth.v2.access`.

    Raises SlackError `code_already_used`, `invalid_code` for one that is too old, `bad_redirect_uri`.
    """
    with consent.workspace.changing():
        if consent.taken:
            raise SlackError("code_already_used")
        if consent.workspace.clock.elapsed(consent.born) > CODE_SECONDS:
            raise SlackError("invalid_code")
        # Where the request named none, none is needed, and only the one that was used would be right.
        if redirect_uri not in (consent.asked.redirect_uri, consent.asked.goes_to):
            raise SlackError("bad_redirect_uri")
        consent.taken = True
        token = consent.workspace.install(consent.asked.scopes)
        installation = consent.workspace.installation
        return {
            "app_id": installation.bot.app_id,
            "authed_user": {"id": consent.person},
            "scope": consent.workspace.grants.header,
            "token_type": "bot",
            "access_token": token,
            "bot_user_id": installation.bot.user_id,
            "team": {"id": installation.team.id, "name": installation.team.name},
            "enterprise": None,
            "is_enterprise_install": False,
        }


def exchange(client: Client, consent: Consent | None, arguments: Arguments, by: Credentials) -> Json:
    """Answer `oauth.v2.access` to whom these credentials are of. Raises SlackError."""
    client.check(*by)
    kind = arguments.text("grant_type") or "authorization_code"
    if kind == "refresh_token":
        # Only apps with token rotation have any.
        raise SlackError("invalid_refresh_token")
    if kind != "authorization_code":
        raise SlackError("invalid_grant_type")
    if consent is None:
        raise SlackError("invalid_code")
    return taken_up(consent, arguments.text("redirect_uri"))
