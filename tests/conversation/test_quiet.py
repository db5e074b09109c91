"""When quiet hours hold, and when they end: on the clock of the person, whatever that clock does."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.quiet import QuietHours, comes_at

BERLIN = ZoneInfo("Europe/Berlin")
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - in UTC a word later
zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]).map(
    ZoneInfo
)


def test_a_time_that_the_clock_shows_twice_ends_them_when_it_is_shown_first() -> None:
    quiet = QuietHours(BERLIN, time(22), time(2, 30))
    first, second = datetime(2026, 10, 25, 0, 10, tzinfo=UTC), datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert quiet.until(first) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert quiet.until(second) is None


@given(instants, zones, st.times(), st.times())
def test_what_is_held_is_never_wanted_for_a_time_that_is_past(
    now: datetime, zone: ZoneInfo, start: time, end: time
) -> None:
    quiet = QuietHours(zone, start, end)
    until = quiet.until(now)
    assert until is None or until > now
    comes = comes_at(quiet, now, datetime.max.replace(tzinfo=UTC))
    assert comes is not None
    assert comes >= now


@given(st.integers(0, 3 * 3600), st.times(), st.times())
def test_nor_in_the_night_when_the_clock_goes_back(seconds: int, start: time, end: time) -> None:
    now = datetime.fromtimestamp(datetime(2026, 10, 25, tzinfo=UTC).timestamp() + seconds, UTC)
    until = QuietHours(BERLIN, start, end).until(now)
    assert until is None or until > now
