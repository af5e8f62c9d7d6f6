"""Files that people attach to a message. The workspace keeps their names and kinds, not their contents."""

import mimetypes
import secrets
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class File:
    """One attached file."""

    id: str
    name: str
    mimetype: str
    size: int = 20_480
    title: str = ""

    @classmethod
    def named(cls, name: str) -> "File":
        """A file of the kind that its name says."""
        kind, _ = mimetypes.guess_type(name)
        return cls("F" + secrets.token_hex(5).upper(), name, kind or "application/octet-stream")

    def shown(self, *, user: str, team_id: str, address: str) -> Json:
        """The file in the JSON that Slack uses for it. Its addresses lead nowhere."""
        where = f"{address}/files/{team_id}-{self.id}/{self.name}"
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": PurePath(self.name).suffix.removeprefix(".") or "binary",
            "user": user,
            "user_team": team_id,
            "size": self.size,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": True,
            "file_access": "visible",
            "url_private": where,
            "url_private_download": f"{where}?download=1",
            "permalink": where,
        }
