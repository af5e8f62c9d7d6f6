"""The touchpoint map: where customers meet the company, what employees do there, with which tools, and who owns it.

Read from `touchpoints.yaml` of the knowledge folder, every fault with its line. Knows no tickets, no Slack, no people.
"""

from bot.touchpoints.faults import MapFault, MapFaulty
from bot.touchpoints.kinds import EdgeKind, EdgeStatus, PartnerKind, SelfService, Thing
from bot.touchpoints.loading import FILE, load_map
from bot.touchpoints.map import TouchpointMap
from bot.touchpoints.model import (
    Channel,
    CxTouchpoint,
    Edge,
    ExTouchpoint,
    Partner,
    Stage,
    Standard,
    Step,
    Targets,
    Tool,
)
from bot.touchpoints.naming import folded

__all__ = [
    "FILE",
    "Channel",
    "CxTouchpoint",
    "Edge",
    "EdgeKind",
    "EdgeStatus",
    "ExTouchpoint",
    "MapFault",
    "MapFaulty",
    "Partner",
    "PartnerKind",
    "SelfService",
    "Stage",
    "Standard",
    "Step",
    "Targets",
    "Thing",
    "Tool",
    "TouchpointMap",
    "folded",
    "load_map",
]
