"""The few pages that people see of the bot itself, without anything from elsewhere: one heading, one sentence."""

import base64
import hashlib
from http import HTTPStatus

from jinja2 import Environment
from slack_bolt import BoltResponse

_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f6f7f5; color: #16302b; }
main { max-width: 32rem; margin: 1rem; padding: 2rem; background: #fff; border-radius: .75rem; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
p { margin: 0 0 1rem; }
a { color: #0b6b57; }
@media (prefers-color-scheme: dark) {
  body { background: #0f1614; color: #e6efec; }
  main { background: #18221f; }
  a { color: #6fd3bb; }
}
"""
_PAGE = Environment(autoescape=True).from_string(
    """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title><style>{{ style | safe }}</style></head>
<body><main><h1>{{ title }}</h1><p>{{ words }}</p>{% if again %}<p><a href="{{ again }}">Try again</a></p>{% endif %}
</main></body>
</html>
"""
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def page(status: HTTPStatus, title: str, words: str, *, again: str = "") -> BoltResponse:
    """`again` is where one can try once more; "" where there is nothing to try."""
    body = _PAGE.render(title=title, words=words, again=again, style=_STYLE)
    return BoltResponse(status=status.value, body=body, headers={**_HEADERS})
