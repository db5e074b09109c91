"""The figures of the detector on made-up people; `make bench-detector` prints the table of two thousand."""

import random

from tests.recurrence.figures import table
from tests.recurrence.people import MISSING, nature, series

PEOPLE = 400


def test_every_goal_is_reached_on_made_up_people() -> None:
    figures = list(table(PEOPLE, seed=7))
    print("\n" + "\n".join(map(str, figures)))
    assert [figure.name for figure in figures if not figure.reached] == []


def test_the_naive_rules_alarm_more_steady_people_than_ours() -> None:
    by_name = {figure.name.strip(): figure.value for figure in table(PEOPLE, seed=8)}
    ours = by_name["false WATCH, 47 days"]
    assert by_name["naive: a day of 3 SD"] > ours
    assert by_name["naive: 5 of 7 days at 5 or more"] > ours


def test_made_up_days_miss_as_many_answers_as_real_ones_and_stay_on_the_scale() -> None:
    chance = random.Random(3)
    days = [day for _ in range(200) for day in series(nature(chance), 60, chance)]
    missing = sum(day.core is None for day in days) / len(days)
    assert abs(missing - MISSING) < 0.02
    assert all(day.core is None or 0 <= day.core <= 10 for day in days)
