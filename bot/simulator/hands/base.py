"""What every hand needs: who may be where, and the ways to tell the app of it."""

from collections.abc import Callable
from typing import TypeVar

from bot.simulator.channels import Channel, Kind
from bot.simulator.errors import NotInWorkspace, Unmet
from bot.simulator.events import Envelope, EnvelopeType
from bot.simulator.hooks import Hook
from bot.simulator.messages import Button, Json, Message
from bot.simulator.people import SLACKBOT, Person
from bot.simulator.state import State
from bot.simulator.triggers import Trigger

T = TypeVar("T")


class Hands(State):
    """The state, and what the hands below share."""

    def wait_for(self, ready: Callable[[], T], *, timeout: float = 5.0) -> T:
        """Return what `ready` returns as soon as that is true. Raises Unmet after `timeout` real seconds."""
        with self._lock:
            found = self._lock.wait_for(ready, timeout)
        if not found:
            raise Unmet(f"Nothing that was waited for happened within {timeout:g} s.")
        return found

    def _member(self, person_id: str, channel_id: str) -> tuple[Person, Channel]:
        person, channel = self.person(person_id), self.channel(channel_id)
        if person_id not in channel.members:
            theirs = ", ".join(one.id for one in self.channels if person_id in one.members)
            raise NotInWorkspace(f"{person.name} is not in {channel.id}. Their channels are: {theirs}.")
        if channel.kind is Kind.DIRECT:
            self._check_installed()
        return person, channel

    def _check_installed(self) -> None:
        if not self.is_installed:
            bot, team = self.installation.bot, self.installation.team
            raise NotInWorkspace(f"{bot.name} is not installed in {team.name}, so nobody hears this.")

    def _interaction(
        self,
        payload: Json,
        *,
        acked: Callable[[Json], None] = lambda _answer: None,
        failed: Callable[[str], None] = lambda _error: None,
    ) -> None:
        """Tell the app what somebody did. `failed` where nobody listens or no ack comes in time.

        Raises NotInWorkspace where the app was uninstalled meanwhile.
        """
        self._check_installed()
        self._tell(Envelope(EnvelopeType.INTERACTION, payload, acked, failed))

    def _trigger(self, person_id: str, view_id: str = "") -> str:
        with self._lock:
            return self.triggers.issue(Trigger(person_id, view_id))

    def _slackbot(self, hook: Hook, text: str) -> None:
        """Slack's own words to one person."""
        self.post(
            Message(hook.channel, "", SLACKBOT, text, thread_ts=hook.thread_ts, only_for=hook.person, after=hook.after)
        )

    def _response_url(self, hook: Hook) -> str:
        return f"{self.address}/response/{self.hooks.issue(hook)}"


def one_button(
    buttons: tuple[Button, ...], action_id: str, *, value: str | None, where: str, block_id: str | None = None
) -> Button:
    """The one button that is meant. Raises NotInWorkspace where there is none, or more than one."""
    named = [one for one in buttons if one.action_id == action_id and block_id in (None, one.block_id)]
    meant = [one for one in named if value in (None, one.value)]
    if not meant or len({one.value for one in meant}) > 1:
        there = ", ".join(f"{one.action_id}={one.value!r}" for one in buttons) or "none"
        raise NotInWorkspace(
            f"Nobody can press {action_id!r} (value {value!r}) in {where}. "
            f"Buttons there: {there}. Name one of them, with its value where two share an action_id."
        )
    return meant[0]
