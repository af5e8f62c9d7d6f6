"""What a report of friction may say, in words that people choose from."""

from enum import StrEnum


class Kind(StrEnum):
    """What is the matter."""

    DUPLICATE_ENTRY = "duplicate_entry"
    SLOW = "slow"
    OUTAGE = "outage"
    WRONG_DATA = "wrong_data"
    MISSING_DATA = "missing_data"
    MISSING_PERMISSION = "missing_permission"
    LOGIN = "login"
    UNCLEAR_POLICY = "unclear_policy"
    MISSING_POLICY = "missing_policy"
    HANDOFF = "handoff"
    MANUAL_WORKAROUND = "manual_workaround"
    PARTNER_DELAY = "partner_delay"
    HARDWARE = "hardware"
    TRAINING_GAP = "training_gap"
    LANGUAGE_MISMATCH = "language_mismatch"
    OTHER = "other"


class Frequency(StrEnum):
    """How often it happens to whoever reports it."""

    ONCE = "once"
    PER_CUSTOMER = "per_customer"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class CustomerEffect(StrEnum):
    """What it does to the customer."""

    NONE = "none"
    WAITED = "waited"
    REPEATED_INFO = "repeated_info"
    WRONG_INFO = "wrong_info"
    CHARGED_WRONG = "charged_wrong"
    LEFT = "left"
    SAFETY = "safety"


class Severity(StrEnum):
    """S1: work stopped, customers leaving, money or safety; S2: a customer is affected, or half an hour a day is lost.

    S3: slows work, and there is a way around it; S4: irritates.
    """

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"


class Privacy(StrEnum):
    """Who may learn who reported: everybody who works on it, the bot alone, or nobody."""

    NAMED = "named"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


class RootCause(StrEnum):
    PRODUCT = "product"
    IT_SYSTEM = "it_system"
    INTEGRATION = "integration"
    DATA_QUALITY = "data_quality"
    POLICY = "policy"
    PROCESS = "process"
    PEOPLE_TRAINING = "people_training"
    PARTNER = "partner"
    FACILITY = "facility"
