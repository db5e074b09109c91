"""When a questionnaire comes, what its sum says, and what the instruments hold."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.quiet import QuietHours
from bot.questionnaires.instrument import INSTRUMENTS, next_item
from bot.questionnaires.rules import Habit, asks_now, next_ask, worth_a_talk

BERLIN = ZoneInfo("Europe/Berlin")
MARCH_1 = date(2026, 3, 1)
SEVEN = time(19)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In Berlin, in March."""
    return datetime(2026, 3, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def test_it_comes_two_weeks_after_the_last_one_at_the_persons_time() -> None:
    habit = Habit(SEVEN, BERLIN, MARCH_1)
    assert next_ask(habit, at(1, 20)) == at(15, 19)
    assert next_ask(habit, at(15, 18, 59)) == at(15, 19)
    assert next_ask(habit, at(15, 19)) == at(16, 19)
    assert not asks_now(habit, at(14, 19))
    assert asks_now(habit, at(15, 19))
    assert asks_now(habit, at(15, 20, 59))
    assert not asks_now(habit, at(15, 21))


def test_across_a_clock_change_it_keeps_its_hour() -> None:
    assert next_ask(Habit(SEVEN, BERLIN, date(2026, 3, 15)), at(20, 12)) == datetime(
        2026, 3, 29, 17, tzinfo=UTC
    )


def test_whoever_was_never_asked_is_asked_at_the_next_time_that_comes() -> None:
    habit = Habit(SEVEN, BERLIN, None, since=at(1, 20))
    assert not asks_now(habit, at(1, 20))
    assert next_ask(habit, at(1, 20)) == at(2, 19)


def test_nobody_is_asked_who_did_not_want_it() -> None:
    habit = Habit(None, BERLIN, MARCH_1)
    assert next_ask(habit, at(1, 20)) is None
    assert not asks_now(habit, at(15, 19))


def test_in_calm_hours_nothing_comes_and_the_next_day_it_does() -> None:
    habit = Habit(SEVEN, BERLIN, MARCH_1, calm_until=at(15, 22))
    assert not asks_now(habit, at(15, 19))
    assert next_ask(habit, at(15, 12)) == at(16, 19)
    assert asks_now(habit, at(16, 19))


def test_in_quiet_hours_it_waits_for_their_end_be_it_on_the_next_day() -> None:
    habit = Habit(time(23), BERLIN, MARCH_1, quiet=QuietHours(BERLIN, time(22), time(7)))
    assert next_ask(habit, at(15, 12)) == next_ask(habit, at(15, 23, 30)) == at(16, 7)
    assert not asks_now(habit, at(15, 23))
    assert not asks_now(habit, at(16, 6, 59))
    assert next_ask(habit, at(16, 6, 59)) == at(16, 7)
    assert asks_now(habit, at(16, 7))
    assert not asks_now(habit, at(16, 9))


@pytest.mark.parametrize(
    ("total", "items", "talk"), [(9, 9, False), (10, 9, True), (10, 8, True), (2, 2, False), (3, 2, True)]
)
def test_from_a_usual_cut_on_a_talk_is_suggested(total: int, items: int, talk: bool) -> None:
    assert worth_a_talk(total, items) is talk


def test_the_instruments_are_whole_and_carry_their_notice() -> None:
    assert {key: len(each.items) for key, each in INSTRUMENTS.items()} == {"phq9": 9, "phq8": 8, "phq2": 2}
    for instrument in INSTRUMENTS.values():
        assert "No permission required" in instrument.notice
        assert instrument.highest == 3 * len(instrument.items)
        assert instrument.version
    assert INSTRUMENTS["phq9"].items[:8] == INSTRUMENTS["phq8"].items
    assert INSTRUMENTS["phq9"].items[:2] == INSTRUMENTS["phq2"].items


def test_only_the_long_form_asks_about_death_and_it_asks_last() -> None:
    assert {key: each.crisis_item for key, each in INSTRUMENTS.items()} == {
        "phq9": 8,
        "phq8": None,
        "phq2": None,
    }
    assert "better off dead" in INSTRUMENTS["phq9"].items[8]


def test_items_are_asked_one_after_the_other() -> None:
    two = INSTRUMENTS["phq2"]
    assert [next_item(two, answers) for answers in ([], [0], [0, 3])] == [0, 1, None]
