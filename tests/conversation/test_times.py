"""The times that people type. The table next door, times.toml, is the specification."""

import tomllib
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.conversation.periods import Period
from bot.conversation.readings import options_of
from bot.conversation.timephrase import in_words as as_phrase
from bot.conversation.times import (
    LONGEST_PHRASE,
    Ambiguous,
    EveryHours,
    NotUnderstood,
    Reading,
    SaidTiming,
    Understood,
    WhenNeeded,
    Why,
    read_clock,
    read_dates,
    read_first_day,
    read_shown_clock,
    read_times,
    read_timing,
    read_waking,
)
from bot.conversation.timewords import ENGLISH
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
    Weekly,
    planned,
)

TABLE = tomllib.loads((Path(__file__).parents[1] / "tables" / "times.toml").read_text())
TODAY = date(2026, 3, 2)
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

unhurried = settings(deadline=None)  # a busy machine is no defect
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))
spoken = [
    *(
        "every",
        "day",
        "at",
        "on",
        "mon",
        "tue",
        "fri",
        "weekdays",
        "and",
        "to",
        "from",
        "other",
        "daily",
        "twice",
    ),
    *("1st", "15th", "last", "of", "month", "weeks", "off", "between", "after", "taking", "needed", "most"),
    *("apart", "until", "for", "march", "today", "2026-03-05", "weekends", "but", "as", "the"),
    *("8", "08", "20", "12", "0", "30", "2", "one", "8:30", "20:00", "am", "pm", "a.m.", "p.m.", "noon", "a"),
    *("hours", "h", "days", ":", ".", ",", "/", "-", "&", "@", "²", "½", "٨", "\ud800", "\0", "\u200f"),
]


def in_words(reading: Reading) -> str:
    """A reading as the table writes it."""
    period = reading.period
    since = f"; from {period.starts_on}" if period.starts_on else ""
    until = f"; until {period.ends_on}" if period.ends_on else ""
    lasts = f"; for {period.lasts} days" if period.lasts else ""
    return described(reading.timing) + since + until + lasts


def described(timing: SaidTiming) -> str:
    match timing:
        case Daily(times):
            return f"every day, {spaced(times)}"
        case Weekly(days, times):
            return f"{named(days)}, {spaced(times)}"
        case PerWeekday(week):
            each = (f"{WEEK[day]}, {spaced(times)}" for day, times in enumerate(week) if times)
            return "; ".join(each)
        case MonthDays(days, times):
            return f"day {' '.join(map(str, sorted(days)))} of the month, {spaced(times)}"
        case EveryNDays(n, start, times):
            return f"every {n} days from {start}, {spaced(times)}"
        case EveryNWeeks(n, days, start, times):
            return f"every {n} weeks from {start}, {named(days)}, {spaced(times)}"
        case Cycle(on, off, start, times):
            return f"{on} days on, {off} days off from {start}, {spaced(times)}"
        case EveryHours(hours, first, counted, waking):
            taken = " after taking" if counted == "taken" else ""
            begins = f" from {first:%H:%M}" if first else ""
            awake = f" between {spaced(waking)}" if waking else ""
            return f"every {hours} hours{taken}{begins}{awake}"
        case AsNeeded(gap, most) | WhenNeeded(gap, most):
            return f"as needed, {gap} hours apart, at most {most}"
        case _:
            raise AssertionError(timing)


def named(days: frozenset[int]) -> str:
    return " ".join(WEEK[day] for day in sorted(days))


def spaced(times: tuple[time, ...]) -> str:
    return " ".join(f"{at:%H:%M}" for at in times)


def outcome(reading: Any, write: Any) -> dict[str, Any]:
    """A reading as a row of the table has it."""
    match reading:
        case Understood(value):
            return {"means": write(value)}
        case Ambiguous(options):
            return {"asks": [write(option) for option in options]}
        case NotUnderstood(why):
            return {"refused": why.value}
    raise AssertionError(reading)


def expected(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "phrase"}


def phrase(row: dict[str, Any]) -> str:
    return repr(row["phrase"])


@pytest.mark.parametrize("row", TABLE["times"], ids=phrase)
def test_a_phrase_about_times_of_day(row: dict[str, Any]) -> None:
    assert outcome(read_times(row["phrase"]), spaced) == expected(row)


@pytest.mark.parametrize("row", TABLE["timings"], ids=phrase)
def test_a_phrase_about_a_timing(row: dict[str, Any]) -> None:
    assert outcome(read_timing(row["phrase"], TODAY), in_words) == expected(row)


@pytest.mark.parametrize("row", TABLE["times"], ids=phrase)
def test_times_alone_are_a_daily_timing(row: dict[str, Any]) -> None:
    assert outcome(read_timing(row["phrase"], TODAY), in_words).keys() == expected(row).keys()


