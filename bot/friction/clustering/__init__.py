"""What is about one pain, put together: here, or in a process of its own. Knows no Slack, no tables."""

from bot.friction.clustering.process import Apart
from bot.friction.clustering.themes import Proposal, Ticket, proposals

__all__ = ["Apart", "Proposal", "Ticket", "proposals"]
