"""G7: how well each stage of the journey is cared for, and whether that ends with the purchase ("front-loaded")."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.touchpoints.gaps.finding import Gap, GapKind
from bot.touchpoints.kinds import Purchase
from bot.touchpoints.map import TouchpointMap
from bot.touchpoints.model import Stage

# From a quarter more care before buying than after on, one more touchpoint with a track does not turn it round on a
# map of some thirty touchpoints.
FRONT_LOADED = 1.25


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the CX touchpoints of a stage: how many have a target, a page behind the work, and a treatment track."""

    stage: Stage
    touchpoints: int
    with_target: int
    with_policy: int
    with_track: int

    @property
    def cared(self) -> int:
        """Targets, pages and tracks together, three at most of each touchpoint."""
        return self.with_target + self.with_policy + self.with_track


@dataclass(frozen=True, slots=True)
class Side:
    """Of the stages on one side of the purchase; `share` is of what three for each touchpoint would be, 0 to 1."""

    touchpoints: int
    cared: int

    @property
    def share(self) -> float | None:
        """None where there is no touchpoint."""
        return self.cared / (3 * self.touchpoints) if self.touchpoints else None


def coverage_of(map_: TouchpointMap) -> tuple[Coverage, ...]:
    """Stage by stage, in the order of the journey."""
    found = []
    for stage in map_.stages.values():
        here = [one for one in map_.cx.values() if one.stage == stage.id]
        found.append(
            Coverage(
                stage,
                len(here),
                with_target=sum(one.targets.any for one in here),
                with_policy=sum(
                    any(work.standard and work.standard.policy for work in map_.serving(one.id)) for one in here
                ),
                with_track=sum(bool(one.treatment_track) for one in here),
            )
        )
    return tuple(found)


def side_of(covered: Iterable[Coverage], purchase: Purchase) -> Side:
    own = [one for one in covered if one.stage.purchase is purchase]
    return Side(sum(one.touchpoints for one in own), sum(one.cared for one in own))


def front_loading(covered: Sequence[Coverage]) -> float | None:
    """Care before buying over care after: 1 is even, 2 is twice as much before.

    None where no stage says on which side it lies, or where nobody cares for what comes after at all.
    """
    before, after = side_of(covered, Purchase.BEFORE).share, side_of(covered, Purchase.AFTER).share
    return before / after if before is not None and after else None


def front_loaded(map_: TouchpointMap) -> Iterator[Gap]:
    covered = coverage_of(map_)
    ratio = front_loading(covered)
    if ratio is not None and ratio >= FRONT_LOADED:
        before, after = side_of(covered, Purchase.BEFORE), side_of(covered, Purchase.AFTER)
        told = (
            f"The journey is front-loaded: of targets, pages and tracks, {before.share:.0%} are there before buying "
            f"and {after.share:.0%} after it, {ratio:.1f} times as many."
        )
        yield Gap(GapKind.FRONT_LOADED, tuple(one.stage.id for one in covered if one.stage.purchase), told, 0, "")
    for one in covered:
        missing = [
            name
            for name, count in (("target", one.with_target), ("page", one.with_policy), ("track", one.with_track))
            if one.touchpoints and not count
        ]
        if missing:
            told = f"{one.stage.name}: of its {one.touchpoints} touchpoints none has a {' or a '.join(missing)}."
            yield Gap(GapKind.FRONT_LOADED, (one.stage.id,), told, map_.lines.get(one.stage.id, 0), "")
