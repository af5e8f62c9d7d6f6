"""Sign in with Slack, by OpenID Connect: where somebody is sent, and who Slack says they are when they come back.

Everything that must come back unchanged follows from one secret in a cookie of the browser that began: the state, the
nonce and the proof of RFC 7636. So nothing is kept here, and another browser cannot finish what this one began.
"""

import base64
import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin

import jwt
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack_settings import SignIn

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
_ALGORITHM = "RS256"
# Slack's clock and ours.
_LEEWAY_SECONDS = 60
_USER, _TEAM = "https://slack.com/user_id", "https://slack.com/team_id"


class SignInRefused(Exception):
    """Slack, or whoever stands in for it, did not say who this is; the message says why, for the log."""


class SlackAway(Exception):
    """Slack could not be asked."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at Slack, by ids. An e-mail address is none: its owner may change it."""

    person: str
    workspace: str
    name: str


class SlackOpenId:
    """The addresses are those beside `api_url`, as `https://slack.com/api/` has them."""

    def __init__(self, sign_in: SignIn, *, api_url: str) -> None:
        self._sign_in = sign_in
        base = urljoin(api_url, "../")
        self._issuer = base.rstrip("/")
        self._authorize = urljoin(base, "openid/connect/authorize")
        self._client = WebClient(base_url=api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
        # Keeps the keys for minutes, and asks again for one that it does not know.
        self._keys = jwt.PyJWKClient(urljoin(base, "openid/connect/keys"), timeout=TIMEOUT_SECONDS)

    def begin(self, redirect_uri: str) -> tuple[str, str]:
        """Where to send somebody, and the secret that their browser keeps meanwhile."""
        secret = secrets.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(_drawn("verifier", secret).encode()).digest())
        asked = {
            "response_type": "code",
            "scope": "openid profile",
            "client_id": self._sign_in.client_id,
            "redirect_uri": redirect_uri,
            "state": _drawn("state", secret),
            "nonce": _drawn("nonce", secret),
            "code_challenge": challenge.rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self._authorize}?{urlencode(asked)}", secret

    def finish(self, secret: str, *, state: str, code: str, redirect_uri: str) -> Identity:
        """Raises `SignInRefused` for what this browser did not begin and for what Slack does not vouch for, and
        `SlackAway`."""
        if not secret or not hmac.compare_digest(_drawn("state", secret).encode(), state.encode()):
            raise SignInRefused("it began in another browser, or more than minutes ago")
        try:
            told = self._client.openid_connect_token(
                self._sign_in.client_id,
                self._sign_in.client_secret,
                code=code,
                redirect_uri=redirect_uri,
                code_verifier=_drawn("verifier", secret),
            )
        except SlackApiError as fault:
            raise SignInRefused(f"Slack did not take the code back: {fault.response.get('error')}") from fault
        except (SlackClientError, OSError) as fault:
            raise SlackAway(type(fault).__name__) from fault
        return self._identity(str(told.get("id_token") or ""), nonce=_drawn("nonce", secret))

    def _identity(self, token: str, *, nonce: str) -> Identity:
        try:
            claims = jwt.decode(
                token,
                self._keys.get_signing_key_from_jwt(token),
                algorithms=[_ALGORITHM],
                issuer=self._issuer,
                audience=self._sign_in.client_id,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "nonce", _USER, _TEAM]},
            )
        except jwt.PyJWKClientConnectionError as fault:
            raise SlackAway(type(fault).__name__) from fault
        except jwt.PyJWTError as fault:
            raise SignInRefused(f"the ID token does not hold: {fault}") from fault
        if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise SignInRefused("the ID token is of another sign-in")
        return Identity(str(claims[_USER]), str(claims[_TEAM]), str(claims.get("name") or claims[_USER]))


def _drawn(what: str, secret: str) -> str:
    """One of the values that follow from a secret, and from which it does not."""
    return hmac.new(secret.encode(), what.encode(), hashlib.sha256).hexdigest()
