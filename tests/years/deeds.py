"""What people do, and what happens to them: values, for the simulator and for the real rooms."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.medicines.plan_rules import SaidPlan
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


@dataclass(frozen=True, slots=True)
class Move:
    """One dose of today goes to another time."""

    medicine: int
    slot: Slot
    to: datetime


@dataclass(frozen=True, slots=True)
class ShiftDay:
    """What is left of today moves by some hours."""

    hours: int


@dataclass(frozen=True, slots=True)
class TakeAsNeeded:
    """One of a medicine as needed; `anyway`: beyond its limits, and the person says so."""

    medicine: int
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class WritePlan:
    """A taper or a titration: from their days on, these steps."""

    medicine: int
    plan: SaidPlan


@dataclass(frozen=True, slots=True)
class PushBack:
    """The steps of a plan that have not begun come later."""

    medicine: int
    days: int


@dataclass(frozen=True, slots=True)
class EndPlan:
    """The step of now goes on."""

    medicine: int


@dataclass(frozen=True, slots=True)
class StepBefore:
    """Asked which step it is: still the one before."""

    medicine: int


@dataclass(frozen=True, slots=True)
class GoOn:
    """After a pause of a plan: where it was left, or by its dates."""

    medicine: int
    where: bool


@dataclass(frozen=True, slots=True)
class EndDaysAt:
    """The own day ends at another time: night shifts."""

    at: time


@dataclass(frozen=True, slots=True)
class KeepQuiet:
    """Other quiet hours, or none any more."""

    hours: tuple[time, time] | None


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
    | Move
    | ShiftDay
    | TakeAsNeeded
    | WritePlan
    | PushBack
    | EndPlan
    | StepBefore
    | GoOn
    | EndDaysAt
    | KeepQuiet
)


@dataclass(frozen=True, slots=True)
class Looked:
    """The room looked at the person."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a life: what happened when."""

    at: datetime
    what: Deed | Looked
