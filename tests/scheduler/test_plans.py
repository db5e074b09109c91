"""Plans as a clinician can read them: plans.toml is the specification. And what holds of every plan."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.medicines.stock_rules import Takes, read_number, run_out
from bot.simulation import read_plan, simulate_plan
from scheduler.localtime import instant, zone
from scheduler.plans import (
    Plan,
    Step,
    following,
    half_gap,
    place,
    planned,
    planned_by_plan,
    pushed,
    window_end,
)
from scheduler.timing import (
    AsNeeded,
    Bounds,
    Cycle,
    Daily,
    EveryNDays,
    Interval,
    Planned,
    Slot,
    Timing,
    Weekly,
)
from scheduler.timing import planned as planned_by_timing

TABLE = tomllib.loads((Path(__file__).parents[1] / "tables" / "plans.toml").read_text())
ROME = zone("Europe/Rome")
ZONES = ("Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Antarctica/Troll", "Africa/Cairo", "UTC")
_DAY = timedelta(days=1)
_BEGUN = date(2026, 2, 20)
AFTER, UNTIL = datetime(2026, 2, 15, tzinfo=UTC), datetime(2026, 4, 20, tzinfo=UTC)


def why(row: dict[str, Any]) -> str:
    return str(row["why"])


def midnight(day: date) -> datetime:
    at = instant(day, time(0), ROME)
    assert at is not None
    return at


@pytest.mark.parametrize("row", TABLE["plan"], ids=why)
def test_a_plan_has_these_doses_in_these_amounts_and_no_others(row: dict[str, Any]) -> None:
    ends = time.fromisoformat(row.get("day_ends", "00:00"))
    rows = simulate_plan(
        row["steps"],
        row.get("zone", ROME.key),
        row["from"],
        row["days"],
        until=row.get("until"),
        day_ends=ends,
    )
    assert [f"{each.slot_date} {each.slot_time:%H:%M} {each.amount}" for each in rows] == row["doses"]


@pytest.mark.parametrize("row", TABLE["push"], ids=why)
def test_a_plan_that_is_pushed_back(row: dict[str, Any]) -> None:
    plan, _ = read_plan(row["steps"], ROME, until=row.get("until"))
    later = pushed(plan, row["today"], row["by"])
    ends = [later.until] if later.until else []
    assert [f"{day}" for day in (*(step.since for step in later.steps), *ends)] == row["becomes"]


@pytest.mark.parametrize("row", TABLE["stock"], ids=why)
def test_until_when_it_lasts(row: dict[str, Any]) -> None:
    plan, _ = read_plan(row["steps"], ROME, until=row.get("until"))
    per_dose = row["per_dose"]
    by_step = [[Decimal(each) for each in step.split(", ")] for step in row.get("by_step", ())]
    takes = Takes(Decimal(per_dose), by_step or [[Decimal(per_dose)] * step.turns for step in plan.steps])
    found = run_out(plan, ROME, Decimal(row["left"]), takes, midnight(row["from"]))
    assert found == row.get("runs_out")


def test_what_counts_its_days_from_a_first_one_is_pushed_with_it() -> None:
    plan, _ = read_plan(["2026-03-01: 50 mg: 8am", "2026-03-15: 25 mg: every 2 days 8am"], ROME)
    later = pushed(plan, date(2026, 3, 2), 3)
    [first, second] = following(later, ROME, midnight(date(2026, 3, 18)), 2)
    assert (first.slot.day, second.slot.day) == (date(2026, 3, 18), date(2026, 3, 20))


def test_the_window_of_the_last_dose_of_a_step_ends_half_way_to_the_first_one_of_the_next() -> None:
    plan, _ = read_plan(["2026-03-01: 1: 10pm", "2026-03-02: 1: 2am"], ROME)
    dose = following(plan, ROME, midnight(date(2026, 3, 1)), 1)[0]
    assert half_gap(plan, ROME, dose) == timedelta(hours=2)
    assert window_end(plan, ROME, dose) == dose.due_at + timedelta(hours=2)


def test_as_needed_at_its_daily_maximum_lasts_so_long_at_least() -> None:
    now = midnight(date(2026, 3, 1))
    assert run_out(AsNeeded(4, 3), ROME, Decimal(20), Takes(Decimal(1)), now) == date(2026, 3, 7)


@pytest.mark.parametrize(
    "steps", [[], [date(2026, 3, 2), date(2026, 3, 2)], [date(2026, 3, 2), date(2026, 3, 1)]]
)
def test_steps_that_do_not_follow_one_another_make_no_plan(steps: list[date]) -> None:
    with pytest.raises(ValueError, match="step"):
        Plan(tuple(Step(since, Daily((time(8),))) for since in steps))


@pytest.mark.parametrize("timing", [AsNeeded(4, 3), Interval(8, midnight(date(2026, 3, 1)), "taken")])
def test_a_step_says_by_itself_when_its_doses_are_due(timing: Timing) -> None:
    with pytest.raises(ValueError, match="by itself"):
        Step(date(2026, 3, 1), timing)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("28", "28"), (" 3.5 ", "3.5"), ("3,5", "3.5"), ("1½", "1.5"), ("½", "0.5"), ("0", "0")],
)
def test_a_number_as_people_type_it(typed: str, number: str) -> None:
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["", "many", "-3", "1.2.3", "1e3", "10001", "0.0001", "٣", "NaN"])
def test_anything_else_is_no_number(typed: str) -> None:
    assert read_number(typed) is None


# What holds of every plan

TIMES = st.lists(
    st.builds(time, st.integers(0, 23), st.sampled_from([0, 10, 30])), min_size=1, max_size=3, unique=True
)


@st.composite
def timings(draw: st.DrawFn, since: date) -> Timing:
    times = tuple(draw(TIMES))
    kinds: list[Timing] = [
        Daily(times),
        Weekly(frozenset({0, 3, 5}), times),
        EveryNDays(2, since, times),
        Cycle(3, 2, since, times),
        Interval(7, datetime.combine(since, times[0], UTC)),
        Interval(6, datetime.combine(since, times[0], UTC), "due", (time(7), time(21))),
    ]
    return draw(st.sampled_from(kinds))


@st.composite
def a_plan(draw: st.DrawFn) -> Plan:
    gaps = draw(st.lists(st.integers(1, 12), max_size=4))
    days = [_BEGUN]
    for gap in gaps:
        days.append(days[-1] + gap * _DAY)
    steps = tuple(Step(day, draw(timings(day)), draw(st.integers(1, 4))) for day in days)
    until = draw(st.none() | st.integers(0, 20).map(lambda more: days[-1] + more * _DAY))
    return Plan(steps, until)


@settings(max_examples=60, deadline=None)
@given(plan=a_plan(), key=st.sampled_from(ZONES), day_ends=st.sampled_from([time(0), time(4)]))
def test_no_slot_is_lost_or_doubled_where_a_step_ends(plan: Plan, key: str, day_ends: time) -> None:
    found = list(planned(plan, zone(key), after=AFTER, until=UNTIL, day_ends=day_ends))
    expected = {
        dose
        for number, step in enumerate(plan.steps)
        for dose in planned_by_timing(step.timing, zone(key), after=AFTER, until=UNTIL, day_ends=day_ends)
        if plan.step_on(dose.slot.day) == number
    }
    assert set(found) == expected
    assert len({dose.slot for dose in found}) == len(found)
    assert all((a.due_at, a.slot) < (b.due_at, b.slot) for a, b in pairwise(found))


@settings(max_examples=40, deadline=None)
@given(plan=a_plan(), key=st.sampled_from(ZONES), day_ends=st.sampled_from([time(0), time(4)]))
def test_amounts_take_turns_from_dose_to_dose_whatever_is_looked_at(
    plan: Plan, key: str, day_ends: time
) -> None:
    found = list(planned_by_plan(plan, zone(key), after=AFTER, until=UNTIL, day_ends=day_ends))
    for number, step in enumerate(plan.steps):
        own = sorted((each for each in found if each.step == number), key=lambda each: each.planned.due_at)
        if not isinstance(step.timing, Interval):
            # The last days may be cut in the middle: what is named after midnight is due a day later.
            own = [each for each in own if each.planned.slot.day < UNTIL.date() - _DAY]
            own.sort(key=lambda each: each.planned.slot)
        turns = [each.turn for each in own]
        assert all(turn is not None and turn < step.turns for turn in turns)
        if key == "UTC":  # elsewhere a slot may have no instant, and its turn passes with it
            assert turns == [count % step.turns for count in range(len(turns))]
    for each in found[len(found) // 2 :][:3]:
        assert place(plan, zone(key), each.planned, day_ends=day_ends) == (each.step, each.turn)


@settings(max_examples=40, deadline=None)
@given(plan=a_plan(), starts=st.integers(-3, 20), length=st.integers(0, 20))
def test_a_first_and_a_last_day_cut_a_plan_and_change_nothing_within(
    plan: Plan, starts: int, length: int
) -> None:
    bounds = Bounds(_BEGUN + starts * _DAY, _BEGUN + (starts + length) * _DAY)
    cut = list(planned_by_plan(plan, ROME, after=AFTER, until=UNTIL, bounds=bounds))
    whole = planned_by_plan(plan, ROME, after=AFTER, until=UNTIL)
    assert cut == [each for each in whole if bounds.hold(each.planned.slot.day)]


@settings(max_examples=40, deadline=None)
@given(plan=a_plan(), today=st.integers(-3, 40), by=st.integers(1, 30))
def test_pushing_back_leaves_what_has_begun_and_moves_the_rest_as_a_whole(
    plan: Plan, today: int, by: int
) -> None:
    day = _BEGUN + today * _DAY
    later = pushed(plan, day, by)
    for before, after in zip(plan.steps, later.steps, strict=True):
        begun = before.since <= day
        assert after.since == before.since + (0 if begun else by) * _DAY
        assert (after.timing == before.timing) or not begun
        assert after.turns == before.turns
    assert later.step_on(day) == plan.step_on(day)


def test_a_day_before_the_plan_or_after_it_is_in_no_step() -> None:
    plan, _ = read_plan(["2026-03-01: 1: 8am"], ROME, until=date(2026, 3, 5))
    early = Planned(Slot(date(2026, 2, 1), time(8)), midnight(date(2026, 2, 1)))
    assert place(plan, ROME, early) == (None, None)
    assert plan.step_on(date(2026, 3, 6)) is None
