"""What Slack accepts of the things in blocks that people press, choose from and write into: their limits as a table."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.simulator.checking import Check, anything, by_type, chars, flag, items, number, one_of, pattern, shape
from bot.simulator.texts import CONFIRM, ID, LABEL, URL, plain, text

Json = dict[str, Any]

# Slack's documented limits.
MAX_OPTIONS = 100
MAX_FEW_OPTIONS = 10  # radio buttons and checkboxes
MAX_OVERFLOW_OPTIONS = 5
MAX_INPUT = 3000
MAX_CHOSEN = 100

PLACEHOLDER = plain(150)
VALUE = chars(150)
DATE = pattern(r"\d{4}-\d{2}-\d{2}", "a date as YYYY-MM-DD")
TIME = pattern(r"\d{2}:\d{2}", "a time as HH:mm")
DECIMAL = pattern(r"-?\d+(\.\d+)?", "a number as text")

BUTTON = shape(
    {"text": plain(75)},
    {
        "action_id": ID,
        "url": URL,
        "value": chars(2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": LABEL,
    },
)
IMAGE_FIELDS = {"image_url": URL, "slack_file": anything}
IMAGE_ELEMENT = shape({"alt_text": chars(2000)}, IMAGE_FIELDS, either=("image_url", "slack_file"))

OPTION = shape({"text": plain(75), "value": VALUE}, {"description": plain(75)})
FEW_OPTION = shape({"text": text(75), "value": VALUE}, {"description": text(75)})
OVERFLOW_OPTION = shape({"text": plain(75), "value": VALUE}, {"description": plain(75), "url": URL})
GROUP = shape({"label": plain(75), "options": items(MAX_OPTIONS, of=OPTION)})
MENU = {"options": items(MAX_OPTIONS, of=OPTION), "option_groups": items(MAX_OPTIONS, of=GROUP)}
COMMON: Mapping[str, Check] = {"action_id": ID, "focus_on_load": flag}
FILTER = shape(
    None,
    {
        "include": items(4, of=one_of("im", "mpim", "private", "public")),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)


def all_of(*checks: Check) -> Check:
    """A value that passes every check."""

    def check(value: object, at: str) -> Iterator[str]:
        for one in checks:
            yield from one(value, at)

    return check


def _when_shaped(look: Callable[[Json], str]) -> Check:
    """A fault between the fields of an object; nothing where the object is malformed, which others say."""

    def check(value: object, at: str) -> Iterator[str]:
        try:
            fault = look(value) if isinstance(value, dict) else ""
        except (KeyError, TypeError, AttributeError):
            return
        if fault:
            yield f"{fault} [json-pointer:{at}]"

    return check


def options_in(element: Json) -> list[Json]:
    """What there is to choose from, groups laid flat."""
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def _offered(element: Json) -> str:
    initial = element.get("initial_options", []) + ([element["initial_option"]] if "initial_option" in element else [])
    offered = options_in(element)
    return "" if all(one in offered for one in initial) else "initial option is not among the options"


def _once(element: Json) -> str:
    values = [option["value"] for option in options_in(element)]
    return "option values must be unique" if len(set(values)) < len(values) else ""


def _range(least: str, most: str) -> Check:
    def look(element: Json) -> str:
        if least in element and most in element and float(element[least]) > float(element[most]):
            return f"{least} must not be more than {most}"
        return ""

    return _when_shaped(look)


def _choice(required: Mapping[str, Check] | None, others: Mapping[str, Check]) -> Check:
    either = () if required else ("options", "option_groups")
    whole = shape(required, {**COMMON, "confirm": CONFIRM, **others}, either=either)
    return all_of(whole, _when_shaped(_offered), _when_shaped(_once))


def _picker(initial: str, of: Check, **others: Check) -> Check:
    return shape(None, {**COMMON, "confirm": CONFIRM, "placeholder": PLACEHOLDER, initial: of, **others})


def _writing(others: Mapping[str, Check], *, required: Mapping[str, Check] | None = None) -> Check:
    config = shape(
        {"trigger_actions_on": items(2, of=one_of("on_enter_pressed", "on_character_entered"))},
    )
    return shape(
        required,
        {
            **COMMON,
            "placeholder": PLACEHOLDER,
            "initial_value": chars(MAX_INPUT, least=0),
            "dispatch_action_config": config,
            **others,
        },
    )


_FEW = {"options": items(MAX_FEW_OPTIONS, of=FEW_OPTION)}
_CHOSEN = number(1, MAX_CHOSEN)
_IDS = items(MAX_CHOSEN, of=ID, least=0)

# What may stand in a section or a row of actions, and in an input.
MENUS: Mapping[str, Check] = {
    "static_select": _choice(None, {**MENU, "placeholder": PLACEHOLDER, "initial_option": OPTION}),
    "radio_buttons": _choice(_FEW, {"initial_option": FEW_OPTION}),
    "checkboxes": _choice(_FEW, {"initial_options": items(MAX_FEW_OPTIONS, of=FEW_OPTION)}),
    "users_select": _picker("initial_user", ID),
    "conversations_select": _picker(
        "initial_conversation", ID, default_to_current_conversation=flag, response_url_enabled=flag, filter=FILTER
    ),
    "channels_select": _picker("initial_channel", ID, response_url_enabled=flag),
    "datepicker": _picker("initial_date", DATE),
    "timepicker": _picker("initial_time", TIME, timezone=ID),
}
# These cannot stand in a row of actions.
MULTI_MENUS: Mapping[str, Check] = {
    "multi_static_select": _choice(
        None,
        {
            **MENU,
            "placeholder": PLACEHOLDER,
            "initial_options": items(MAX_OPTIONS, of=OPTION),
            "max_selected_items": _CHOSEN,
        },
    ),
    "multi_users_select": _picker("initial_users", _IDS, max_selected_items=_CHOSEN),
    "multi_conversations_select": _picker(
        "initial_conversations",
        _IDS,
        max_selected_items=_CHOSEN,
        default_to_current_conversation=flag,
        filter=FILTER,
    ),
    "multi_channels_select": _picker("initial_channels", _IDS, max_selected_items=_CHOSEN),
}
OVERFLOW = shape({"options": items(MAX_OVERFLOW_OPTIONS, of=OVERFLOW_OPTION)}, {"action_id": ID, "confirm": CONFIRM})
# These stand in an input only.
WRITING: Mapping[str, Check] = {
    "plain_text_input": all_of(
        _writing({"multiline": flag, "min_length": number(0, MAX_INPUT), "max_length": number(1, MAX_INPUT)}),
        _range("min_length", "max_length"),
    ),
    "number_input": all_of(
        _writing({"min_value": DECIMAL, "max_value": DECIMAL}, required={"is_decimal_allowed": flag}),
        _range("min_value", "max_value"),
    ),
    "email_text_input": _writing({}),
    "url_text_input": _writing({}),
}

IN_SECTION = by_type({"button": BUTTON, "image": IMAGE_ELEMENT, "overflow": OVERFLOW, **MENUS, **MULTI_MENUS})
IN_ACTIONS = by_type({"button": BUTTON, "overflow": OVERFLOW, **MENUS})
IN_INPUT = by_type({**MENUS, **MULTI_MENUS, **WRITING})
