"""What a key of a customer may be, and on which channel somebody may contact us."""

from enum import StrEnum


class KeyKind(StrEnum):
    """What somebody is known by. The first five lead to one customer; the rest only narrow a search."""

    EMAIL = "email"
    PHONE = "phone"
    ACCOUNT = "account"
    ORDER = "order"
    EXTERNAL = "external"  # the id of a customer in another system
    NAME = "name"  # two words of a name, folded, in the order of the alphabet
    SOUND = "sound"  # the same without what is easily misspelled
    POSTCODE = "postcode"
    NEAR = "near"  # a sound at a postcode
    STREET = "street"  # with its postcode

    @property
    def identifies(self) -> bool:
        return self in IDENTIFYING

    @property
    def of_one_system(self) -> bool:
        """Whether another system may use the same value for somebody else."""
        return self in _OF_ONE_SYSTEM


_OF_ONE_SYSTEM = frozenset({KeyKind.ACCOUNT, KeyKind.ORDER, KeyKind.EXTERNAL})
IDENTIFYING = frozenset({KeyKind.EMAIL, KeyKind.PHONE}) | _OF_ONE_SYSTEM


# As long as the id of a channel is kept with each contact.
LONGEST_CHANNEL = 12


class Channel(StrEnum):
    """The channels that ship; a company adds its own under `channels:` of its map."""

    STORE = "store"
    PHONE = "phone"
    CHAT = "chat"
    EMAIL = "email"
    SOCIAL = "social"
    WEB = "web"
    MOBILE_APP = "mobile_app"
    FIELD = "field"
    SURVEY = "survey"


SHIPPED_CHANNELS = frozenset(map(str, Channel))


class Direction(StrEnum):
    """Who contacted whom."""

    IN = "in"  # the customer us
    OUT = "out"


class Change(StrEnum):
    """How two customers came to be one, or one two."""

    MERGE = "merge"
    SPLIT = "split"


class ProposalState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
