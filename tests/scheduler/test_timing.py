"""When a dose is due: each kind of timing, in ordinary weeks and in the nights when the clock moves."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduler.localtime import all_zones, instant, local, zone
from scheduler.plans import half_gap, window_end
from scheduler.timing import (
    AsNeeded,
    Bounds,
    Cycle,
    Daily,
    EveryNDays,
    EveryNWeeks,
    Interval,
    MonthDays,
    OnDays,
    PerWeekday,
    Planned,
    Slot,
    Timing,
    Weekly,
    following,
    from_data,
    planned,
    to_data,
)
from tests.scheduler.naming import names

ROME = zone("Europe/Rome")
UTC_ZONE = zone("UTC")
MORNING, EVENING = time(8), time(20)
FROM = datetime(2025, 1, 1, tzinfo=UTC)
START = datetime(2026, 3, 1, tzinfo=UTC)

unhurried = settings(deadline=None)  # a busy machine is no defect
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))
times = st.lists(minutes, min_size=1, max_size=5).map(tuple)
dates = st.dates(date(2024, 1, 1), date(2030, 12, 31))
moments = st.timedeltas(timedelta(), timedelta(days=5 * 365)).map(lambda passed: FROM + passed)
whole_minutes = moments.map(lambda at: at.replace(second=0, microsecond=0))
zones = st.sampled_from(sorted(all_zones())).map(zone)
day_ends = st.one_of(st.just(time(0)), st.builds(time, st.integers(0, 5), st.integers(0, 59)))
weeks = st.lists(st.one_of(st.just(()), times), min_size=7, max_size=7).filter(any).map(tuple)
waking_times = st.tuples(minutes, minutes).filter(lambda pair: pair[0] != pair[1])


def bounds_of(days: list[date | None]) -> Bounds:
    given = sorted(day for day in days if day)
    return Bounds(*given) if len(given) == 2 else Bounds(days[0], days[1])


bounds = st.lists(st.one_of(st.none(), dates), min_size=2, max_size=2).map(bounds_of)


def fitting(hours: int, anchor: datetime, counted: Any, waking: tuple[time, time] | None) -> Interval:
    """An interval, without the waking time when the hours do not fit into it."""
    try:
        return Interval(hours, anchor, counted, waking)
    except ValueError:
        return Interval(hours, anchor, counted)


on_days: st.SearchStrategy[OnDays] = st.one_of(
    st.builds(Daily, times),
    st.builds(Weekly, st.frozensets(st.integers(0, 6), min_size=1), times),
    st.builds(MonthDays, st.frozensets(st.integers(1, 31), min_size=1), times),
    st.builds(EveryNDays, st.integers(1, 40), dates, times),
    st.builds(PerWeekday, weeks),
    st.builds(EveryNWeeks, st.integers(1, 12), st.frozensets(st.integers(0, 6), min_size=1), dates, times),
    st.builds(Cycle, st.integers(1, 30), st.integers(1, 30), dates, times),
)
timings: st.SearchStrategy[Timing] = st.one_of(
    on_days,
    st.builds(
        fitting,
        st.integers(3, 30),
        whole_minutes,
        st.sampled_from(["due", "taken"]),
        st.one_of(st.none(), waking_times),
    ),
    st.builds(AsNeeded, st.integers(0, 48), st.integers(1, 24)),
)


def days_of(timing: Timing, first: date, last: date) -> list[date]:
    """The dates that a timing names, in UTC so that nothing moves."""
    after = datetime.combine(first, time(0), UTC) - timedelta(seconds=1)
    until = datetime.combine(last, time(23, 59), UTC)
    return [dose.slot.day for dose in planned(timing, UTC_ZONE, after=after, until=until)]


# Each kind of timing


def test_twice_a_day_keeps_its_wall_clock_times_across_the_change() -> None:
    due = following(Daily((EVENING, MORNING)), ROME, datetime(2026, 3, 28, 12, tzinfo=UTC), 3)
    assert [f"{dose.slot.day} {dose.slot.at:%H:%M}" for dose in due] == [
        "2026-03-28 20:00",
        "2026-03-29 08:00",
        "2026-03-29 20:00",
    ]
    assert [dose.due_at.hour for dose in due] == [19, 6, 18]


def test_mondays_and_thursdays() -> None:
    timing = Weekly(frozenset({0, 3}), (MORNING,))
    assert days_of(timing, date(2026, 3, 1), date(2026, 3, 12)) == [
        date(2026, 3, 2),
        date(2026, 3, 5),
        date(2026, 3, 9),
        date(2026, 3, 12),
    ]


def test_the_31st_means_the_last_day_of_a_shorter_month_once() -> None:
    timing = MonthDays(frozenset({30, 31}), (MORNING,))
    assert days_of(timing, date(2028, 1, 31), date(2028, 4, 30)) == [
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 30),
        date(2028, 3, 31),
        date(2028, 4, 30),
    ]


def test_every_second_day_counts_across_the_29th_of_february() -> None:
    timing = EveryNDays(2, date(2024, 2, 27), (MORNING,))
    assert days_of(timing, date(2024, 2, 1), date(2024, 3, 4)) == [
        date(2024, 2, 27),
        date(2024, 2, 29),
        date(2024, 3, 2),
        date(2024, 3, 4),
    ]


def test_three_weeks_on_and_one_week_off() -> None:
    timing = Cycle(21, 7, date(2026, 1, 1), (MORNING,))
    named = days_of(timing, date(2025, 12, 1), date(2026, 2, 18))
    assert named[0] == date(2026, 1, 1)
    assert len(named) == 42
    assert [one for one, other in pairwise(named) if (other - one).days > 1] == [date(2026, 1, 21)]


def test_every_eight_hours_is_eight_hours_that_pass_also_in_the_night_of_the_change() -> None:
    timing = Interval(8, datetime(2026, 10, 24, 4, 0, tzinfo=UTC))
    due = following(timing, ROME, timing.anchor, 3)
    assert {other.due_at - one.due_at for one, other in pairwise(due)} == {timedelta(hours=8)}
    assert [dose.slot.at for dose in due] == [time(14), time(22), time(5)]


def test_hours_counted_from_due_begin_with_the_anchor_and_from_taken_after_it() -> None:
    before = START - timedelta(days=1)
    assert following(Interval(8, START), ROME, before, 1)[0].due_at == START
    assert following(Interval(8, START, "taken"), ROME, before, 1)[0].due_at == START + timedelta(hours=8)


def test_taking_a_dose_late_moves_the_next_one_when_hours_count_from_taking() -> None:
    timing = Interval(8, START, "taken")
    late = START + timedelta(hours=9, seconds=20)
    moved = timing.after_taking(late)
    assert following(moved, ROME, late, 1)[0].due_at == START + timedelta(hours=17, minutes=1)
    assert Interval(8, START).after_taking(late) == Interval(8, START)


def test_what_is_taken_as_needed_is_never_planned() -> None:
    assert following(AsNeeded(4, 3), ROME, START, 5) == ()


# The nights when the clock moves


def test_no_30000_notifications_on_the_morning_of_2024_03_31() -> None:
    """A reminder app sent 30,000 of them, its next time falling into the gap again and again."""
    for key in ("Europe/Rome", "Europe/Berlin", "Europe/London", "Europe/Athens"):
        timing = Daily((time(1, 30), time(2, 30), time(3, 30)))
        doses = following(timing, zone(key), datetime(2024, 3, 30, tzinfo=UTC), 12)
        assert len(doses) == 12
        assert len({dose.slot for dose in doses}) == 12
        assert sum(dose.slot.day == date(2024, 3, 31) for dose in doses) == 3


def test_waking_at_each_due_time_walks_through_the_gap_without_stopping() -> None:
    now, seen = datetime(2024, 3, 29, tzinfo=UTC), list[Slot]()
    for _ in range(5):
        (dose,) = following(Daily((time(2, 30),)), ROME, now, 1)
        seen.append(dose.slot)
        now = dose.due_at
    assert [slot.day.day for slot in seen] == [29, 30, 31, 1, 2]


def test_a_repeated_hour_has_one_dose() -> None:
    doses = following(Daily((time(2, 30),)), ROME, datetime(2026, 10, 23, tzinfo=UTC), 5)
    assert [dose.slot.day.day for dose in doses] == [23, 24, 25, 26, 27]


@pytest.mark.parametrize("key", ["Africa/Cairo", "Asia/Beirut", "America/Havana", "America/Santiago"])
def test_a_midnight_dose_is_due_on_every_day_of_the_year_where_midnight_is_skipped(key: str) -> None:
    doses = following(Daily((time(0),)), zone(key), datetime(2025, 12, 31, 12, tzinfo=UTC), 365)
    assert len({dose.slot.day for dose in doses}) == 365
    assert doses[-1].slot.day - doses[0].slot.day == timedelta(days=364)


def test_two_slots_that_meet_in_the_gap_are_both_planned_for_one_instant() -> None:
    day = datetime(2026, 3, 29, tzinfo=UTC)
    first, second = following(Daily((time(2, 10), time(3, 10))), ROME, day, 2)
    assert first.due_at == second.due_at == datetime(2026, 3, 29, 1, 10, tzinfo=UTC)
    assert (first.slot.at, second.slot.at) == (time(2, 10), time(3, 10))


def test_a_skipped_time_lets_a_later_one_pass() -> None:
    day = datetime(2026, 3, 29, tzinfo=UTC)
    doses = following(Daily((time(2, 50), time(3, 10))), ROME, day, 2)
    assert [dose.slot.at for dose in doses] == [time(3, 10), time(2, 50)]


def test_a_slot_pushed_over_midnight_stays_in_order_and_keeps_its_date() -> None:
    nuuk = zone("America/Nuuk")
    doses = following(Daily((time(23, 45), time(0, 15))), nuuk, datetime(2024, 3, 30, 12, tzinfo=UTC), 2)
    assert [(dose.slot.day.day, dose.slot.at) for dose in doses] == [(31, time(0, 15)), (30, time(23, 45))]
    after_midnight = datetime(2024, 3, 31, 1, 30, tzinfo=UTC)
    assert following(Daily((time(23, 45),)), nuuk, after_midnight, 1)[0].slot.day == date(2024, 3, 30)


def test_a_midnight_dose_is_not_lost_where_the_clock_goes_back_into_the_day_before() -> None:
    """St. John's, 2010: at 00:01 it was 23:01 again, so the new day's dose is due before the old day ends."""
    st_johns = zone("America/St_Johns")
    after, until = datetime(2010, 11, 7, 2, 0, tzinfo=UTC), datetime(2010, 11, 7, 2, 45, tzinfo=UTC)
    assert local(until, st_johns).date() == date(2010, 11, 6)
    (dose,) = planned(Daily((time(0),)), st_johns, after=after, until=until)
    assert dose.slot == Slot(date(2010, 11, 7), time(0))


def test_samoa_has_no_dose_on_the_day_that_never_was() -> None:
    doses = following(Daily((MORNING,)), zone("Pacific/Apia"), datetime(2011, 12, 28, tzinfo=UTC), 4)
    assert [dose.slot.day.day for dose in doses] == [28, 29, 31, 1]
    assert {other.due_at - one.due_at for one, other in pairwise(doses)} == {timedelta(days=1)}


def test_at_troll_no_wall_time_is_given_to_two_doses_three_hours_apart() -> None:
    timing = Interval(3, datetime(2026, 10, 24, 23, 30, tzinfo=UTC))
    doses = following(timing, zone("Antarctica/Troll"), datetime(2026, 10, 24, tzinfo=UTC), 10)
    assert len({dose.slot for dose in doses}) == 10


@unhurried
@given(zones, on_days, moments, st.integers(1, 40), day_ends, bounds)
def test_every_named_slot_comes_once_at_its_instant_in_order(
    place: Any, timing: OnDays, after: datetime, days: int, ends: time, within: Bounds
) -> None:
    until = after + timedelta(days=days)
    doses = list(planned(timing, place, after=after, until=until, day_ends=ends, bounds=within))
    assert doses == sorted(doses, key=lambda dose: (dose.due_at, dose.slot))
    assert len({dose.slot for dose in doses}) == len(doses)
    assert all(after < dose.due_at <= until for dose in doses)
    assert all(dose.due_at == instant(dose.slot.day, dose.slot.at, place, ends) for dose in doses)
    assert all(within.hold(dose.slot.day) for dose in doses)


@unhurried
@given(zones, timings, moments, st.lists(st.integers(1, 10 * 24 * 60), max_size=4), day_ends, bounds)
def test_looking_in_pieces_loses_no_dose_and_doubles_none(
    place: Any, timing: Timing, after: datetime, pieces: list[int], ends: time, within: Bounds
) -> None:
    edges = [after]
    for piece in pieces:
        edges.append(edges[-1] + timedelta(minutes=piece))

    def look(one: datetime, other: datetime) -> list[Planned]:
        return list(planned(timing, place, after=one, until=other, day_ends=ends, bounds=within))

    assert [dose for one, other in pairwise(edges) for dose in look(one, other)] == look(edges[0], edges[-1])


@unhurried
@given(zones, timings, moments, day_ends, bounds)
def test_a_first_and_a_last_day_leave_out_what_lies_outside_and_nothing_else(
    place: Any, timing: Timing, after: datetime, ends: time, within: Bounds
) -> None:
    until = after + timedelta(days=60)
    all_of_them = planned(timing, place, after=after, until=until, day_ends=ends)
    inside = planned(timing, place, after=after, until=until, day_ends=ends, bounds=within)
    assert list(inside) == [dose for dose in all_of_them if within.hold(dose.slot.day)]


@unhurried
@given(zones, minutes, moments)
def test_a_daily_dose_comes_21_to_27_hours_after_the_one_before_in_every_zone(
    place: Any, at: time, after: datetime
) -> None:
    doses = following(Daily((at,)), place, after, 400)
    assert len(doses) == 400
    assert all(
        timedelta(hours=21) <= other.due_at - one.due_at <= timedelta(hours=27)
        for one, other in pairwise(doses)
    )
    assert all(other.slot.day - one.slot.day == timedelta(days=1) for one, other in pairwise(doses))


@unhurried
@given(zones, st.integers(3, 60), whole_minutes)
def test_hours_never_give_one_slot_to_two_doses(place: Any, hours: int, anchor: datetime) -> None:
    doses = following(Interval(hours, anchor), place, anchor, 400)
    assert len({dose.slot for dose in doses}) == 400
    assert {other.due_at - one.due_at for one, other in pairwise(doses)} == {timedelta(hours=hours)}
    assert all(local(dose.due_at, place).time() == dose.slot.at for dose in doses)


@unhurried
@given(zones, on_days, moments)
def test_the_days_of_a_timing_are_those_that_counting_day_by_day_finds(
    place: Any, timing: OnDays, after: datetime
) -> None:
    first = after.date() + timedelta(days=3)
    found = {dose.slot.day for dose in planned(timing, place, after=after, until=after + timedelta(days=70))}
    for day in (first + timedelta(days=step) for step in range(60)):
        assert (day in found) == names(timing, day), day


def test_looking_far_ahead_of_an_old_start_does_not_walk_there() -> None:
    timing = EveryNDays(3, date(1, 1, 1), (MORNING,))
    assert len(following(timing, ROME, START, 3)) == 3
    hours = Interval(3, datetime(1971, 1, 1, tzinfo=UTC))
    assert following(hours, ROME, START, 1)[0].due_at > START


def test_looking_ahead_ends_when_nothing_is_left() -> None:
    assert following(EveryNDays(2, date(2400, 1, 1), (MORNING,)), ROME, START, 5) == ()


# How long a dose may be late


def test_two_slots_at_one_instant_do_not_close_each_others_window() -> None:
    timing = Daily((time(2, 10), time(3, 10)))
    dose = following(timing, ROME, datetime(2026, 3, 29, tzinfo=UTC), 1)[0]
    assert window_end(timing, ROME, dose) - dose.due_at == timedelta(hours=4)


def test_half_of_the_gap_is_unknown_when_nothing_follows() -> None:
    dose = Planned(Slot(date(2026, 3, 1), MORNING), START)
    assert half_gap(AsNeeded(4, 3), ROME, dose) is None
    assert half_gap(Daily((MORNING,)), ROME, following(Daily((MORNING,)), ROME, START, 1)[0]) == timedelta(
        hours=12
    )


@unhurried
@given(zones, timings, moments, day_ends)
def test_no_window_reaches_the_next_dose(place: Any, timing: Timing, after: datetime, ends: time) -> None:
    doses = following(timing, place, after, 6, day_ends=ends)
    for one, other in pairwise(doses):
        if other.due_at > one.due_at:
            assert one.due_at < window_end(timing, place, one, day_ends=ends) < other.due_at


# As data, and checked


@unhurried
@given(timings)
def test_a_timing_survives_being_written_and_read(timing: Timing) -> None:
    assert from_data(json.loads(json.dumps(to_data(timing)))) == timing


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "daily", "times": ["08:00", "20:00"]},
        {"kind": "weekly", "days": [0, 3], "times": ["08:00"]},
        {"kind": "month_days", "days": [1, 31], "times": ["08:00"]},
        {"kind": "every_n_days", "n": 2, "start": "2026-03-01", "times": ["08:00"]},
        {"kind": "cycle", "on_days": 21, "off_days": 7, "start": "2026-03-01", "times": ["08:00"]},
        {"kind": "interval", "hours": 8, "anchor": "2026-03-01T08:00:00+00:00", "counted_from": "due"},
        {"kind": "as_needed", "minimum_gap_hours": 4, "daily_maximum": 3},
    ],
    ids=lambda data: str(data["kind"]),
)
def test_what_was_stored_by_the_first_version_is_read_and_would_be_stored_the_same(
    data: dict[str, object],
) -> None:
    assert to_data(from_data(data)) == data


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": "hourly"},
        {"kind": None},
        {"kind": "daily"},
        {"kind": "daily", "times": []},
        {"kind": "daily", "times": None},
        {"kind": "daily", "times": "08:00"},
        {"kind": "daily", "times": ["25:00"]},
        {"kind": "daily", "times": [8]},
        {"kind": "daily", "times": ["08:00"], "days": [1]},
        {"kind": "weekly", "days": ["mon"], "times": ["08:00"]},
        {"kind": "weekly", "days": [7], "times": ["08:00"]},
        {"kind": "every_n_days", "n": "2", "start": "2026-03-01", "times": ["08:00"]},
        {"kind": "every_n_days", "n": 2, "start": 20260301, "times": ["08:00"]},
        {"kind": "interval", "hours": 8, "anchor": "2026-03-01T08:00", "counted_from": "due"},
        {"kind": "as_needed", "minimum_gap_hours": True, "daily_maximum": 3},
        {"kind": "per_weekday", "week": [["08:00"]]},
        {"kind": "per_weekday", "week": None},
        {"kind": "every_n_weeks", "n": 2, "days": [0], "times": ["08:00"]},
        {"kind": "interval", "hours": 8, "anchor": "2026-03-01T08:00+00:00", "waking": ["07:00"]},
        {"kind": "interval", "hours": 8, "anchor": "2026-03-01T08:00+00:00", "waking": "07:00"},
    ],
    ids=str,
)
def test_data_that_is_no_timing_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        from_data(data)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Daily(()),
        lambda: Daily((time(8, 0, 30),)),
        lambda: Daily((time(8, tzinfo=UTC),)),
        lambda: Daily((time(8, fold=1),)),
        lambda: Daily(tuple(time(n // 60, n % 60) for n in range(25))),
        lambda: Weekly(frozenset(), (MORNING,)),
        lambda: Weekly(frozenset({7}), (MORNING,)),
        lambda: MonthDays(frozenset({0}), (MORNING,)),
        lambda: MonthDays(frozenset({32}), (MORNING,)),
        lambda: EveryNDays(0, date(2026, 3, 1), (MORNING,)),
        lambda: EveryNDays(2, START, (MORNING,)),
        lambda: Cycle(0, 7, date(2026, 3, 1), (MORNING,)),
        lambda: Cycle(21, 0, date(2026, 3, 1), (MORNING,)),
        lambda: PerWeekday(((),) * 7),
        lambda: PerWeekday(((MORNING,),) * 6),
        lambda: EveryNWeeks(0, frozenset({0}), date(2026, 3, 1), (MORNING,)),
        lambda: EveryNWeeks(53, frozenset({0}), date(2026, 3, 1), (MORNING,)),
        lambda: EveryNWeeks(2, frozenset({7}), date(2026, 3, 1), (MORNING,)),
        lambda: EveryNWeeks(2, frozenset({0}), START, (MORNING,)),
        lambda: Interval(8, START, "due", (MORNING, MORNING)),
        lambda: Interval(8, START, "due", (MORNING, time(20, 0, 1))),
        lambda: Interval(8, START, "due", (MORNING, time(15, 59))),
        lambda: Interval(13, START, "due", (MORNING, time(23))),
        lambda: Interval(24, START, "taken", (MORNING, time(23))),
        lambda: Bounds(date(2026, 3, 2), date(2026, 3, 1)),
        lambda: Bounds(START),
        lambda: Interval(2, START),
        lambda: Interval(745, START),
        lambda: Interval(8, datetime(2026, 3, 1)),  # noqa: DTZ001 - naive on purpose
        lambda: Interval(8, START.replace(second=1)),
        lambda: Interval(8, START, "asked"),  # type: ignore[arg-type]
        lambda: AsNeeded(-1, 3),
        lambda: AsNeeded(4, 0),
    ],
)
def test_a_timing_that_makes_no_sense_is_refused_in_a_sentence(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        make()


@unhurried
@given(times)
def test_times_are_kept_in_order_and_once(given_times: tuple[time, ...]) -> None:
    assume(given_times)
    assert Daily(given_times).times == tuple(sorted(set(given_times)))
    assert Daily(given_times) == Daily(tuple(reversed(given_times)))
