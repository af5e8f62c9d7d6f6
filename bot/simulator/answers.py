"""What a person puts into one field, in the JSON that `state.values` and `actions` carry for its kind of element."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.simulator.elements import MAX_INPUT, options_in
from bot.simulator.errors import NotInWorkspace

Json = dict[str, Any]

TEXTS = frozenset({"plain_text_input", "number_input", "email_text_input", "url_text_input"})
# Where the answer stands, by kind of element: one option or several, one id or several, a date or a time.
_OPTION = frozenset({"static_select", "radio_buttons"})
_OPTIONS = frozenset({"multi_static_select", "checkboxes"})
_ONE = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
}
_SEVERAL = {
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
TAKES_SEVERAL = _OPTIONS | _SEVERAL.keys()
FILLABLE = TEXTS | _OPTION | _OPTIONS | _ONE.keys() | _SEVERAL.keys()


def initial(element: Json) -> Json:
    """What is in a field before anybody touches it."""
    kind = element["type"]
    if kind in TEXTS:
        return {"type": kind, "value": element.get("initial_value")}
    if kind in _OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind in _ONE:
        name = _ONE[kind]
        return {"type": kind, name: element.get(name.replace("selected", "initial"))}
    name = _SEVERAL[kind]
    return {"type": kind, name: element.get(name.replace("selected", "initial"), [])}


def answer(element: Json, given: object) -> Json:
    """What is in a field once a person put `given` there: words, the value or label of an option, an id, or several.

    None or an empty list empties it. Raises NotInWorkspace where there is no such option.
    """
    kind = element["type"]
    if kind in TEXTS:
        return {"type": kind, "value": str(given) if given not in (None, "") else None}
    if kind in _OPTION:
        return {"type": kind, "selected_option": None if given is None else _option(element, given)}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": [_option(element, one) for one in _few(element, given)]}
    if kind in _ONE:
        return {"type": kind, _ONE[kind]: None if given is None else str(given)}
    return {"type": kind, _SEVERAL[kind]: [str(one) for one in _few(element, given)]}


def is_empty(answered: Json) -> bool:
    """Whether nothing was put in."""
    return not any(value for name, value in answered.items() if name != "type")


def readable(answered: Json, names: Mapping[str, str]) -> str:
    """What a person reads in the field."""
    several = _put_in(answered)
    return ", ".join(str(one["text"]["text"]) if isinstance(one, dict) else str(names.get(one, one)) for one in several)


def chosen(answered: Json) -> tuple[str, ...]:
    """What a form carries for the field: the words, the values of options, the ids."""
    return tuple(str(one["value"]) if isinstance(one, dict) else str(one) for one in _put_in(answered))


def complaint(element: Json, answered: Json) -> str:
    """What Slack's own client finds wrong with an answer before it sends it. Nothing where it may go."""
    value = answered.get("value")
    if not isinstance(value, str):
        return ""
    match element["type"]:
        case "plain_text_input":
            return _length(value, least=element.get("min_length", 0), most=element.get("max_length", MAX_INPUT))
        case "number_input":
            return _number(value, element)
        case "email_text_input" if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", value):
            return "Please enter a valid email address."
        case "url_text_input" if urlsplit(value).scheme not in ("http", "https"):
            return "Please enter a valid URL, including http:// or https://."
    return ""


def _put_in(answered: Json) -> list[Any]:
    found = next((value for name, value in answered.items() if name != "type"), None)
    return found if isinstance(found, list) else [] if found is None else [found]


def _length(value: str, *, least: int, most: int) -> str:
    if len(value) > most:
        return f"Please use no more than {most} characters."
    return f"Please use at least {least} characters." if len(value) < least else ""


def _number(value: str, element: Json) -> str:
    form = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(form, value):
        return "Please enter a number." if element["is_decimal_allowed"] else "Please enter a whole number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return ""


def _few(element: Json, given: object) -> list[object]:
    several: Iterable[object]
    if given is None:
        several = ()
    elif isinstance(given, (list, tuple, set, frozenset)):
        several = given
    else:
        several = (given,)
    chosen = list(several)
    most = element.get("max_selected_items", len(chosen))
    if len(chosen) > most:
        raise NotInWorkspace(f"Only {most} can be chosen here, and {len(chosen)} were.")
    return chosen


def _option(element: Json, given: object) -> Json:
    """The option with this value or label, as `state.values` repeats it."""
    options = options_in(element)
    for option in options:
        if given in (option["value"], option["text"]["text"]):
            return option
    there = ", ".join(repr(option["value"]) for option in options)
    raise NotInWorkspace(f"There is no option {given!r}. There are: {there}.")
