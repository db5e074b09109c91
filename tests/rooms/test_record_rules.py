"""The decision tables of the record: the double-dose guard, limits as needed, and how far a dose may move."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.doses import moving
from bot.doses.asneeded import Allowed, AtMaximum, TooSoon, check
from bot.doses.guard import Logged, guard, near_means
from scheduler.timing import AsNeeded, Planned, Slot
from tests.rooms.tables import DAY, moment, rows

UTC_ZONE = ZoneInfo("UTC")
SAID = {Allowed: "allowed", TooSoon: "too soon", AtMaximum: "at maximum"}
UNITS = {"h": 60, "min": 1}


def span(words: str) -> timedelta:
    number, unit = words.split()
    return timedelta(minutes=int(number) * UNITS[unit])


@rows("guard.toml", "guard")
def test_when_the_bot_asks_whether_it_is_the_same_dose(row: dict[str, Any]) -> None:
    logged = [Logged(number, moment(at)) for number, at in enumerate(row["logged"])]
    found = guard(logged, moment(row["now"]), span(row["gap"]) if "gap" in row else None)
    assert (found.at if found else None) == (None if row["asks"] == "none" else moment(row["asks"]))
    if found is not None:
        assert found.apart == abs(found.at - moment(row["now"]))


@given(st.integers(1, 100_000))
def test_a_dose_taken_as_planned_is_never_asked_about(minutes: int) -> None:
    assert near_means(timedelta(minutes=minutes)) <= timedelta(minutes=minutes)


@rows("asneeded.toml", "check")
def test_what_the_limits_leave(row: dict[str, Any]) -> None:
    found = check(map(moment, row["taken"]), AsNeeded(row["gap"], row["most"]), moment(row["now"]))
    assert SAID[type(found)] == row["then"]
    assert (0 if isinstance(found, AtMaximum) else found.left) == row["left"]
    assert found.next_at == moment(row["next"])


@given(st.lists(st.integers(0, 4000)), st.integers(0, 60), st.integers(1, 6), st.integers(4000, 4001))
def test_what_is_promised_for_later_is_allowed_then(taken: list[int], gap: int, most: int, now: int) -> None:
    takings = [DAY + timedelta(minutes=at) for at in taken]
    limits, at = AsNeeded(gap, most), DAY + timedelta(minutes=now)
    found = check(takings, limits, at)
    if isinstance(found, Allowed):
        takings.append(at)
    assert isinstance(check(takings, limits, found.next_at), Allowed)
    if found.next_at > at:
        before = found.next_at - timedelta(minutes=1)
        assert not isinstance(check(takings, limits, before), Allowed)


def slot(words: str) -> Planned:
    at = moment(words)
    return Planned(Slot(at.date(), at.time()), at)


@rows("moving.toml", "room")
def test_how_far_a_dose_may_be_moved(row: dict[str, Any]) -> None:
    found = moving.room(map(slot, row["planned"]), slot(row["one"]), moment(row["now"]))
    expected = (moment(row["from"]), moment(row["until"])) if "from" in row else None
    assert (found and (found.earliest, found.latest)) == expected


@rows("moving.toml", "day")
def test_which_doses_move_when_the_whole_day_does(row: dict[str, Any]) -> None:
    due = {slot(each).slot: moment(each) for each in row["of_today"]}
    found = moving.moving_together(
        [slot(each) for each in row["planned"]], due, timedelta(hours=row["by"]), moment(row["now"])
    )
    assert found == {slot(each).slot for each in row["moves"]}


@rows("moving.toml", "window")
def test_until_when_a_moved_dose_may_be_taken(row: dict[str, Any]) -> None:
    one = slot(row["one"])
    after = moment(row["next"]) - one.due_at if "next" in row else None
    assert moving.window_end(moment(row["to"]), one, after) == moment(row["until"])


@given(st.lists(st.integers(0, 3000), min_size=2, unique=True), st.data())
def test_two_doses_that_are_moved_never_change_places(minutes: list[int], data: st.DataObject) -> None:
    planned = [slot_at(DAY + timedelta(minutes=at)) for at in sorted(minutes)]
    rooms = [moving.room(planned, one, DAY - timedelta(days=1)) for one in planned]
    moved = [
        data.draw(st.datetimes(found.earliest.replace(tzinfo=None), found.latest.replace(tzinfo=None)))
        for found in rooms
        if found is not None
    ]
    assert len(moved) == len(planned)
    assert moved == sorted(set(moved))


def slot_at(at: datetime) -> Planned:
    return Planned(Slot(at.date(), at.time()), at)


@rows("moving.toml", "said")
def test_which_moment_somebody_means(row: dict[str, Any]) -> None:
    found = moving.taken_at(
        time.fromisoformat(row["clock"]), moment(row["due"]), UTC_ZONE, moment(row["now"])
    )
    assert found == (moment(row["means"]) if "means" in row else None)
