"""Templates and the filters they use. Everything is escaped unless one of our own renderers made it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.simulator import mrkdwn
from bot.simulator.markdown import markdown
from bot.simulator.rich_text import rich_text
from bot.simulator.views import View

HERE = Path(__file__).parent

# The parts of the page that change while somebody looks at it: element id -> template of what is in it.
LIVE_PARTS = {
    "banner": "banner.html",
    "channels": "channels.html",
    "faults": "faults.html",
    "faults-on": "faults_on.html",
    "stream": "stream.html",
    "thread-stream": "thread.html",
}


def page(view: View, *, nonce: str) -> str:
    """The whole page."""
    return _environment().get_template("page.html").render(view=view, nonce=nonce, parts=LIVE_PARTS)


def parts(view: View) -> Mapping[str, str]:
    """What is in each live part now, by the id of its element."""
    return {part: _environment().get_template(name).render(view=view) for part, name in LIVE_PARTS.items()}


def text(element: Mapping[str, Any], names: mrkdwn.Names) -> Markup:
    """A text object of either kind."""
    return mrkdwn.mrkdwn(element["text"], names) if element["type"] == "mrkdwn" else mrkdwn.plain(element["text"])


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "text": text,
        "mrkdwn": mrkdwn.mrkdwn,
        "markdown": markdown,
        "rich_text": rich_text,
        "citations": mrkdwn.with_citations,
        "sources": mrkdwn.sources,
    }
    return environment
