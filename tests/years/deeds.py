"""What people do, and what happens to them: values, for the simulator and for the real rooms."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.timing import Slot, Timing
from storage.vocabulary import DoseState, SkipReason


@dataclass(frozen=True, slots=True)
class Answer:
    """A press on a reminder: TAKEN or SKIPPED."""

    medicine: int
    slot: Slot
    state: DoseState
    reason: SkipReason | None = None


@dataclass(frozen=True, slots=True)
class PutOff:
    """A press on a way to snooze: all that is open on the card of this dose."""

    medicine: int
    slot: Slot
    way: str


@dataclass(frozen=True, slots=True)
class Undo:
    """/undo."""


@dataclass(frozen=True, slots=True)
class Correct:
    """How it really was: TAKEN, SKIPPED, or MISSED for "not taken"."""

    medicine: int
    slot: Slot
    state: DoseState
    reason: SkipReason | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """Recorded from the list of the day, perhaps before it is due."""

    medicine: int
    slot: Slot


@dataclass(frozen=True, slots=True)
class Add:
    """A new medicine, numbered in order."""

    timing: Timing


@dataclass(frozen=True, slots=True)
class ChangeTimes:
    """The same medicine by another timing."""

    medicine: int
    timing: Timing


@dataclass(frozen=True, slots=True)
class Pause:
    """One medicine rests, or all when it is None."""

    medicine: int | None


@dataclass(frozen=True, slots=True)
class Resume:
    """And goes on."""

    medicine: int | None


@dataclass(frozen=True, slots=True)
class Stop:
    """A medicine is taken no more."""

    medicine: int


@dataclass(frozen=True, slots=True)
class Travel:
    """The person is somewhere else."""

    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Block:
    """Nothing reaches them; we learn it from the next message that fails."""


@dataclass(frozen=True, slots=True)
class Unblock:
    """They are back, and say so."""


# Packages yet to come have a place here: Move, ShiftDay, TakeAsNeeded, ChangePlan, EndDaysAt.
Deed = (
    Answer
    | PutOff
    | Undo
    | Correct
    | Log
    | Add
    | ChangeTimes
    | Pause
    | Resume
    | Stop
    | Travel
    | Block
    | Unblock
)


@dataclass(frozen=True, slots=True)
class Looked:
    """The room looked at the person."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a life: what happened when."""

    at: datetime
    what: Deed | Looked
