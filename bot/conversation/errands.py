"""What a helper is told of the doses of whom they care for. Pure."""

from dataclasses import dataclass
from datetime import time
from enum import Enum, auto


@dataclass(frozen=True, slots=True)
class OpenDose:
    """A dose of today that is still open. `at`: the local time of its slot by the clock of `zone`.

    `name` is empty for whoever may not see it. `number` then tells medicines of one slot apart, recorded or
    not; 0 where there is one only.
    """

    key: int
    at: time
    zone: str
    name: str
    number: int


class Errand(Enum):
    """What became of a dose that a helper recorded.

    ALREADY: it was recorded before. NEAR: the same medicine was taken so shortly before that it may be the
    same dose. CLOSED: it cannot be recorded any more, whatever the reason.
    """

    RECORDED = auto()
    ALREADY = auto()
    NEAR = auto()
    CLOSED = auto()
