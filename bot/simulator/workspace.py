"""The workspace as people use it: what each of them sees, and what their hands can do."""

from bot.simulator.hands.agent import AgentHands
from bot.simulator.hands.forms import FormHands
from bot.simulator.hands.home import HomeHands
from bot.simulator.hands.installing import InstallingHands
from bot.simulator.hands.membership import MembershipHands
from bot.simulator.hands.shortcuts import ShortcutHands


class Workspace(AgentHands, FormHands, HomeHands, ShortcutHands, MembershipHands, InstallingHands):
    """The local Slack without its server. Tests drive it with these hands and look through these eyes."""
