"""How much of a company is made up. Counts in docs/demo-data.md are those of 104 weeks."""

from dataclasses import dataclass
from enum import StrEnum


class Size(StrEnum):
    SMALL = "small"
    USUAL = "usual"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Scale:
    """A week has so many neutral contacts and background complaints at each CX touchpoint, and so many background
    reports at each EX touchpoint; what is planted is multiplied by `contacts` and `reports`.
    """

    customers: int
    employees: int
    neutral: float
    complaints: float
    background: float
    contacts: float
    reports: float


SCALES = {
    Size.SMALL: Scale(700, 120, 1.1, 0.4, 0.25, 0.85, 0.85),
    Size.USUAL: Scale(2_000, 300, 3.2, 1.0, 0.8, 1.0, 1.0),
    Size.LARGE: Scale(80_000, 3_000, 150.0, 40.0, 13.0, 40.0, 16.5),
}
