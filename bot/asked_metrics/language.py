"""The words in which people ask for numbers, and those of questions about rules, which pages answer."""

import re

from bot.asked_metrics.things import Dimension

# The month is no "may" of a rule.
_MAY = re.compile(r"\b(in|since|last|of|from|until|during) may\b")
_POLITE = re.compile(
    r"^(?:(?:hi|hey|hello|please|so|and|ok|okay)[,!]? )*(?:(?:can|could|would|"
    r"will) you (?:please )?(?:tell|show|give) (?:me|us)|"
    r"(?:can|could) (?:i|we) (?:see|get|have)|(?:please )?(?:tell|show|give) (?:me|us)|do you know|any idea|"
    r"i(?:'d| would) like to (?:know|see)|i want to know)\s+",
)
# What is allowed, what to do and how to do it, and what holds for one customer: that stands in pages.
_RULE = re.compile(
    r"\b(?:can|can't|cannot|may|must|should|shall|allowed|supposed|permitted|required|entitled)\b"
    r"|\b(?:do|am|may|would|have) i\b|\bi (?:do|say|tell|need|have|use)\b|\bi'm\b|\bhow (?:do|"
    r"to)\b(?! (?:customers|people|we (?:do|rate)))"
    r"|\b(?:need|needs|got) to\b|\b(?:have|has|had) (?:\w+ )?to (?!(?:contact|call|come|write|ask|wait|get back)\b)"
    r"|\bwhere (?:can|is|are)\b|^who\b|\bwho (?:do|does|should|is|are|answers|fixes|handles|owns)\b"
    r"|\bwhat happens\b|\bnext step\b|\bprocedure\b|"
    r"\bmaximum\b|\bminimum\b|\blimit\b"
    r"|\bbefore (?:i|we|it|the|they|clos\w+)\b|\buntil (?:i|we|they|he|she)\b"
    r"|\b(?:a|an|the|this|that|my|his|her|one|each|every|per) (?:customer|caller|client)\b(?! (?:care|service))"
    r"|^(?:cust|customer|caller|client|guest|she|he|they|i|we|my|if|when|does|is there)\b"
    r"|\bhow many (?:days|weeks|months|years|times do)\b|\bhow long do (?:we|they|customers)\b(?! wait)",
)
COUNT = r"(?:how many|how much|how often|number of|count of|total|amount of)"
MOST = r"(?:most|top|biggest|largest|worst|main|highest|least|fewest|greatest|longest|commonest)"
SHARE = r"(?:share|percent\w*|proportion|rate|ratio)"
CHANGE = (
    r"(?:ris(?:e|es|en|ing)|rose|increas\w+|(?:go|goes|going|gone|went) (?:up|down)|drop\w*|"
    r"fall\w*|fell|decreas\w+|fewer|more|less|"
    r"climb\w*|trend\w*|grow\w*|grew|up or down|better|worse)"
)
MEAN = r"(?:average|mean|median|typical\w*|usually|on average|normally)"
TICKET = r"(?:tickets?|reports?|reported|issues?|backlog)"
_LEAST = re.compile(r"\b(?:least|fewest|lowest|smallest|shortest)\b")
_CHANGES = re.compile(rf"\b{CHANGE}\b")
_SUPERLATIVE = re.compile(rf"\b{MOST}\b")

_NOUNS = {
    Dimension.TOOL: r"tools?|systems?|software|apps?|programs?|applications?",
    Dimension.PARTNER: r"partners?|suppliers?|contractors?|vendors?",
    Dimension.CHANNEL: r"channels?",
    Dimension.STAGE: r"stages?|phases?",
    Dimension.TOUCHPOINT: r"touch ?points?|steps?|tasks?|activit(?:y|ies)",
    Dimension.TEAM: r"teams?|departments?|owners?",
    Dimension.PLACE: r"shops?|stores?|locations?|places?|branch(?:es)?|sites?",
    Dimension.THEME: r"themes?|pains?",
    Dimension.KIND: r"kinds?|types?|sorts?|categor(?:y|ies)",
    Dimension.PAGE: r"pages?|polic(?:y|ies)|documents?|articles?",
    Dimension.TICKET: r"tickets?|issues?|problems?|things?",
}
_BY = {
    dimension: re.compile(
        rf"\b(?:which|what|whose|per|by|for each|each|top \d+|top)(?: (?:of )?(?:our|the|your|policy|"
        rf"single))*? (?:{nouns})\b"
    )
    for dimension, nouns in _NOUNS.items()
}
_WHERE = re.compile(r"^where\b")


def normal(question: str) -> str:
    """As cues are looked for in it: lower case, plain apostrophes, no polite words before it."""
    plain = " ".join(question.lower().replace("’", "'").replace("e-mail", "email").split()).rstrip("?!. ")
    return _POLITE.sub("", _MAY.sub(r"\1 the month", plain))


def asks_for_a_rule(asked: str) -> bool:
    """Of a normal question: whether a page answers it, if anything does."""
    return _RULE.search(asked) is not None


def listed_by(asked: str, dimensions: tuple[Dimension, ...], most: Dimension | None) -> Dimension | None:
    """What a list is asked by: "which tool", "per team"; `most` where a most is asked for, and of nothing else."""
    found = [(match.start(), each) for each in dimensions if (match := _BY[each].search(asked))] if dimensions else []
    if found:
        return min(found)[1]
    superlative = _SUPERLATIVE.search(asked) is not None
    if superlative and _WHERE.search(asked) and Dimension.TOUCHPOINT in dimensions:
        return Dimension.TOUCHPOINT
    # "Which shop" is not answered with a list of tools.
    others = any(pattern.search(asked) for each, pattern in _BY.items() if each is not Dimension.TICKET)
    return most if superlative and not others else None


def asks_for_least(asked: str) -> bool:
    return _LEAST.search(asked) is not None


def asks_for_change(asked: str) -> bool:
    """Whether it rose or fell."""
    return _CHANGES.search(asked) is not None


def all_of(*patterns: str, none: str = "") -> re.Pattern[str]:
    """Found in what holds each of these words, in any order, and nothing of `none`."""
    without = rf"(?!.*\b(?:{none})\b)" if none else ""
    return re.compile("^" + without + "".join(rf"(?=.*\b(?:{pattern})\b)" for pattern in patterns))


def any_of(*patterns: re.Pattern[str], none_of: str = "") -> re.Pattern[str]:
    """Found in what any of them is found in, and nothing of `none_of`."""
    without = rf"^(?!.*\b(?:{none_of})\b)" if none_of else ""
    return re.compile(without + "(?:" + "|".join(f"(?:{one.pattern})" for one in patterns) + ")")
