"""Working time of each team, for many tickets at once."""

from datetime import datetime

from bot.experience.legs import Run
from bot.experience.world import World
from bot.metrics.times import Spell, Times, held_for, times, to_acknowledge, to_resolve
from bot.metrics.working import Worked


class Clocks:
    """Of moments from `since` on, as far as `now`. Each calendar is walked once."""

    def __init__(self, world: World, *, since: datetime, now: datetime) -> None:
        self._world, self._since, self._now = world, since, now
        self._worked: dict[str, Worked] = {}

    def of(self, team: str) -> Worked:
        key = team if team in self._world.clocks else ""
        if key not in self._worked:
            calendar = self._world.clocks.get(key, self._world.usual)
            self._worked[key] = Worked(calendar, self._since, self._now)
        return self._worked[key]

    def acknowledging(self, runs: list[Run]) -> list[Spell]:
        return [to_acknowledge(run.ticket, self.of(run.ticket.team), now=self._now) for run in runs if run.ticket.legs]

    def resolving(self, runs: list[Run]) -> list[Spell]:
        """Of each leg."""
        return [to_resolve(leg, self.of(run.ticket.team), now=self._now) for run in runs for leg in run.ticket.legs]

    def waiting(self, runs: list[Run], partner: str) -> Times:
        """How long partners had it: one of them, or any."""
        return times(
            (
                held_for(hold, self.of(run.ticket.team), now=leg.ended or self._now)
                for run in runs
                for leg in run.ticket.legs
                for hold in leg.holds
                if hold.partner and partner in {"", hold.partner}
            ),
            "times it waited for a partner",
        )


def first_began(runs: list[Run], usual: datetime) -> datetime:
    """The earliest beginning of any leg."""
    return min((leg.began for run in runs for leg in run.ticket.legs), default=usual)
