"""Which doses a person has, by which slots, and how one can be put off. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduler.localtime import MIDNIGHT, calendar_day, instant, local
from scheduler.plans import WINDOW_CAP, Course, Plan, following, half_gap, place, planned, window
from scheduler.timing import UNBOUNDED, Bounds, Interval, Planned, Slot

SNOOZED_DOSE_STAYS = timedelta(hours=1)
LONGEST_LOOK_BACK = timedelta(days=35)
UNDO_WITHIN = timedelta(hours=12)
LONGEST_NOTE = 500
TONIGHT = time(20, 0)
_MANY = 32
_SECOND = timedelta(seconds=1)


class RegimenView(NamedTuple):
    """What planning needs to know of a regimen. `planned_through`: its doses exist up to this instant.

    `timing`: with steps, the plan that they make.
    """

    regimen_id: int
    version_id: int
    timing: Course
    zone: ZoneInfo
    planned_through: datetime
    day_ends: time = MIDNIGHT
    bounds: Bounds = UNBOUNDED


class NewDose(NamedTuple):
    """A dose that has fallen due and gets its row. `step` and `turn`: which amount of a plan it has."""

    regimen: RegimenView
    planned: Planned
    window_end: datetime
    snooze_limit: datetime
    step: int | None = None
    turn: int | None = None


# A planned slot, its window's end, its snooze limit, and which amount of a plan it has.
_Span = tuple[Planned, datetime, datetime, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Snooze:
    """One way to put a dose off."""

    kind: str
    until: datetime


def due_doses(regimens: Iterable[RegimenView], now: datetime) -> list[NewDose]:
    """Doses that fell due since each regimen was last planned, in order of instant."""
    fallen = chain.from_iterable(_fallen_due(regimen, now) for regimen in regimens)
    return sorted(fallen, key=lambda dose: (dose.planned.due_at, dose.regimen.regimen_id))


def _fallen_due(regimen: RegimenView, now: datetime) -> Iterable[NewDose]:
    after = max(regimen.planned_through, now - LONGEST_LOOK_BACK)
    spans = _spans(regimen.timing, regimen.zone, after, now, regimen.day_ends, regimen.bounds)
    return (NewDose(regimen, *span) for span in spans)


def new_dose(regimen: RegimenView, slot: Planned) -> NewDose:
    """The window and the snooze limit of a planned slot."""
    return NewDose(regimen, *_span(regimen.timing, regimen.zone, slot, regimen.day_ends, regimen.bounds))


@lru_cache(maxsize=256)  # when thousands are woken in one minute, most of them ask for the same few
def _spans(
    timing: Course, zone: ZoneInfo, after: datetime, until: datetime, day_ends: time, bounds: Bounds
) -> tuple[_Span, ...]:
    slots = planned(timing, zone, after=after, until=until, day_ends=day_ends, bounds=bounds)
    return tuple(_span(timing, zone, slot, day_ends, bounds) for slot in slots)


def _span(timing: Course, zone: ZoneInfo, slot: Planned, day_ends: time, bounds: Bounds) -> _Span:
    half = half_gap(timing, zone, slot, day_ends=day_ends, bounds=bounds)
    step, turn = place(timing, zone, slot, day_ends=day_ends)
    end = slot.due_at + window(half)
    return slot, end, end if half is None else slot.due_at + half, step, turn


def next_due(regimens: Iterable[RegimenView], now: datetime) -> datetime | None:
    """The earliest instant at which a dose falls due that has no row yet.

    It may be past: whoever presses a button just then must not put off the wake that is about to write it.
    """
    ahead = (
        _following(each, max(each.planned_through, now - LONGEST_LOOK_BACK), 1, each.day_ends)
        for each in regimens
    )
    return min((slots[0].due_at for slots in ahead if slots), default=None)


def _following(regimen: RegimenView, after: datetime, count: int, day_ends: time) -> tuple[Planned, ...]:
    return following(regimen.timing, regimen.zone, after, count, day_ends=day_ends, bounds=regimen.bounds)


def counted(timing: Course, last_taken_at: datetime | None) -> Course:
    """The timing as it holds after the last taking of its medicine, for hours that count from there.

    A taking from before the anchor that the person named counts no more.
    """
    if not isinstance(timing, Interval) or last_taken_at is None or last_taken_at <= timing.anchor:
        return timing
    return timing.after_taking(last_taken_at)


def has_slot(regimen: RegimenView, slot: Slot) -> bool:
    """True when the regimen, as it is now, names this slot, or begins later and says nothing of its day."""
    named = (planned.slot == slot for planned in slots_of_day(regimen, slot.day))
    return is_before(regimen.timing, slot.day) or any(named)


def is_before(course: Course, day: date) -> bool:
    """Whether a plan begins later than an own day: a dose of that day is what it was."""
    return isinstance(course, Plan) and day < course.steps[0].since


def named(regimen: RegimenView, slot: Slot) -> NewDose | None:
    """The dose of a slot as the regimen is now; None when it does not name it."""
    found = (planned for planned in slots_of_day(regimen, slot.day) if planned.slot == slot)
    return next((new_dose(regimen, planned) for planned in found), None)


def keeps_its_moments(regimen: RegimenView, before: time, now: datetime) -> bool:
    """True when another end of the day (it was `before`) changes the days of the doses, not their instants.

    So for every day, and for hours. Doses of Mondays come a day later when they belong to the night after.
    """
    old, new = (_following(regimen, now, _MANY, ends) for ends in (before, regimen.day_ends))
    return [dose.due_at for dose in old] == [dose.due_at for dose in new]


def is_named_by(day_ends: time, slot: Slot, due_at: datetime, zone: ZoneInfo) -> bool:
    """Whether a dose bears the name that it has when the own day ends then; it may be older than that end."""
    return local(due_at, zone).date() == calendar_day(slot.day, slot.at, day_ends)


def goes_on_from(planned_through: datetime, now: datetime) -> datetime:
    """From when doses fall due after a look or a pause: what lies before was seen, or was never due."""
    return max(planned_through, now)


def planned_until(regimen: RegimenView, now: datetime) -> RegimenView:
    """The regimen once its doses up to `now` have fallen due."""
    return regimen._replace(planned_through=goes_on_from(regimen.planned_through, now))


def looks_back_from(regimen: RegimenView, before: ZoneInfo, began: datetime, now: datetime) -> datetime:
    """From when doses fall due by another clock than `before`, for a medicine that `began` then.

    Who travels east skips hours: a slot may have passed by the new clock that nobody was asked about. One
    that had passed by the clock before was asked about, or lay in a pause, and is not due again. A change of
    times that holds from later on stays as it was.
    """
    through, since = regimen.planned_through, max(began, now - WINDOW_CAP)
    if through > now:
        return through
    span = planned(
        regimen.timing,
        regimen.zone,
        after=since,
        until=through,
        day_ends=regimen.day_ends,
        bounds=regimen.bounds,
    )
    skipped = (slot.due_at for slot in span if not _had_passed(slot.slot, before, regimen))
    first = next(skipped, None)
    return max(through, since) if first is None else first - _SECOND


def _had_passed(slot: Slot, zone: ZoneInfo, regimen: RegimenView) -> bool:
    """Whether a slot had been due by the clock of `zone`, as far as the regimen is planned."""
    due_at = instant(slot.day, slot.at, zone, regimen.day_ends)
    return due_at is not None and due_at <= regimen.planned_through


def snoozes(now: datetime, zone: ZoneInfo, limit: datetime) -> tuple[Snooze, ...]:
    """The ways to put a dose off that end before the limit (half way to its next slot).

    Also into quiet hours: the person chooses the time, and knows what they want.
    """
    evening = instant(local(now, zone).date(), TONIGHT, zone)
    offers = [
        Snooze("15", now + timedelta(minutes=15)),
        Snooze("60", now + timedelta(hours=1)),
    ]
    if evening is not None and evening > now + timedelta(hours=1):
        offers.append(Snooze("tonight", evening))
    return tuple(offer for offer in offers if offer.until <= limit)


def window_after_snooze(window_end: datetime, until: datetime) -> datetime:
    """A snoozed dose stays open for an hour after it was asked for again."""
    return max(window_end, until + SNOOZED_DOSE_STAYS)


def slots_of_day(regimen: RegimenView, day: date) -> list[Planned]:
    """Every slot of one of the person's own days."""
    begins = instant(day, regimen.day_ends, regimen.zone, regimen.day_ends)
    if begins is None:
        return []
    span = planned(
        regimen.timing,
        regimen.zone,
        after=begins - timedelta(hours=3),
        until=begins + timedelta(hours=28),
        day_ends=regimen.day_ends,
        bounds=regimen.bounds,
    )
    return [slot for slot in span if slot.slot.day == day]


def slots_around(regimen: RegimenView, day: date) -> list[Planned]:
    """Every slot of a local day and of the days beside it."""
    days = (day + timedelta(days=ahead) for ahead in (-1, 0, 1))
    return sorted(chain.from_iterable(slots_of_day(regimen, each) for each in days), key=lambda s: s.due_at)


def slot_argument(regimen_id: int, slot: Slot) -> str:
    """A slot as a button's argument."""
    return f"{regimen_id}.{slot.day:%y%m%d}{slot.at:%H%M}"


def read_slot_argument(argument: str) -> tuple[int, Slot]:
    """The regimen and slot of a button's argument. Raises ValueError."""
    regimen_id, _, stamp = argument.partition(".")
    moment = datetime.strptime(stamp, "%y%m%d%H%M")  # noqa: DTZ007 - a slot is local by definition
    return int(regimen_id), Slot(moment.date(), moment.time())
