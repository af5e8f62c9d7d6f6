"""Files that the app uploads, in Slack's three steps: it asks for an address, sends the bytes, says it is done.

Their bytes are kept in memory: a picture of a message is shown with it.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from bot.simulator.errors import SlackError
from bot.simulator.files import File

# Slack's documented limit of one file is 1 GB; nobody works with such here.
MOST_BYTES = 50 * 1024 * 1024
# What may stand in an image block.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif"})


@dataclass(frozen=True)
class Upload:
    """A file under way. `body` is None until it has arrived; only a completed one is a file of the workspace."""

    file: File
    alt: str
    body: bytes | None = None
    completed: bool = False


class Uploads:
    """Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._under: dict[str, str] = {}  # the secret of an address -> the id of its file
        self._files: dict[str, Upload] = {}

    def offer(self, name: str, length: int, alt: str) -> tuple[str, str]:
        """The id of the file to be, and the secret of the address that takes its bytes, once."""
        if not 0 < length <= MOST_BYTES:
            raise SlackError("invalid_arguments", messages=(f"[ERROR] length must be from 1 to {MOST_BYTES}",))
        file, secret = replace(File.named(name), size=length), secrets.token_urlsafe(24)
        with self._lock:
            self._under[secret] = file.id
            self._files[file.id] = Upload(file, alt)
        return file.id, secret

    def take(self, secret: str, body: bytes) -> int:
        """The bytes of a file. Raises LookupError for an address that is none or was used, ValueError for a length
        other than the one that was said."""
        with self._lock:
            upload = self._files[self._under[secret]]
            if len(body) != upload.file.size:
                raise ValueError(f"{upload.file.size} bytes were announced, {len(body)} came")
            del self._under[secret]
            self._files[upload.file.id] = replace(upload, body=body)
        return len(body)

    def complete(self, file_id: str, title: str) -> File:
        """Raises SlackError `file_not_found` for one that is none, or whose bytes did not come."""
        with self._lock:
            upload = self._files.get(file_id)
            if upload is None or upload.body is None:
                raise SlackError("file_not_found")
            done = replace(upload, completed=True, file=replace(upload.file, title=title or upload.file.name))
            self._files[file_id] = done
        return done.file

    def picture(self, file_id: str) -> Upload | None:
        """A completed one that Slack shows in an image block."""
        upload = self._files.get(file_id)
        return upload if upload and upload.completed and upload.file.mimetype in PICTURES else None

    def check(self, blocks: Sequence[dict[str, Any]]) -> None:
        """Raises SlackError `invalid_blocks` where a block shows a file that cannot be shown."""
        faults = tuple(
            f"[ERROR] invalid slack file [json-pointer:/blocks/{at}/slack_file]"
            for at, id_ in _named(blocks)
            if self.picture(id_) is None
        )
        if faults:
            raise SlackError("invalid_blocks", messages=faults)


def _named(blocks: Sequence[dict[str, Any]]) -> Iterator[tuple[int, str]]:
    for at, block in enumerate(blocks):
        if block.get("type") == "image" and "slack_file" in block:
            named = block["slack_file"]
            yield at, str(named.get("id", "")) if isinstance(named, dict) else ""
