"""Public holidays by country and region, from the library `holidays`; the only module that knows it."""

from datetime import date
from functools import lru_cache

import holidays


class NoRegion(ValueError):
    """No country or region is called so; the message says how one is written."""


def checked_region(written: str) -> str:
    """The region meant by `US` or `us-ny`, as it is written here: "US-NY". Raises `NoRegion`."""
    region = written.strip().upper()
    country, _, part = region.partition("-")
    known = _regions()
    if country not in known:
        raise NoRegion(f"{written!r} is no country; write its two letters, as US, or a region of it, as US-NY")
    if part and part not in known[country]:
        own = f"one of its own, as {country}-{min(known[country])}, or " if known[country] else ""
        raise NoRegion(f"{country} has no region {part!r}; write {own}{country} for all of it")
    return f"{country}-{part}" if part else country


@lru_cache(maxsize=256)
def public_holidays(region: str, year: int) -> frozenset[date]:
    """The days of a year, observed ones with them; `region` as `checked_region` gives it."""
    country, _, part = region.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))


@lru_cache(maxsize=1)
def _regions() -> dict[str, list[str]]:
    return holidays.list_supported_countries()
