"""As much CSS as it takes to tell hidden text: the declarations of one element, the simple rules of a style sheet."""

import re
from collections.abc import Iterator

# Further than this beside the screen nothing scrolls; letters below this are dots.
FAR_PIXELS = 500
LEAST_PIXELS = 1.5
# A page of the web has some dozens; more make every look-up slow.
MAX_RULES = 200

_PIXELS = {"": 1, "px": 1, "pt": 1.33, "em": 16, "rem": 16, "ch": 8, "%": 5, "vw": 12, "vh": 8, "in": 96, "cm": 38}
_LENGTH = re.compile(r"([-+]?\d{0,9}\.?\d{1,9})\s*([a-z%]{0,4})")
_PLACES = ("text-indent", "left", "top", "right", "bottom", "margin-left", "margin-top")
_HEIGHTS = ("height", "max-height")
_CLIPPED = re.compile(r"rect\(\s*(?:0|1px)\D.*|inset\(\s*(?:[5-9]\d|100)%.*|circle\(\s*0\D.*")
_NAMED = {"white": "#ffffff", "black": "#000000", "red": "#ff0000", "blue": "#0000ff", "yellow": "#ffff00"}
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})")
_COLOR = re.compile(r"#[0-9a-f]{3,8}\b|rgba?\([^)]{0,60}\)|[a-z]+")
_TRANSPARENT = re.compile(r"transparent|(?:rgba|hsla|rgb|hsl)\(.{0,60}[,/]\s*0*\.?0*%?\s*\)")

_OPENING = re.compile(r"<style\b", re.IGNORECASE)
_CLOSING = re.compile(r"</style", re.IGNORECASE)
_BRACE = re.compile(r"[{}]")
_COMPOUND = r"(?:[a-zA-Z][\w-]{0,99})?(?:[.#][a-zA-Z_][\w-]{0,99}){1,4}"
_SIMPLE = re.compile(rf"{_COMPOUND}(?:\s{{1,9}}{_COMPOUND}){{0,2}}|\[hidden\]")


class Style:
    """The declarations of one element, the last of each kind, in lower case."""

    def __init__(self, declarations: str) -> None:
        self._values: dict[str, str] = {}
        for declaration in declarations.lower().split(";"):
            name, _, value = declaration.partition(":")
            if value.strip():
                self._values[name.strip()] = value.replace("!important", "").strip()

    def hides(self) -> bool:
        """Whether it is not drawn, drawn too small or too pale to be seen, or drawn beside the screen."""
        get = self._values.get
        return (
            get("display", "") == "none"
            or get("visibility", "") in {"hidden", "collapse"}
            or self._length("opacity") == 0
            or 0 <= self._length("font-size") < LEAST_PIXELS
            or any(self._length(name) <= -FAR_PIXELS for name in _PLACES)
            or bool(_CLIPPED.match(get("clip", "")) or _CLIPPED.match(get("clip-path", "")))
            or bool(_TRANSPARENT.fullmatch(get("color", "")))
            or (
                get("overflow", "") == "hidden"
                and any(0 <= self._length(side) <= 1 for side in ("height", "max-height"))
            )
        )

    def background(self) -> str:
        """As `#rrggbb`, or ""."""
        value = self._values.get("background-color") or self._values.get("background", "")
        return next((color for found in _COLOR.findall(value) if (color := _hex(found))), "")

    def is_color(self, color: str) -> bool:
        """Whether its letters have this color."""
        return bool(color) and _hex(self._values.get("color", "")) == color

    def _length(self, name: str) -> float:
        """In pixels; more than anything where it says none."""
        found = _LENGTH.fullmatch(self._values.get(name, ""))
        return float(found[1]) * _PIXELS[found[2]] if found and found[2] in _PIXELS else float("inf")


def hiding_selectors(page: str) -> list[str]:
    """The selectors of the page's style sheets that hide something: classes and names, not whole kinds of tags."""
    found: list[str] = []
    for sheet in _sheets(page):
        for selectors, declarations in _rules(sheet):
            if Style(declarations).hides():
                found.extend(one for part in selectors.split(",") if _SIMPLE.fullmatch(one := part.strip()))
    return found[:MAX_RULES]


def _sheets(page: str) -> Iterator[str]:
    end = 0
    while opening := _OPENING.search(page, end):
        start = page.find(">", opening.end()) + 1
        closing = _CLOSING.search(page, start) if start else None
        if not closing:
            return
        yield page[start : closing.start()]
        end = closing.end()


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations. What holds only on paper or on small screens (@media) is passed over."""
    plain = without(sheet, "/*", "*/")
    depth = start = opened = 0
    for brace in _BRACE.finditer(plain):
        if brace[0] == "{":
            depth += 1
            if depth == 1:
                opened = brace.end()
            continue
        depth = max(0, depth - 1)
        if depth == 0:
            selectors = plain[start : max(start, opened - 1)].strip()
            if selectors and not selectors.startswith("@"):
                yield selectors, plain[opened : brace.start()]
            start = opened = brace.end()


def without(text: str, opening: str, closing: str) -> str:
    """The text without what stands between these marks; an opening that is never closed stays."""
    kept: list[str] = []
    place = 0
    while (start := text.find(opening, place)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0:
        kept.append(text[place:start])
        place = end + len(closing)
    return "".join((*kept, text[place:]))


def _hex(color: str) -> str:
    if found := _RGB.match(color):
        return "#" + "".join(f"{min(255, int(part)):02x}" for part in found.groups())
    named = _NAMED.get(color, color)
    if re.fullmatch(r"#[0-9a-f]{3}", named):
        return "#" + "".join(letter * 2 for letter in named[1:])
    return named if re.fullmatch(r"#[0-9a-f]{6}", named) else ""
