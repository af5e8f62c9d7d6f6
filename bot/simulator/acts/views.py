"""Modals and Home: what somebody put into fields, pressed, sent or closed."""

from starlette.datastructures import FormData

from bot.simulator.acts.pressing import button_pressed
from bot.simulator.answers import TAKES_SEVERAL
from bot.simulator.places import Place
from bot.simulator.seen_views import SeenField, SeenView
from bot.simulator.workspace import Workspace


def in_modal(workspace: Workspace, place: Place, form: FormData) -> None:
    """What was done in the modal in front. Nothing where it was closed meanwhile, as the page then shows."""
    with workspace.changing():
        view = workspace.open_modal(place.person)
        if view is None or view.id != form.get("view"):
            return
        act = form.get("do")
        if act == "close":
            workspace.close_modal(place.person)
            return
        workspace.fill(place.person, _put_in(view, form))
        if act == "submit" and not view.sending:
            workspace.submit(place.person)
        elif "button" in form:
            button = button_pressed(view.buttons, form, where="form")
            workspace.press_in_modal(place.person, button.action_id, button.value)


def in_home(workspace: Workspace, place: Place, form: FormData) -> None:
    """What was done in the app's Home. Raises Outdated."""
    with workspace.changing():
        view = workspace.home_of(place.person)
        if view is None or view.id != form.get("view"):
            return
        workspace.fill_in_home(place.person, _put_in(view, form))
        if "button" in form:
            button = button_pressed(view.buttons, form, where="Home")
            workspace.press_in_home(place.person, button.action_id, button.value)


def _put_in(view: SeenView, form: FormData) -> dict[str, object]:
    """What is in the form and was not in the fields before. A field that the form does not have stays as it is."""
    there = {one: _values(one, form) for one in view.fields if one.key in form}
    return {one.key: _value(one, values) for one, values in there.items() if values != one.chosen}


def _values(field: SeenField, form: FormData) -> tuple[str, ...]:
    """A browser ends lines as in a letter, and sends the empty value of a field in which nothing is chosen."""
    sent = [value.replace("\r\n", "\n") for value in form.getlist(field.key) if isinstance(value, str)]
    values = [value for value in sent if value]
    # In the order in which it was chosen; what is new comes last.
    return tuple(sorted(values, key=lambda one: field.chosen.index(one) if one in field.chosen else len(field.chosen)))


def _value(field: SeenField, values: tuple[str, ...]) -> object:
    if field.kind in TAKES_SEVERAL:
        return list(values)
    return values[0] if values else None
