"""The states of the map over time: what each brought, which ids there ever were. The file stays the source."""

from bot.touchpoints.versions.changes import Change, What, changes
from bot.touchpoints.versions.storing import Taken, Version, current, difference, former, history, take

__all__ = ["Change", "Taken", "Version", "What", "changes", "current", "difference", "former", "history", "take"]
