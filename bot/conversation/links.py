"""What a link to us may hold besides a word: an invitation. Nobody types such a thing. Pure."""

import re
from typing import Final

INVITATION: Final = "cg_"
_INVITATION = re.compile(rf"{INVITATION}[A-Za-z0-9_-]{{22}}")


def is_invitation(words: str) -> bool:
    """Whether the words have the shape of an invitation; whether there is one, the room says."""
    return _INVITATION.fullmatch(words) is not None
