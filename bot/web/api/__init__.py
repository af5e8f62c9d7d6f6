"""The same numbers for programs, over HTTP with a personal token; OpenAPI describes it from what it checks itself."""

from bot.web.api.interface import ROOT, Interface

__all__ = ["ROOT", "Interface"]
