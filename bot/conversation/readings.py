"""What comes of reading a phrase: one meaning, several to choose from, or none that may be relied on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

MOST_OPTIONS = 4

Value = TypeVar("Value")
Other = TypeVar("Other")


class Why(Enum):
    """Why a phrase was not understood; the sentence for it is the room's to say."""

    EMPTY = "empty"
    TOO_LONG = "too long"
    NO_TIME = "no time"
    NOT_A_TIME = "not a time"
    LEFT_OVER = "left over"
    MORNING_OR_EVENING = "morning or evening"
    SAID_TWICE = "said twice"
    TOO_MANY = "too many"
    COUNT_DIFFERS = "count differs"
    OUT_OF_RANGE = "out of range"
    NOT_AWAKE = "not awake"
    NOT_A_DATE = "not a date"
    ENDS_EARLY = "ends early"


@dataclass(frozen=True, slots=True)
class Understood(Generic[Value]):
    """The phrase has one reading."""

    value: Value


@dataclass(frozen=True, slots=True)
class Ambiguous(Generic[Value]):
    """The phrase has two to four readings, as typed first; `phrase` holds the unclear words only ("8, 9")."""

    options: tuple[Value, ...]
    phrase: str


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The phrase has no reading that may be relied on."""

    why: Why


Read = Understood[Value] | Ambiguous[Value] | NotUnderstood


def options_of(reading: Read[Value]) -> tuple[Value, ...]:
    """What the phrase may mean: nothing, one thing, or several."""
    match reading:
        case Understood(value):
            return (value,)
        case Ambiguous(options):
            return options
        case _:
            return ()


def phrase_of(reading: Read[Value]) -> str:
    """The unclear words; none when nothing is unclear."""
    return reading.phrase if isinstance(reading, Ambiguous) else ""


def mapped(reading: Read[Value], make: Callable[[Value], Other]) -> Read[Other]:
    """The reading of a part as the reading of what the part belongs to."""
    match reading:
        case Understood(value):
            return Understood(make(value))
        case Ambiguous(options, phrase):
            return Ambiguous(tuple(map(make, options)), phrase)
        case _:
            return reading


def one_of(options: Iterable[Value], phrase: str, otherwise: Why) -> Read[Value]:
    """What several readings come to, each counted once; `otherwise` when there are none."""
    each = tuple(dict.fromkeys(options))
    if not each:
        return NotUnderstood(otherwise)
    return Understood(each[0]) if len(each) == 1 else Ambiguous(each, phrase)
