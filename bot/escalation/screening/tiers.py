"""How sure the screen is, and what it found."""

from dataclasses import dataclass, field
from enum import IntEnum

# The two reasons that change the answer: the number to call comes first; helper steps, not the question.
OVERDOSE = "overdose"
SOMEONE_ELSE = "someone else"
# A rule saw this: then words alone make no plain wish of it.
SELF_INJURY = "self-injury"
# A plain wish was found, and it is not the writer's own of today.
JUDGED = frozenset({SOMEONE_ELSE, "denied", "history"})


class Tier(IntEnum):
    """What a text calls for: nothing, the question with help under it, or the card at once."""

    NONE = 0
    GENTLE = 1
    URGENT = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What the screen found in a text. It keeps no word of it; `reasons` are names of our own rules.

    `sure`: the text is in this language and can hardly be in another.
    """

    tier: Tier
    reasons: tuple[str, ...]
    language: str
    sure: bool = field(default=True, compare=False)
