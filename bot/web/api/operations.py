"""Every address: what it takes, what it tells, by what. Routes, checks, the description and the page of it follow."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel, TypeAdapter, create_model

from bot.web.api import answers, shapes
from bot.web.api.answers import Asking, Found, Row
from bot.web.api.asked import Asked, MapAsked, MetricsAsked, OneAsked, SignalsAsked, TicketsAsked, WeeksAsked


@dataclass(frozen=True)
class Listing:
    """A list in pages. `lines` makes of an item the lines of its CSV, each of the shape `line`."""

    path: str
    name: str
    summary: str
    asked: type[Asked]
    item: type[BaseModel]
    found: Callable[[Asking, Any], Found]
    line: type[BaseModel]
    lines: Callable[[Row], Iterable[Row]] = lambda item: (item,)

    @cached_property
    def shape(self) -> type[BaseModel]:
        """What goes out as JSON."""
        listed: Any = list[self.item]  # type: ignore[name-defined]  # known when this runs, and not before
        return create_model(
            f"{self.item.__name__}List",
            __base__=shapes.Page,
            __doc__=f"Some of a list of {self.item.__name__}, and where it goes on.",
            items=(listed, ...),
        )


@dataclass(frozen=True)
class Single:
    """One thing by its key, which stands in the address."""

    path: str
    name: str
    summary: str
    key: str
    shape: type[BaseModel]
    found: Callable[[Asking, Any, str], Row]
    asked: type[BaseModel] = OneAsked


Operation = Listing | Single

OPERATIONS: tuple[Operation, ...] = (
    Listing(
        "/metrics",
        "metrics",
        "Every metric of the company, or of each tool, touchpoint, stage, channel, theme, team, place, partner or kind",
        MetricsAsked,
        shapes.Scorecard,
        answers.metrics,
        shapes.MetricLine,
        answers.metric_lines,
    ),
    Listing(
        "/map",
        "map",
        "The cells of the touchpoint map: complaints, hours lost, tools",
        MapAsked,
        shapes.MapCell,
        answers.map_cells,
        shapes.MapCell,
    ),
    Listing(
        "/themes",
        "themes",
        "Themes in the order of the roadmap, with what they cost",
        WeeksAsked,
        shapes.Theme,
        answers.themes,
        shapes.Theme,
    ),
    Listing(
        "/tickets",
        "tickets",
        "Tickets, what costs most first",
        TicketsAsked,
        shapes.Ticket,
        answers.tickets,
        shapes.Ticket,
    ),
    Single(
        "/tickets/{key}",
        "ticket",
        "One ticket, with what was promised and what happened to it",
        "FR-31, or its number",
        shapes.WholeTicket,
        answers.ticket,
    ),
    Listing(
        "/touchpoints",
        "touchpoints",
        "CX touchpoints: friction beneath them beside what customers complain of",
        WeeksAsked,
        shapes.Touchpoint,
        answers.touchpoints,
        shapes.Touchpoint,
    ),
    Listing(
        "/targets",
        "targets",
        "Targets of touchpoints beside what is, those missed longest first",
        WeeksAsked,
        shapes.Target,
        answers.targets,
        shapes.Target,
    ),
    Listing(
        "/signals",
        "signals",
        "What is worth a look, the most important first: each with its numbers, n and rows",
        SignalsAsked,
        shapes.Signal,
        answers.signals,
        shapes.SignalLine,
        answers.signal_lines,
    ),
)


def checked(operation: Operation, value: Row) -> bytes:
    """As JSON. Raises pydantic's `ValidationError` for what the description does not say."""
    told = TypeAdapter(operation.shape).validate_python(value)
    return told.model_dump_json(by_alias=True, exclude_unset=True).encode()
