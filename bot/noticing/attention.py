"""Front-loaded stages: what the map has for customers before and after they buy, beside where they complain."""

from bot.noticing.findings import Findings
from bot.noticing.seen import NOT_ROUTED, Seen
from bot.signals.front_loaded import Touchpoint, Verdict, front_loading
from bot.signals.signal import Kind
from bot.touchpoints.kinds import Purchase


def attention(seen: Seen) -> Findings:
    """Stages that span the purchase, or of which nobody said, count as after it only where the map says so."""
    found = Findings(Kind.FRONT_LOADED)
    sides = {one.id: one.purchase for one in seen.map.stages.values()}
    at = [one for one in seen.map.cx.values() if sides.get(one.stage, Purchase.NEITHER) is not Purchase.NEITHER]
    if seen.reading.world.routes is None or not at:
        found.hush(NOT_ROUTED if at else "no stage of the map says whether it is before or after the purchase")
        return found
    policies = {
        one.id for one in at if any(each.standard and each.standard.policy for each in seen.map.serving(one.id))
    }
    looked = front_loading(
        [
            Touchpoint(
                one.id,
                one.stage,
                has_target=one.targets.any,
                has_policy=one.id in policies,
                has_track=bool(one.treatment_track),
                complaints=sum(seen.complaints[one.id].many) if one.id in seen.complaints else 0,
            )
            for one in at
        ],
        before_purchase=[id_ for id_, side in sides.items() if side is Purchase.BEFORE],
    )
    if looked.verdict is Verdict.FRONT_LOADED:
        found.say((looked.complaints_after or 0.0) - (looked.attention_after or 0.0), looked.signal(seen.period()))
    else:
        found.hush(looked.verdict.value)
    return found
