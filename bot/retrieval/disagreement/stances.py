"""Whether a clause says yes or no: allowed or forbidden, done or not done, required or not needed."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Stance(StrEnum):
    YES = "yes"
    NO = "no"


class Matter(StrEnum):
    """What the yes or no is about: whether something may be done or is so, or whether something must be done first."""

    PERMISSION = "permission"
    REQUIREMENT = "requirement"


@dataclass(frozen=True, slots=True)
class Said:
    stance: Stance
    matter: Matter
    # The word or words that decide it, as they stand in the clause.
    sign: str
    # Nothing but a "not" says so, and it may be about anything.
    faint: bool = False


# Negations that deny nothing: bounds, alternatives, conditions, comparisons.
_IDLE = re.compile(
    r"whether[^,;.]* or not|\bor not\b|\bnot only\b|\bno matter\b|\b(?:no|not) (?:more|less|later|"
    r"earlier|longer|older|fewer) than\b|"
    r"\bnot (?:yet|always|just|necessarily|limited to|applicable)\b|\bmay or may not\b|"
    r"\bwhen [^,;.]*(?:not|n[’']t)\b[^,;.]*|\bif [^,;.:]*[,:]|\bif (?:there is |he |she |they |it |"
    r"you )?(?:no|not|nobody)\b[^,;.]*|"
    r"\bunless [^,;.]*|\bwhen [^,;.:]*[,:]|\bwhere [^,;.:]*,|\bonce [^,;.:]*,|\bwhoever [^,;.:]*,|"
    r"\bdoubt not\b|\bno longer\b(?= than)|\bexcept[^,;.]*|"
    r"\b(?:do|does) not count\b|\b(?:who|which|that) (?:is|are|has|have|was|were|does|do|did|can|"
    r"could)(?: not|n[’']t)\b[^,;.]*|\bcannot be reached\b|"
    r"\bwhat (?:is|was|has)[^,;.]*? not\b|\bbut not\b[^,;.]*|\bnot [^,;.]{0,30} but\b",
    re.IGNORECASE,
)
# "not ... without", "never ... unless": a thing that must be there first.
_MAY_ONLY = re.compile(r"only|without|unless", re.IGNORECASE)
_ONLY_WITH = re.compile(
    r"\b(?:not|never|cannot|nobody|no one|no)\b[^.;]*?\b(?:without|unless)\b|n[’']t\b[^.;]*?\b(?:without|unless)\b|"
    r"\b(?:may|can|must|is|are)(?: be)? only\b[^.;]*?\b(?:with|if|after|once|against|by appointment)\b|"
    r"\bonly (?:with|if|after|against|by appointment|on)\b|\bby appointment only\b|\bappointment only\b",
    re.IGNORECASE,
)
_NOT_REQUIRED = re.compile(
    r"\b(?:do|does) not have to\b|\b(?:is|are) (?:waived|voluntary|unnecessary)\b|\bno (?:\w+ ){0,2}obligation\b|"
    r"\bno need (?:to|for)\b|\bneed(?:n[’']t| not)\b|\bnot (?:mandatory|compulsory|obligatory|obliged)\b|"
    r"\bwithout (?:asking|being asked|having to|prior|previous|further|signing|showing|written|"
    r"(?:\w+ ){0,2}(?:approval|consent|"
    r"permission|referral|appointment|signature|receipt|identification|reservation|notice|reason|prescription|card|"
    r"proof|"
    r"checks?|registration|login|password|form|ticket))\b|"
    r"\bno (?:\w+ ){1,3}?(?:is|are) (?:needed|required|necessary|asked for)\b|\b(?:is|"
    r"are) not (?:needed|required|necessary)\b|"
    r"\b(?:need|needs) (?:no|not)\b|\b(?:do|does) not (?:need|have to|require)\b|\bdoesn[’']t (?:need|"
    r"have to|require)\b|"
    r"\b(?:is|are) optional\b|\bwithout (?:a |an |any |the )?(?:signature|receipt|deposit|approval|"
    r"consent|permission|proof|id|photo id|check|appointment|form|ticket)\b|"
    r"\b(?:take|takes|ask for|asks? for|require|requires) no\b",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(
    r"\b(?:can|may|must|shall|will|is|are|do|does|has|have)(?: (?:only|also|still|then))? ?(?:not|"
    r"never|n[’']t)\b|\bcannot\b|\bcan[’']t\b|\bwon[’']t\b|"
    r"\bnever\b|\bno\b(?= \w+(?: \w+){0,3} (?:is|are|may|can|will)\b)|\b(?:there (?:is|are)|has|have|"
    r"gets?|gives?|offers?|takes?|accepts?|pays?|makes?|carr(?:y|ies)|allows?|sells?|grants?|"
    r"issues?) no\b|\bnot (?:possible|allowed|permitted|accepted|taken|covered|included|available|"
    r"eligible)\b|"
    r"\b(?:refuses?|refused|forbidden|prohibited|excluded|impossible|ineligible|declined|ruled out|"
    r"off[- ]limits|left out|out of the question|banned|barred|disallowed|rejected|denied|void|turned away|"
    r"turned down|not entitled|"
    r"stays? (?:outside|behind|in the locker|off)|smoke-free)\b|\b(?:is|are) out\b(?! of)|\bno longer\b|"
    r"\b(?:under no circumstances|in no case|at no time|neither)\b|\b(?:pays?|costs?) extra\b|\bcharged separately\b|"
    r"\b(?:leaves?|keeps?|touch(?:es)?) (?:no|none|only)\b|\bno\b(?= [\w-]+(?: [\w-]+){0,2}[.,;]?$)|"
    r"\b(?:is|are) (?:final|lost)\b|\bnone of\b|\b(?:nobody|no one)\b",
    re.IGNORECASE,
)
# Whatever else denies, once nothing above was found.
_DENIED = re.compile(r"\b(?:not|never|none|no(?= [a-z]{3}))\b|n[’']t\b", re.IGNORECASE)
_REQUIRED = re.compile(
    r"\b(?:must|has to|have to|is needed|are needed|is required|are required|needs? (?:a|an|the|to)|obliged|insist|"
    r"subject to|depends on|a must|condition is|required|requires?|"
    r"is necessary|are necessary|mandatory|compulsory|obligatory|only (?:with|against|after))\b",
    re.IGNORECASE,
)
_ALLOWED = re.compile(
    r"\b(?:can|may|is possible|are possible|allows?|allowed|permitted|accepts?|accepted|covers|"
    r"includes|applies|we take|is taken|are taken|is covered|are covered|eligible|welcome|entitled|at liberty|"
    r"qualif(?:y|ies)|honou?red|no problem|okay|gets?|receives?|we put|we do|is back|"
    r"is included|are included|available|is free to|are free to|as well|too|whether[^,;.]* or not|is fine|are fine)\b",
    re.IGNORECASE,
)
_COMMAND = re.compile(r"^\W*(?:please )?(?:do not|don[’']t|never)\b", re.IGNORECASE)


def said(clause: str) -> Said | None:  # noqa: PLR0911 - one return for each way of saying it, in the order they count
    """The yes or no of a clause; None where it states neither openly and says nothing that another could deny."""
    if _MAY_ONLY.search(clause) and _ONLY_WITH.search(clause):
        return Said(Stance.YES, Matter.REQUIREMENT, "only")
    bare = _IDLE.sub(lambda found: " " * len(found[0]), clause)
    found = _NOT_REQUIRED.search(bare)
    if found is not None:
        return Said(Stance.NO, Matter.REQUIREMENT, found[0])
    found = _COMMAND.search(bare) or _FORBIDDEN.search(bare)
    if found is not None:
        return Said(Stance.NO, Matter.PERMISSION, found[0])
    found = _REQUIRED.search(bare)
    if found is not None:
        return Said(Stance.YES, Matter.REQUIREMENT, found[0])
    found = _DENIED.search(bare)
    if found is not None:
        return Said(Stance.NO, Matter.PERMISSION, found[0], faint=True)
    found = _ALLOWED.search(clause)
    if found is not None:
        return Said(Stance.YES, Matter.PERMISSION, found[0])
    return None
