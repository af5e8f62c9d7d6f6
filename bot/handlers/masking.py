"""What somebody writes for others to read, without personal data; nor, where they know customers, their names."""

from typing import Protocol

from bot.customers.spoken import masked
from bot.database import Database
from bot.errors import PeopleUnknown
from bot.handlers.workspace.directory import SlackDirectory


class Mask(Protocol):
    """Takes personal data out of a text that `by` wrote, an id of Slack's."""

    def __call__(self, text: str, *, by: str) -> str: ...


class Masking:
    """The mask of the house. Of whom Slack says nothing, nobody knows whether they may see customers."""

    def __init__(self, database: Database, directory: SlackDirectory) -> None:
        self._database = database
        self._directory = directory

    def __call__(self, text: str, *, by: str) -> str:
        try:
            audiences = self._directory.person(by).audiences
        except PeopleUnknown:
            audiences = frozenset()
        with self._database.reading() as session:
            return masked(session, text, audiences=audiences)
