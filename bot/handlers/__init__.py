"""The list of everything the bot listens to. A listener only acks: `Arrival` has written the event down before."""

import re

from slack_bolt import Ack, App

from bot.handlers.arrival import ASK_COMMAND, Arrival
from bot.handlers.blocks import FEEDBACK_ACTION

# What `Arrival` reads, and what the manifest subscribes to.
EVENTS = ("app_mention", "message")
COMMANDS = (ASK_COMMAND,)
ACTIONS = (FEEDBACK_ACTION,)


def register(app: App, arrival: Arrival) -> None:
    app.middleware(arrival.record)
    # An event that nobody acks comes again for six minutes: also one that an app is subscribed to for no reason.
    app.event(re.compile(""))(_acknowledge)
    for command in COMMANDS:
        app.command(command)(_acknowledge)
    for action in ACTIONS:
        app.action(action)(_acknowledge)


def _acknowledge(ack: Ack) -> None:
    ack()
