"""A link as a picture that a phone's camera reads."""

from io import BytesIO
from typing import Any

import segno

from bot.pictures.canvas import INK, PAPER

_SCALE, _BORDER = 12, 4


def draw_qr(data: dict[str, Any]) -> bytes:
    """The `words`, with room around them. Raises KeyError or ValueError."""
    code = segno.make_qr(data["words"], error="m")
    out = BytesIO()
    code.save(out, kind="png", scale=_SCALE, border=_BORDER, dark=INK, light=PAPER)
    return out.getvalue()
