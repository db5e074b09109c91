"""Timings and windows as a clinician can read them: timings.toml and windows.toml are the specification."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.times import EveryHours, Reading, Understood, read_timing
from bot.medicines.rules import settled
from bot.simulation import simulate
from scheduler.localtime import instant, local, zone
from scheduler.plans import window_end
from scheduler.timing import (
    UNBOUNDED,
    Bounds,
    Interval,
    Planned,
    Slot,
    Timing,
    following,
    planned,
)

TABLES = Path(__file__).parents[1] / "tables"
TIMINGS = tomllib.loads((TABLES / "timings.toml").read_text())
WINDOWS = tomllib.loads((TABLES / "windows.toml").read_text())["window"]
_DAY = timedelta(days=1)


def why(row: dict[str, Any]) -> str:
    return f"{row['says']}: {row['why']}"


def reading_of(row: dict[str, Any], said_on: date) -> Reading:
    """What the row says, which must be clear."""
    reading = read_timing(row["says"], said_on)
    assert isinstance(reading, Understood), reading
    return reading.value


def place_of(row: dict[str, Any]) -> ZoneInfo:
    return zone(row.get("zone", "Europe/Rome"))


def day_ends_of(row: dict[str, Any]) -> time:
    return time.fromisoformat(row.get("day_ends", "00:00"))


def shown(at: datetime, place: ZoneInfo) -> str:
    return f"{local(at, place):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize("row", TIMINGS["timing"], ids=why)
def test_a_timing_has_these_doses_and_no_others(row: dict[str, Any]) -> None:
    place, first, days = place_of(row), row["from"], row["days"]
    begun = row.get("begun", first)
    rows = simulate(row["says"], place.key, begun, (first - begun).days + days, day_ends=day_ends_of(row))
    rows = [each for each in rows if each.slot_date >= first]
    assert [f"{each.slot_date} {each.slot_time:%H:%M}" for each in rows] == row["doses"]
    assert [shown(each.due_at_utc, place) for each in rows] == row.get("shown", row["doses"])


@pytest.mark.parametrize("row", TIMINGS["from_taking"], ids=why)
def test_a_dose_that_is_counted_from_the_last_taking(row: dict[str, Any]) -> None:
    place = place_of(row)
    taken = datetime.fromisoformat(row["taken"]).replace(tzinfo=place).astimezone(UTC)
    said = reading_of(row, taken.date()).timing
    assert isinstance(said, EveryHours)
    timing = said.starting(taken - 9 * _DAY).after_taking(taken)
    assert isinstance(timing, Interval)
    found = following(timing, place, taken, len(row["next"]))
    assert [shown(dose.due_at, place) for dose in found] == row["next"]


@pytest.mark.parametrize("row", WINDOWS, ids=why)
def test_a_window_ends_half_way_to_the_next_dose_and_after_four_hours_at_most(row: dict[str, Any]) -> None:
    place, day_ends = place_of(row), day_ends_of(row)
    day, at = date.fromisoformat(row["dose"][:10]), time.fromisoformat(row["dose"][11:])
    said_on = row.get("said_on", day)
    reading = reading_of(row, said_on)
    timing, bounds = timing_of(reading, place, said_on, day_ends)
    due_at = instant(day, at, place, day_ends)
    assert due_at is not None
    dose = Planned(Slot(day, at), due_at)
    span = {"after": due_at - _DAY, "until": due_at + _DAY}
    assert dose in planned(timing, place, **span, day_ends=day_ends, bounds=bounds)
    end = window_end(timing, place, dose, day_ends=day_ends, bounds=bounds)
    assert shown(end, place) == row["until"]


def timing_of(reading: Reading, place: ZoneInfo, said_on: date, day_ends: time) -> tuple[Timing, Bounds]:
    """The timing as it was said at the beginning of a day, and its first and last day."""
    begins = instant(said_on, day_ends, place, day_ends)
    assert begins is not None
    timing = settled(reading.timing, place, begins, day_ends)
    assert timing is not None
    return timing, reading.period.bounds(said_on) if reading.period.ends_on else UNBOUNDED
