"""Whether what waits for a partner waits longer lately, or more of it does, than before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

import numpy as np
import scipy  # which loads a part of it, a second, when that is first called

from bot.signals.signal import Evidence, Kind, Number, Period, Signal, sentence, thing
from bot.signals.tails import negative_binomial

# What is compared with what, in weeks.
LATELY, BEFORE, LEAST_BEFORE = 8, 44, 8
# With fewer lately, nothing is said.
LEAST_WAITS = 8
# Chance does as much in one of so many looks; one look a week at ten partners is 520 a year.
BY_CHANCE = 0.001
# Longer is said from half as long again on: a difference of hours nobody acts on.
LONGER = 1.5
# How much more than a Poisson counts of weeks scatter, as (variance - mean) / mean².
_DISPERSION = 0.2


@dataclass(frozen=True, slots=True)
class Wait:
    """A ticket that waited for a partner from a day on; of one that still waits `days` are those so far."""

    ticket: str
    partner: str
    since: date
    days: float


@dataclass(frozen=True, slots=True)
class Delay:
    """Days are medians; `usual` is how many waits eight weeks had before, None for days where there were too few."""

    partner: str
    waits: tuple[Wait, ...]
    usual: float
    days: float
    usual_days: float | None
    more: bool
    longer: bool
    p: float
    before: int

    def signal(self, period: Period) -> Signal:
        many = len(self.waits)
        verdict = (
            "waits more and longer" if self.more and self.longer else "waits more" if self.more else "waits longer"
        )
        before = f", {self.usual_days:.1f} before" if self.usual_days is not None else ""
        half = f"half of them {self.days:.1f} days or more{before}"
        return Signal(
            kind=Kind.PARTNER_DELAY,
            verdict=verdict,
            where=(self.partner,),
            parts=sentence(
                f"{many} tickets waited for ",
                thing(self.partner),
                f" in the last {LATELY} weeks, usually {self.usual:.1f}; {half}",
            ),
            evidence=(Evidence("ticket", tuple(one.ticket for one in self.waits)),),
            numbers=(
                Number("waits", many, many, "tickets"),
                Number("usual", self.usual, self.before, "waits before"),
                Number("days, median", self.days, many, "waits"),
                Number(
                    "days before, median", self.usual_days, self.before, "waits before",
                    why="" if self.usual_days is not None else "too few waits before",
                ),
                Number("p", self.p, many + self.before, "waits"),
            ),
            period=period,
        )  # fmt: skip


def delays(waits: Sequence[Wait], *, until: date, weeks: int) -> tuple[list[Delay], int]:
    """Partners for whom more waits than usual, or longer; and how many had too few waits for anything to be said.

    The last eight weeks before `until` beside up to 44 before them, of `weeks` in all that are known. More: the tail of
    a negative binomial with the mean of before, its error and d = .2. Longer: the rank test of H. B. Mann and D. R.
    Whitney, Annals of Mathematical Statistics 18 (1947) 50-60, one-sided, and a median half as long again. Each in one
    of a thousand by chance. What still waits counts with its days so far, so a delay is understated.
    """
    compared = min(BEFORE, weeks - LATELY)
    begin = until - timedelta(weeks=LATELY)
    partners = dict.fromkeys(one.partner for one in waits if one.since < until)
    found, few = [], 0
    for partner in partners:
        lately = [one for one in waits if one.partner == partner and begin <= one.since < until]
        earliest = begin - timedelta(weeks=max(compared, 0))
        before = [one for one in waits if one.partner == partner and earliest <= one.since < begin]
        if compared < LEAST_BEFORE or len(lately) < LEAST_WAITS:
            few += 1
        elif (one := _delay(partner, lately, before, compared)) is not None:
            found.append(one)
    return sorted(found, key=lambda one: (one.p, one.partner)), few


def _delay(partner: str, lately: Sequence[Wait], before: Sequence[Wait], weeks: int) -> Delay | None:
    usual = (len(before) + 0.5) * LATELY / weeks
    variance = usual + _DISPERSION * usual**2 + usual**2 / (len(before) + 0.5)
    p_more = float(negative_binomial(np.array([len(lately)]), np.array([usual]), np.array([variance]))[0])
    days = median(one.days for one in lately)
    usual_days, p_longer = None, 1.0
    if len(before) >= LEAST_WAITS:
        usual_days = median(one.days for one in before)
        if days >= LONGER * usual_days:
            p_longer = float(
                scipy.stats.mannwhitneyu(
                    [one.days for one in lately], [one.days for one in before], alternative="greater"
                ).pvalue
            )
    more, longer = p_more < BY_CHANCE, p_longer < BY_CHANCE
    if not (more or longer):
        return None
    return Delay(partner, tuple(lately), usual, days, usual_days, more, longer, min(p_more, p_longer), len(before))
