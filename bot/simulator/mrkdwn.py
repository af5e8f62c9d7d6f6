"""Slack's own markup, `*bold* _italic_ <url|label> <@U123>`, as HTML that cannot carry anything else.

Everything that is not recognized is escaped text. What is recognized is built from escaped pieces.
"""

import html
import re
from collections.abc import Callable, Mapping
from itertools import groupby

from markupsafe import Markup, escape

from bot.simulator.emoji import with_emoji

# Where a link may lead. `javascript:` and `data:` stay plain text.
LINK_SCHEMES = ("http://", "https://", "mailto:", "tel:")

_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_PROTECTED = re.compile(r"`([^`\n]+)`|<([^<>\n]+)>|(?<![\w/.@])(https?://[^\s<>|]*[^\s<>|.,;:!?)'\"\]*_~])")
_QUOTE = re.compile(r"(?:&gt;|>) ?")
_REST_QUOTE = re.compile(r"(?:&gt;|>){3} ?")


def _style(mark: str, tag: str) -> tuple[re.Pattern[str], str]:
    """Slack formats whole words only: `2*3*4` and `snake_case_name` stay as they are."""
    begin, end = rf"(?<![^\W_])(?<!{mark}){mark}(?=\S)", rf"(?<=\S){mark}(?![^\W_])(?!{mark})"
    return re.compile(rf"{begin}([^{mark}\n]+?){end}"), rf"<{tag}>\1</{tag}>"


_STYLES = (_style(r"\*", "b"), _style("_", "i"), _style("~", "s"))
# Protected pieces wait under private-use characters, which are removed from what people send.
_HELD = re.compile("\ue000(\\d+)\ue001")
_PRIVATE = re.compile("[\ue000\ue001]")
# A citation stands alone, `see [1]`; `serials[1]` is none, nor is what stands inside a tag, an address say.
_CITATION = re.compile(r"(?<!\w)\[(\d{1,2})\](?![^<>]*>)")

Names = Mapping[str, str]


def mrkdwn(text: str, names: Names) -> Markup:
    """The message as HTML. `names` says how to call a person or a channel by id."""
    pieces = _FENCE.split(_PRIVATE.sub("", text))
    # Every second piece was inside a fence.
    shown = [
        Markup("<pre>{}</pre>").format(_unescaped(piece)) if number % 2 else _paragraphs(piece, names)
        for number, piece in enumerate(pieces)
    ]
    return Markup("").join(shown)


def plain(text: str) -> Markup:
    """A `plain_text` object: emoji and line breaks, no markup."""
    return Markup("<br>").join(with_emoji(text).split("\n"))


def link(url: str, label: str) -> Markup:
    """A link that opens elsewhere, or just its label where the address is not one we follow."""
    if not url.lower().startswith(LINK_SCHEMES):
        return escape(label if label != url else url)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, label)


def mention(sigil: str, name: str) -> Markup:
    """Somebody or somewhere, named."""
    return Markup('<span class="at">{}{}</span>').format(sigil, name)


def with_citations(shown: Markup) -> Markup:
    """`[1]` drawn as the small box of a citation. The brackets stay for whoever copies or listens."""
    box = r'<span class="cite"><span class="vh">[</span>\1<span class="vh">]</span></span>'
    # A plain str: Markup would escape the pieces that `sub` joins.
    return Markup(_CITATION.sub(box, str(shown)))  # noqa: S704 - digits inside markup that is already safe


def sources(shown: Markup) -> Markup:
    """Every line a paragraph of its own, and a citation that leads a line set in the margin."""
    whole = shown if shown.startswith("<p>") else Markup("<p>{}</p>").format(shown)  # plain text has no paragraphs
    lines = str(with_citations(Markup("</p><p>").join(whole.split("<br>"))))
    led = lines.replace('<p><span class="cite">', '<p class="led"><span class="cite">')
    return Markup(led)  # noqa: S704 - our own tags in markup that is already safe


def words(shown: Markup) -> str:
    """What a reader of this HTML reads."""
    lines = re.sub(r"<br>|</p>|</pre>|</blockquote>|</li>|</tr>|</h\d>", "\n", shown)
    return html.unescape(re.sub(r"<[^>]*>", "", lines)).strip()


def _paragraphs(text: str, names: Names) -> Markup:
    """Runs of quoted lines become quotes; the other lines stay lines."""
    shown: list[Markup] = []
    lines = text.split("\n")
    while lines:
        if _REST_QUOTE.match(lines[0]):
            lines[0] = _REST_QUOTE.sub("", lines[0], count=1)
            quoted, lines = lines, []
        else:
            quoted = _leading(lines, quoted=True)
            lines = lines[len(quoted) :]
            quoted = [_QUOTE.sub("", line, count=1) for line in quoted]
        if quoted:
            shown.append(Markup("<blockquote><p>{}</p></blockquote>").format(_lines(quoted, names)))
        loose = _leading(lines, quoted=False)
        lines = lines[len(loose) :]
        shown += [Markup("<p>{}</p>").format(_lines(part, names)) for part in _parted(loose)]
    return Markup("").join(shown)


def _parted(lines: list[str]) -> list[list[str]]:
    """Blank lines part paragraphs."""
    return [list(part) for is_blank, part in groupby(lines, key=lambda line: not line.strip()) if not is_blank]


def _leading(lines: list[str], *, quoted: bool) -> list[str]:
    for number, line in enumerate(lines):
        if bool(_QUOTE.match(line)) is not quoted:
            return lines[:number]
    return lines


def _lines(lines: list[str], names: Names) -> Markup:
    return Markup("<br>").join(_inline(line, names) for line in lines)


def _inline(text: str, names: Names) -> Markup:
    held: list[Markup] = []

    def hold(found: re.Match[str]) -> str:
        code, token, url = found.groups()
        if code is not None:
            held.append(Markup("<code>{}</code>").format(_unescaped(code)))
        elif token is not None:
            held.append(_token(token, names))
        else:
            held.append(link(_unescaped(url), _unescaped(url)))
        return f"\ue000{len(held) - 1}\ue001"

    shown = str(escape(with_emoji(_unescaped(_PROTECTED.sub(hold, text)))))
    for pattern, replacement in _STYLES:
        shown = pattern.sub(replacement, shown)
    return Markup(_HELD.sub(lambda mark: held[int(mark[1])], shown))  # noqa: S704 - escaped above, piece by piece


def _unescaped(text: str) -> str:
    """Slack escapes exactly these three."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _token(token: str, names: Names) -> Markup:
    """What stands between `<` and `>`."""
    target, _, label = token.partition("|")
    label = _unescaped(label)
    read = _TOKENS.get(target[:1])
    if read:
        return read(target[1:], label, names)
    if not target.lower().startswith(LINK_SCHEMES):
        return escape(label or f"<{_unescaped(token)}>")
    return link(_unescaped(target), label or _unescaped(target))


def _special(target: str, label: str, names: Names) -> Markup:
    """`<!here>`, `<!subteam^S123|@shops>`, `<!date^...|fallback>`."""
    word, _, rest = target.partition("^")
    if word == "date":
        return escape(label)
    if word == "subteam":
        return mention("@", names.get(rest, label or rest).removeprefix("@"))
    return mention("@", (label or word).removeprefix("@"))


_TOKENS: Mapping[str, Callable[[str, str, Names], Markup]] = {
    "@": lambda target, label, names: mention("@", names.get(target, label or target)),
    "#": lambda target, label, names: mention("#", names.get(target, label or target)),
    "!": _special,
}
