"""User groups: handles that name several people at once, by which a company gives roles."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
# `subteam_updated` names no more people than this, as documented.
MAX_USERS_SHOWN = 500


@dataclass(frozen=True)
class UserGroup:
    """A handle and the people behind it. `updated` is in seconds since 1970."""

    id: str
    handle: str
    name: str
    members: tuple[str, ...]
    updated: int = 1_700_000_000

    def shown(self, team_id: str) -> Json:
        """The group in the JSON that Slack uses for it, without its people."""
        return {
            "id": self.id,
            "team_id": team_id,
            "is_usergroup": True,
            "is_subteam": True,
            "name": self.name,
            "description": "",
            "handle": self.handle,
            "is_external": False,
            "date_create": 1_700_000_000,
            "date_update": self.updated,
            "date_delete": 0,
            "auto_type": None,
            "auto_provision": False,
            "enterprise_subteam_id": "",
            "created_by": "USLACKBOT",
            "updated_by": "USLACKBOT",
            "deleted_by": None,
            "prefs": {"channels": [], "groups": []},
        }
