"""The list of everything the bot listens to. A listener only acks: `Arrival` has written the event down before."""

import re

from slack_bolt import Ack, App

from bot.handlers import cards
from bot.handlers.arrival import Arrival, set_aside
from bot.handlers.blocks import ACT_ACTION, ASK_HUMAN_ACTION, FEEDBACK_ACTION, SHARE_ACTION, TRY_ACTION
from bot.handlers.channel_form import CALLBACK as CHANNEL_FORM
from bot.handlers.doors import Doors
from bot.handlers.friction import FRICTION_SHORTCUT
from bot.handlers.knowledge import KNOWLEDGE_COMMAND
from bot.handlers.membership import CHANNEL_EVENTS, GROUP_EVENTS, USER_EVENTS
from bot.handlers.objection_form import FORM as OBJECTION_FORM
from bot.handlers.questions import ASK_COMMAND, ASK_SHORTCUT
from bot.handlers.request_forms import ASK_FORM, PAGE_FORM, REFUSE_FORM, STILL_FORM
from bot.handlers.throughline import COMMAND as THROUGHLINE_COMMAND

# What the surfaces read, and what the manifest subscribes to.
EVENTS = ("app_home_opened", "app_mention", "message", *USER_EVENTS, *CHANNEL_EVENTS, *GROUP_EVENTS)
COMMANDS = (ASK_COMMAND, KNOWLEDGE_COMMAND, THROUGHLINE_COMMAND)
ACTIONS = (FEEDBACK_ACTION, ACT_ACTION, SHARE_ACTION, TRY_ACTION, ASK_HUMAN_ACTION, *cards.ACTIONS)
SHORTCUTS = (ASK_SHORTCUT, FRICTION_SHORTCUT)
FORMS = (CHANNEL_FORM, ASK_FORM, STILL_FORM, PAGE_FORM, REFUSE_FORM, OBJECTION_FORM)


def register(app: App, arrival: Arrival, doors: Doors) -> None:
    app.error(set_aside)
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
