"""The goals as people read them, and as JSON."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from bot.touchpoints.goals import EvidenceKind, Goal, Linked, orphans, with_evidence
from bot.touchpoints.map import TouchpointMap

_NO_GOALS = "There are no goals yet. Write goals.yaml of the knowledge folder; docs/touchpoints.md says how."


def told(map_: TouchpointMap, goals: Sequence[Goal], *, named: Callable[[str], str]) -> Iterator[str]:
    """`named`: the key of a team -> its name."""
    if not goals:
        yield _NO_GOALS
        return
    for goal in goals:
        by = f", by {goal.by}" if goal.by else ""
        yield f"{goal.name} ({goal.id}; {named(goal.owner)}{by})"
        for one in goal.measured_by:
            to = f" to {one.to:g}" if one.to is not None else ""
            yield f"  measured by {one.metric}{to}: {map_.name_of(one.at)}"
        for evidence in goal.evidence:
            at = map_.name_of(evidence.what) if evidence.kind is EvidenceKind.COMPLAINTS else evidence.what
            yield f"  because of {evidence.kind}: {at}"
        if not goal.evidence:
            yield "  because of nothing that anybody said"
    lost = orphans(map_, goals)
    yield ""
    yield f"{_share(with_evidence(goals))} goals stand on what customers or employees said."
    yield f"{len(lost)} of {len(map_.cx) + len(map_.ex)} touchpoints are measured for no goal:"
    yield from (f"  {map_.name_of(one)} · {one}" for one in lost)


def as_json(map_: TouchpointMap, goals: Sequence[Goal]) -> dict[str, Any]:
    linked = with_evidence(goals)
    listed = [asdict(goal) | {"by": goal.by.isoformat() if goal.by else None} for goal in goals]
    return {"goals": listed, "with_evidence": linked.linked, "share": linked.share, "orphans": orphans(map_, goals)}


def _share(linked: Linked) -> str:
    share = f" ({linked.share:.0%})" if linked.share is not None else ""
    return f"{linked.linked} of {linked.of}{share}"
