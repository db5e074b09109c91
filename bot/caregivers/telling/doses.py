"""When a dose that is not recorded is told. Pure.

It is told only of a reminder that the platform accepted, after the last repeat and its grace, and only when
an answer could have reached us all the while.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from bot.caregivers.telling.rules import SOON, STALE_AFTER, Around, Entry, Step, Wish, told
from storage.vocabulary import DoseState

# After our last reminder the person has so long before anybody hears of it.
GRACE: Final = timedelta(minutes=15)
LOOK_BACK: Final = timedelta(days=1)
_UNDER_WAY_FOR: Final = timedelta(minutes=5)
UNRECORDED: Final = frozenset({DoseState.OPEN, DoseState.MISSED})


@dataclass(frozen=True, slots=True)
class DoseSeen:
    """A planned dose. `asks_again_at`: the next reminder of it.

    `accepted_at`: when the platform accepted the newest reminder that it did accept. `under_way`: one is on
    its way.
    """

    due_at: datetime
    state: DoseState
    asks_again_at: datetime | None = None
    accepted_at: datetime | None = None
    under_way: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """All doses that were due at one instant."""

    due_at: datetime
    doses: tuple[DoseSeen, ...]

    @property
    def open(self) -> tuple[DoseSeen, ...]:
        """Those that are not recorded."""
        return tuple(dose for dose in self.doses if dose.state in UNRECORDED)

    @property
    def unrecorded(self) -> bool:
        """Whether a dose of it is not recorded, and we asked for all of them."""
        return bool(self.open) and all(dose.state is not DoseState.UNKNOWN for dose in self.doses)


def about(due_at: datetime) -> str:
    """What a notice about the doses of one instant is about."""
    return f"dose:{due_at:%Y-%m-%dT%H:%M:%S}"


def moments(doses: Sequence[DoseSeen]) -> list[Moment]:
    """The doses by their instants, oldest first; what was taken back by a pause or an edit is none."""
    counted = sorted((d for d in doses if d.state is not DoseState.WITHDRAWN), key=lambda dose: dose.due_at)
    return [Moment(due_at, tuple(group)) for due_at, group in groupby(counted, lambda dose: dose.due_at)]


def step(
    doses: Sequence[DoseSeen], wish: Wish, past: Sequence[Entry], around: Around, now: datetime
) -> Step[datetime]:
    """The instant whose doses are to be told as not recorded now, and when to look again."""
    ours = [moment for moment in moments(doses) if wish.since <= moment.due_at <= now]
    looks: list[datetime] = []
    for number in reversed(range(len(ours))):
        if ours[number].due_at < now - LOOK_BACK:
            break
        found = _step(ours[: number + 1], wish, past, around, now)
        if found.tell is not None:
            return Step(found.tell, min(looks, default=None))
        looks += [found.look_at] if found.look_at is not None else []
    return Step(look_at=min(looks, default=None))


def _step(
    until: Sequence[Moment], wish: Wish, past: Sequence[Entry], around: Around, now: datetime
) -> Step[datetime]:
    moment = until[-1]
    if _in_a_row(until) < wish.threshold or told(past, about(moment.due_at)):
        return Step()
    if not _could_answer(moment.due_at, around, now):
        return Step()
    at = _ready_at(moment, wish, now)
    if at is None or now - at > STALE_AFTER or _unseen_today(past, around):
        return Step()
    if at > now:
        return Step(look_at=at)
    later = around.later(now)
    return Step(look_at=later) if later is not None else Step(tell=moment.due_at)


def _in_a_row(until: Sequence[Moment]) -> int:
    """How many instants up to the last one are not recorded. One that we could not ask about ends the row."""
    count = 0
    for moment in reversed(until):
        if not moment.unrecorded:
            break
        count += 1
    return count


def _ready_at(moment: Moment, wish: Wish, now: datetime) -> datetime | None:
    """When the delay, the repeats and the grace are over; None when no reminder was accepted."""
    ready = [moment.due_at + wish.delay]
    for dose in moment.open:
        if dose.under_way:
            ready.append(now + _UNDER_WAY_FOR)
        elif dose.accepted_at is None:
            return None
        else:
            ready.append(dose.accepted_at + GRACE)
        if dose.state is DoseState.OPEN and dose.asks_again_at is not None:
            ready.append(max(dose.asks_again_at + GRACE, now + SOON))
    return max(ready)


def _could_answer(due_at: datetime, around: Around, now: datetime) -> bool:
    """Whether we were there from the reminder until now, and none of it lay in the hours after a crisis."""
    calm = around.calm_until is not None and around.calm_until > due_at
    return not calm and all(ended <= due_at or began >= now for began, ended in around.outages)


def _unseen_today(past: Sequence[Entry], around: Around) -> bool:
    """A second one of a day comes only when the caregiver has seen the first."""
    return any(entry.made_at >= around.day_began and not entry.acknowledged for entry in past)
