"""What the map holds, and what it may say of it."""

from enum import StrEnum


class Thing(StrEnum):
    """What has an id on the map."""

    STAGE = "stage"
    CHANNEL = "channel"
    TOOL = "tool"
    PARTNER = "partner"
    CX = "CX touchpoint"
    EX = "EX touchpoint"

    @property
    def a(self) -> str:
        """As a sentence has it."""
        return f"an {self}" if self is Thing.EX else f"a {self}"


class SelfService(StrEnum):
    """Whether customers can do it alone: yes, no, or not yet although they should be able to."""

    YES = "yes"
    NO = "no"
    MISSING = "missing"


class Purchase(StrEnum):
    """On which side of it a stage of the journey lies; what it spans, or nobody said, lies on neither."""

    BEFORE = "before"
    AFTER = "after"
    NEITHER = ""


class PartnerKind(StrEnum):
    """What of the service is the partner's: the whole, shared with us; a part; or what makes it possible."""

    SHARES = "shares"
    DELIVERS_PART = "delivers_part"
    ENABLES = "enables"


class EdgeKind(StrEnum):
    """How two things of the map hang together. The first four follow from the touchpoints."""

    SERVES = "serves"  # EX touchpoint -> CX touchpoint
    USES = "uses"  # EX touchpoint -> tool
    DELIVERS = "delivers"  # partner -> EX touchpoint
    GOVERNED_BY = "governed_by"  # EX touchpoint -> the page of its standard
    SHOULD_SYNC = "should_sync"  # tool -> tool
    HANDS_OFF = "hands_off"  # EX touchpoint -> EX touchpoint, or partner


class EdgeStatus(StrEnum):
    WORKS = "works"
    LATE = "late"
    BROKEN = "broken"
