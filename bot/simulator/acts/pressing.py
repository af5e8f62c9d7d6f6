"""Which of the buttons that somebody had before them was pressed."""

from starlette.datastructures import FormData

from bot.simulator.errors import Outdated
from bot.simulator.messages import Button


def button_pressed(buttons: tuple[Button, ...], form: FormData, *, where: str) -> Button:
    """The button whose place among all is in the form. Raises Outdated."""
    number = str(form.get("button", ""))
    if not number.isdecimal() or int(number) >= len(buttons):
        raise Outdated(f"This button is gone; the {where} has changed.")
    return buttons[int(number)]
