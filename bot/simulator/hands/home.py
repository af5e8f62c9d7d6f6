"""The app's own place: its Home and its messages, and what people do in the Home."""

from collections.abc import Mapping
from dataclasses import replace

from bot.simulator import events, interactions
from bot.simulator.errors import NotInWorkspace
from bot.simulator.forms import filled
from bot.simulator.hands.base import Hands, one_button
from bot.simulator.hooks import Hook
from bot.simulator.messages import Json
from bot.simulator.modals import KeptView
from bot.simulator.seen_views import SeenView, seen_view


class HomeHands(Hands):
    """Everybody has a Home of their own, as the app last drew it for them."""

    def open_dm(self, person_id: str) -> str:
        """Open the bot's messages tab. Returns the id of the direct message."""
        return self._open_tab(person_id, "messages", view=None)

    def open_home(self, person_id: str) -> None:
        """Open the bot's Home tab. The app is told with the Home that it drew last, if it ever drew one."""
        view = self.homes.get(person_id)
        self._open_tab(person_id, "home", view=view.shown(self.installation) if view else None)

    def home_of(self, person_id: str) -> SeenView | None:
        """What this person sees in the Home tab, or None where the app never drew one."""
        with self._lock:
            view = self.homes.get(self.person(person_id).id)
            return seen_view(view, self.names) if view else None

    def press_in_home(self, person_id: str, action_id: str, value: str | None = None) -> None:
        """Press a button in the Home. Of several with one action_id, `value` says which."""
        with self._change():
            view = self._home(person_id)
            button = one_button(seen_view(view, self.names).buttons, action_id, value=value, where="the Home")
            self._act_in_home(view, interactions.pressed(button), told=f"the button “{button.label}”")

    def fill_in_home(self, person_id: str, values: Mapping[str, object]) -> None:
        """Put something into fields of the Home; the app hears at once of those for which it asked that."""
        with self._change():
            before = self._home(person_id)
            answers, touched = filled(before.blocks, before.answers, values)
            view = self.homes[person_id] = replace(before, answers=answers)
            for one in touched:
                if one.dispatches:
                    answer = view.answers[one.block_id][one.action_id]
                    action = interactions.chosen(one.block_id, one.action_id, answer)
                    self._act_in_home(view, action, told="what was chosen in its Home")

    def _home(self, person_id: str) -> KeptView:
        view = self.homes.get(self.person(person_id).id)
        if view is None:
            raise NotInWorkspace(f"The app has not drawn a Home for {self.person(person_id).name}.")
        return view

    def _act_in_home(self, view: KeptView, action: Json, *, told: str) -> None:
        payload = interactions.view_actions(
            self.person(view.person),
            self.installation,
            view=view,
            actions=[action],
            trigger_id=self._trigger(view.person),
        )
        hook = Hook(view.person, self.direct(view.person).id)
        words = f"{self.installation.bot.name} did not answer {told} in time."
        self._interaction(payload, failed=lambda _error: self._slackbot(hook, words))

    def _open_tab(self, person_id: str, tab: str, *, view: Json | None) -> str:
        channel = self.direct(person_id)
        with self._change():
            ts = self._transcripts.next_ts()
            body = events.home_opened(self.person(person_id), channel, tab=tab, ts=ts, view=view)
            self._tell_event(body, channel=channel)
        return channel.id
