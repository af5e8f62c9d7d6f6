"""A strict local Slack on loopback, and a chat page to use it by hand. It knows nothing of the rest of the bot.

`LocalSlack(Workspace()).start()` gives a bot its Web API and its sockets; `workspace.say(...)` and
`workspace.seen_by(...)` are the hands and eyes of the people in it.
"""

from bot.simulator.clock import Clock
from bot.simulator.server import LocalSlack
from bot.simulator.workspace import Workspace

__all__ = ["Clock", "LocalSlack", "Workspace"]
