"""Whether a request is Slack's: signed with our secret, just now, and not seen before. Bytes only, and no network.

slack_sdk's verifier compares text, which raises for a signature that is not ASCII, and knows no replay.
"""

import hashlib
import hmac
import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

# Slack's own bound: a request that is older, or that far ahead, is somebody's recording.
WINDOW_SECONDS = 300
# 30,000 events an hour are all that Slack sends to a workspace; a signature is remembered for ten minutes at most.
REMEMBERED = 50_000

_SECONDS = re.compile(rb"[0-9]{1,12}")
_DIGEST = re.compile(rb"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Scheme:
    """By which headers a request is signed, and by which version of the way: HMAC-SHA256 of VERSION:TIMESTAMP:BODY."""

    timestamp: bytes
    signature: bytes
    version: bytes


SLACK = Scheme(b"x-slack-request-timestamp", b"x-slack-signature", b"v0")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request says of itself. `timestamp` is as it was written: it was signed so."""

    timestamp: bytes
    signature: bytes

    @property
    def ends(self) -> int:
        """In seconds of Unix time: from then on it is refused for its age."""
        return int(self.timestamp) + WINDOW_SECONDS


def claimed(headers: Iterable[tuple[bytes, bytes]], *, now: float, scheme: Scheme = SLACK) -> Claim | None:
    """The claim of a request, or None where there is no single well-formed one of these minutes.

    `headers`: names in lower case, as ASGI has them.
    """
    found: dict[bytes, list[bytes]] = {scheme.timestamp: [], scheme.signature: []}
    for name, value in headers:
        if name in found:
            found[name].append(value)
    if [len(values) for values in found.values()] != [1, 1]:
        return None
    [timestamp], [signature] = found[scheme.timestamp], found[scheme.signature]
    start = scheme.version + b"="
    if not _SECONDS.fullmatch(timestamp) or not signature.startswith(start):
        return None
    if not _DIGEST.fullmatch(signature.removeprefix(start)):
        return None
    return Claim(timestamp, signature) if abs(now - int(timestamp)) <= WINDOW_SECONDS else None


def fits(claim: Claim, body: bytes, *, secret: bytes, scheme: Scheme = SLACK) -> bool:
    """Whether whoever signed the body knew our secret."""
    digest = hmac.new(secret, b":".join((scheme.version, claim.timestamp, body)), hashlib.sha256).hexdigest()
    return hmac.compare_digest(scheme.version + b"=" + digest.encode(), claim.signature)


class Seen:
    """The signatures of the last minutes. A redelivery of Slack's carries a new one, so only a recording comes twice.

    Only what was signed with our secret is remembered, so nobody else can fill it. When it is full the oldest are
    forgotten; the inbox, which keeps its keys for a day and for all replicas, still works on nothing twice.
    """

    def __init__(self, *, limit: int = REMEMBERED) -> None:
        self._limit = limit
        self._ends: OrderedDict[bytes, int] = OrderedDict()

    def __len__(self) -> int:
        return len(self._ends)

    def add(self, claim: Claim, *, now: float) -> bool:
        """Remember a request; False where it was seen before."""
        while self._ends and (len(self._ends) >= self._limit or next(iter(self._ends.values())) < now):
            self._ends.popitem(last=False)
        if claim.signature in self._ends:
            return False
        self._ends[claim.signature] = claim.ends
        return True

    def forget(self, claim: Claim) -> None:
        """It was not taken in by our own fault, so whoever brought it may bring it again."""
        self._ends.pop(claim.signature, None)
