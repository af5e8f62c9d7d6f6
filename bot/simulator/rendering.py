"""Templates and the filters they use. Everything is escaped unless one of our own renderers made it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.simulator import mrkdwn
from bot.simulator.emoji import with_emoji
from bot.simulator.markdown import markdown
from bot.simulator.page_lines import Line
from bot.simulator.places import Place
from bot.simulator.rich_text import rich_text
from bot.simulator.views import View

HERE = Path(__file__).parent

# The parts of the page that change while somebody looks at it, except the two streams: element id -> its template.
SMALL_PARTS = {
    "banner": "banner.html",
    "channels": "channels.html",
    "faults-on": "faults_on.html",
    "modal": "modal.html",
}
# Drawn messages that are kept: more than a few open pages show.
KEPT_DRAWINGS = 4000


@dataclass(frozen=True)
class Piece:
    """Something inside a part that has an id of its own, so that it can be replaced alone."""

    id: str
    html: Markup


Parts = Mapping[str, tuple[Piece, ...]]


class Renderer:
    """Draws the page. A message is drawn once for each place it is seen from; drawing it anew took 0.5 ms."""

    def __init__(self) -> None:
        self._drawn = lru_cache(KEPT_DRAWINGS)(_message)

    def page(self, view: View, *, nonce: str) -> str:
        """The whole page."""
        whole = {part: Markup("").join(piece.html for piece in pieces) for part, pieces in self.parts(view).items()}
        return _environment().get_template("page.html").render(view=view, nonce=nonce, parts=whole)

    def parts(self, view: View) -> Parts:
        """What is in each live part now, by the id of its element."""
        small = {part: (Piece("", _draw(name, view=view)),) for part, name in SMALL_PARTS.items()}
        if view.board:
            small["faults"] = (Piece("", _draw("faults.html", view=view, board=view.board)),)
        if view.is_home:
            return {**small, "home": (Piece("", _draw("home.html", view=view)),)}
        beside = "prompts" if view.is_direct else "members"
        small[beside] = (Piece("", _draw(f"{beside}.html", view=view)),)
        stream = tuple(self._drawn(line, view.place, prefix="m") for line in view.lines)
        whole = {**small, "stream": stream or (Piece("empty", _draw("empty.html", view=view)),)}
        if not view.place.thread:
            return whole
        thread = tuple(self._drawn(line, view.place, prefix="t") for line in view.thread)
        title, status = escape(view.thread_title), _draw("status.html", words=view.status)
        return {
            **whole,
            "thread-title": (Piece("", title),),
            "thread-stream": thread,
            "thread-status": (Piece("", status),),
        }


def whole_page(template: str, **values: object) -> str:
    """A page that stands for itself, beside the workspace's own."""
    return _draw(template, **values)


def text(element: Mapping[str, Any], names: mrkdwn.Names) -> Markup:
    """A text object of either kind."""
    return mrkdwn.mrkdwn(element["text"], names) if element["type"] == "mrkdwn" else mrkdwn.plain(element["text"])


def _message(line: Line, place: Place, *, prefix: str) -> Piece:
    """A message under its id; the same message stands in the channel and in its thread."""
    piece_id = prefix + line.seen.ts.replace(".", "-")
    return Piece(piece_id, _draw("message.html", line=line, place=place, seen=line.seen, piece_id=piece_id))


def _draw(template: str, **values: object) -> Markup:
    return Markup(_environment().get_template(template).render(values))  # noqa: S704 - templates escape


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
        "emoji": with_emoji,
        "markdown": markdown,
        "rich_text": rich_text,
        "citations": mrkdwn.with_citations,
        "sources": mrkdwn.sources,
    }
    return environment
