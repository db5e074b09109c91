"""What a journey changes for a medicine: travel.toml is the specification, and nothing is doubled or lost."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.times import Understood, read_timing
from bot.medicines.plan_rules import SaidPlan, SaidStep
from bot.medicines.travel import compare, follows_the_clock, mark, marked
from bot.simulation import read_plan
from scheduler.localtime import all_zones, local, zone
from scheduler.timing import Daily, Planned, Slot, Timing, Weekly, planned
from tests.rooms.tables import rows

HOUR = timedelta(hours=1)
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
PLACES = ("Pacific/Auckland", "Asia/Tokyo", "Europe/Berlin", "America/New_York", "Pacific/Pago_Pago")


def timing_of(words: str) -> Timing:
    reading = read_timing(words, date(2026, 3, 5))
    assert isinstance(reading, Understood)
    assert isinstance(reading.value.timing, Daily | Weekly)
    return reading.value.timing


def shown(words: str, at: ZoneInfo) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=at).astimezone(UTC)


def slot(words: str) -> Slot:
    moment = datetime.fromisoformat(words)
    return Slot(moment.date(), moment.time())


@rows("travel.toml", "journey")
def test_what_a_journey_changes(row: dict[str, Any]) -> None:
    old, new = zone(row["from"]), zone(row["to"])
    last = Planned(slot(row["last"]), shown(row["last"], old)) if "last" in row else None
    found = compare(timing_of(row["timing"]), old, new, last, shown(row["at"], old))
    assert found.before is not None
    assert found.after is not None
    assert local(found.before.due_at, new) == datetime.fromisoformat(row["before"]).replace(tzinfo=new)
    assert local(found.after.due_at, new) == datetime.fromisoformat(row["after"]).replace(tzinfo=new)
    assert found.gap == (row["gap"] * HOUR if "gap" in row else None)
    assert found.usual == (row["usual"] * HOUR if "usual" in row else None)
    assert found.warning == row.get("warning")
    assert [kept.slot for kept in found.kept] == [slot(words) for words in row.get("kept", ())]


@given(
    st.sampled_from(PLACES),
    st.sampled_from(PLACES),
    st.sets(st.integers(0, 23).map(time), min_size=1, max_size=3),
    st.integers(0, 400),
)
def test_every_slot_of_the_new_clock_comes_or_was_had_and_none_comes_twice(
    old_key: str, new_key: str, times: set[time], hours: int
) -> None:
    old, new, timing = zone(old_key), zone(new_key), Daily(tuple(sorted(times)))
    now = NOON + hours * HOUR
    had = list(planned(timing, old, after=now - timedelta(days=3), until=now))
    found = compare(timing, old, new, had[-1], now, booked={each.slot for each in had})
    assert found.after is not None
    assert found.after.slot not in {each.slot for each in had}
    until_then = list(planned(timing, new, after=now, until=found.after.due_at))
    came = {each.slot for each in until_then}
    assert came == {each.slot for each in found.kept} | {
        each.slot for each in until_then if each.due_at == found.after.due_at
    }


def test_of_a_plan_the_step_in_force_is_compared_and_not_the_first_one() -> None:
    old, new = zone("America/New_York"), zone("Europe/Berlin")
    plan, _ = read_plan(["2026-03-01: 1: 8am", "2026-03-04: 1: 9pm", "2026-03-07: 1: 7am"], old)
    last = Planned(slot("2026-03-05 21:00"), shown("2026-03-05 21:00", old))
    found = compare(plan, old, new, last, last.due_at)
    assert (found.before, found.after) == (
        Planned(slot("2026-03-06 21:00"), shown("2026-03-06 21:00", old)),
        Planned(slot("2026-03-06 21:00"), shown("2026-03-06 21:00", new)),
    )
    assert (found.gap, found.usual, found.warning) == (18 * HOUR, 24 * HOUR, None)
    on_the_eve = Planned(slot("2026-03-06 21:00"), shown("2026-03-06 21:00", old))
    found = compare(plan, old, new, on_the_eve, on_the_eve.due_at)
    assert found.after == Planned(slot("2026-03-07 07:00"), shown("2026-03-07 07:00", new))
    assert (found.gap, found.usual, found.warning) == (4 * HOUR, 10 * HOUR, "short")


def test_a_plan_with_a_step_by_hours_does_not_follow_the_clock() -> None:
    here = zone("Europe/Rome")
    assert follows_the_clock(read_plan(["2026-03-01: 1: 8am", "2026-03-07: 1: 9am"], here)[0])
    assert not follows_the_clock(
        read_plan(["2026-03-01: 1: 8am", "2026-03-07: 1: every 8 hours from 6:00"], here)[0]
    )


@pytest.mark.parametrize(("today", "soon"), [(1, None), (2, 1), (8, 1), (9, None), (20, 2), (30, None)])
def test_the_next_step_is_told_of_when_it_begins_within_a_week(today: int, soon: int | None) -> None:
    firsts = (date(2026, 3, 1), date(2026, 3, 9), date(2026, 3, 21))
    plan = SaidPlan(tuple(SaidStep(since, Daily((time(8),)), ("1",)) for since in firsts))
    assert plan.begins_soon(date(2026, 3, today)) == soon


def test_a_zone_on_a_button_is_known_again() -> None:
    assert len({mark(key) for key in all_zones()}) == len(all_zones())
    assert marked(mark("Pacific/Auckland")) == zone("Pacific/Auckland")
    assert marked("no zone") is None
