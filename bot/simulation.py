"""What a phrase would mean, day by day: the doses of the next fortnight, before anybody relies on them.

For whoever wants to see, on paper, what happens to "every day at 02:30" in the night when the clock moves.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.times import (
    Ambiguous,
    EveryHours,
    NotUnderstood,
    SaidTiming,
    Understood,
    Why,
    read_timing,
)
from scheduler.localtime import (
    UnknownZone,
    clock_changes,
    day_exists,
    instant,
    local,
    offset_at,
    shift_at,
    zone,
)
from scheduler.timing import (
    AsNeeded,
    Cycle,
    Daily,
    EveryNDays,
    Interval,
    MonthDays,
    Planned,
    Slot,
    Timing,
    Weekly,
    planned,
)

LONGEST_DAYS = 400
_FIRST_YEAR, _LAST_YEAR = 1980, 2100
_DAY = timedelta(days=1)
_NO_SHIFT = timedelta()
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_REASONS = {
    Why.EMPTY: "The phrase is empty.",
    Why.TOO_LONG: "The phrase is too long.",
    Why.NO_TIME: "The phrase names no time of day.",
    Why.NOT_A_TIME: "No clock shows one of these times.",
    Why.LEFT_OVER: "A part of the phrase is not understood.",
    Why.MORNING_OR_EVENING: "These times may be in the morning or in the evening: write am or pm, or 08:00.",
    Why.SAID_TWICE: "The phrase names one time twice.",
    Why.TOO_MANY: "The phrase names too many times.",
    Why.COUNT_DIFFERS: "The phrase promises another number of times than it names.",
    Why.OUT_OF_RANGE: "Doses can be from 3 to 744 hours apart, or from 1 to 366 days.",
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


def simulate(phrase: str, zone_key: str, start: date, days: int = 14) -> list[Row]:
    """The slots of a phrase on the local dates from `start` on, by due time.

    "every 8 hours" counts from the time it names, else from midnight, on the first day. Raises
    SimulationRefused for an unknown zone, a phrase that is not clear, or days that are too many or too far.
    """
    place = _zone(zone_key)
    if not 1 <= days <= LONGEST_DAYS or not _FIRST_YEAR <= start.year <= _LAST_YEAR:
        raise SimulationRefused("The days must be from 1 to 400, in the years from 1980 to 2100.")
    timing = _starting(_timing(phrase, start), start, place)
    # Two days more at each end hold the local dates whatever the zone's offset; the slot's own date decides.
    midnight = datetime.combine(start, time(0), UTC)
    around = planned(timing, place, after=midnight - 2 * _DAY, until=midnight + (days + 2) * _DAY)
    doses = [dose for dose in around if start <= dose.slot.day < start + days * _DAY]
    return _rows(doses, place, _changes(place, start, days))


def as_table(rows: list[Row]) -> str:
    """The rows as lines of text, each clock change on a line of its own."""
    if not rows:
        return "No dose is due in these days."
    lines = ["slot              due (UTC)         note"]
    for row in rows:
        slot = f"{row.slot_date} {row.slot_time:%H:%M}"
        line = f"{slot}  {row.due_at_utc:%Y-%m-%d %H:%M}  {row.note}".rstrip()
        lines += [text for at, text in row.changes if at <= row.due_at_utc]
        lines.append(line)
        lines += [text for at, text in row.changes if at > row.due_at_utc]
    return "\n".join(lines)


def as_json(rows: list[Row]) -> str:
    """The rows as a JSON list; `amount` is null, because a phrase about time names none."""
    return json.dumps(
        [
            {
                "slot_date": row.slot_date.isoformat(),
                "slot_time": f"{row.slot_time:%H:%M}",
                "due_at_utc": f"{row.due_at_utc:%Y-%m-%dT%H:%M:%SZ}",
                "amount": None,
            }
            for row in rows
        ],
        indent=2,
    )


# From the phrase to a timing


def _zone(key: str) -> ZoneInfo:
    try:
        return zone(key)
    except UnknownZone as error:
        raise SimulationRefused(str(error)) from error


def _timing(phrase: str, start: date) -> SaidTiming:
    """What the phrase means, when it means one thing."""
    match read_timing(phrase, start):
        case Understood(value):
            return value
        case Ambiguous(options, unclear):
            choices = " or ".join(f"“{_in_words(option)}”" for option in options)
            raise SimulationRefused(f"“{unclear}” may be in the morning or in the evening: write {choices}.")
        case NotUnderstood(why):
            raise SimulationRefused(_REASONS[why])


def _starting(said: SaidTiming, start: date, place: ZoneInfo) -> Timing:
    """The timing, with hours counted from the first day that exists."""
    if not isinstance(said, EveryHours):
        return said
    while not day_exists(start, place):
        start += _DAY
    first = instant(start, said.first or time(0), place)
    assert first is not None  # noqa: S101 - the day exists
    return said.starting(first)


def _in_words(timing: SaidTiming) -> str:
    """The timing in words that the grammar reads back."""
    match timing:
        case EveryHours(hours, first):
            return f"every {hours} hours" + (f" from {first:%H:%M}" if first else "")
        case Daily(times):
            return _list(times)
        case Weekly(days, times):
            return ", ".join(_WEEKDAYS[day] for day in sorted(days)) + " " + _list(times)
        case EveryNDays(n, _, times):
            return f"every {n} days {_list(times)}"
        case MonthDays() | Cycle() | Interval() | AsNeeded():
            raise AssertionError("the grammar makes none of these")


def _list(times: tuple[time, ...]) -> str:
    return ", ".join(f"{at:%H:%M}" for at in times)


# From doses to rows


def _rows(doses: list[Planned], place: ZoneInfo, changes: list[tuple[datetime, str]]) -> list[Row]:
    """A row for each dose, with the clock changes since the row before; the last row has the rest as well."""
    rows = []
    waiting = list(changes)
    slots_at = defaultdict(list)
    for dose in doses:
        slots_at[dose.due_at].append(dose.slot)
    for dose in doses:
        last = dose is doses[-1]
        near = tuple(change for change in waiting if last or change[0] <= dose.due_at)
        waiting = waiting[len(near) :]
        others = [slot for slot in slots_at[dose.due_at] if slot != dose.slot]
        note = "; ".join(filter(None, (_clock_note(dose, place), _together_note(others))))
        rows.append(Row(dose.slot.day, dose.slot.at, dose.due_at, note, near))
    return rows


def _together_note(others: list[Slot]) -> str:
    """ "one message with 03:10" when other slots are due at the same instant."""
    return "one message with " + _list(tuple(slot.at for slot in others)) if others else ""


def _clock_note(dose: Planned, place: ZoneInfo) -> str:
    """What the clock does at this slot, when it is more than ticking."""
    slot, shown = dose.slot, local(dose.due_at, place)
    shift = shift_at(slot.day, slot.at, place)
    if shift < _NO_SHIFT:
        which = "second" if shown.fold else "first"
        return f"clock goes back {_length(shift)}, {which} showing"
    if shift > _NO_SHIFT:
        day = "" if shown.date() == slot.day else f" on {shown:%Y-%m-%d}"
        forward = f"clock moves forward {_length(shift)}"
        return f"{forward}: {slot.at:%H:%M} is skipped, due at {shown:%H:%M}{day}"
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
