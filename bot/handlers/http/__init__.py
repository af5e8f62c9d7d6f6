"""Slack's requests over HTTP: signed, checked before anybody reads them, and handed to Bolt."""

from bot.handlers.http.server import EVENTS_PATH, HttpServer

__all__ = ["EVENTS_PATH", "HttpServer"]