@pytest.mark.parametrize("row", TABLE["timings"], ids=phrase)
def test_what_a_phrase_may_mean_can_be_written_so_that_it_means_nothing_else(row: dict[str, Any]) -> None:
    for reading in options_of(read_timing(row["phrase"], TODAY)):
        assert read_timing(as_phrase(reading), TODAY) == Understood(reading)


def test_the_unclear_words_of_a_date_and_of_a_time_are_both_named() -> None:
    reading = read_timing("8 from 1 March", TODAY)
    assert isinstance(reading, Ambiguous)
    assert reading.phrase == "1 march, 8"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1 March", [date(2026, 3, 1), date(2027, 3, 1)]),
        ("2 March", [TODAY]),
        ("today", [TODAY]),
        ("tomorrow", [TODAY + timedelta(days=1)]),
        ("2026-02-15", [date(2026, 2, 15)]),
        ("31 dec", [date(2026, 12, 31)]),  # 61 days ago and more is long ago
        ("29 February", [date(2028, 2, 29)]),
        ("30 February", []),
        ("1979-12-31", []),
        ("3/4", []),
        ("soon", []),
        ("", []),
    ],
)
def test_a_first_day_is_a_date_with_a_name_for_its_month(text: str, days: list[date]) -> None:
    assert list(options_of(read_first_day(text, TODAY))) == days


def test_first_and_last_day_can_be_typed_by_themselves() -> None:
    assert read_dates("from 5 March for 10 days", TODAY) == Understood(Period(date(2026, 3, 5), None, 10))
    assert read_dates("until 15 April", TODAY) == Understood(Period(None, date(2026, 4, 15)))
    assert read_dates("8am until 15 April", TODAY) == NotUnderstood(Why.NOT_A_DATE)
    assert read_dates("whenever", TODAY) == NotUnderstood(Why.NOT_A_DATE)


def test_so_many_days_are_counted_from_the_first_dose() -> None:
    assert Period(None, None, 10).bounds(date(2026, 3, 3)) == Bounds(None, date(2026, 3, 12))
    assert Period(date(2026, 3, 1), date(2026, 3, 9)).bounds(date(2026, 3, 3)) == Bounds(
        date(2026, 3, 1), date(2026, 3, 9)
    )


def test_a_waking_time_is_two_times_in_their_order() -> None:
    assert read_waking("7:00 to 23:00") == Understood((time(7), time(23)))
    assert read_waking("between 10pm and 6am") == Understood((time(22), time(6)))
    assert read_waking("22-6") == Understood((time(22), time(6)))
    assert read_waking("7 to 10") == Ambiguous(
        tuple((time(begins), time(ends)) for begins, ends in ((7, 10), (7, 22), (19, 10), (19, 22))), "7, 10"
    )
    assert read_waking("7:00") == NotUnderstood(Why.NO_TIME)
    assert read_waking("7:00 to 23:00 and 24:00") == NotUnderstood(Why.NOT_A_TIME)


def test_the_person_is_asked_about_the_unclear_words_only() -> None:
    reading = read_timing("8:30 and 9 every day", TODAY)
    assert isinstance(reading, Ambiguous)
    assert reading.phrase == "9"


def test_a_check_in_time_is_one_time() -> None:
    assert read_clock("9pm") == Understood(time(21))
    assert read_clock("8") == Ambiguous((time(8), time(20)), "8")
    assert read_clock("8am, 8pm") == NotUnderstood(Why.TOO_MANY)
    assert read_clock("8 and 9") == NotUnderstood(Why.TOO_MANY)
    assert read_clock("later") == NotUnderstood(Why.NO_TIME)


def test_a_clock_that_shows_6_42_may_be_a_12_hour_clock() -> None:
    assert read_clock("6:42") == Understood(time(6, 42))
    assert read_shown_clock("6:42") == Ambiguous((time(6, 42), time(18, 42)), "6:42")
    assert read_shown_clock("12:10") == Ambiguous((time(12, 10), time(0, 10)), "12:10")
    assert read_shown_clock("06:42") == Understood(time(6, 42))
    assert read_shown_clock("18:42") == Understood(time(18, 42))
    assert read_shown_clock("6:42 pm") == Understood(time(18, 42))
    assert read_shown_clock("") == NotUnderstood(Why.EMPTY)


def test_every_eight_hours_becomes_a_timing_once_the_first_dose_is_known() -> None:
    first = datetime(2026, 3, 2, 7, tzinfo=UTC)
    assert EveryHours(8).starting(first) == Interval(8, first)


