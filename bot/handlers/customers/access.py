"""Whether somebody may be shown a customer, and there: asked at Slack's door, as well as in every query."""

from collections.abc import Callable
from datetime import tzinfo

from bot import customer_wording as wording
from bot.customers.permission import must_be_permitted
from bot.errors import NotAllowed
from bot.handlers.surfaces import Arriving
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.people import Person


class CustomerAccess:
    def __init__(
        self,
        directory: SlackDirectory,
        *,
        among_ourselves: Callable[[str], bool],
        zone_of: Callable[[Person], tzinfo | None],
    ) -> None:
        """`among_ourselves`: whether a channel, by id, is known to be read by nobody of another company.

        `zone_of`: in which somebody reads times, that of the place where they work.
        """
        self._directory = directory
        self._among_ourselves = among_ourselves
        self.zone_of = zone_of

    def asker(self, event: Accepted) -> Person:
        """Whoever an event is from. What was pressed on the App Home is answered in their direct message.

        Raises `NotAllowed` for who may not see customers, and where people of other companies may be.
        """
        person = self._directory.person(event.value["person"])
        must_be_permitted(person.audiences)
        if not event.value["channel"]:
            event.value["channel"] = self._directory.direct_with(person.id)
        if not self.is_private(person, event.value["channel"]):
            raise NotAllowed(wording.NOT_HERE)
        return person

    def presser(self, arriving: Arriving) -> Person:
        """Whoever pressed what opens a form, which only they see. Raises as `asker`."""
        person = self._directory.person(arriving.value["person"])
        must_be_permitted(person.audiences)
        channel = arriving.value["channel"]
        if channel and not self.is_private(person, channel):
            raise NotAllowed(wording.NOT_HERE)
        return person

    def is_private(self, person: Person, channel: str) -> bool:
        """Whether nobody of another company is there: in the direct message with the bot, or a channel of ours."""
        if channel.startswith("D"):
            return self._directory.direct_with(person.id) == channel
        return self._among_ourselves(channel)
