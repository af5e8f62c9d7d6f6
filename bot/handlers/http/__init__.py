"""Slack's requests over HTTP: signed, checked before anybody reads them, and handed to Bolt."""

from bot.handlers.http.server import HttpServer
from bot.handlers.manifest import EVENTS_PATH

__all__ = ["EVENTS_PATH", "HttpServer"]
