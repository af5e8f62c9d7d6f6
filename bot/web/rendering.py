"""The templates and what they know. Everything is escaped but the figures, which our own renderer drew."""

from datetime import date, datetime, tzinfo
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot import friction_wording
from bot.experience.drawing import Spec, svg

HERE = Path(__file__).parent


def page(template: str, **values: object) -> str:
    return _environment().get_template(template).render(values)


def figure(spec: Spec) -> Markup:
    return Markup(svg(spec))  # noqa: S704 - drawn from our own spec; its texts are escaped by the renderer


def day(at: datetime | date | None, zone: tzinfo | None = None) -> str:
    """ "20 Nov 2026"."""
    if at is None:
        return ""
    local = at.astimezone(zone).date() if isinstance(at, datetime) else at
    return f"{local.day} {local:%b %Y}"


def moment(at: datetime | None, zone: tzinfo | None = None) -> str:
    """ "20 Nov 2026, 10:31"."""
    return "" if at is None else f"{day(at, zone)}, {clock(at, zone)}"


def clock(at: datetime, zone: tzinfo | None = None) -> str:
    """ "10:31"."""
    return f"{at.astimezone(zone):%H:%M}"


def short(number: float) -> str:
    """ "3" of 3.0, "0.5" of a half."""
    return f"{number:g}"


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
        "clock": clock,
        "day": day,
        "moment": moment,
        "hours": short,
        "days": short,
        "state": friction_wording.state,
    }
    # `who` and the rest of the frame: of nobody, where a page is for nobody in particular.
    environment.globals |= {"KINDS": friction_wording.KINDS, "who": "", "bar": (), "beside": (), "counted_at": None}
    return environment
