"""The decision table of check-ins."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkins.rules import FORMS, Habit, Hold, asks_now, closes_at, hold, last_item, next_ask, next_item
from bot.conversation.quiet import QuietHours
from storage.scores import core_score
from storage.vocabulary import CheckinForm
from tests.rooms.tables import rows

NEW_YORK = ZoneInfo("America/New_York")


def day(words: str) -> date:
    return date.fromisoformat(f"2026-{words}")


def moment(words: str) -> datetime:
    """ "03-05 20:00" on the clock of New York."""
    on, at = words.split()
    return datetime.combine(day(on), time.fromisoformat(at), NEW_YORK).astimezone(UTC)


@rows("checkins.toml", "ask")
def test_when_the_check_in_comes(row: dict[str, Any]) -> None:
    at = None if row["at"] == "none" else time.fromisoformat(row["at"])
    calm = moment(row["calm_until"]) if "calm_until" in row else None
    habit = Habit(at, NEW_YORK, {day(words) for words in row.get("done", ())}, calm)
    now = moment(row["now"])
    assert asks_now(habit, now) == (None if row["asks"] == "nothing" else day(row["asks"]))
    assert next_ask(habit, now) == (None if row["next"] == "never" else moment(row["next"]))


@rows("checkins.toml", "score")
def test_what_a_check_in_comes_to(row: dict[str, Any]) -> None:
    found = core_score(row["answers"])
    assert ("none" if found is None else str(found)) == row["score"]


def test_a_check_in_can_be_answered_for_twelve_hours_or_until_the_next_one() -> None:
    daily = Habit(time(20), NEW_YORK)
    assert closes_at(daily, moment("03-05 20:00")) == moment("03-06 08:00")
    assert closes_at(daily, moment("03-06 10:00")) == moment("03-06 22:00")
    assert closes_at(Habit(None, NEW_YORK), moment("03-05 20:00")) == moment("03-06 08:00")


@given(st.sampled_from(CheckinForm), st.data())
def test_the_next_question_is_never_one_that_was_answered(form: CheckinForm, data: st.DataObject) -> None:
    answers = data.draw(st.dictionaries(st.sampled_from(FORMS[form]), st.integers(0, 10)))
    following, last = next_item(form, answers), last_item(form, answers)
    assert following not in answers
    assert last is None or last in answers


def test_a_check_in_that_fell_into_our_absence_comes_no_more_and_the_next_one_does() -> None:
    away = ((moment("03-05 19:00"), moment("03-05 20:30")),)
    habit = Habit(time(20), NEW_YORK, away=away)
    assert asks_now(habit, moment("03-05 20:31")) is None
    assert next_ask(habit, moment("03-05 20:31")) == moment("03-06 20:00")
    assert asks_now(replace(habit, away=()), moment("03-05 20:31")) is not None
    assert asks_now(habit, moment("03-06 20:00")) is not None


def test_a_check_in_in_the_night_is_that_of_the_day_that_has_not_ended() -> None:
    habit = Habit(time(1), NEW_YORK, day_ends=time(4))
    assert asks_now(habit, moment("03-06 01:00")) == day("03-05")
    assert next_ask(habit, moment("03-06 01:00")) == moment("03-07 01:00")


NIGHT = QuietHours(NEW_YORK, time(22), time(7))


@pytest.mark.parametrize("at", [time(22), time(23), time(3), time(6, 30)])
def test_a_check_in_in_quiet_hours_waits_for_their_end_and_comes_once(at: time) -> None:
    habit = Habit(at, NEW_YORK, quiet=NIGHT)
    own = datetime.combine(day("03-05"), at, NEW_YORK).astimezone(UTC)
    ended = moment("03-05 07:00" if at < time(7) else "03-06 07:00")
    looks = own
    while looks < ended:
        assert asks_now(habit, looks) is None
        assert next_ask(habit, looks) == ended
        looks += timedelta(minutes=10)
    assert asks_now(habit, ended) == day("03-05")
    asked = habit.with_day(day("03-05"))
    assert asks_now(asked, ended) is None
    assert next_ask(asked, ended) == ended + timedelta(days=1)


def test_a_check_in_that_would_have_closed_by_the_end_of_quiet_hours_is_dropped() -> None:
    habit = Habit(time(19), NEW_YORK, quiet=QuietHours(NEW_YORK, time(18), time(9)))
    assert hold(habit, moment("03-05 12:00")) == Hold(None)
    assert next_ask(habit, moment("03-05 12:00")) is None
    assert asks_now(habit, moment("03-06 09:00")) is None


def test_a_check_in_that_nobody_looked_at_in_time_is_held_too_and_dropped_when_stale() -> None:
    nap = Habit(time(20), NEW_YORK, quiet=QuietHours(NEW_YORK, time(20, 10), time(21)))
    assert asks_now(nap, moment("03-05 20:15")) is None
    assert next_ask(nap, moment("03-05 20:15")) == moment("03-05 21:00")
    assert asks_now(nap, moment("03-05 21:00")) == day("03-05")
    night = replace(nap, at=time(21, 50), quiet=NIGHT)
    assert asks_now(night, moment("03-05 22:05")) is None
    assert next_ask(night, moment("03-05 22:05")) == moment("03-06 21:50")


def test_a_time_that_had_passed_when_it_was_chosen_is_not_asked_for_when_quiet_hours_end() -> None:
    habit = Habit(time(23), NEW_YORK, since=moment("03-05 23:30"), quiet=NIGHT)
    assert asks_now(habit, moment("03-06 07:00")) is None
    assert next_ask(habit, moment("03-05 23:30")) == moment("03-07 07:00")


def test_what_is_said_of_a_time_in_quiet_hours_is_what_happens() -> None:
    noon = moment("03-05 12:00")
    late, early, evening = (Habit(at, NEW_YORK, quiet=NIGHT) for at in (time(23), time(6), time(20)))
    assert hold(late, noon) == Hold(time(7), next_day=True)
    assert hold(early, noon) == Hold(time(7))
    assert hold(evening, noon) is None
    assert hold(replace(late, quiet=None), noon) is None
