"""The decision tables of doses, and what holds for every dose there could be."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.doses.rules import (
    Delivery,
    DoseView,
    Nudging,
    RegimenView,
    next_due,
    next_nudge,
    snoozes,
    step,
    window_after_snooze,
)
from scheduler.timing import Daily
from storage.vocabulary import DoseState
from tests.rooms.tables import DAY, moment, rows

UTC_ZONE = ZoneInfo("UTC")
TWENTY = timedelta(minutes=20)
DUE = moment("08:00")


@rows("doses.toml", "step")
def test_what_follows_for_a_dose(row: dict[str, Any]) -> None:
    dose = DoseView(
        dose_id=7,
        due_at=DUE,
        window_end=moment("12:00"),
        asked=row.get("asked", 0),
        next_ask_at=moment(row["next"]) if "next" in row else None,
        delivery=Delivery(row.get("reminder", "under way").replace(" ", "_")),
        was_delivered=row.get("arrived", False),
        snoozed=row.get("snoozed", False),
    )
    quiet = moment(row["quiet_until"]) if "quiet_until" in row else None
    found = step([dose], Nudging(3, TWENTY, quiet), moment(row["now"]))
    assert said(found) == row["then"]
    if "look_again" in row:
        assert found.next_wake == moment(row["look_again"])


def test_a_dose_that_fell_due_and_has_no_row_yet_is_the_next_to_wake_for() -> None:
    regimen = RegimenView(1, 1, Daily((DUE.time(),)), UTC_ZONE, planned_through=DUE - timedelta(hours=1))
    assert next_due([regimen], DUE + timedelta(seconds=1)) == DUE
    assert next_due([replace(regimen, planned_through=DUE)], DUE) == DUE + timedelta(days=1)


def said(found: Any) -> str:
    """The decision about one dose in a word of the table."""
    if found.ask:
        return "ask"
    return str(found.end[0][1].value) if found.end else "wait"


@rows("doses.toml", "snooze")
def test_how_a_dose_can_be_put_off(row: dict[str, Any]) -> None:
    offered = snoozes(moment(row["now"]), UTC_ZONE, moment(row["limit"]))
    assert [f"{offer.kind} {offer.until:%H:%M}" for offer in offered] == row["offers"]


def test_three_repeats_and_no_fourth() -> None:
    nudging = Nudging(3, TWENTY)
    asked = [next_nudge(count, nudging, DUE) for count in (1, 2, 3, 4)]
    assert asked == [DUE + TWENTY] * 3 + [None]


minutes = st.integers(-60, 30 * 60).map(lambda count: DUE + timedelta(minutes=count))
dose_views = st.builds(
    DoseView,
    dose_id=st.integers(1, 9),
    due_at=minutes,
    window_end=minutes,
    asked=st.integers(0, 6),
    next_ask_at=st.none() | minutes,
    delivery=st.sampled_from(Delivery),
    was_delivered=st.booleans(),
    snoozed=st.booleans(),
)
nudgings = st.builds(
    Nudging,
    count=st.integers(0, 5),
    every=st.sampled_from([10, 20, 60]).map(lambda count: timedelta(minutes=count)),
    quiet_until=st.none() | minutes,
)


@given(st.lists(dose_views, unique_by=lambda dose: dose.dose_id, max_size=5), nudgings, minutes)
def test_a_step_is_the_same_however_often_it_is_asked_and_never_asks_too_early_or_too_late(
    doses: list[DoseView], nudging: Nudging, now: datetime
) -> None:
    found = step(doses, nudging, now)
    assert step(doses, nudging, now) == found
    by_id = {dose.dose_id: dose for dose in doses}
    for dose_id in found.ask:
        assert by_id[dose_id].due_at <= now or by_id[dose_id].asked
        assert now < by_id[dose_id].window_end
    ended = {dose_id for dose_id, _ in found.end}
    assert ended == {dose.dose_id for dose in doses if dose.window_end <= now}
    assert not ended & set(found.ask)
    assert found.next_wake is None or found.next_wake > now


class OneDose(RuleBasedStateMachine):
    """One dose from its due time to its end, as the room carries it, with any answers and any delays."""

    def __init__(self) -> None:
        super().__init__()
        self.now = DAY + timedelta(hours=8)
        self.dose = DoseView(1, self.now, self.now + timedelta(hours=4))
        self.limit = self.now + timedelta(hours=12)
        self.nudging = Nudging(3, TWENTY)
        self.ends: list[DoseState] = []
        self.asks = self.snoozed = 0

    @property
    def open(self) -> bool:
        return not self.ends

    @rule(minutes=st.integers(0, 90))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.open)
    @rule()
    def the_room_looks(self) -> None:
        found = step([self.dose], self.nudging, self.now)
        for _, at in found.postpone:
            self.dose = replace(self.dose, next_ask_at=at)
        self.ends += [state for _, state in found.end]
        if found.ask:
            assert self.now < self.dose.window_end
            self.asks += 1
            asked = self.dose.asked + 1
            following = next_nudge(asked, self.nudging, self.now)
            self.dose = replace(
                self.dose, asked=asked, next_ask_at=following, snoozed=False, delivery=Delivery.UNDER_WAY
            )

    @precondition(lambda self: self.open and self.dose.asked)
    @rule()
    def the_reminder_arrives(self) -> None:
        self.dose = replace(self.dose, delivery=Delivery.ARRIVED, was_delivered=True)

    @precondition(lambda self: self.open and self.dose.was_delivered)
    @rule(which=st.integers(0, 2))
    def the_person_snoozes(self, which: int) -> None:
        offers = snoozes(self.now, UTC_ZONE, self.limit)
        if which < len(offers):
            until = offers[which].until
            end = window_after_snooze(self.dose.window_end, until)
            self.dose = replace(self.dose, asked=1, next_ask_at=until, window_end=end, snoozed=True)
            self.snoozed += 1

    @precondition(lambda self: self.open and self.dose.was_delivered)
    @rule(state=st.sampled_from([DoseState.TAKEN, DoseState.SKIPPED]))
    def the_person_answers(self, state: DoseState) -> None:
        self.ends.append(state)

    @invariant()
    def it_ends_once(self) -> None:
        assert len(self.ends) <= 1

    @invariant()
    def the_bot_repeats_itself_at_most_three_times_for_each_round(self) -> None:
        assert self.asks <= (1 + self.snoozed) * (1 + self.nudging.count)

    @invariant()
    def it_stays_open_at_most_an_hour_beyond_half_way_to_the_next_one(self) -> None:
        assert self.dose.window_end <= self.limit + timedelta(hours=1)

    @invariant()
    def unanswered_is_missed_only_if_a_reminder_arrived(self) -> None:
        assert (DoseState.MISSED not in self.ends) or self.dose.was_delivered


OneDose.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
test_one_dose_from_due_to_its_end = OneDose.TestCase
