"""`config/costs.yaml`, which may be absent: what an hour of work and a contact cost, each fault with its line.

annual_employee_cost: 52000
business_year_hours: 2080
cost_per_contact: 6.50
"""

from math import isfinite
from pathlib import Path

from bot.conditions.reading import pairs_of, text_of
from bot.experience.world import Rates
from bot.metrics.costs import hourly_rate
from bot.yaml_lines import composed, fault_at

FILE = "costs.yaml"
_YEAR, _HOURS, _CONTACT = "annual_employee_cost", "business_year_hours", "cost_per_contact"
_MAX_BYTES = 65_536


def load_rates(file: Path) -> Rates:
    """Nothing where there is no file. Raises `SettingsError` with the line at fault."""

    def fault(line: int, what: str) -> Exception:
        return fault_at(file, line + 1, what)

    node = composed(file, at_most=_MAX_BYTES)
    found: dict[str, float] = {}
    last = 0
    for name, line, value in pairs_of(node, fault=fault) if node else []:
        if name not in {_YEAR, _HOURS, _CONTACT}:
            raise fault(line, f"`{name}` says nothing here; this file has {_YEAR}, {_HOURS} and {_CONTACT}")
        found[name], last = _number(text_of(value, fault=fault)), line
        if not found[name] > 0:
            raise fault(line, f"{name} is no amount; write a number above 0, as 52000 or 6.50")
    if (_YEAR in found) != (_HOURS in found):
        raise fault(last, f"an hour is known from both: write {_YEAR} and {_HOURS}, or neither")
    hour = hourly_rate(found[_YEAR], found[_HOURS]) if _YEAR in found else None
    return Rates(hour, found.get(_CONTACT))


def _number(written: str) -> float:
    """0 for what is none."""
    try:
        number = float(written)
    except ValueError:
        return 0.0
    return number if isfinite(number) else 0.0
