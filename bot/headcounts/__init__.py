"""How many people work where, in which roles: what "per active employee" is counted by."""

from bot.headcounts.counting import Headcounts, headcounts
from bot.headcounts.importing import Imported, import_roster

__all__ = ["Headcounts", "Imported", "headcounts", "import_roster"]
