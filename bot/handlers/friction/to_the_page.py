"""`/friction page`: a link that opens the page once, in a view that only whoever typed it sees.

No message carries it: what is owed stands in the outbox for a while, and a link in there would open the page.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from bot import friction_wording as wording
from bot.database import Database
from bot.experience.viewers import must_enter, viewer_of
from bot.handlers.modals import plain
from bot.handlers.surfaces import Body, View
from bot.handlers.workspace.directory import SlackDirectory
from bot.people import Owners
from bot.visits import visiting, whereabouts
from bot.visits.visiting import Visitor
from bot.workspaces import of_session


class EntranceTo:
    """The way to the page; `address` says where it is served."""

    def __init__(
        self, database: Database, directory: SlackDirectory, *, owners: Owners, address: Callable[[], str]
    ) -> None:
        self._database = database
        self._directory = directory
        self._owners = owners
        self._address = address

    def view(self, body: Body) -> View:
        """Raises `NotAllowed` for whoever may not read the page."""
        user, now = str(body["user_id"]), datetime.now(UTC)
        person, address = self._directory.person(user), self._directory.address(user)
        must_enter(viewer_of(person, self._owners.teams_of(address)))
        where = self._address()
        if not where:
            return _view(plain(wording.NO_PAGE))
        with self._database.writing.begin() as session:
            visitor = Visitor(person.name, address, user, of_session(session))
            secret = visiting.offer(session, visitor, now=now)
        link = whereabouts.entrance(where, secret)
        return _view({"type": "mrkdwn", "text": wording.page_link(link)})


def _view(text: dict[str, object]) -> View:
    return {
        "type": "modal",
        "title": plain(wording.PAGE_TITLE),
        "close": plain(wording.CLOSE),
        "blocks": [{"type": "section", "text": text}],
    }
