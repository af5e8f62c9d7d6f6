"""A strict local Slack on loopback, and a chat page to use it by hand. It knows nothing of the rest of the bot.

`LocalSlack(Workspace()).start()` gives a bot its Web API and its sockets; `workspace.say(...)` and
`workspace.seen_by(...)` are the hands and eyes of the people in it. `SlackFront` puts several workspaces behind one
address, to be installed by OAuth.
"""

from bot.simulator.clock import Clock
from bot.simulator.front import SlackFront
from bot.simulator.seed import harborside, tidewater
from bot.simulator.server import LocalSlack
from bot.simulator.workspace import Workspace

__all__ = ["Clock", "LocalSlack", "SlackFront", "Workspace", "harborside", "tidewater"]
