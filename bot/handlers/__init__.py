"""The list of everything the bot listens to. A listener only acks: `Arrival` has written the event down before."""

from slack_bolt import Ack, App

from bot.handlers.arrival import ASK_COMMAND, Arrival
from bot.handlers.blocks import FEEDBACK_ACTION

EVENTS = ("app_mention", "message")
COMMANDS = (ASK_COMMAND,)
ACTIONS = (FEEDBACK_ACTION,)


def register(app: App, arrival: Arrival) -> None:
    app.middleware(arrival.record)
    for event in EVENTS:
        app.event(event)(_acknowledge)
    for command in COMMANDS:
        app.command(command)(_acknowledge)
    for action in ACTIONS:
        app.action(action)(_acknowledge)


def _acknowledge(ack: Ack) -> None:
    ack()
