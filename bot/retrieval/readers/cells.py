"""A spreadsheet cell's value as people see it."""

import re
from datetime import date, datetime, time, timedelta

_LITERAL = re.compile(r'\[\$([^\]-]*)[^\]]*\]|"([^"]*)"|\\(.)')  # [$€-407], "pieces", \-
_ASIDE = re.compile(r"\[[^\]]*\]|_.|\*.")  # colors and conditions, as wide as a letter, filled up with a letter
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.([#0?]*))?")
_ERROR = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)")
# Whole numbers past this have lost digits already.
_EXACT = 1e15


def shown(value: object, number_format: str) -> str:
    """The value in its number format: `2026-11-21`, `12`, `$1,250.00`, `15%`. An error value is nothing."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(value, number_format)
        case date() | time() | timedelta():
            return _moment(value)
        case _:
            words = " ".join(str(value).split())
            return "" if _ERROR.fullmatch(words) else words


def _moment(value: date | time | timedelta) -> str:
    match value:
        case datetime() if value.time() != time():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return f"{value:%Y-%m-%d}"
        case time():
            return f"{value:%H:%M}"
        case _:
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"


def _number(value: float, number_format: str) -> str:
    literals: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        literals.append(found[1] or found[2] or found[3] or "")
        return chr(0xE000 + len(literals) - 1)

    sections = _LITERAL.sub(put_aside, number_format).split(";")
    has_own_sign = value < 0 and len(sections) > 1
    style = _ASIDE.sub("", sections[1] if has_own_sign else sections[0])
    digits = _DIGITS.search(style)
    if not digits or re.search(r"[/Ee?]|[#0]\D+[#0]", style.replace(digits[0], "0", 1)):
        return _plain(value)  # General, fractions, powers of ten, telephone numbers: as plain as can be
    size = abs(value) * (100 if "%" in style else 1)
    words = f"{size:{',' if ',' in digits[0] else ''}.{len(digits[1] or '')}f}"
    if not digits[0].strip("0"):
        words = words.zfill(len(digits[0]))  # 00000: a number whose first zeros count
    around = f"{style[: digits.start()]}{words}{style[digits.end() :]}".strip()
    for place, literal in enumerate(literals):
        around = around.replace(chr(0xE000 + place), literal)
    return f"{'-' if value < 0 and not has_own_sign else ''}{around.strip()}"


def _plain(value: float) -> str:
    return str(int(value)) if value == round(value, 0) and abs(value) < _EXACT else f"{value:.10g}"
