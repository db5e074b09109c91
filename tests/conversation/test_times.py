"""The times that people type. The table next door, times.toml, is the specification."""

import tomllib
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.conversation.times import (
    LONGEST_PHRASE,
    Ambiguous,
    EveryHours,
    NotUnderstood,
    SaidTiming,
    Understood,
    Why,
    read_clock,
    read_shown_clock,
    read_times,
    read_timing,
)
from bot.conversation.timewords import ENGLISH
from scheduler.timing import Daily, EveryNDays, Interval, Weekly

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
    *("8", "08", "20", "12", "0", "30", "2", "one", "8:30", "20:00", "am", "pm", "a.m.", "p.m.", "noon", "a"),
    *("hours", "h", "days", ":", ".", ",", "/", "-", "&", "@", "²", "½", "٨", "\ud800", "\0", "\u200f"),
]


def in_words(value: SaidTiming) -> str:
    """A timing as the table writes it."""
    match value:
        case Daily(times):
            return f"every day, {spaced(times)}"
        case Weekly(days, times):
            return f"{' '.join(WEEK[day] for day in sorted(days))}, {spaced(times)}"
        case EveryNDays(n, start, times):
            return f"every {n} days from {start}, {spaced(times)}"
        case EveryHours(hours, first):
            return f"every {hours} hours" + (f" from {first:%H:%M}" if first else "")
        case _:
            raise AssertionError(value)


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
    }
    if unicodedata.normalize("NFKC", word).casefold() not in known:
        assert isinstance(read_timing(f"{spaced(tuple(times))} {word}", TODAY), NotUnderstood)


def check_reading(text: str) -> None:
    """Whatever the text: a reading, and a sound one."""
    reading = read_timing(text, TODAY)
    if isinstance(reading, Ambiguous):
        assert 2 <= len(reading.options) <= 4
        assert len(set(reading.options)) == len(reading.options)
    for read in (read_times, read_clock, read_shown_clock):
        assert isinstance(read(text), Understood | Ambiguous | NotUnderstood)


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
    "piece", ["mon ", "8,", "8 ", "every ", "on ", "mon-", "mon,and", "a m ", "every mon ", "8am, "]
)
def test_no_text_makes_the_grammar_slow(piece: str) -> None:
    begun = datetime.now(UTC)
    read_timing((piece * LONGEST_PHRASE)[:LONGEST_PHRASE], TODAY)
    assert datetime.now(UTC) - begun < timedelta(seconds=0.5)
