"""Numbers as people write them: 1,000, 3.50, "twenty-five", "half a", "a dozen"."""

import re

_UP_TO_TWENTY = """
    zero one two three four five six seven eight nine ten
    eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
"""
_SMALL = {word: value for value, word in enumerate(_UP_TO_TWENTY.split())}
_TENS = {word: 10 * ten for ten, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}  # noqa: SIM905 - a list of eight strings reads worse
_OTHERS = {
    "a dozen": 12.0,
    "half a dozen": 6.0,
    "a couple of": 2.0,
    "half a": 0.5,
    "half an": 0.5,
    "one and a half": 1.5,
    "a hundred": 100.0,
}

ORDINALS = {
    word: value
    for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)  # noqa: SIM905 - as above
}

# Every spelled number begins with one of these.
NUMBER_WORDS = (*_SMALL, *_TENS, *ORDINALS, "couple", "dozen", "hundred", "thousand")

_UNIT_WORD = "|".join(list(_SMALL)[1:])
_TEN_WORD = "|".join(_TENS)
_SPELLED = rf"(?:(?:{_TEN_WORD})(?:[- ](?:{_UNIT_WORD}))?|zero|{_UNIT_WORD})(?: hundred| thousand)?"
_FIGURES = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
# The longer words first: "one and a half" before "one".
NUMERAL = rf"(?:{_FIGURES}|{'|'.join(sorted(_OTHERS, key=len, reverse=True))}|{_SPELLED})"


def value_of(numeral: str) -> float:
    """The value of what `NUMERAL` matched, in any case."""
    word = " ".join(numeral.lower().replace("-", " ").split())
    if word in ORDINALS:
        return float(ORDINALS[word])
    if word in _OTHERS:
        return _OTHERS[word]
    if re.fullmatch(r"[\d,.]+(?:st|nd|rd|th)?", word):
        return float(word.replace(",", "").rstrip("stndrh"))
    total = 0.0
    for part in word.split():
        match part:
            case "hundred":
                total *= 100
            case "thousand":
                total *= 1000
            case _:
                total += _SMALL.get(part, _TENS.get(part, 0))
    return total
