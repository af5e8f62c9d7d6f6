"""Who is in the workspace and where: people, channels, user groups."""

from collections.abc import Mapping
from dataclasses import replace

from bot.simulator import profiles
from bot.simulator.channels import Channel, Kind
from bot.simulator.errors import NotInWorkspace
from bot.simulator.groups import UserGroup
from bot.simulator.messages import Json
from bot.simulator.people import SLACKBOT, Person
from bot.simulator.scopes import EMAIL, Grants
from bot.simulator.seed import Seed


class Roster:
    """What a seed planted, as it is by now."""

    def __init__(self, seed: Seed, grants: Grants, *, installed: bool) -> None:
        self.installation = seed.installation
        self.grants = grants
        self._people = {person.id: person for person in seed.people}
        self._channels = {channel.id: channel for channel in seed.channels}
        self._groups = {group.id: group for group in seed.groups}
        self.is_installed = installed
        self._has_directs = installed
        if not installed:
            self._without_bot()

    @property
    def people(self) -> tuple[Person, ...]:
        """Everyone who can type."""
        return tuple(self._people.values())

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Every conversation. Those with the app begin when it is installed, and stay to be read when it is gone."""
        return tuple(one for one in self._channels.values() if self._has_directs or one.kind is not Kind.DIRECT)

    @property
    def groups(self) -> tuple[UserGroup, ...]:
        """Every user group."""
        return tuple(self._groups.values())

    @property
    def names(self) -> Mapping[str, str]:
        """How a person, a channel or a user group is called, by id."""
        bot = self.installation.bot
        people = {person.id: person.name for person in self.people} | {bot.user_id: bot.name, SLACKBOT: "Slackbot"}
        return people | {one.id: one.name for one in self.channels} | {one.id: one.handle for one in self.groups}

    def person(self, person_id: str) -> Person:
        """Someone by id. Raises NotInWorkspace."""
        if person_id not in self._people:
            raise NotInWorkspace(f"Nobody here has the id {person_id!r}. There are: {', '.join(self._people)}.")
        return self._people[person_id]

    def channel(self, channel_id: str) -> Channel:
        """A conversation by id. Raises NotInWorkspace."""
        if channel_id not in self._channels:
            raise NotInWorkspace(f"No channel has the id {channel_id!r}. There are: {', '.join(self._channels)}.")
        return self._channels[channel_id]

    def direct(self, person_id: str) -> Channel:
        """The direct message between this person and the bot. Raises NotInWorkspace where it was never installed."""
        person = self.person(person_id)
        for one in self.channels:
            if one.kind is Kind.DIRECT and person.id in one.members:
                return one
        raise NotInWorkspace(f"{self.installation.bot.name} was never installed here, so nobody can write to it.")

    def profile(self, person: Person) -> Json:
        """Somebody in the JSON that Slack uses for people."""
        bot_id = self.installation.bot.user_id
        with_app = any({person.id, bot_id} <= set(one.members) and one.shared for one in self.channels)
        stranger = person.team != self.installation.team and not with_app
        return profiles.user(person, stranger=stranger, with_email=self.grants.has(EMAIL))

    def may_install(self, person_id: str) -> bool:
        """Whether this person may bring apps in: an admin of this team."""
        person = self.person(person_id)
        return person.admin and person.team == self.installation.team and not (person.guest or person.deleted)

    def may_read(self, person_id: str, channel_id: str) -> bool:
        """Members read; an employee may also look into any public channel, a guest or an outsider may not.

        Who was deactivated reads nothing.
        """
        person, channel = self.person(person_id), self.channel(channel_id)
        if person.deleted:
            return False
        is_employee = person.team == self.installation.team and not person.guest
        return person_id in channel.members or (channel.kind is Kind.PUBLIC and is_employee)

    def _without_bot(self) -> None:
        """Take the bot out of every channel but the direct messages with it."""
        bot_id = self.installation.bot.user_id
        for one in self._channels.values():
            if one.kind is not Kind.DIRECT:
                left = tuple(member for member in one.members if member != bot_id)
                self._channels[one.id] = replace(one, members=left)
