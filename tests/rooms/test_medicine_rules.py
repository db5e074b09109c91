"""What is kept as a medicine's timing, from a phrase or from buttons."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.conversation.calendar import described
from bot.conversation.catalogs import catalog
from bot.conversation.dialogs import Asked, Context, Finished, Place, Reply, advance, begin
from bot.conversation.periods import ALWAYS, Period
from bot.conversation.times import EveryHours, WhenNeeded
from bot.medicines import rules, wording
from bot.medicines.answers import bounds_in
from bot.medicines.dialogs import CHANGE_TIMES, ENDS_ON, NAME, STARTS_ON, TIMING
from scheduler.localtime import zone
from scheduler.timing import (
    AsNeeded,
    Bounds,
    Cycle,
    Daily,
    EveryNDays,
    EveryNWeeks,
    Interval,
    MonthDays,
    PerWeekday,
    Planned,
    Slot,
    Timing,
    Weekly,
    from_data,
)

ROME = zone("Europe/Rome")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday, 10:30 in Rome
_ = catalog("en")
MORNING = (time(8),)
TIMES = CHANGE_TIMES


def context(day_ends: time = time(0), now: datetime = NOW) -> Context:
    return Context(_, now, ROME.key, day_ends)


def turn(place: Place, said: str | Reply, where: Context) -> Any:
    reply = said if isinstance(said, Reply) else Reply(text=said)
    return advance(TIMES, place, reply, where)


def card_after(*said: str | Reply, where: Context | None = None) -> Asked:
    """The question after these replies to the question for the times."""
    where = where or context()
    asked = begin(TIMES, where, {NAME: "X"})
    for reply in said:
        asked = turn(asked.place, reply, where)
        assert isinstance(asked, Asked)
    return asked


def kept_after(*said: str | Reply, where: Context | None = None) -> tuple[Timing, Bounds]:
    """What is kept when the card that follows is confirmed."""
    card = card_after(*said, where=where)
    assert card.place.step == "confirm"
    finished = turn(card.place, Reply(option="yes"), where or context())
    assert isinstance(finished, Finished)
    return from_data(finished.answers[TIMING]), bounds_in(finished.answers)


def tap(option: str) -> Reply:
    return Reply(option=option)


# In words


@pytest.mark.parametrize(
    ("timing", "words"),
    [
        (Daily(MORNING), "every day at 08:00"),
        (Weekly(frozenset({0, 3}), MORNING), "Mon and Thu at 08:00"),
        (
            PerWeekday((MORNING, MORNING, (), (), (), (time(10), time(20)), (time(10), time(20)))),
            "Mon and Tue at 08:00; Sat and Sun at 10:00 and 20:00",
        ),
        (MonthDays(frozenset({1, 15, 31}), MORNING), "on day 1, 15 and 31 of each month at 08:00"),
        (MonthDays(frozenset({31}), MORNING), "on the last day of each month at 08:00"),
        (EveryNDays(3, NOW.date(), MORNING), "every 3 days at 08:00"),
        (EveryNWeeks(2, frozenset({0}), NOW.date(), MORNING), "every 2 weeks on Mon at 08:00"),
        (Cycle(21, 7, NOW.date(), MORNING), "21 days on, 7 days off, at 08:00"),
        (Interval(8, NOW), "every 8 hours"),
        (Interval(6, NOW, "due", (time(7), time(23))), "every 6 hours between 07:00 and 23:00"),
        (Interval(6, NOW, "taken"), "every 6 hours, counted from when you take it"),
        (
            Interval(6, NOW, "taken", (time(7), time(23))),
            "every 6 hours, counted from when you take it, between 07:00 and 23:00",
        ),
        (AsNeeded(0, 3), "as needed, at most 3 in 24 hours"),
        (AsNeeded(1, 3), "as needed, at least 1 hour apart, at most 3 in 24 hours"),
        (AsNeeded(4, 3), "as needed, at least 4 hours apart, at most 3 in 24 hours"),
    ],
)
def test_every_kind_of_timing_is_said_in_words(timing: Timing, words: str) -> None:
    assert described(_, timing).plain == words


def test_that_a_day_of_the_month_may_mean_the_last_one_is_said_and_only_where_it_may() -> None:
    assert wording.note(_, MonthDays(frozenset({1, 28}), MORNING)) == ""
    assert wording.note(_, MonthDays(frozenset({29, 31}), MORNING)) == (
        "In a month without day 29 and 31 it comes on the last day."
    )


def test_that_hours_move_with_the_taking_is_said() -> None:
    assert "moves" in wording.note(_, Interval(6, NOW, "taken"))
    assert wording.note(_, Interval(6, NOW)) == ""


def test_first_and_last_day_are_said_with_their_year() -> None:
    first, last = date(2026, 3, 1), date(2027, 1, 15)
    assert wording.from_until(_, Bounds(first, last)) == "From 1 Mar 2026 to 15 Jan 2027, both included"
    assert wording.from_until(_, Bounds(first)) == "From 1 Mar 2026 on"
    assert wording.from_until(_, Bounds(None, last)) == "Until 15 Jan 2027, this day included"
    assert wording.from_until(_, Bounds()) == ""


def test_a_slot_after_midnight_is_named_by_the_page_of_the_calendar() -> None:
    dose = Planned(Slot(date(2026, 3, 2), time(1)), datetime(2026, 3, 3, 0, 0, tzinfo=UTC))
    assert wording.moment(_, dose, ROME, time(4)) == "Tue 3 Mar, 01:00"
    moved = Planned(Slot(date(2026, 3, 28), time(2, 30)), datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
    assert wording.moment(_, moved, ROME, time(4)) == "Sun 29 Mar, 02:30 (the clock changes: 03:30)"


# From what was said to a timing


def test_hours_counted_from_due_go_through_the_time_that_was_said_today() -> None:
    timing = rules.settled(EveryHours(8, time(6)), ROME, NOW)
    assert timing == Interval(8, datetime(2026, 3, 2, 5, tzinfo=UTC))


def test_a_waking_time_says_itself_when_the_hours_begin() -> None:
    timing = rules.settled(EveryHours(6, None, "due", (time(7), time(23))), ROME, NOW)
    assert timing == Interval(6, datetime(2026, 3, 2, 6, tzinfo=UTC), "due", (time(7), time(23)))


def test_hours_counted_from_taking_begin_at_the_next_showing_of_the_time() -> None:
    noon, nine = datetime(2026, 3, 2, 11, tzinfo=UTC), datetime(2026, 3, 3, 8, tzinfo=UTC)
    for first, due in ((time(12), noon), (time(9), nine)):
        timing = rules.settled(EveryHours(6, first, "taken", (time(7), time(23))), ROME, NOW)
        assert isinstance(timing, Interval)
        assert rules.first_reminder(timing, ROME) == due


def test_what_leaves_something_open_is_no_timing_yet() -> None:
    for said in (EveryHours(8), EveryHours(8, None, "taken", (time(7), time(23))), WhenNeeded(4, None)):
        assert rules.settled(said, ROME, NOW) is None


def test_so_many_days_begin_with_the_first_dose_that_is_still_to_come() -> None:
    ten = Period(lasts=10)
    assert rules.bounds_of(ten, Daily(MORNING), ROME, NOW) == Bounds(None, date(2026, 3, 12))
    assert rules.bounds_of(ten, Daily((time(20),)), ROME, NOW) == Bounds(None, date(2026, 3, 11))
    later = Period(date(2026, 4, 1), None, 10)
    assert rules.bounds_of(later, Daily(MORNING), ROME, NOW) == Bounds(later.starts_on, date(2026, 4, 10))
    assert rules.bounds_of(ALWAYS, Daily(MORNING), ROME, NOW) == Bounds()


# In the dialog


def test_typed_times_belong_to_the_days_that_were_chosen_by_buttons() -> None:
    days = (tap("kind"), tap("every_n_days"), tap("3"), tap("1"))
    assert kept_after(*days, "8am, 8pm")[0] == EveryNDays(3, date(2026, 3, 3), (time(8), time(20)))
    assert kept_after(*days, "mon 9:30")[0] == Weekly(frozenset({0}), (time(9, 30),))  # a phrase of its own


def test_the_times_of_a_working_week_can_be_typed_and_those_of_weekends_too() -> None:
    timing, _bounds = kept_after(tap("kind"), tap("weekend"), "7:30", "10am")
    assert timing == PerWeekday(((time(7, 30),),) * 5 + ((time(10),),) * 2)


def test_a_first_day_that_has_just_passed_places_a_cycle() -> None:
    timing, _bounds = kept_after(tap("kind"), tap("cycle"), "21 7", "20 February", "8:00")
    assert timing == Cycle(21, 7, date(2026, 2, 20), MORNING)


def test_the_first_day_of_weeks_is_one_of_their_weekdays() -> None:
    steps = (tap("kind"), tap("every_n_weeks"), "2", tap("4"), tap("done"), tap("0"), "8:00")
    assert kept_after(*steps)[0] == EveryNWeeks(2, frozenset({4}), date(2026, 3, 6), MORNING)


def test_another_kind_begins_anew() -> None:
    first = (tap("kind"), tap("weekly"), tap("1"), tap("done"), "8:00")
    again = (tap("change"), tap("kind"), tap("daily"), "9:00")
    assert kept_after(*first, *again)[0] == Daily((time(9),))


def test_some_days_after_the_card_keep_the_times_of_the_card() -> None:
    assert kept_after("8:00", tap("days"), tap("1"), tap("done"))[0] == Weekly(frozenset({1}), MORNING)


def test_a_phrase_may_name_the_first_and_the_last_day() -> None:
    assert kept_after("8am until 15 April") == (Daily(MORNING), Bounds(None, date(2026, 4, 15)))
    assert kept_after("8am for 10 days")[1] == Bounds(None, date(2026, 3, 12))
    assert kept_after("every 8 hours for 10 days", "12:00")[1] == Bounds(None, date(2026, 3, 11))
    assert kept_after("as needed until 15 April", "4", "3") == (
        AsNeeded(4, 3),
        Bounds(None, date(2026, 4, 15)),
    )
    card = card_after("8am from 5 March until 6 March")
    assert "From 5 Mar 2026 to 6 Mar 2026, both included" in card.prompt.text.plain
    assert "Thu 5 Mar, 08:00\n· Fri 6 Mar, 08:00\n\n" in card.prompt.text.plain


def test_a_date_that_may_be_in_two_years_is_asked_with_the_years() -> None:
    labels = [row[0].label for row in card_after("8am from 1 March").prompt.options]
    assert labels[:2] == ["From 1 Mar 2026 on: every day at 08:00", "From 1 Mar 2027 on: every day at 08:00"]
    asked = card_after("8am and 8pm from 1 March")
    assert "1. From 1 Mar 2026 on: every day at 08:00 and 20:00\n2. From" in asked.prompt.text.plain
    assert [row[0].label for row in asked.prompt.options] == ["1", "2", "None of these"]
    assert kept_after("8am from 1 March", tap("1"))[1] == Bounds(date(2027, 3, 1))
    assert "with its year" in card_after("every 8 hours from 1 March").prompt.text.plain


def test_the_card_offers_a_first_and_a_last_day() -> None:
    assert kept_after("8am", tap("dates"), "from 5 March for 2 weeks") == (
        Daily(MORNING),
        Bounds(date(2026, 3, 5), date(2026, 3, 18)),
    )
    assert kept_after("8am until 15 April", tap("dates"), tap("none"))[1] == Bounds()
    assert "as a date" in card_after("8am", tap("dates"), "soon").prompt.text.plain
    assert "with its year" in card_after("8am", tap("dates"), "from 1 March").prompt.text.plain


def test_first_and_last_day_stay_until_other_ones_are_said() -> None:
    dated = ("8am until 15 April", tap("change"))
    stays = Bounds(None, date(2026, 4, 15))
    for change in ((tap("0900"), tap("done")), ("9:00",), (tap("kind"), tap("daily"), "9:00")):
        assert kept_after(*dated, *change) == (Daily((time(9),)), stays)
    assert kept_after(*dated, "9 from 5 March", tap("1")) == (Daily((time(21),)), Bounds(date(2026, 3, 5)))
    kept = card_after(*dated, "9:00").place.answers
    assert (kept[STARTS_ON], kept[ENDS_ON]) == (None, "2026-04-15")


def test_whoever_works_at_night_counts_days_of_their_own() -> None:
    """At 02:00 on Tuesday their Monday is not over."""
    night = context(time(4), datetime(2026, 3, 3, 1, 0, tzinfo=UTC))
    timing, _bounds = kept_after(tap("kind"), tap("every_n_days"), tap("2"), tap("0"), "3:00", where=night)
    assert timing == EveryNDays(2, date(2026, 3, 2), (time(3),))
    card = card_after("3:00, 22:00", where=night).prompt.text.plain
    assert "· Tue 3 Mar, 03:00\n· Tue 3 Mar, 22:00\n· Wed 4 Mar, 03:00" in card


def test_a_changed_timing_waits_for_half_of_the_gap_of_the_own_day() -> None:
    answered = Planned(Slot(date(2026, 3, 2), time(2)), datetime(2026, 3, 3, 1, tzinfo=UTC))
    fridays = Weekly(frozenset({0, 4}), (time(2),))  # due on Tuesdays and Saturdays by the calendar
    held = rules.holds_from(fridays, ROME, answered, answered.due_at, day_ends=time(4))
    assert held == answered.due_at + timedelta(days=2)
