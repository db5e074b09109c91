"""The decision tables of doses, and what holds for every dose there could be."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.conversation.quiet import QuietHours
from bot.doses import life
from bot.doses.due import Delivery, DoseView, Nudging, ask_at, heard, is_late, next_nudge, step
from bot.doses.life import Standing
from bot.doses.rules import RegimenView, counted, looks_back_from, next_due, snoozes
from scheduler.timing import Daily, Interval
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
        reachable=row.get("reachable", True),
        heard=row.get("heard", True),
    )
    found = step([dose], Nudging(3, TWENTY), moment(row["now"]))
    assert said(found) == row["then"]
    if "look_again" in row:
        assert found.next_wake == moment(row["look_again"])


@rows("doses.toml", "outage")
def test_what_an_outage_takes_from_a_dose(row: dict[str, Any]) -> None:
    away = [span.split() for span in row["away"]]
    outages = [(moment(began), moment(ended)) for began, ended in away]
    assert heard(DUE, moment("12:00"), outages) is row["heard"]


def test_a_dose_that_fell_due_and_has_no_row_yet_is_the_next_to_wake_for() -> None:
    regimen = RegimenView(1, 1, Daily((DUE.time(),)), UTC_ZONE, planned_through=DUE - timedelta(hours=1))
    assert next_due([regimen], DUE + timedelta(seconds=1)) == DUE
    assert next_due([regimen._replace(planned_through=DUE)], DUE) == DUE + timedelta(days=1)


@pytest.mark.parametrize(
    ("slot", "found"),
    [
        ("08:00", "09:30"),  # 08:00 lay in the pause by the clock before, and is not due again
        ("09:00", "09:30"),  # so did 09:00, when the pause had just ended
        ("10:00", "07:59"),  # passed over by the flight: due at 08:00, and nobody was asked
        ("12:00", "09:30"),  # still to come by the new clock, too
    ],
)
def test_another_clock_looks_back_to_what_it_skipped_and_never_into_a_pause(slot: str, found: str) -> None:
    """A pause until 09:30 in UTC, and the person is two hours further east at 09:45."""
    there, paused_until = ZoneInfo("Etc/GMT-2"), moment("09:30")
    view = RegimenView(1, 1, Daily((time.fromisoformat(slot),)), there, planned_through=paused_until)
    since = looks_back_from(view, UTC_ZONE, moment("00:00"), moment("09:45"))
    assert since.replace(second=0) == moment(found)


def quiet_hours(span: str) -> QuietHours:
    """ "22:00 07:00" on a clock in UTC."""
    start, end = map(time.fromisoformat, span.split())
    return QuietHours(UTC_ZONE, start, end)


def said(found: Any) -> str:
    """The decision about one dose in a word of the table."""
    if found.ask:
        return "ask"
    return str(found.end[0][1].value) if found.end else "wait"


@rows("doses.toml", "snooze")
def test_how_a_dose_can_be_put_off(row: dict[str, Any]) -> None:
    offered = snoozes(moment(row["now"]), UTC_ZONE, moment(row["limit"]))
    assert [f"{offer.kind} {offer.until:%H:%M}" for offer in offered] == row["offers"]


QUIET = Nudging(3, TWENTY, quiet_hours("22:00 07:00"))


def comes(dose: DoseView, now: datetime) -> datetime | None:
    """When a dose is asked for next; None when its window ends without that."""
    while True:
        found = step([dose], QUIET, now)
        if found.ask or found.end:
            return now if found.ask else None
        assert found.next_wake is not None
        now = found.next_wake


def first(row: dict[str, Any]) -> DoseView:
    return DoseView(1, moment(row["due"]), moment(row["window_end"]), moved=row.get("moved", False))


@rows("quiet.toml", "first")
def test_a_first_reminder_in_quiet_hours(row: dict[str, Any]) -> None:
    dose = first(row)
    if row.get("failed"):
        dose = dose._replace(asked=1, next_ask_at=dose.due_at + TWENTY, delivery=Delivery.FAILED)
    at = comes(dose, moment(row.get("back", row["due"])))
    assert at == moment(row["comes"])
    if not dose.moved:  # what was moved there has a sound, as a story tells
        assert (QUIET.quiet_until(moment(row["comes"])) is None) is row["sound"]


@rows("quiet.toml", "repeat")
def test_a_repeat_in_quiet_hours(row: dict[str, Any]) -> None:
    dose = first(row)._replace(asked=1, next_ask_at=moment(row["wanted"]), delivery=Delivery.ARRIVED)
    dose = dose._replace(wished=row.get("wished", False))
    at = comes(dose, moment(row.get("back", row["due"])))
    assert at == (None if row["comes"] == "dropped" else moment(row["comes"]))


@rows("quiet.toml", "late")
def test_a_reminder_after_quiet_hours_says_that_it_is_late_only_if_it_is(row: dict[str, Any]) -> None:
    assert is_late([first(row)], QUIET, moment(row["back"])) is row["late"]


def test_what_was_held_in_the_night_comes_as_one_message() -> None:
    doses = [DoseView(n, moment(at), moment("10:00")) for n, at in ((1, "06:10"), (2, "06:30"), (3, "07:00"))]
    assert step(doses, QUIET, moment("06:40")).ask == ()
    assert step(doses, QUIET, moment("07:00")).ask == (1, 2, 3)


@pytest.mark.parametrize("reached", [True, False])
def test_an_answer_taken_back_too_late_is_not_recorded_only_if_the_reminder_had_arrived(
    reached: bool,
) -> None:
    taken = Standing(moment("12:00"), DoseState.TAKEN, DUE, DUE, asked=1, reached=reached)
    found = life.reopened(taken, moment("13:00"), Nudging(3, TWENTY), still_taken=True)
    assert found.state is (DoseState.MISSED if reached else DoseState.UNKNOWN)
    assert found.told_at == moment("13:00"), "they know, so nobody tells them that we could not ask"


@pytest.mark.parametrize("how", ["answered and taken back", "said not to be taken"])
def test_a_dose_moved_to_later_and_taken_back_is_not_asked_for_before_its_new_time(how: str) -> None:
    due_at, now, nudging = moment("18:00"), moment("13:10"), Nudging(3, TWENTY)
    stands = life.put_off(life.moved(Standing(moment("12:00"), asked=2), moment("22:00")), moment("13:00"))
    if how == "answered and taken back":
        stands = life.answered(stands, DoseState.TAKEN, now, taken_at=now)
        stands = life.reopened(stands, now, nudging, still_taken=True)
    else:
        stands = life.corrected(stands, DoseState.MISSED, now, nudging, still_taken=True)
    assert ask_at(life.seen(stands, 1, due_at, Delivery.ARRIVED), nudging, now) == due_at


def test_hours_count_from_the_last_taking_and_not_from_one_before_the_named_anchor() -> None:
    eight = Interval(8, DUE, "taken")
    assert counted(eight, None) == eight
    assert counted(eight, DUE - timedelta(hours=1)) == eight
    assert counted(eight, DUE + timedelta(hours=1)) == Interval(8, DUE + timedelta(hours=1), "taken")
    assert counted(Interval(8, DUE), DUE + timedelta(hours=1)) == Interval(8, DUE)
    assert counted(Daily((DUE.time(),)), DUE) == Daily((DUE.time(),))


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
    spread=st.just(timedelta(0)),
    reachable=st.booleans(),
    heard=st.booleans(),
).filter(lambda dose: dose.asked or not dose.wished)  # only what was asked for can be put off
nudgings = st.builds(
    Nudging,
    count=st.integers(0, 5),
    every=st.sampled_from([10, 20, 60]).map(lambda count: timedelta(minutes=count)),
    quiet=st.none() | st.builds(QuietHours, st.just(UTC_ZONE), st.times(), st.times()),
)


standings = st.builds(
    Standing,
    window_end=minutes,
    asked=st.integers(0, 6),
    reached=st.booleans(),
    next_ask_at=st.none() | minutes,
)


@given(standings, nudgings, minutes, st.booleans())
def test_a_dose_asked_for_is_seen_as_if_it_were_looked_at_anew(
    stands: Standing, nudging: Nudging, now: datetime, moved: bool
) -> None:
    before = life.seen(stands, 7, DUE, Delivery.ARRIVED, moved=moved)
    became = life.reminded(life.arrived(stands, Delivery.ARRIVED), nudging, now)
    anew = life.seen(became, 7, DUE, Delivery.UNDER_WAY, moved=moved)
    assert life.under_way(before, became) == anew


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
        assert by_id[dose_id].reachable
    ended = {dose_id for dose_id, _ in found.end}
    assert ended == {dose.dose_id for dose in doses if dose.window_end <= now}
    assert not ended & set(found.ask)
    assert found.next_wake is None or found.next_wake > now


class OneDose(RuleBasedStateMachine):
    """One dose from its due time to its end, as the room carries it, with any answers and any delays."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.due = DAY + timedelta(hours=8)
        self.dose = Standing(self.due + timedelta(hours=4))
        self.delivery = Delivery.UNDER_WAY
        self.limit = self.due + timedelta(hours=12)
        self.nudging = Nudging(3, TWENTY)
        self.ends: list[DoseState] = []
        self.asks = self.snoozed = 0

    @property
    def open(self) -> bool:
        return self.dose.state is DoseState.OPEN

    @rule(minutes=st.integers(0, 90))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.open)
    @rule()
    def the_room_looks(self) -> None:
        found = step([life.seen(self.dose, 1, self.due, self.delivery)], self.nudging, self.now)
        for _, at in found.postpone:
            self.dose = life.postponed(self.dose, at)
        for _, state in found.end:
            self.dose = life.ended(self.dose, state, self.now)
            self.ends.append(state)
        if found.ask:
            assert self.now < self.dose.window_end
            self.asks += 1
            self.dose, self.delivery = life.reminded(self.dose, self.nudging, self.now), Delivery.UNDER_WAY

    @precondition(lambda self: self.open and self.dose.asked)
    @rule()
    def the_reminder_arrives(self) -> None:
        self.delivery = Delivery.ARRIVED
        self.dose = life.arrived(self.dose, self.delivery)

    @precondition(lambda self: self.open and self.dose.reached)
    @rule(which=st.integers(0, 2))
    def the_person_snoozes(self, which: int) -> None:
        offers = snoozes(self.now, UTC_ZONE, self.limit)
        if which < len(offers):
            self.dose = life.put_off(self.dose, offers[which].until)
            self.snoozed += 1

    @precondition(lambda self: self.open and self.dose.reached)
    @rule(state=st.sampled_from([DoseState.TAKEN, DoseState.SKIPPED]))
    def the_person_answers(self, state: DoseState) -> None:
        self.dose = life.answered(self.dose, state, self.now, taken_at=self.now)
        self.ends.append(state)

    @precondition(lambda self: self.dose.state not in life.ANSWERABLE)
    @rule()
    def the_person_takes_it_back(self) -> None:
        self.dose = life.reopened(self.dose, self.now, self.nudging, still_taken=True)
        self.ends = [] if self.open else [self.dose.state]
        self.snoozed += 1  # a round of its own

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
        assert (DoseState.MISSED not in self.ends) or self.dose.reached

    @invariant()
    def a_time_of_taking_belongs_to_what_was_taken(self) -> None:
        assert (self.dose.taken_at is not None) == (self.dose.state is DoseState.TAKEN)


OneDose.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
test_one_dose_from_due_to_its_end = OneDose.TestCase
