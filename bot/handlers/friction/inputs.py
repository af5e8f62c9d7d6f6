"""Menus of forms: options -> elements, and what was chosen in them. Pure."""

from collections.abc import Iterable
from typing import Any

from bot.handlers.modals import FIELD, Json, plain
from bot.handlers.surfaces import Body

# Slack's documented limits.
MAX_OPTION, MAX_OPTIONS = 75, 100


def select(options: Iterable[tuple[str, str]], *, chosen: str = "") -> Json:
    """A menu of which one is chosen."""
    known = _known(options)
    first: Json = {"initial_option": known[chosen]} if chosen in known else {}
    return {"type": "static_select", "action_id": FIELD, "options": list(known.values()), **first}


def choose(options: Iterable[tuple[str, str]], *, chosen: Iterable[str], hint: str = "") -> Json:
    """A menu of which several may be chosen; `hint` stands in it while none is."""
    known = _known(options)
    those = [known[each] for each in chosen if each in known]
    return {
        "type": "multi_static_select",
        "action_id": FIELD,
        "options": list(known.values()),
        **({"placeholder": plain(hint)} if hint else {}),
        **({"initial_options": those} if those else {}),
    }


def ticks(options: Iterable[tuple[str, str]]) -> Json:
    return {"type": "checkboxes", "action_id": FIELD, "options": [option(value, name) for value, name in options]}


def picker() -> Json:
    """Somebody of the workspace."""
    return {"type": "users_select", "action_id": FIELD}


def option(value: str, name: str) -> Json:
    shown = name if len(name) <= MAX_OPTION else f"{name[: MAX_OPTION - 2]} …"
    return {"text": plain(shown), "value": value}


def _known(options: Iterable[tuple[str, str]]) -> dict[str, Json]:
    return {value: option(value, name) for value, name in list(options)[:MAX_OPTIONS]}


def several(body: Body, field: str) -> list[str]:
    """What was chosen where several may be."""
    return [str(one["value"]) for one in chosen_in(body, field, "selected_options") or ()]


def chosen_in(body: Body, field: str, key: str) -> Any:  # noqa: ANN401 - a text, or a list
    """What Slack sends of a field, as `key` has it; None where nothing is chosen."""
    return ((body["view"]["state"]["values"].get(field) or {}).get(FIELD) or {}).get(key)
