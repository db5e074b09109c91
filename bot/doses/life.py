"""What answers, corrections, reminders and time make of a dose. Pure.

A dose's life goes from one standing to the next; rows follow where the rooms of this folder call them.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from bot.doses.due import Delivery, DoseView, Nudging, next_nudge
from bot.doses.rules import window_after_snooze
from storage.vocabulary import DoseState, SkipReason

ANSWERABLE = frozenset({DoseState.OPEN, DoseState.MISSED, DoseState.UNKNOWN})


class Standing(NamedTuple):
    """Where a dose stands: all of it that may change. Its fields bear the names of the row's columns.

    `asked` counts the reminders of this round; `reached`: one of them, or of an earlier round, arrived.
    `told_at`: when the person was told that we could not ask. `time_said`: the person said when it was taken.
    `recorded_by_sealed`: a helper said that it was taken.
    """

    window_end: datetime
    state: DoseState = DoseState.OPEN
    ended_at: datetime | None = None
    taken_at: datetime | None = None
    reason: SkipReason | None = None
    asked: int = 0
    reached: bool = False
    next_ask_at: datetime | None = None
    snoozed_until: datetime | None = None
    told_at: datetime | None = None
    time_said: bool = False
    recorded_by_sealed: bytes | None = None


def seen(
    dose: Standing,
    dose_id: int,
    due_at: datetime,
    delivery: Delivery,
    spread: timedelta = timedelta(0),
    *,
    reachable: bool = True,
    heard: bool = True,
    moved: bool = False,
) -> DoseView:
    """An open dose as the rules of due.py see it."""
    return DoseView(
        dose_id,
        due_at,
        dose.window_end,
        dose.asked,
        dose.next_ask_at,
        delivery,
        dose.reached,
        spread,
        reachable,
        heard,
        wished=dose.snoozed_until is not None,
        moved=moved,
    )


def under_way(seen: DoseView, dose: Standing) -> DoseView:
    """A dose that was seen, as it is once its standing is this and a reminder of it is under way."""
    return seen._replace(
        window_end=dose.window_end,
        asked=dose.asked,
        next_ask_at=dose.next_ask_at,
        delivery=Delivery.UNDER_WAY,
        was_delivered=dose.reached,
        wished=dose.snoozed_until is not None,
    )


def arrived(dose: Standing, delivery: Delivery) -> Standing:
    """The same dose, with what became of its newest reminder taken in."""
    if dose.reached or not dose.asked or delivery is not Delivery.ARRIVED:
        return dose
    return dose._replace(reached=True)


# What the person does


def answered(
    dose: Standing,
    state: DoseState,
    now: datetime,
    *,
    reason: SkipReason | None = None,
    taken_at: datetime | None = None,
    time_said: bool = False,
    recorded_by_sealed: bytes | None = None,
) -> Standing:
    """The answer. `taken_at`: when a dose was really taken; None when that is not known.

    `recorded_by_sealed`: it is a helper's answer. One that ended unanswered may still be answered.
    """
    return dose._replace(
        state=state,
        ended_at=now,
        reason=reason,
        taken_at=taken_at if state is DoseState.TAKEN else None,
        time_said=time_said and state is DoseState.TAKEN,
        recorded_by_sealed=recorded_by_sealed,
        next_ask_at=None,
        snoozed_until=None,
    )


def timed(dose: Standing, taken_at: datetime | None) -> Standing:
    """The person says when a dose was taken; None when they do not know."""
    return dose._replace(taken_at=taken_at, time_said=taken_at is not None)


def moved(dose: Standing, window_end: datetime) -> Standing:
    """The person moved it: it is asked for at its new time as if it never had been."""
    return dose._replace(window_end=window_end, asked=0, reached=False, next_ask_at=None, snoozed_until=None)


def corrected(
    dose: Standing,
    state: DoseState,
    now: datetime,
    nudging: Nudging,
    *,
    still_taken: bool,
    reason: SkipReason | None = None,
) -> Standing:
    """How it really was: TAKEN, SKIPPED, or MISSED for "not taken".

    One that was not taken while its time lasts is asked for as if nothing had been said. That a dose was
    taken is known now; when it was, only if it was said then.
    """
    if state is DoseState.MISSED and dose.window_end > now:
        return reopened(dose, now, nudging, still_taken=still_taken)
    return answered(dose, state, now, reason=reason, taken_at=dose.taken_at, time_said=dose.time_said)


def put_off(dose: Standing, until: datetime) -> Standing:
    """Ask again at `until`; the window stays open for a while after it."""
    return dose._replace(
        snoozed_until=until,
        next_ask_at=until,
        asked=1,  # a new round, in which the reminder that the person asked for is the first repeat
        window_end=window_after_snooze(dose.window_end, until),
    )


def reopened(dose: Standing, now: datetime, nudging: Nudging, *, still_taken: bool) -> Standing:
    """An answer taken back: open while its window lasts, else as if it had never been answered.

    A dose of a medicine that is no longer taken (`still_taken`) stays withdrawn.
    """
    blank = dose._replace(
        taken_at=None, time_said=False, reason=None, recorded_by_sealed=None, snoozed_until=None
    )
    if not still_taken:
        return blank._replace(state=DoseState.WITHDRAWN)
    if dose.window_end > now:
        again = next_nudge(1, nudging, now) if dose.asked else None
        return blank._replace(state=DoseState.OPEN, ended_at=None, next_ask_at=again)
    return blank._replace(state=DoseState.MISSED if dose.reached else DoseState.UNKNOWN, told_at=now)


# What we and time do


def reminded(dose: Standing, nudging: Nudging, now: datetime) -> Standing:
    """One more reminder goes out now."""
    asked = dose.asked + 1
    return dose._replace(asked=asked, snoozed_until=None, next_ask_at=next_nudge(asked, nudging, now))


def postponed(dose: Standing, at: datetime) -> Standing:
    """The reminder before has not left yet: the next one waits until `at`."""
    return dose._replace(next_ask_at=at)


def ended(dose: Standing, state: DoseState, now: datetime) -> Standing:
    """It ended by itself: MISSED or UNKNOWN, as due.py says; WITHDRAWN by a pause, a stop or an edit."""
    return dose._replace(state=state, ended_at=now)
