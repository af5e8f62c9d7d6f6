"""The title of a ticket: what its words begin with, once they have greeted and said who they are."""

import re

LONGEST_TITLE = 90
# What is left of less says nothing.
_SHORTEST = 8
_GREETED = r"there|all|team|everyone|everybody|folks|colleagues|support|department|help ?desk|service ?desk"
# A period ends a sentence where something follows it: "example.co. I'm".
_BEFORE = re.compile(
    rf"""
      (?:hi|hello|hey|dear|greetings|good\s(?:morning|afternoon|evening|day))\b
        (?:,?\s+(?:(?:[a-z]+\s)?(?:{_GREETED})|it|hr|\[name\])(?!\w))*\s*(?:[,.!:;]|\s[-–]\s|(?=\s))\s*
    | (?:i['’]?m|i\sam|this\sis|it['’]?s|it\sis|my\sname\sis)\s+\[name\](?:\s+(?:here|speaking))?
        (?:,?\s+(?:from|of|in|with|at|an?|the)\s(?:[^,;!?\s]+?\s){{0,8}}?[^,;!?\s]+?)?(?:\s*\([^)\n]{{0,40}}\))?
        (?:,?\s+and\b|\s*[,;!]|\.(?=\s)|\s+[-–](?=\s))\s*
    | i\shope\s(?:this|you|all|everything)\b[^.!?\n]{{0,80}}[.!?]\s*
    """,
    re.IGNORECASE | re.VERBOSE,
)


def title_of(words: str) -> str:
    """One line of at most so many letters."""
    line = " ".join(words.split())
    rest = line
    while (before := _BEFORE.match(rest)) and before.end():
        rest = rest[before.end() :]
    if len(rest) >= _SHORTEST:
        line = rest[0].upper() + rest[1:] if rest != line else line
    if len(line) <= LONGEST_TITLE:
        return line
    return f"{line[:LONGEST_TITLE].rsplit(' ', 1)[0]} …"
