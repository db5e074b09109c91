"""What was wrong once, found by lives or while their deeds were written down."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.medicines.plan_rules import SaidPlan, SaidStep
from scheduler.localtime import zone
from scheduler.timing import AsNeeded, Daily, Slot
from storage.regimens import RegimenVersion
from storage.vocabulary import DoseState
from tests.life.house import Home, home
from tests.life.machine import BEGINS
from tests.years import deeds

THURSDAY = date(2026, 3, 26)  # in New York it is 01:00
EVENING = Daily((time(20),))


async def versions(real: Home) -> list[int]:
    async with real.stage.vault.database.reading() as session:
        return list(await session.exec(select(RegimenVersion.number)))


async def test_no_dose_can_be_moved_in_a_pause(tmp_path: Path) -> None:
    """It would be asked for, or be told as not asked for, once the pause is over."""
    async with home(tmp_path, BEGINS) as real:
        await real.do(deeds.Add(EVENING))
        await real.do(deeds.Pause(None))
        await real.do(deeds.ShiftDay(1))
        await real.do(deeds.Move(1, Slot(THURSDAY, time(20)), BEGINS + timedelta(hours=18)))
        assert await real.doses() == []


async def test_times_asked_for_by_an_old_button_leave_a_plan_as_it_is(tmp_path: Path) -> None:
    """They were confirmed as changed, and nothing had changed but from when the plan holds."""
    async with home(tmp_path, BEGINS) as real:
        await real.do(deeds.Add(EVENING))
        step = SaidStep(THURSDAY, Daily((time(9),)), ("25 mg",))
        await real.do(deeds.WritePlan(1, SaidPlan((step,))))
        await real.do(deeds.ChangeTimes(1, Daily((time(12),))))
        assert await versions(real) == [1, 2]


@pytest.mark.parametrize("begins", [THURSDAY, date(2026, 3, 30)])
async def test_a_plan_written_after_midnight_leaves_the_dose_of_the_evening_open(
    tmp_path: Path, begins: date
) -> None:
    """It was withdrawn, though the plan says nothing of the day before."""
    async with home(tmp_path, BEGINS - timedelta(hours=5)) as real:
        await real.do(deeds.Add(Daily((time(22, 30),))))
        real.clock.advance_to(BEGINS - timedelta(minutes=30))  # 00:30 in New York
        await real.look()
        step = SaidStep(begins, Daily((time(9),)), ("25 mg", "50 mg"))
        await real.do(deeds.WritePlan(1, SaidPlan((step,))))
        assert [(dose.state, dose.step) for dose in await real.doses()] == [(DoseState.OPEN, None)]


@pytest.mark.parametrize(("at", "asked"), [(time(9), False), (time(10), True)])
async def test_a_journey_after_a_pause_asks_for_what_the_clock_skipped_alone(
    tmp_path: Path, at: time, asked: bool
) -> None:
    """Of 09:00 nobody spoke, for there was a pause; 10:00 was skipped by the clock two hours further east."""
    async with home(tmp_path, BEGINS) as real:
        await real.do(deeds.Add(Daily((at,))))
        real.clock.advance_to(BEGINS.replace(hour=12))
        await real.do(deeds.Pause(1))
        real.clock.advance_to(BEGINS.replace(hour=13, minute=30))  # 09:30 in New York
        await real.do(deeds.Resume(1))
        real.clock.advance_to(BEGINS.replace(hour=13, minute=45))
        await real.do(deeds.Travel(zone("America/Noronha")))  # 11:45
        assert [dose.state for dose in await real.doses()] == [DoseState.OPEN] * asked


async def test_one_taken_in_a_minute_that_the_clock_shows_twice_is_recorded_too(tmp_path: Path) -> None:
    """An hour later and further west it is 09:00 again; it was said to be recorded already."""
    async with home(tmp_path, BEGINS) as real:
        await real.do(deeds.Add(AsNeeded(0, 4)))
        real.clock.advance_to(BEGINS.replace(hour=13))
        await real.do(deeds.TakeAsNeeded(1))
        real.clock.advance_to(BEGINS.replace(hour=14))
        await real.do(deeds.Travel(zone("America/Chicago")))
        await real.do(deeds.TakeAsNeeded(1))
        assert [(dose.due_at.hour, dose.slot_time) for dose in await real.doses()] == [
            (13, time(9)),
            (14, time(9, 1)),
        ]
