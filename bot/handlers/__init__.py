"""The list of everything the bot listens to. A listener only acks: `Arrival` has written the event down before."""

import re
from collections.abc import Sequence

from slack_bolt import Ack, App

from bot.handlers.arrival import Arrival
from bot.handlers.ask import ASK_COMMAND
from bot.handlers.blocks import FEEDBACK_ACTION
from bot.handlers.doors import Doors
from bot.handlers.objection_form import FORM as OBJECTION_FORM

# What the surfaces read, and what the manifest subscribes to.
EVENTS = ("app_mention", "message")
COMMANDS = (ASK_COMMAND,)
ACTIONS = (FEEDBACK_ACTION,)
SHORTCUTS: Sequence[str] = ()
FORMS = (OBJECTION_FORM,)


def register(app: App, arrival: Arrival, doors: Doors) -> None:
    app.middleware(arrival.record)
    # An event that nobody acks comes again for six minutes: also one that an app is subscribed to for no reason.
    app.event(re.compile(""))(_acknowledge)
    for command in COMMANDS:
        app.command(command)(doors.pressed)
    for action in ACTIONS:
        app.action(action)(doors.pressed)
    for shortcut in SHORTCUTS:
        app.shortcut(shortcut)(doors.pressed)
    for form in FORMS:
        app.view(form)(doors.sent)


def _acknowledge(ack: Ack) -> None:
    ack()