def test_counted_from_taking_the_first_dose_is_where_it_was_said_as_well() -> None:
    first = datetime(2026, 3, 2, 7, tzinfo=UTC)
    timing = EveryHours(8, None, "taken").starting(first)
    assert next(planned(timing, zone("UTC"), after=first - timedelta(days=9), until=first)).due_at == first


def test_a_very_long_text_is_not_read_at_all() -> None:
    assert read_times("8" * (LONGEST_PHRASE + 1)) == NotUnderstood(Why.TOO_LONG)
    assert read_times("ﷺ" * LONGEST_PHRASE) == NotUnderstood(Why.TOO_LONG)  # one sign that unfolds into 18


def test_more_times_than_a_day_may_have_are_too_many() -> None:
    assert read_times(",".join(f"{n:02}h" for n in range(24))) != NotUnderstood(Why.TOO_MANY)
    assert read_times(",".join(f"{n % 24:02}h" for n in range(25))) == NotUnderstood(Why.TOO_MANY)


@unhurried
@given(minutes)
def test_a_24_hour_time_is_always_understood_as_it_is_written(at: time) -> None:
    for written in (f"{at:%H:%M}", f"{at:%H.%M}", f"{at:%Hh%M}", f"{at:%H%M}", f"at {at:%H:%M}"):
        assert read_times(written) == Understood((at,))


@unhurried
@given(minutes)
def test_a_12_hour_time_is_always_understood_as_it_is_written(at: time) -> None:
    for written in (f"{at:%I:%M %p}", f"{at:%I:%M%p}", f"{at:%I.%M %p}".lower()):
        assert read_times(written) == Understood((at,))


@unhurried
@given(st.sets(minutes, min_size=1, max_size=6), st.sampled_from([", ", " and ", "/", " ", ",", " & ", "; "]))
def test_a_list_is_understood_whatever_joins_it(times: set[time], joint: str) -> None:
    assert read_times(joint.join(f"{at:%H:%M}" for at in times)) == Understood(tuple(sorted(times)))


@unhurried
@given(
    st.sets(minutes, min_size=1, max_size=4), st.text(st.characters(categories=["L"]), min_size=1, max_size=8)
)
def test_a_word_that_we_do_not_know_spoils_the_phrase(times: set[time], word: str) -> None:
    known = {
        *ENGLISH.am,
        *ENGLISH.pm,
        *ENGLISH.joiners,
        *ENGLISH.at,
        *ENGLISH.on,
        *ENGLISH.hours,
        *ENGLISH.oclock,
        *(spelling for spelling, _ in (*ENGLISH.named_times, *ENGLISH.weekdays, *ENGLISH.daily)),
        *(spelling for spelling, _ in ENGLISH.other_weeks),
    }
    if unicodedata.normalize("NFKC", word).casefold() not in known:
        assert isinstance(read_timing(f"{spaced(tuple(times))} {word}", TODAY), NotUnderstood)


def check_reading(text: str) -> None:
    """Whatever the text: a reading, and a sound one."""
    reading = read_timing(text, TODAY)
    if isinstance(reading, Ambiguous):
        assert 2 <= len(reading.options) <= 4
        assert len(set(reading.options)) == len(reading.options)
    for read in (read_times, read_clock, read_shown_clock, read_waking):
        assert isinstance(read(text), Understood | Ambiguous | NotUnderstood)
    for read_day in (read_first_day, read_dates):
        assert isinstance(read_day(text, TODAY), Understood | Ambiguous | NotUnderstood)


@unhurried
@given(st.text(st.characters(), max_size=220))
@example("\ud800")
@example("\0" * 50)
@example("ﷺ" * 200)
@example("8\u202e30")
def test_no_text_on_earth_breaks_the_grammar(text: str) -> None:
    check_reading(text)


@unhurried
@given(st.lists(st.sampled_from(spoken), max_size=20), st.sampled_from([" ", ""]))
def test_no_jumble_of_its_own_words_breaks_the_grammar(words: list[str], gap: str) -> None:
    check_reading(gap.join(words))


@pytest.mark.parametrize(
    "piece",
    [
        *("mon ", "8,", "8 ", "every ", "on ", "mon-", "mon,and", "a m ", "every mon ", "8am, "),
        *("1st ", "1st and ", "from 1 may ", "between ", "at most 6 a day ", "8am mon ", "every 2 weeks "),
        *("every 6 hours from 7 to ", "5 on 2 off ", "to ", "monthly on the 1st ", "as needed ", ", , "),
    ],
)
def test_no_text_makes_the_grammar_slow(piece: str) -> None:
    begun = datetime.now(UTC)
    read_timing((piece * LONGEST_PHRASE)[:LONGEST_PHRASE], TODAY)
    assert datetime.now(UTC) - begun < timedelta(seconds=0.5)
