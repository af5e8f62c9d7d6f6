"""The page in a browser: what hurts, week by week, ticket by ticket, behind a sign-in."""

from bot.web.openid import SlackOpenId
from bot.web.serving import WebPage
from bot.web.site import Site

__all__ = ["Site", "SlackOpenId", "WebPage"]
