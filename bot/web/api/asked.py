"""What may be asked: the parameters of each address, as they are checked and as the description tells them."""

import re
from collections.abc import Callable, Iterable
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.experience.cells import Across
from bot.experience.finding import ALL, OPEN_ONES, OVER, Wanted
from bot.friction.kinds import Kind, RootCause, Severity
from bot.friction.moves import State
from bot.signals.signal import Kind as Noticed

T = TypeVar("T")

# No two differ by a week alone: what only that week tells of few customers cannot be subtracted.
WEEKS = (1, 4, 12, 26, 52, 104)
MOST_ITEMS = 500
USUAL_ITEMS = 100
# Further than anybody has rows, and little enough for every database.
_FURTHEST = 1_000_000
_LONGEST = 80
_STATES = (OPEN_ONES, OVER, ALL, *map(str, State))


def _digits(written: object) -> object:
    """Digits and nothing else: `int` would take "1_000" and " 7" too."""
    if isinstance(written, str) and not re.fullmatch(r"-?[0-9]{1,18}", written):
        raise ValueError("write it in digits")
    return written


def _among(known: Iterable[T]) -> Callable[[T], T]:
    def check(said: T) -> T:
        if said not in known:
            raise ValueError(f"say one of {', '.join(map(str, known))}")
        return said

    return check


# Of a ticket, as an address has it.
KEY = r"^(FR-)?[0-9]{1,9}$"
Number = Annotated[int, BeforeValidator(_digits)]
# PostgreSQL takes no NUL, and no id has a letter that cannot be seen.
Id = Annotated[str, Field(max_length=_LONGEST, pattern=r"^[^\x00-\x1f]*$")]
Weeks = Annotated[Number, AfterValidator(_among(WEEKS)), Field(json_schema_extra={"enum": list(WEEKS)})]
Standing = Annotated[str, AfterValidator(_among(_STATES)), Field(json_schema_extra={"enum": list(_STATES)})]


class Asked(BaseModel):
    """What every list takes. What is not named here is refused: a misspelt filter would filter nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Number = Field(USUAL_ITEMS, ge=1, le=MOST_ITEMS, description="So many items at most.")
    offset: Number = Field(
        0, ge=0, le=_FURTHEST, description="So many items are left out first; next in an answer says how many."
    )


class MapAsked(Asked):
    weeks: Weeks = Field(4, description="So many weeks, the running one among them.")


class WeeksAsked(Asked):
    weeks: Weeks = Field(12, description="So many weeks, the running one among them.")


class SignalsAsked(Asked):
    weeks: Weeks = Field(104, description="So many weeks, the running one among them; some kinds need 64.")
    kind: Noticed | None = Field(None, description="This kind alone.")


class MetricsAsked(WeeksAsked):
    by: Across = Field(Across.ALL, description="One set of numbers for each of these.")
    only: Id = Field("", description="With by: this one alone, by its id.")


class TicketsAsked(Asked):
    state: Standing = Field(OPEN_ONES, description="A state, or open, over, all.")
    tool: Id = Field("", description="Id of a tool of the map.")
    touchpoint: Id = Field("", description="Id of an EX touchpoint of the map.")
    team: Id = Field(
        "", description="Key of the team in config/owners.yaml that has it; none, or unowned for a working day."
    )
    kind: Kind | None = Field(None, description="What is the matter.")
    severity: Severity | None = Field(None, description="S1 is worst.")
    place: Id = Field("", description="Where at least five people have it.")
    cause: RootCause | None = Field(None, description="What lay behind it, as whoever resolved it says.")

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            tool=self.tool,
            touchpoint=self.touchpoint,
            team=self.team,
            kind=self.kind or "",
            state=self.state,
            severity=self.severity or "",
            place=self.place,
            cause=self.cause or "",
        )


class OneAsked(BaseModel):
    """An address that takes no parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True)
