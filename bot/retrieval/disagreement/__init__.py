"""Whether two pieces of text disagree: about a number, a period, a yes or no, or who decides. Knows no pages."""

from bot.retrieval.disagreement.claims import Statement
from bot.retrieval.disagreement.comparing import Doubt, Kind, doubts
from bot.retrieval.disagreement.judging import Disagreement, judge

__all__ = ["Disagreement", "Doubt", "Kind", "Statement", "doubts", "judge"]
