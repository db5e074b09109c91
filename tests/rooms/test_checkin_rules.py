"""The decision table of check-ins."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.checkins.rules import FORMS, Habit, asks_now, closes_at, last_item, next_ask, next_item
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


def test_a_check_in_in_quiet_hours_waits_for_their_end_if_that_is_near() -> None:
    habit = Habit(time(6, 30), NEW_YORK, quiet=QuietHours(NEW_YORK, time(22), time(7)))
    assert asks_now(habit, moment("03-05 06:30")) is None
    assert next_ask(habit, moment("03-05 06:30")) == moment("03-05 07:00")
    assert asks_now(habit, moment("03-05 07:00")) == day("03-05")
    late = replace(habit, at=time(23))
    assert asks_now(late, moment("03-05 23:00")) == day("03-05")
    assert asks_now(late, moment("03-06 07:00")) is None
