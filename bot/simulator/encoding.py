"""What somebody types, as Slack sends it on: names become ids, the three special characters become entities."""

import re
from collections.abc import Mapping

_WEB_ADDRESS = re.compile(r"https?://[^\s<>|]*[^\s<>|.,;:!?)'\"\]]")


def encoded(typed: str, names: Mapping[str, str]) -> str:
    """`@Maya Okafor 2 < 3` becomes `<@U0MAYA> 2 &lt; 3`.

    `names` maps what may be typed, `@Maya Okafor` or `#returns`, to what stands for it. The longest name wins,
    whatever its case; a name inside a word (`me@Throughline.example`) is no mention.
    """
    longest_first = sorted(names, key=len, reverse=True)
    name = "|".join(re.escape(one) for one in longest_first)
    tokens = re.compile(rf"(?P<url>{_WEB_ADDRESS.pattern})|(?<!\w)(?P<name>{name})(?!\w)", re.IGNORECASE)
    by_lower = {one.lower(): token for one, token in names.items()}
    pieces, end = [], 0
    for found in tokens.finditer(typed):
        pieces.append(escaped(typed[end : found.start()]))
        pieces.append(f"<{escaped(found['url'])}>" if found["url"] else by_lower[found["name"].lower()])
        end = found.end()
    return "".join([*pieces, escaped(typed[end:])])


def escaped(text: str) -> str:
    """Slack escapes these three and nothing else."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
