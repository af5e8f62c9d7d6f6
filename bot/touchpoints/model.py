"""What stands on the map: plain frozen values, checked, as `TouchpointMap` gives them out."""

from dataclasses import dataclass, field
from datetime import date

from bot.touchpoints.kinds import EdgeKind, EdgeStatus, PartnerKind, Purchase, SelfService


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of the customer's journey; `purchase` says whether it comes before or after buying."""

    id: str
    name: str
    purchase: Purchase = Purchase.NEITHER


@dataclass(frozen=True, slots=True)
class Channel:
    """A way in which customers and the company meet."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Tool:
    """`aliases` are what people call it; `owner` is a team of `config/owners.yaml`, as everywhere on the map."""

    id: str
    name: str
    owner: str
    aliases: tuple[str, ...] = ()
    system_of_record_for: tuple[str, ...] = ()  # items of data, such as equipment
    retiring_on: date | None = None


@dataclass(frozen=True, slots=True)
class Partner:
    """Another company that has a hand in the service."""

    id: str
    name: str
    owner: str
    kind: PartnerKind = PartnerKind.DELIVERS_PART
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Targets:
    """What is aimed for: the mean of surveys, 1 to 5, and complaints in a thousand contacts. None: nothing is."""

    csat: float | None = None
    complaints_per_1000: float | None = None

    @property
    def any(self) -> bool:
        return self.csat is not None or self.complaints_per_1000 is not None


@dataclass(frozen=True, slots=True)
class CxTouchpoint:
    """Where a customer meets the company. `customer_symptoms`: what customers say when it goes wrong."""

    id: str
    name: str
    stage: str
    channel: str
    owner: str
    customer_symptoms: tuple[str, ...]
    targets: Targets = Targets()
    self_service: SelfService = SelfService.NO
    treatment_track: str = ""  # a track of tracks.yaml


@dataclass(frozen=True, slots=True)
class Step:
    """What an employee does, with a tool or a partner, or neither; which items of data that reads and writes.

    `line`, here and of edges, is where it stands in the file; two that say the same are equal wherever they stand.
    """

    do: str
    tool: str = ""
    partner: str = ""
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Standard:
    """How it should go: by which page, its path in the knowledge folder or "", and in how many minutes."""

    policy: str = ""
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class ExTouchpoint:
    """What an employee does, mostly for a CX touchpoint; where it `serves` none, it stands behind all of them.

    `employee_symptoms`: what employees say when it fights them. `owner_from` is the tool whose owner it took, since it
    names none and has only that one; "" where the owner is its own.
    """

    id: str
    name: str
    roles: tuple[str, ...]
    owner: str
    employee_symptoms: tuple[str, ...]
    serves: tuple[str, ...] = ()
    visible_to_customer: bool = False
    steps: tuple[Step, ...] = ()
    standard: Standard | None = None
    owner_from: str = ""

    @property
    def tools(self) -> tuple[str, ...]:
        """Each once, in the order of the steps."""
        return tuple(dict.fromkeys(step.tool for step in self.steps if step.tool))

    @property
    def partners(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(step.partner for step in self.steps if step.partner))


@dataclass(frozen=True, slots=True)
class Edge:
    """From one id to another. `status` says how it goes; `owner` is the team that sees to it, or ""."""

    source: str
    target: str
    kind: EdgeKind
    status: EdgeStatus = EdgeStatus.WORKS
    owner: str = ""
    line: int = field(default=0, compare=False)
