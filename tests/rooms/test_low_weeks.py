"""When a week is low, so that nothing speaks of streaks."""

from datetime import date, timedelta

import pytest

from storage.scores import is_low_week

TODAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("scores", "low"),
    [
        ({}, False),
        ({0: 9.0}, False),
        ({0: 6.0, 1: 6.0}, True),
        ({0: 6.0, 1: 5.5}, False),
        ({6: 8.0, 0: 7.0}, True),
        ({7: 8.0, 0: 7.0}, False),
        ({0: None, 1: None, 2: 9.0}, False),
        ({-1: 9.0, 0: 9.0}, False),
    ],
)
def test_two_heavy_days_of_the_last_seven_make_a_low_week(scores: dict[int, float | None], low: bool) -> None:
    by_day = {TODAY - timedelta(days=back): score for back, score in scores.items()}
    assert is_low_week(by_day, TODAY) is low
