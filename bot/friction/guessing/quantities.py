"""Numbers as people say them: "15", "a couple", "half", "one and a half", "10-15", "2.5"."""

import re

_WORDS: dict[str, float] = {
    "a": 1, "an": 1, "one": 1, "another": 1, "two": 2, "couple": 2, "three": 3, "few": 3, "four": 4,
    "several": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12, "fifteen": 15, "twenty": 20,
    "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100,
    "half": 0.5, "quarter": 0.25, "½": 0.5, "¼": 0.25, "once": 1, "twice": 2, "thrice": 3,
}  # fmt: skip
_ORDINALS: dict[str, float] = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_TENS = "twenty|thirty|forty|fourty|fifty"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_SINGLE = "|".join(sorted((re.escape(word) for word in _WORDS), key=len, reverse=True))

_FIGURE = r"\d+(?:[.,]\d+)?"
_SAID = (
    rf"(?:(?:{_TENS})[\s-](?:{_ONES})|half\s+an?|quarter\s+of\s+an?|an?\s+quarter\s+of\s+an?|an?\s+half|"
    rf"an?\s+(?:couple|few|dozen|hundred)(?:\s+of)?|(?:couple|quarter)\s+of|{_SINGLE})"
)
# To stand in front of a unit; a range is read as its middle.
NUMBER = rf"(?:{_FIGURE}\s*(?:-|–|to|or)\s*{_FIGURE}|{_FIGURE}|{_SAID})"

_RANGE = re.compile(rf"({_FIGURE})\s*(?:-|–|to|or)\s*({_FIGURE})")


def number(said: str) -> float:
    """What the words that `NUMBER` found are worth; an ordinal counts as its number."""
    words = said.lower().strip()
    if found := _RANGE.fullmatch(words):
        return (_figure(found[1]) + _figure(found[2])) / 2
    if words[0].isdigit():
        return _figure(words.rstrip("stndrh"))
    if words in _ORDINALS:
        return _ORDINALS[words]
    values = [_WORDS[word] for word in re.split(r"[\s-]+", words) if word in _WORDS]
    tens = [value for value in values if value >= 1]
    parts = [value for value in values if value < 1]
    if parts:
        return parts[0]
    # "a couple" is two and not three; "forty five" is a sum.
    return sum(value for value in tens if value > 1) or 1.0


def _figure(digits: str) -> float:
    return float(digits.replace(",", "."))
