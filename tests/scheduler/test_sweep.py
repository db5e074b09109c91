"""No slot is lost, doubled or out of order at a clock change: a part of what `tests.scheduler.sweep` does."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.localtime import all_zones, clock_changes, zone
from tests.scheduler.sweep import (
    FROM,
    NAMED,
    REMARKABLE,
    Tally,
    changes_of,
    remarkable_changes,
    sweep,
)

_A_YEAR = timedelta(days=366)
_ONE_ZONE_IN, _ONE_CHANGE_IN = 20, 14


@pytest.mark.parametrize("key", NAMED)
def test_no_slot_is_lost_doubled_or_out_of_order_where_the_clock_moves_in_a_way_of_its_own(key: str) -> None:
    tally = sweep((zone(key), at) for at in clock_changes(zone(key), FROM, FROM + _A_YEAR))
    assert tally.changes >= 2
    assert not tally.wrong


@pytest.mark.parametrize("key", REMARKABLE)
def test_nor_in_the_years_when_a_day_never_was_or_a_midnight_was_skipped(key: str) -> None:
    tally = sweep(remarkable_changes(key))
    assert tally.changes
    assert not tally.wrong


def test_nor_at_some_of_the_changes_of_all_zones_until_2035() -> None:
    every = list(changes_of(sorted(all_zones())[::_ONE_ZONE_IN]))
    assert max(at for _, at in every) > datetime(2035, 9, 1, tzinfo=UTC)
    tally: Tally = sweep(every[::_ONE_CHANGE_IN])
    assert tally.slots > 20_000
    assert not tally.wrong
