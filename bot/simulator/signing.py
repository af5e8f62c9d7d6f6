"""How Slack signs what it posts to an app, so that the app can tell it from what anybody else posts."""

import hashlib
import hmac
from collections.abc import Mapping


def signed(body: bytes, *, secret: str, at: int) -> Mapping[str, str]:
    """The headers that go with a body posted at `at`, in seconds since 1970."""
    base = b"v0:" + str(at).encode() + b":" + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={digest}"}
