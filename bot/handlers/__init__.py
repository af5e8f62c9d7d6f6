"""The list of everything the bot listens to. A listener only acks: `Arrival` has written the event down before."""

import re
from collections.abc import Callable
from typing import Any, Protocol

from slack_bolt import Ack, App, BoltContext

from bot.handlers.arrival import Arrival, set_aside
from bot.handlers.blocks import ACT_ACTION, ASK_HUMAN_ACTION, FEEDBACK_ACTION, SHARE_ACTION, TRY_ACTION
from bot.handlers.channel_form import CALLBACK as CHANNEL_FORM
from bot.handlers.customers import asks as customer_asks
from bot.handlers.customers import entries as customer_entries
from bot.handlers.customers import forms as customer_forms
from bot.handlers.customers import steps as customer_steps
from bot.handlers.customers import surface as customers
from bot.handlers.customers.requests import CUSTOMER_COMMAND, CUSTOMER_SHORTCUT
from bot.handlers.doors import Doors
from bot.handlers.friction import cards as friction_cards
from bot.handlers.friction import entrances as friction_entrances
from bot.handlers.friction import obstacles as friction_obstacles
from bot.handlers.friction import own as friction_own
from bot.handlers.friction import theme_views as friction_themes
from bot.handlers.friction import triage as friction_triage
from bot.handlers.friction.forms import CHANGE_ACTION, LEAVE_OUT_ACTION, ME_TOO_ACTION, REPORT_FORM
from bot.handlers.friction.move_forms import MOVE_FORM
from bot.handlers.friction.own_views import SAY_FORM
from bot.handlers.friction.reactions import EVENT as REACTION_EVENT
from bot.handlers.friction.requests import ANYWHERE as REPORT_SHORTCUT
from bot.handlers.friction.requests import COMMAND as FRICTION_COMMAND
from bot.handlers.friction.requests import SHORTCUT as FRICTION_SHORTCUT
from bot.handlers.knowledge import KNOWLEDGE_COMMAND
from bot.handlers.letters import cards as letter_cards
from bot.handlers.pulses import cards as pulse_cards
from bot.handlers.questions import ASK_COMMAND, ASK_SHORTCUT
from bot.handlers.requests import cards
from bot.handlers.requests.forms import ASK_FORM, PAGE_FORM, REFUSE_FORM, STILL_FORM
from bot.handlers.surfaces import Body
from bot.handlers.throughline import COMMAND as THROUGHLINE_COMMAND
from bot.handlers.verdicts.objection_form import FORM as OBJECTION_FORM
from bot.handlers.workspace.departure import EVENTS as DEPARTURES
from bot.handlers.workspace.membership import CHANNEL_EVENTS, GROUP_EVENTS, USER_EVENTS

# What the surfaces read, and what the manifest subscribes to.
EVENTS = (
    *("app_home_opened", "app_mention", "message", REACTION_EVENT),
    *(*USER_EVENTS, *CHANNEL_EVENTS, *GROUP_EVENTS, *DEPARTURES),
)
COMMANDS = (ASK_COMMAND, CUSTOMER_COMMAND, FRICTION_COMMAND, KNOWLEDGE_COMMAND, THROUGHLINE_COMMAND)
ACTIONS = (
    *(FEEDBACK_ACTION, ACT_ACTION, SHARE_ACTION, TRY_ACTION, ASK_HUMAN_ACTION),
    *cards.ACTIONS,
    *customers.ACTIONS,
    *customer_asks.ACTIONS,
    *customer_entries.ACTIONS,
    *customer_steps.ACTIONS,
    *friction_entrances.ACTIONS,
    *(*friction_cards.ACTIONS, *friction_triage.ACTIONS, *friction_own.ACTIONS),
    *friction_obstacles.ACTIONS,
    *friction_themes.ACTIONS,
    *pulse_cards.ACTIONS,
    *letter_cards.ACTIONS,
    *(CHANGE_ACTION, LEAVE_OUT_ACTION, ME_TOO_ACTION),
)
# In the menu of a message, and in the one beside the message box.
SHORTCUTS = (ASK_SHORTCUT, CUSTOMER_SHORTCUT, FRICTION_SHORTCUT)
GLOBAL_SHORTCUTS = (REPORT_SHORTCUT,)
FORMS = (
    *(CHANNEL_FORM, ASK_FORM, STILL_FORM, PAGE_FORM, REFUSE_FORM, OBJECTION_FORM),
    *customer_forms.FORMS,
    *(REPORT_FORM, MOVE_FORM, SAY_FORM, friction_themes.THEME_FORM),
)


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
    for shortcut in (*SHORTCUTS, *GLOBAL_SHORTCUTS):
        app.shortcut(shortcut)(pressed)
    for form in FORMS:
        app.view(form)(sent)


def _acknowledge(ack: Ack) -> None:
    ack()
