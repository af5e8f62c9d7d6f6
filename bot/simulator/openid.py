"""OpenID Connect: what "Sign in with Slack" is asked for, the codes it hands out, and the ID tokens they become."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.simulator.arguments import Arguments
from bot.simulator.client import Client
from bot.simulator.errors import SlackError
from bot.simulator.loopback import LOOPBACK
from bot.simulator.messages import Json
from bot.simulator.oauth import CODE_SECONDS, Credentials, NotAskedRight
from bot.simulator.people import Person
from bot.simulator.workspace import Workspace

ALGORITHM = "RS256"
_KEY_BITS = 2048
# Slack's documented lifetime of an ID token.
_TOKEN_SECONDS = 300
_SCOPES = frozenset({"openid", "email", "profile"})


@dataclass(frozen=True)
class SignInAsked:
    """What an app asks of whoever signs in. `challenge` is empty where it does without PKCE."""

    scopes: tuple[str, ...]
    state: str
    nonce: str
    challenge: str
    redirect_uri: str

    def answered(self, **parts: str) -> str:
        """The address that brings an answer back to the app, with the state that it sent along."""
        where = urlsplit(self.redirect_uri)
        state = {"state": self.state} if self.state else {}
        query = urlencode([*parse_qsl(where.query, keep_blank_values=True), *parts.items(), *state.items()])
        return where._replace(query=query).geturl()


def sign_in_asked(client: Client, query: Mapping[str, str]) -> SignInAsked:
    """Read a request to sign in. Raises NotAskedRight."""
    if query.get("client_id", "") != client.id:
        raise NotAskedRight("invalid_client_id", "No app has the client id of this link.")
    redirect_uri = query.get("redirect_uri", "")
    if not _registered(client, redirect_uri):
        raise NotAskedRight(
            "bad_redirect_uri", f"The app did not register {redirect_uri or 'any address'} as a redirect URL."
        )
    if query.get("response_type") != "code":
        raise NotAskedRight("invalid_response_type", "The link must ask for response_type=code.")
    scopes = tuple(dict.fromkeys(query.get("scope", "").replace(",", " ").split()))
    if "openid" not in scopes or not _SCOPES.issuperset(scopes):
        raise NotAskedRight("invalid_scope", "The link must ask for openid, and may ask for email and profile besides.")
    challenge = query.get("code_challenge", "")
    if challenge and query.get("code_challenge_method") != "S256":
        raise NotAskedRight("invalid_code_challenge_method", "The link's code_challenge must be made by S256.")
    return SignInAsked(scopes, query.get("state", ""), query.get("nonce", ""), challenge, redirect_uri)


def _registered(client: Client, redirect_uri: str) -> bool:
    """Where the app registered nothing, it may be anywhere on this computer."""
    if client.redirect_urls:
        return redirect_uri in client.redirect_urls
    return urlsplit(redirect_uri).hostname in LOOPBACK


@dataclass
class SignedIn:
    """Somebody said who they are; the app has yet to take it up."""

    workspace: Workspace
    person: Person
    asked: SignInAsked
    born: float
    taken: bool = False


class Identities:
    """Who signed in where, by code; and the key that signs what is said of them."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._by_code: dict[str, SignedIn] = {}

    def issue(self, workspace: Workspace, person: Person, asked: SignInAsked) -> str:
        """A code as Slack makes them, good for one exchange within ten minutes."""
        code = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(32)}"
        self._by_code[code] = SignedIn(workspace, person, asked, workspace.clock.now())
        return code

    def find(self, code: str) -> SignedIn | None:
        """What a code stands for, also where it is worth nothing any more."""
        return self._by_code.get(code)

    def exchange(self, arguments: Arguments, by: Credentials, *, issuer: str) -> Json:
        """Answer `openid.connect.token`. Raises SlackError."""
        self.client.check(*by)
        if (arguments.text("grant_type") or "authorization_code") != "authorization_code":
            raise SlackError("invalid_grant_type")
        found = self.find(arguments.text("code"))
        if found is None or found.workspace.clock.elapsed(found.born) > CODE_SECONDS:
            raise SlackError("invalid_code")
        with found.workspace.changing():
            if found.taken:
                raise SlackError("code_already_used")
            if arguments.text("redirect_uri") != found.asked.redirect_uri:
                raise SlackError("bad_redirect_uri")
            if not _verifies(arguments.text("code_verifier"), found.asked.challenge):
                raise SlackError("invalid_code_verifier")
            found.taken = True
        token = f"xoxp-local-{secrets.token_hex(16)}"
        return {"access_token": token, "token_type": "Bearer", "id_token": self._id_token(found, issuer=issuer)}

    @property
    def keys(self) -> Json:
        """The public key, as `jwks_uri` gives it."""
        return {"keys": [{**json.loads(self._public), "kid": self._key_id, "use": "sig", "alg": ALGORITHM}]}

    def _id_token(self, found: SignedIn, *, issuer: str) -> str:
        team, person = found.workspace.installation.team, found.person
        now = int(time.time())  # what others compare with their own clocks
        claims: Json = {
            "iss": issuer,
            "sub": person.id,
            "aud": self.client.id,
            "iat": now,
            "auth_time": now,
            "exp": now + _TOKEN_SECONDS,
            "https://slack.com/team_id": team.id,
            "https://slack.com/user_id": person.id,
        }
        if found.asked.nonce:
            claims["nonce"] = found.asked.nonce
        if "email" in found.asked.scopes:
            claims |= {"email": person.email, "email_verified": True}
        if "profile" in found.asked.scopes:
            claims |= {"name": person.name, "https://slack.com/team_name": team.name}
        return jwt.encode(claims, self._key, algorithm=ALGORITHM, headers={"kid": self._key_id})

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)

    @cached_property
    def _public(self) -> str:
        return str(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))

    @cached_property
    def _key_id(self) -> str:
        return hashlib.sha256(self._public.encode()).hexdigest()[:16]


def _verifies(verifier: str, challenge: str) -> bool:
    """RFC 7636; without a challenge nothing is to be proved."""
    if not challenge:
        return not verifier
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(made, challenge)
