"""What goes out: each shape says what a field means, and nothing leaves that it does not name.

null is never 0: it says that something cannot be told. Tickets and groups of fewer than five people tell no numbers.
"""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

FEW = "null: nothing, or too few people to tell."


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)


class Measured(Shape):
    """A number with its unit and what it was counted from."""

    value: float | None = Field(description="null where it cannot be told; why says so.")
    unit: str
    n: int | None = Field(description="It was counted from so many; null where that would give few people away.")
    of: str = Field(description="What n counts.")
    low: float | None = Field(None, description="Lower end of its interval, where it has one.")
    high: float | None = Field(None, description="Upper end of its interval.")
    why: str = Field("", description="Why there is no value.")


class Metric(Measured):
    number: int = Field(description="Its number in docs/metrics.md, which says how it is counted.")
    name: str


class Counted(Shape):
    """Of what, and of which weeks."""

    by: str = Field(description="What it is one of; all: the whole company.")
    id: str
    from_: str = Field(alias="from", description="First week, as 2026-W47.")
    until: str = Field(description="Last week; it may be under way.")


class Scorecard(Counted):
    """Every metric of one cell, as throughline metrics --json prints it."""

    metrics: list[Metric]


class MetricLine(Metric, Counted):
    """One metric of one cell: a line of the CSV."""


class MapCell(Shape):
    """Where a stage of the customer's journey and a channel meet."""

    key: str = Field(description="As channel.stage.")
    channel: str
    channel_name: str
    stage: str
    stage_name: str
    touchpoints: list[str] = Field(description="Ids of the CX touchpoints there.")
    complaints: int = Field(description="Of these weeks.")
    hours_a_week: float | None = Field(description=f"What employees lose for it now. {FEW}")
    few: bool = Field(description="Something of too few people is there, which is not in the hours.")
    unanswered_questions: int = Field(description="Different ones of these weeks.")
    tools: list[str]
    partners: list[str]
    worst: bool = Field(description="It has the largest share of all complaints and hours together.")


class Theme(Shape):
    """Tickets that are about one thing, by what they cost."""

    id: str = Field(description='Its number; "" for tickets of no theme.')
    label: str
    tickets: int = Field(description="Those that cost time now.")
    hours_a_week: float | None = Field(description=FEW)
    share_of_hours: float | None = Field(description="Of all hours that are told, 0 to 1.")
    people_at_least: int | None = Field(description=FEW)
    customers_a_week: float | None = Field(description="Named by reports of these weeks; null: fewer than five.")
    effort_days: float | None = Field(description="As whoever steers estimates it; null: nobody did.")
    cost_of_delay_a_week: float | None = Field(description="In the currency of config/costs.yaml.")
    priority: Measured
    rice: Measured


class Ticket(Shape):
    """As throughline friction export has it: nothing of who reported it."""

    key: str
    title: str
    state: str
    kind: str
    severity: str
    tools: list[str]
    touchpoint: str
    partner: str
    owner: str = Field(description="Key of a team.")
    theme: str
    people: int | None = Field(description="null: fewer than five.")
    hours_a_week: float | None = Field(description="null: of fewer than five people.")
    customers: int | None = Field(description="null: of fewer than five people.")
    effect: str = Field(description="The worst that it did to a customer.")
    filed_on: str
    resolved_on: str
    resolution: str
    resolved_with: str
    root_cause: str = Field(description='What lay behind it, as whoever resolved it says; "": nobody said.')
    cause_shown_by: str = Field(description="What shows it, in the words of whoever resolved it.")
    workaround: str
    merged_into: str


class Happened(Shape):
    """Until and people where it is told of several people together: from which Monday to which, and how many."""

    on: date
    event: str
    by: str = Field(description='"" where whoever did it is not named.')
    words: str
    until: date | None
    people: int | None


class WholeTicket(Ticket):
    """With what was promised, and what happened to it."""

    acknowledge_by: datetime | None
    acknowledged_at: datetime | None
    resolve_by: datetime | None
    resolved_at: datetime | None
    held: bool = Field(description="Its clock stands still: somebody else has to do something.")
    history: list[Happened]


class Touchpoint(Shape):
    """A CX touchpoint: what hurts those who serve it, beside what customers complain of."""

    id: str
    name: str
    stage: str
    channel: str
    owner: str
    served_by: list[str] = Field(description="Ids of the EX touchpoints; metrics?by=touchpoint has their numbers.")
    tools: list[str]
    tickets: int = Field(description="Those that cost time now.")
    hours_a_week: float | None = Field(description=FEW)
    load: Measured
    contacts: int = Field(description="Of these weeks, as far as they were routed.")
    complaints: int
    rate: Measured
    share_of_hours: float | None
    share_of_complaints: float | None


class Target(Shape):
    """What a touchpoint aims for, beside the latest week that says anything."""

    touchpoint: str
    touchpoint_name: str
    target: str = Field(description="csat, or complaints_per_1000.")
    aim: float
    more_is_better: bool
    actual: Measured
    variance: Measured = Field(description="Actual less aim.")
    weeks_missed: int = Field(description="In a row, until that week.")


class Told(Shape):
    """A number of a signal."""

    name: str
    value: float | None = Field(description="null where it cannot be told; why says so.")
    n: int = Field(description="It was counted from so many.")
    of: str = Field(description="What n counts.")
    low: float | None = Field(description="Lower end of its interval, where it has one.")
    high: float | None
    why: str


class Evidence(Shape):
    """Rows behind it."""

    kind: str = Field(description="ticket; complaints and contacts only for whoever may read customers.")
    ids: list[str]


class SignalHead(Shape):
    """What is worth a look. It says what appears together, and never what is the reason."""

    kind: str
    verdict: str = Field(description="What is said of it, as rose, or shared issue.")
    where: list[str] = Field(description='Ids of the map; "theme:12" of a theme.')
    sentence: str
    since: date
    until: date = Field(description="The last day of the whole weeks that were looked at.")


class Signal(SignalHead):
    """As throughline signals --json prints it, with things by their names."""

    numbers: list[Told]
    evidence: list[Evidence]


class SignalLine(SignalHead):
    """A line of the CSV: numbers and evidence in words."""

    numbers: list[str]
    evidence: list[str]


class Page(Shape):
    """What every list has."""

    total: int = Field(description="How many there are in all.")
    next: str | None = Field(description="Where the list goes on; null at its end.")


class Problem(Shape):
    """What is the matter (RFC 9457), and what to do next."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    next: str
