"""Buttons and menus of messages, and the menu beside the message box."""

from starlette.datastructures import FormData

from bot.simulator.acts.pressing import button_pressed
from bot.simulator.places import Place
from bot.simulator.workspace import Workspace


def press(workspace: Workspace, place: Place, form: FormData) -> None:
    """Press a button of a message. Raises Outdated."""
    ts = form.get("message")
    seen = next((one for one in workspace.seen_by(place.person, place.channel) if one.ts == ts), None)
    button = button_pressed(seen.buttons if seen else (), form, where="message")
    workspace.click(place.person, place.channel, str(ts), button.action_id, button.value, block_id=button.block_id)


def use_shortcut(workspace: Workspace, place: Place, form: FormData) -> None:
    """Use a shortcut: `use` is its id and, behind a space, the ts of the message it is about."""
    callback_id, _, ts = str(form.get("use", "")).partition(" ")
    workspace.shortcut(place.person, callback_id, place.channel, ts)
