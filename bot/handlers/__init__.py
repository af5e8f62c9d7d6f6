"""The list of everything the bot listens to. A listener only acks: `Arrival` has written the event down before."""

import re
from collections.abc import Callable
from typing import Any, Protocol

from slack_bolt import Ack, App, BoltContext

from bot.handlers import cards
from bot.handlers.arrival import Arrival, set_aside
from bot.handlers.blocks import ACT_ACTION, ASK_HUMAN_ACTION, FEEDBACK_ACTION, SHARE_ACTION, TRY_ACTION
from bot.handlers.channel_form import CALLBACK as CHANNEL_FORM
from bot.handlers.departure import EVENTS as DEPARTURES
from bot.handlers.doors import Doors
from bot.handlers.friction import FRICTION_SHORTCUT
from bot.handlers.knowledge import KNOWLEDGE_COMMAND
from bot.handlers.membership import CHANNEL_EVENTS, GROUP_EVENTS, USER_EVENTS
from bot.handlers.objection_form import FORM as OBJECTION_FORM
from bot.handlers.questions import ASK_COMMAND, ASK_SHORTCUT
from bot.handlers.request_forms import ASK_FORM, PAGE_FORM, REFUSE_FORM, STILL_FORM
from bot.handlers.surfaces import Body
from bot.handlers.throughline import COMMAND as THROUGHLINE_COMMAND

# What the surfaces read, and what the manifest subscribes to.
EVENTS = ("app_home_opened", "app_mention", "message", *USER_EVENTS, *CHANNEL_EVENTS, *GROUP_EVENTS, *DEPARTURES)
COMMANDS = (ASK_COMMAND, KNOWLEDGE_COMMAND, THROUGHLINE_COMMAND)
ACTIONS = (FEEDBACK_ACTION, ACT_ACTION, SHARE_ACTION, TRY_ACTION, ASK_HUMAN_ACTION, *cards.ACTIONS)
SHORTCUTS = (ASK_SHORTCUT, FRICTION_SHORTCUT)
FORMS = (CHANNEL_FORM, ASK_FORM, STILL_FORM, PAGE_FORM, REFUSE_FORM, OBJECTION_FORM)


class Attending(Protocol):
    """What a workspace's requests go to."""

    arrival: Arrival
    doors: Doors


def register(app: App, attending: Callable[[str | None], Attending | None]) -> None:
    """`attending`: who attends a workspace, by its id; None where nobody does."""

    def record(body: dict[str, Any], context: BoltContext, next: Callable[[], Any]) -> Any:  # noqa: A002, ANN401 - Bolt's
        here = attending(context.team_id)
        return here.arrival.record(body, next) if here else next()

    def pressed(ack: Ack, body: Body, context: BoltContext) -> None:
        here = attending(context.team_id)
        if here:
            here.doors.pressed(ack, body)

    def sent(ack: Ack, body: Body, context: BoltContext) -> None:
        here = attending(context.team_id)
        if here:
            here.doors.sent(ack, body)

    app.error(set_aside)
    app.middleware(record)
    # An event that nobody acks comes again for six minutes: also one that an app is subscribed to for no reason.
    app.event(re.compile(""))(_acknowledge)
    for command in COMMANDS:
        app.command(command)(pressed)
    for action in ACTIONS:
        app.action(action)(pressed)
    for shortcut in SHORTCUTS:
        app.shortcut(shortcut)(pressed)
    for form in FORMS:
        app.view(form)(sent)


def _acknowledge(ack: Ack) -> None:
    ack()
