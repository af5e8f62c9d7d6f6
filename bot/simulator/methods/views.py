"""views.*: modals and Homes."""

from collections.abc import Mapping
from typing import Any

from bot.simulator.errors import SlackError
from bot.simulator.methods.call import Call, Method
from bot.simulator.modals import KeptView, changed, kept
from bot.simulator.triggers import Trigger
from bot.simulator.view_limits import check_home, check_modal

Json = dict[str, Any]


def open_modal(call: Call) -> Json:
    """Show a modal to whoever pressed something in the last three seconds."""
    body = check_modal(_view(call))
    with call.workspace.changing():
        return _answer(call, call.workspace.modals.open(_trigger(call).person, body))


def push(call: Call) -> Json:
    """Show a view above the one in which something was pressed. A trigger from elsewhere has none: `not_found`."""
    body = check_modal(_view(call))
    with call.workspace.changing():
        trigger = _trigger(call)
        if call.workspace.modals.find(view_id=trigger.view_id) is None:
            raise SlackError("not_found")
        return _answer(call, call.workspace.modals.push(trigger.person, body))


def update(call: Call) -> Json:
    """Put other contents into an open view, named by its id or by the app's own."""
    body = check_modal(_view(call))
    view_id, external_id = call.arguments.text("view_id"), call.arguments.text("external_id")
    if not (view_id or external_id):
        raise SlackError("invalid_arguments", messages=("missing required field: view_id",))
    with call.workspace.changing():
        view = call.workspace.modals.find(view_id=view_id, external_id=external_id)
        if view is None:
            raise SlackError("not_found")
        _check_hash(call, view)
        return _answer(call, call.workspace.modals.change(view, body))


def publish(call: Call) -> Json:
    """Draw a person's Home. A hash that is not the last one given out means that somebody else drew since."""
    person = call.person("user_id")
    body = check_home(_view(call))
    with call.workspace.changing():
        before = call.workspace.homes.get(person.id)
        _check_hash(call, before)
        view = changed(before, body) if before else kept(body, person=person.id)
        call.workspace.publish_home(view)
        return _answer(call, view)


def _view(call: Call) -> object:
    return call.arguments.structure("view", broken="invalid_arguments")


def _trigger(call: Call) -> Trigger:
    return call.workspace.triggers.exchange(call.arguments.needed("trigger_id"))


def _check_hash(call: Call, view: KeptView | None) -> None:
    given = call.arguments.text("hash")
    if given and (view is None or given != view.hash):
        raise SlackError("hash_conflict")


def _answer(call: Call, view: KeptView) -> Json:
    return {"view": view.shown(call.workspace.installation)}


METHODS: Mapping[str, Method] = {
    "views.open": open_modal,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
