"""What a phrase would mean, day by day: the doses of the next fortnight, before anybody relies on them.

For whoever wants to see, on paper, what happens to "every day at 02:30" in the night when the clock moves.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.amounts import read_amounts
from bot.conversation.periods import ALWAYS
from bot.conversation.timephrase import in_words
from bot.conversation.times import (
    Ambiguous,
    EveryHours,
    NotUnderstood,
    Reading,
    SaidTiming,
    WhenNeeded,
    Why,
    read_timing,
)
from scheduler.localtime import (
    LATEST_DAY_END,
    MIDNIGHT,
    UnknownZone,
    calendar_day,
    clock_changes,
    day_exists,
    instant,
    local,
    offset_at,
    shift_at,
    zone,
)
from scheduler.plans import Course, Plan, PlannedDose, Step, planned_by_plan
from scheduler.timing import AsNeeded, Bounds, Planned, Slot, Timing

LONGEST_DAYS = 3660
LONGEST_AMOUNT = 64
_FIRST_YEAR, _LAST_YEAR = 1980, 2100
_DAY = timedelta(days=1)
_NO_SHIFT = timedelta()
_PART = re.compile(r":\s+")

_REASONS = {
    Why.EMPTY: "The phrase is empty.",
    Why.TOO_LONG: "The phrase is too long.",
    Why.NO_TIME: "The phrase names no time of day.",
    Why.NOT_A_TIME: "No clock shows one of these times.",
    Why.LEFT_OVER: "A part of the phrase is not understood.",
    Why.MORNING_OR_EVENING: "These times may be in the morning or in the evening: write am or pm, or 08:00.",
    Why.SAID_TWICE: "The phrase says one thing twice.",
    Why.TOO_MANY: "The phrase names too many times.",
    Why.COUNT_DIFFERS: "The phrase promises another number of times than it names.",
    Why.OUT_OF_RANGE: "Doses can be from 3 to 744 hours apart, or from 1 to 366 days, or from 1 to 52 weeks.",
    Why.NOT_AWAKE: "So many hours do not fit into the waking time.",
    Why.NOT_A_DATE: "No calendar shows one of these dates.",
    Why.ENDS_EARLY: "The last day is before the first.",
}


class SimulationRefused(ValueError):
    """The simulation cannot be made; the message is a plain sentence."""


@dataclass(frozen=True, slots=True)
class Row:
    """One slot, when it is due (aware, UTC), and what is unusual about it ("" for nothing).

    `changes` are lines about the clock changes around it, each with its instant: those since the row before,
    and, on the last row, those after it as well.
    """

    slot_date: date
    slot_time: time
    due_at_utc: datetime
    note: str = ""
    changes: tuple[tuple[datetime, str], ...] = ()
    amount: str | None = None


def simulate(
    phrase: str,
    zone_key: str,
    start: date,
    days: int = 14,
    *,
    day_ends: time = MIDNIGHT,
    amount: str | None = None,
) -> list[Row]:
    """The slots of a phrase on the local dates from `start` on, by due time.

    "every 8 hours" counts from the time it names, else from the beginning of the first day, as if each dose
    were taken when it is due; "as needed" has no slots. A day ends at `day_ends`, if need be after midnight.
    Raises SimulationRefused for an unknown zone, a phrase that is not clear, or days that are too many or
    too far.
    """
    place = _checked(zone_key, start, days, day_ends)
    if amount is not None and len(amount) > LONGEST_AMOUNT:
        raise SimulationRefused("An amount has up to 64 characters.")
    reading = _reading(phrase, start)
    timing = _starting(reading.timing, start, place, day_ends)
    if timing is None:
        return []
    around = _around(timing, place, start, days, day_ends)
    wanted = _wanted(reading, [each.planned for each in around], start, days)
    doses = [each for each in around if wanted.hold(each.planned.slot.day)]
    return _rows(doses, place, _changes(place, start, days), day_ends, [(amount,)])


def simulate_plan(
    steps: Sequence[str],
    zone_key: str,
    start: date,
    days: int = 14,
    *,
    until: date | None = None,
    day_ends: time = MIDNIGHT,
) -> list[Row]:
    """The slots of a plan on the local dates from `start` on, by due time, each with its amount.

    A step is such as "2026-03-01: 50 mg, 25 mg: 8am": its first day, the amounts that take turns from dose to
    dose, and the times as in a phrase. Raises SimulationRefused as `simulate` does, and for steps that make
    no plan.
    """
    place = _checked(zone_key, start, days, day_ends)
    plan, amounts = read_plan(steps, place, until=until, day_ends=day_ends)
    ends = start + (days - 1) * _DAY
    around = _around(plan, place, start, days, day_ends)
    doses = [each for each in around if start <= each.planned.slot.day <= ends]
    return _rows(doses, place, _changes(place, start, days), day_ends, amounts)


def read_plan(
    steps: Sequence[str], place: ZoneInfo, *, until: date | None = None, day_ends: time = MIDNIGHT
) -> tuple[Plan, list[tuple[str, ...]]]:
    """A plan and the amounts of its steps, from steps such as `simulate_plan` takes."""
    read = [_plan_step(step, place, day_ends) for step in steps]
    try:
        return Plan(tuple(step for step, _ in read), until), [amounts for _, amounts in read]
    except ValueError as error:
        raise SimulationRefused(str(error)) from error


def _plan_step(written: str, place: ZoneInfo, day_ends: time) -> tuple[Step, tuple[str, ...]]:
    parts = _PART.split(written.strip(), maxsplit=2)
    if len(parts) != 3:
        raise SimulationRefused("A step is written like this: “2026-03-01: 50 mg, 25 mg: 8am”.")
    try:
        since = date.fromisoformat(parts[0])
    except ValueError as error:
        raise SimulationRefused("A step begins with its first day, YYYY-MM-DD.") from error
    amounts, reading = read_amounts(parts[1]), _reading(parts[2], since)
    if not amounts:
        raise SimulationRefused("A step has from 1 to 8 amounts, with commas between them.")
    if reading.period != ALWAYS:
        raise SimulationRefused("The days of a step are those until the next one: write its times only.")
    timing = _starting(reading.timing, since, place, day_ends)
    try:
        return Step(since, timing or AsNeeded(0, 1), len(amounts)), amounts
    except ValueError as error:
        raise SimulationRefused(str(error)) from error


def _checked(zone_key: str, start: date, days: int, day_ends: time) -> ZoneInfo:
    """The zone, if the days that are asked for can be simulated."""
    place = _zone(zone_key)
    if not 1 <= days <= LONGEST_DAYS or not _FIRST_YEAR <= start.year <= _LAST_YEAR:
        raise SimulationRefused("The days must be from 1 to 3660, in the years from 1980 to 2100.")
    if day_ends > LATEST_DAY_END:
        raise SimulationRefused("A day may end from 00:00 to 06:00.")
    return place


def _around(course: Course, where: ZoneInfo, start: date, days: int, day_ends: time) -> list[PlannedDose]:
    """The doses of these days, and some more.

    Two days more at each end hold the local dates whatever the zone's offset; the slot's own date decides.
    """
    midnight = datetime.combine(start, MIDNIGHT, UTC)
    after, until = midnight - 2 * _DAY, midnight + (days + 2) * _DAY
    return list(planned_by_plan(course, where, after=after, until=until, day_ends=day_ends))


def _wanted(reading: Reading, around: list[Planned], start: date, days: int) -> Bounds:
    """The days of which doses are shown: those that were asked for, within those of the phrase."""
    begins = max(start, reading.period.starts_on or start)
    first = next((dose.slot.day for dose in around if dose.slot.day >= begins), begins)
    ends = min(start + (days - 1) * _DAY, reading.period.bounds(first).ends_on or date.max)
    return Bounds(begins, ends) if begins <= ends else Bounds(date.max, date.max)


def as_table(rows: list[Row]) -> str:
    """The rows as lines of text, each clock change on a line of its own."""
    if not rows:
        return "No dose is due in these days."
    width = max(len(row.amount or "") for row in rows)
    amounts = f"{'amount':<{max(width, 6)}}  " if width else ""
    lines = [f"slot              due (UTC)         {amounts}note"]
    for row in rows:
        slot = f"{row.slot_date} {row.slot_time:%H:%M}"
        amount = f"{row.amount or '':<{max(width, 6)}}  " if width else ""
        line = f"{slot}  {row.due_at_utc:%Y-%m-%d %H:%M}  {amount}{row.note}".rstrip()
        lines += [text for at, text in row.changes if at <= row.due_at_utc]
        lines.append(line)
        lines += [text for at, text in row.changes if at > row.due_at_utc]
    return "\n".join(lines)


def as_json(rows: list[Row]) -> str:
    """The rows as a JSON list; `amount` is null where none was named."""
    return json.dumps(
        [
            {
                "slot_date": row.slot_date.isoformat(),
                "slot_time": f"{row.slot_time:%H:%M}",
                "due_at_utc": f"{row.due_at_utc:%Y-%m-%dT%H:%M:%SZ}",
                "amount": row.amount,
            }
            for row in rows
        ],
        indent=2,
        ensure_ascii=False,
    )


# From the phrase to a timing


def _zone(key: str) -> ZoneInfo:
    try:
        return zone(key)
    except UnknownZone as error:
        raise SimulationRefused(str(error)) from error


def _reading(phrase: str, start: date) -> Reading:
    """What the phrase means, when it means one thing."""
    match read_timing(phrase, start):
        case Ambiguous(options, unclear):
            choices = " or ".join(f"“{in_words(option)}”" for option in options)
            raise SimulationRefused(f"{_doubt(options, unclear)}: write {choices}.")
        case NotUnderstood(why):
            raise SimulationRefused(_REASONS[why])
        case understood:
            return understood.value


def _doubt(options: tuple[Reading, ...], unclear: str) -> str:
    """What is not clear about the words of a phrase: a date, or the half of the day."""
    if len({option.period for option in options}) == 1:
        return f"“{unclear}” may be in the morning or in the evening"
    return f"“{unclear}” may be meant in more than one way"


def _starting(said: SaidTiming, start: date, place: ZoneInfo, day_ends: time) -> Timing | None:
    """The timing, with hours counted from the first day that exists; None when it plans nothing."""
    if isinstance(said, WhenNeeded):
        return None
    if not isinstance(said, EveryHours):
        return said
    at = said.waking[0] if said.waking else said.first or day_ends
    while not day_exists(calendar_day(start, at, day_ends), place):
        start += _DAY
    first = instant(start, at, place, day_ends)
    assert first is not None  # noqa: S101 - the day exists
    return EveryHours(said.hours, said.first, "due", said.waking).starting(first)


# From doses to rows


def _rows(
    doses: Sequence[PlannedDose],
    place: ZoneInfo,
    changes: list[tuple[datetime, str]],
    day_ends: time,
    amounts: Sequence[Sequence[str | None]],
) -> list[Row]:
    """A row for each dose, with the clock changes since the row before; the last row has the rest as well."""
    rows = []
    waiting = list(changes)
    slots_at = defaultdict(list)
    for each in doses:
        slots_at[each.planned.due_at].append(each.planned.slot)
    for each in doses:
        dose, last = each.planned, each is doses[-1]
        near = tuple(change for change in waiting if last or change[0] <= dose.due_at)
        waiting = waiting[len(near) :]
        others = [slot for slot in slots_at[dose.due_at] if slot != dose.slot]
        notes = (_night_note(dose, day_ends), _clock_note(dose, place, day_ends), _together_note(others))
        amount = amounts[each.step or 0][each.turn or 0]
        note = "; ".join(filter(None, notes))
        rows.append(Row(dose.slot.day, dose.slot.at, dose.due_at, note, near, amount))
    return rows


def _night_note(dose: Planned, day_ends: time) -> str:
    """ "after midnight, on 2026-03-30" when the own day lasts into the next one of the calendar."""
    shown = calendar_day(dose.slot.day, dose.slot.at, day_ends)
    return f"after midnight, on {shown}" if shown != dose.slot.day else ""


def _together_note(others: list[Slot]) -> str:
    """ "one message with 03:10" when other slots are due at the same instant."""
    return "one message with " + ", ".join(f"{slot.at:%H:%M}" for slot in others) if others else ""


def _clock_note(dose: Planned, place: ZoneInfo, day_ends: time) -> str:
    """What the clock does at this slot, when it is more than ticking."""
    slot, shown = dose.slot, local(dose.due_at, place)
    day = calendar_day(slot.day, slot.at, day_ends)
    shift = shift_at(day, slot.at, place)
    if shift < _NO_SHIFT:
        which = "second" if shown.fold else "first"
        return f"clock goes back {_length(shift)}, {which} showing"
    if shift > _NO_SHIFT:
        elsewhere = "" if shown.date() == day else f" on {shown:%Y-%m-%d}"
        forward = f"clock moves forward {_length(shift)}"
        return f"{forward}: {slot.at:%H:%M} is skipped, due at {shown:%H:%M}{elsewhere}"
    return ""


def _changes(place: ZoneInfo, start: date, days: int) -> list[tuple[datetime, str]]:
    """The clock changes on the local dates from `start` on, each with its line for the table."""
    midnight = datetime.combine(start, time(0), UTC)
    around = clock_changes(place, midnight - 2 * _DAY, midnight + (days + 2) * _DAY)
    end = start + days * _DAY
    return [(at, _change_line(at, place)) for at in around if start <= local(at, place).date() < end]


def _change_line(at: datetime, place: ZoneInfo) -> str:
    """ "-- 2026-03-29: the clock moves forward 1 h, from 02:00 to 03:00 --"."""
    before, after = at + offset_at(place, at - timedelta(seconds=1)), at + offset_at(place, at)
    verb = "moves forward" if after > before else "goes back"
    jump = f"{_length(after - before)}, from {before:%H:%M} to {after:%H:%M}"
    return f"-- {before:%Y-%m-%d}: the clock {verb} {jump} --"


def _length(shift: timedelta) -> str:
    """A jump of the clock in words: "1 h", "30 min", "1 h 30 min"."""
    hours, minutes = divmod(int(abs(shift).total_seconds()) // 60, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part
    )
