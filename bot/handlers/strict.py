"""Bolt, reading nothing that Slack would not send: some of its own middleware and error handling would fail over it."""

from slack_bolt import App, BoltRequest, BoltResponse

from bot.handlers import shapes
from bot.handlers.arrival import set_aside


class StrictApp(App):
    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """The one way in, over a socket and over HTTP."""
        try:
            shapes.check(req.body)
            return super().dispatch(req)
        except shapes.UNREADABLE as fault:
            return set_aside(fault, req.body)
