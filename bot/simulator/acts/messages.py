"""Buttons and menus of messages, the menu beside the message box, and what the app suggests to ask."""

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


def take_prompt(workspace: Workspace, place: Place, form: FormData) -> None:
    """Say what stands behind a suggestion."""
    workspace.take_prompt(place.person, str(form.get("prompt", "")))


def react(workspace: Workspace, place: Place, form: FormData) -> None:
    """Put one's emoji below a message, or take it away: `use` is its name and, behind a space, the message's ts."""
    name, _, ts = str(form.get("use", "")).partition(" ")
    message = workspace.message(place.channel, ts)
    if message and place.person in dict(message.reactions).get(name, ()):
        workspace.unreact(place.person, place.channel, ts, name)
    else:
        workspace.react(place.person, place.channel, ts, name)


def stop_writing(workspace: Workspace, place: Place, form: FormData) -> None:
    """Press stop on an answer that is still being written."""
    workspace.stop_stream(place.person, place.channel, str(form.get("use", "")))


def edit(workspace: Workspace, place: Place, form: FormData) -> None:
    """Change what one said oneself. Without words it stays as it is."""
    text = str(form.get("text", "")).replace("\r\n", "\n").strip()
    if text:
        workspace.edit(place.person, place.channel, str(form.get("message", "")), text)


def take_back(workspace: Workspace, place: Place, form: FormData) -> None:
    """Delete what one said oneself."""
    workspace.take_back(place.person, place.channel, str(form.get("use", "")))
