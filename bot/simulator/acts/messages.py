"""Buttons and menus of messages, the menu beside the message box, and what the app suggests to ask."""

from collections.abc import Callable, Mapping

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


def in_menu(workspace: Workspace, place: Place, form: FormData) -> None:
    """Do what was chosen in a menu; the field's name says what, its value with which and to which message."""
    for name, act in _MENU.items():
        if name in form:
            act(workspace, place, str(form[name]))


def take_prompt(workspace: Workspace, place: Place, form: FormData) -> None:
    """Say what stands behind a suggestion."""
    workspace.take_prompt(place.person, str(form.get("prompt", "")))


def edit(workspace: Workspace, place: Place, form: FormData) -> None:
    """Change what one said oneself. Without words it stays as it is."""
    text = str(form.get("text", "")).replace("\r\n", "\n").strip()
    if text:
        workspace.edit(place.person, place.channel, str(form.get("message", "")), text)


def _use_shortcut(workspace: Workspace, place: Place, chosen: str) -> None:
    callback_id, _, ts = chosen.partition(" ")
    workspace.shortcut(place.person, callback_id, place.channel, ts)


def _react(workspace: Workspace, place: Place, chosen: str) -> None:
    """Put one's emoji below a message, or take it away where it is."""
    name, _, ts = chosen.partition(" ")
    message = workspace.message(place.channel, ts)
    if message and place.person in dict(message.reactions).get(name, ()):
        workspace.unreact(place.person, place.channel, ts, name)
    else:
        workspace.react(place.person, place.channel, ts, name)


_MENU: Mapping[str, Callable[[Workspace, Place, str], None]] = {
    "shortcut": _use_shortcut,
    "react": _react,
    "stop": lambda workspace, place, ts: workspace.stop_stream(place.person, place.channel, ts),
    "add": lambda workspace, place, member: workspace.join(member, place.channel, inviter=place.person),
    "remove": lambda workspace, place, member: workspace.leave(member, place.channel),
    "delete": lambda workspace, place, ts: workspace.take_back(place.person, place.channel, ts),
}
