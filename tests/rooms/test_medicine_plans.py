"""What follows from a plan: pushing back, the step before, and when to ask which step it is."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.conversation.amounts import read_amounts
from bot.conversation.catalogs import catalog
from bot.conversation.dialogs import Again, Context, Got, Reply
from bot.medicines.plan_dialogs import NOW, STEPS, read_more
from bot.medicines.plan_rules import (
    SaidPlan,
    SaidStep,
    after_now,
    around,
    as_answers,
    asks_at,
    from_answers,
    has_later,
    held_back,
    is_unsure,
    may_begin,
    next_change,
    pushed,
    without_later,
)
from bot.medicines.shelf import Medicine
from bot.medicines.stock_rules import is_news, tells_at
from scheduler.localtime import zone
from scheduler.plans import MOST_STEPS, held
from scheduler.timing import Bounds, Daily, EveryNDays, Slot
from storage.regimens import Regimen
from storage.vocabulary import DoseState

ROME = zone("Europe/Rome")
EIGHT = Daily((time(8),))
PLAN = SaidPlan(
    (
        SaidStep(date(2026, 3, 2), EIGHT, ("50 mg",)),
        SaidStep(date(2026, 3, 16), EIGHT, ("50 mg", "25 mg")),
        SaidStep(date(2026, 3, 30), EveryNDays(2, date(2026, 3, 30), (time(8),)), ("25 mg",)),
    )
)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def days(plan: SaidPlan) -> list[int]:
    """The first days of the steps, counted from 2 March as 2."""
    return [(step.since - date(2026, 3, 1)).days + 1 for step in plan.steps]


def test_a_plan_comes_back_whole_from_a_dialog() -> None:
    ending = SaidPlan(PLAN.steps, date(2026, 4, 30))
    assert from_answers(as_answers(ending.steps), "2026-04-30") == ending


def test_amounts_stay_with_their_steps_when_a_plan_is_pushed_back() -> None:
    later = pushed(PLAN, date(2026, 3, 16), 7)
    assert days(later) == [2, 16, 37]
    assert [step.amounts for step in later.steps] == [step.amounts for step in PLAN.steps]


@pytest.mark.parametrize(("begins", "since"), [(1, 5), (9, 9)])
def test_a_medicine_that_has_not_begun_is_a_step_from_its_first_day_on(begins: int, since: int) -> None:
    bounds = Bounds(starts_on=date(2026, 3, begins))
    found = Medicine(
        Regimen(person_id=1, created_at=LONG_AGO, planned_through=LONG_AGO),
        1,
        "Sertraline",
        "50 mg",
        EIGHT,
        bounds,
    )
    assert found.as_step(date(2026, 3, 5)) == SaidStep(date(2026, 3, since), EIGHT, ("50 mg",))


@pytest.mark.parametrize(("today", "becomes"), [(16, [2, 17, 31]), (18, [2, 19, 33]), (29, [2, 30, 44])])
def test_who_still_takes_the_step_before_begins_the_next_one_tomorrow_at_the_earliest(
    today: int, becomes: list[int]
) -> None:
    later = held_back(PLAN, 1, date(2026, 3, today))
    assert days(later) == becomes
    assert later.current(date(2026, 3, today)) == 0


def test_ending_a_plan_leaves_the_step_of_now() -> None:
    assert days(without_later(PLAN, date(2026, 3, 20))) == [2, 16]
    assert not has_later(without_later(PLAN, date(2026, 3, 20)), date(2026, 3, 20))
    assert has_later(PLAN, date(2026, 3, 29))
    assert not has_later(PLAN, date(2026, 3, 30))


def test_until_a_plan_begins_the_medicine_goes_on_as_it_is() -> None:
    now = SaidStep(date(2026, 2, 27), EIGHT, ("100 mg",))
    assert after_now(now, PLAN).steps == (now, *PLAN.steps)
    begun = SaidStep(date(2026, 3, 2), EIGHT, ("100 mg",))
    assert after_now(begun, PLAN) == PLAN


@pytest.mark.parametrize(
    ("since", "before", "fits"),
    [
        (date(2026, 3, 6), None, True),
        (date(2026, 3, 6), date(2026, 3, 6), False),
        (date(2026, 3, 6), date(2026, 3, 5), True),
        (date(2025, 1, 1), None, False),
        (date(2030, 1, 1), None, False),
    ],
)
def test_a_step_begins_after_the_one_before_and_not_too_far_away(
    since: date, before: date | None, fits: bool
) -> None:
    assert may_begin(since, date(2026, 3, 5), before) == fits


TAKEN, MISSED, UNKNOWN, OPEN, SKIPPED = (
    DoseState.TAKEN,
    DoseState.MISSED,
    DoseState.UNKNOWN,
    DoseState.OPEN,
    DoseState.SKIPPED,
)


@pytest.mark.parametrize(
    ("before", "first", "unsure"),
    [
        (TAKEN, TAKEN, False),
        (TAKEN, SKIPPED, False),
        (TAKEN, MISSED, True),
        (MISSED, TAKEN, True),
        (UNKNOWN, UNKNOWN, True),
        (DoseState.WITHDRAWN, None, True),
        (None, None, True),
        (TAKEN, OPEN, None),
        (MISSED, OPEN, None),
    ],
)
def test_it_is_not_sure_that_a_step_began_when_the_doses_beside_its_first_day_are_not_recorded(
    before: DoseState | None, first: DoseState | None, unsure: bool | None
) -> None:
    doses = around(PLAN, 1, ROME)
    assert [dose.slot.day for dose in doses] == [date(2026, 3, 15), date(2026, 3, 16)]
    states = zip((date(2026, 3, 15), date(2026, 3, 16)), (before, first), strict=True)
    known = {Slot(day, time(8)): state for day, state in states if state is not None}
    assert is_unsure(doses, known, LONG_AGO) is unsure


def test_doses_of_before_the_medicine_was_written_down_are_nobodys_doubt() -> None:
    doses = around(PLAN, 1, ROME)
    assert is_unsure(doses, {Slot(date(2026, 3, 16), time(8)): TAKEN}, doses[0].due_at) is False


def test_it_is_asked_in_the_morning_after_the_first_dose_of_the_step() -> None:
    late = EveryNDays(9, date(2026, 3, 18), (time(22),))
    rare = SaidPlan((PLAN.steps[0], SaidStep(date(2026, 3, 16), late, ("1 tablet",))))
    first = around(rare, 1, ROME)[-1]
    assert asks_at(date(2026, 3, 16), first, ROME) == datetime(2026, 3, 19, 9, tzinfo=UTC)
    assert asks_at(date(2026, 3, 16), None, ROME) == datetime(2026, 3, 17, 9, tzinfo=UTC)


def test_which_steps_held_while_a_version_did() -> None:
    sinces = [date(2026, 3, day) for day in (2, 16, 30)]
    assert held(sinces, date(2026, 3, 5), None) == [
        (0, date(2026, 3, 5)),
        (1, date(2026, 3, 16)),
        (2, date(2026, 3, 30)),
    ]
    assert held(sinces, date(2026, 3, 16), date(2026, 3, 30)) == [(1, date(2026, 3, 16))]
    assert held(sinces, date(2026, 2, 20), date(2026, 3, 10)) == [(0, date(2026, 3, 2))]
    assert held(sinces, date(2026, 2, 20), date(2026, 3, 2)) == []


@pytest.mark.parametrize(
    ("typed", "amounts"),
    [
        ("50 mg", ["50 mg"]),
        ("10 mg, 20 mg", ["10 mg", "20 mg"]),
        ("10 mg,20 mg", ["10 mg", "20 mg"]),
        ("12,5 mg", ["12,5 mg"]),
        ("12,5 mg, 25 mg", ["12,5 mg", "25 mg"]),
        ("1; 2; 3", ["1", "2", "3"]),
        ("one tablet", ["one tablet"]),
        ("10 mg,", []),
        ("", []),
        ("...", []),
        ("x" * 65, []),
        (", ".join("123456789"), []),
    ],
)
def test_amounts_as_people_type_them(typed: str, amounts: list[str]) -> None:
    assert list(read_amounts(typed)) == amounts


def test_a_refill_is_told_in_the_morning_so_many_days_before_and_again_only_when_it_comes_earlier() -> None:
    day = date(2026, 3, 10)
    assert tells_at(day, 3, ROME) == datetime(2026, 3, 7, 9, tzinfo=UTC)
    assert is_news(day, None)
    assert not is_news(day, day)
    assert not is_news(day + timedelta(days=1), day), "a dose that was left out is no reason to say it again"
    assert is_news(day - timedelta(days=1), day)


def test_a_pause_pushes_back_from_the_first_thing_that_had_not_begun() -> None:
    assert next_change(PLAN, date(2026, 3, 1)) == date(2026, 3, 2)
    assert next_change(PLAN, date(2026, 3, 2)) == date(2026, 3, 16)
    ending = SaidPlan(PLAN.steps[:1], date(2026, 3, 20))
    assert next_change(ending, date(2026, 3, 5)) == date(2026, 3, 20)
    for plan, since in ((PLAN, date(2026, 3, 20)), (ending, date(2026, 3, 5))):
        first = next_change(plan, since)
        assert pushed(plan, first - timedelta(days=1), 4) == pushed(plan, since, 4) != plan


def test_the_amounts_to_come_are_those_from_the_step_of_today_on_each_once() -> None:
    assert PLAN.amounts_from(date(2026, 3, 1)) == ("50 mg", "25 mg")
    assert PLAN.amounts_from(date(2026, 4, 1)) == ("25 mg",)


def test_what_is_written_leaves_room_for_how_it_is_now() -> None:
    steps = [{"number": number} for number in range(MOST_STEPS - 1)]
    context = Context(catalog("en"), LONG_AGO, ROME.key)
    another = Reply(option="more")
    written = {STEPS: steps, NOW: {"since": "2026-03-02"}}
    assert isinstance(read_more(context, written, another), Again)
    assert read_more(context, written | {NOW: None}, another) == Got({}, then="plan_date")
