"""Two clauses of one build about two things: "delivery of a washer costs", "connecting a washer costs"."""

from functools import lru_cache

from bot.retrieval.disagreement import grammar
from bot.retrieval.disagreement.numerals import NUMBER_WORDS
from bot.retrieval.disagreement.rings import meant
from bot.words import stem

# Clauses that share this part of their words, numbers and units left out, are of one build; the second is for clauses
# of which only one heading names its thing, and then they differ in few words. Chosen on the pairs that were read.
_ALIKE = 0.34
_NEARLY_THE_SAME = 0.66
_FEW = 3
_UNITS = {
    stem(word) for word in (*grammar.DAYS, *NUMBER_WORDS, "dollar", "cent", "percent", "business", "working", "p", "m")
}
# Heads of a rule that name no thing of their own.
_HEADS = "new old first second last next other more most page help time long cost costs price much must may"
_NO_SUBJECT = frozenset(map(stem, _HEADS.split()))


def two_things(one: tuple[str, str, str], other: tuple[str, str, str]) -> tuple[str, str] | None:
    """The words by which two clauses of one build name different things, each a word that the other text never uses.

    Each side is a heading, the clause, and the whole text with its heading. At least one heading names its thing.
    """
    heading, clause, everything = one
    other_heading, other_clause, other_everything = other
    mine, theirs = _bare(clause), _bare(other_clause)
    own, others = mine - meant(other_everything), theirs - meant(everything)
    titled = [bool(own & meant(heading)), bool(others & meant(other_heading))]
    if not own or not others or not any(titled):
        return None
    alike = len(mine & theirs) / min(len(mine), len(theirs))
    if alike < (_ALIKE if all(titled) else _NEARLY_THE_SAME):
        return None
    if not all(titled) and len(own) + len(others) > _FEW:
        return None
    return ", ".join(sorted(own)), ", ".join(sorted(others))


@lru_cache(maxsize=20_000)
def _bare(clause: str) -> frozenset[str]:
    return frozenset(word for word in meant(clause) if word and not word[0].isdigit()) - _UNITS - _NO_SUBJECT
