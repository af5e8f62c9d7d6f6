"""Conditions over what is known of a customer, as people write them in YAML: `segment: gold`, `tenure: {at least: 12}`.

Knows no customers, no pages and no tracks. Each condition is met, not met or not known, and what is not known never
counts as met.
"""

from bot.conditions.exclusion import exclude_each_other
from bot.conditions.facts import Facts, Known, known
from bot.conditions.language import AnyOf, Condition, Conditions, Op, Standing, Test, all_of, facts_in, standing_of
from bot.conditions.reading import Fault, read
from bot.conditions.storing import as_stored, from_stored
from bot.conditions.telling import Judged, judged, phrase, unjudged

__all__ = [
    "AnyOf",
    "Condition",
    "Conditions",
    "Facts",
    "Fault",
    "Judged",
    "Known",
    "Op",
    "Standing",
    "Test",
    "all_of",
    "as_stored",
    "exclude_each_other",
    "facts_in",
    "from_stored",
    "judged",
    "known",
    "phrase",
    "read",
    "standing_of",
    "unjudged",
]
