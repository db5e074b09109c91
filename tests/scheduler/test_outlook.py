"""What is known of a zone's clock can be compared with newer data, to the second and for what is to come."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scheduler.localtime import all_zones, zone
from scheduler.outlook import Moved, from_data, moved, outlook, to_data

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BERLIN = zone("Europe/Berlin")


@given(st.sampled_from(sorted(all_zones())), st.integers(0, 400))
def test_no_clock_parts_with_what_is_known_of_it(key: str, days: int) -> None:
    known = outlook(zone(key), NOW)
    assert [at for at, _ in known] == sorted({at for at, _ in known})
    assert all(before[1] != after[1] for before, after in pairwise(known))
    assert moved(known, zone(key), NOW + timedelta(days=days)) is None


def test_a_summer_time_that_was_not_known_moves_times_from_its_day_on() -> None:
    winter = [["2026-03-05T12:00:00+00:00", 3600]]
    change = moved(winter, BERLIN, NOW)
    assert change == Moved(datetime(2026, 3, 29, 1, tzinfo=UTC), HOUR, 2 * HOUR)
    assert from_data(to_data(change)) == change


def test_a_summer_time_that_is_abolished_does_so_too() -> None:
    known = [["2026-03-05T12:00:00+00:00", 0], ["2026-06-01T00:00:00+00:00", 3600]]
    assert moved(known, zone("UTC"), NOW) == Moved(datetime(2026, 6, 1, tzinfo=UTC), HOUR, timedelta())


def test_what_is_over_moves_nothing() -> None:
    known = [["2026-03-05T12:00:00+00:00", 7200], ["2026-03-06T12:00:00+00:00", 3600]]
    known += outlook(BERLIN, NOW)[1:]
    assert moved(known, BERLIN, NOW + timedelta(hours=1)) is not None
    assert moved(known, BERLIN, NOW + timedelta(days=2)) is None
    assert moved([], BERLIN, NOW) is None
