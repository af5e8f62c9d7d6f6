"""Modals: what somebody has in front of them, and filling in, sending and closing it."""

from collections.abc import Mapping
from dataclasses import replace

from bot.simulator import interactions
from bot.simulator.errors import NotInWorkspace, SlackError
from bot.simulator.forms import Field, complaints, fields_of, filled
from bot.simulator.hands.base import Hands, one_button
from bot.simulator.hooks import Hook
from bot.simulator.messages import Json
from bot.simulator.modals import KeptView
from bot.simulator.seen_views import SeenView, seen_view
from bot.simulator.view_limits import check_modal

# What Slack's client says of a form that the app did not take.
TROUBLE = "We had some trouble connecting. Try again?"


class FormHands(Hands):
    """Everybody has at most one modal open, of up to three views one above the other."""

    def open_modal(self, person_id: str) -> SeenView | None:
        """The modal that this person has in front of them, if there is one."""
        with self._lock:
            stack = self.modals.stack(self.person(person_id).id)
            return seen_view(stack[-1], self.names, stack=stack) if stack else None

    def fill(self, person_id: str, values: Mapping[str, object]) -> None:
        """Put something into fields, named by action_id, block_id or label.

        Words for what is written, the value or label of an option, an id of a person or channel, a date; several in a
        list; None empties it. The app hears at once of fields for which it asked that.
        """
        with self._change():
            view = self._front(person_id)
            answers, touched = filled(view.blocks, view.answers, values)
            cured = {block_id: fault for block_id, fault in view.faults.items() if block_id not in _blocks(touched)}
            view = self.modals.put(replace(view, answers=answers, faults=cured))
            for one in touched:
                if one.dispatches:
                    self._act_in_modal(view, _chosen(view, one))

    def submit(self, person_id: str, values: Mapping[str, object] | None = None) -> None:
        """Fill in the rest and send the form.

        Slack's client keeps back a form with a fault; it, and the app's own refusal, is then seen in the modal.
        """
        with self._change():
            self.fill(person_id, values or {})
            view = self._front(person_id)
            if "submit" not in view.body:
                raise NotInWorkspace(f"The modal “{view.title}” has no button to send it; it can only be closed.")
            faults = complaints(view.blocks, view.answers)
            view = self.modals.put(replace(view, faults=faults, trouble="", sending=not faults))
            if not faults:
                self._send(view)

    def close_modal(self, person_id: str) -> None:
        """Close the view in front; the one below it is seen again, unless the app wanted all of them closed."""
        with self._change():
            view = self._front(person_id)
            clears = bool(view.body.get("clear_on_close"))
            gone = self.modals.stack(person_id)[::-1] if clears else (view,)
            for one in gone:
                self.modals.close(one)
                if one.body.get("notify_on_close"):
                    payload = interactions.closed(self.person(person_id), self.installation, view=one, cleared=clears)
                    self._interaction(payload)

    def press_in_modal(self, person_id: str, action_id: str, value: str | None = None) -> None:
        """Press a button in the modal. Of several with one action_id, `value` says which."""
        with self._change():
            view = self._front(person_id)
            seen = seen_view(view, self.names)
            button = one_button(seen.buttons, action_id, value=value, where=f"the modal “{view.title}”")
            self._act_in_modal(view, interactions.pressed(button))

    def _front(self, person_id: str) -> KeptView:
        view = self.modals.top(self.person(person_id).id)
        if view is None:
            raise NotInWorkspace(f"{self.person(person_id).name} has no modal open.")
        return view

    def _act_in_modal(self, view: KeptView, action: Json) -> None:
        payload = interactions.view_actions(
            self.person(view.person),
            self.installation,
            view=view,
            actions=[action],
            trigger_id=self._trigger(view.person, view.id),
        )
        self._interaction(payload, failed=lambda _error: self._in_trouble(view))

    def _send(self, view: KeptView) -> None:
        payload = interactions.submission(
            self.person(view.person),
            self.installation,
            view=view,
            trigger_id=self._trigger(view.person, view.id),
            response_urls=self._response_urls(view),
        )

        def acked(answer: Json) -> None:
            with self._change():
                current = self.modals.find(view_id=view.id)
                if current is not None:
                    self._obey(current, answer)

        self._interaction(payload, acked=acked, failed=lambda _error: self._in_trouble(view))

    def _obey(self, view: KeptView, answer: Json) -> None:
        """What came with the ack of a form: nothing closes its view, a `response_action` says what else to do."""
        view = self.modals.put(replace(view, sending=False))
        try:
            match answer.get("response_action"):
                case None if not answer:
                    self.modals.close(view)
                case "errors":
                    self.modals.put(replace(view, faults=_refusals(view, answer.get("errors"))))
                case "update":
                    self.modals.change(view, check_modal(answer.get("view")))
                case "push":
                    self.modals.push(view.person, check_modal(answer.get("view")))
                case "clear":
                    self.modals.clear(view.person)
                case _:
                    self._in_trouble(view)
        except SlackError:
            self._in_trouble(view)

    def _in_trouble(self, view: KeptView) -> None:
        with self._change():
            current = self.modals.find(view_id=view.id)
            if current is not None:
                self.modals.put(replace(current, sending=False, trouble=TROUBLE))

    def _response_urls(self, view: KeptView) -> list[Json]:
        """One for each channel that was chosen in a field with `response_url_enabled`."""
        urls = []
        for one in fields_of(view.blocks):
            answer = view.answers[one.block_id][one.action_id]
            channel_id = answer.get("selected_conversation") or answer.get("selected_channel")
            if one.element.get("response_url_enabled") and channel_id:
                channel = self.channel(channel_id)
                url = self._response_url(Hook(view.person, channel.id))
                urls.append(
                    {
                        "block_id": one.block_id,
                        "action_id": one.action_id,
                        "channel_id": channel.id,
                        "response_url": url,
                    }
                )
        return urls


def _blocks(fields: tuple[Field, ...]) -> set[str]:
    return {one.block_id for one in fields}


def _chosen(view: KeptView, one: Field) -> Json:
    return interactions.chosen(one.block_id, one.action_id, view.answers[one.block_id][one.action_id])


def _refusals(view: KeptView, errors: object) -> dict[str, str]:
    """The faults that the app found, by block_id. Raises SlackError where Slack could not show one of them."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise SlackError("invalid_errors")
    if not all(isinstance(words, str) and words for words in errors.values()):
        raise SlackError("invalid_errors")
    return {str(block_id): str(words) for block_id, words in errors.items()}
