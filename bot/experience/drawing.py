"""Draws Vega-Lite specs, as SVG for a page and as PNG for Slack: the only module that loads the renderer.

It fetches nothing, and its SVG holds no script and no style: colors stand in attributes, which the page's style sheet
replaces where it is dark.
"""

import json
from functools import lru_cache
from typing import Any

Spec = dict[str, Any]

# Twice the pixels, so that letters are sharp on a phone.
_SCALE = 2.0
# Pages of a few people, each drawn as wide and as narrow.
_KEPT = 64


def svg(spec: Spec) -> str:
    """The figure; an element that stands for itself, to be scaled to the width that there is."""
    return _svg(json.dumps(spec, sort_keys=True))


def png(spec: Spec) -> bytes:
    import vl_convert  # noqa: PLC0415 - 80 MB, which most commands never need

    return bytes(vl_convert.vegalite_to_png(spec, scale=_SCALE, allowed_base_urls=[]))


@lru_cache(_KEPT)
def _svg(spec: str) -> str:
    import vl_convert  # noqa: PLC0415 - as above

    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
