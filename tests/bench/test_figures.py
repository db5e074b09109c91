"""A figure says what it is, what it should be, and whether it is."""

import json
import math
from pathlib import Path

import pytest

from tests.bench.figures import Figure, at_least, at_most, lost, of_readings, quantile, ratios, table, write
from tests.bench.gauge import Reading


def test_a_figure_is_the_median_of_its_rounds() -> None:
    assert Figure("herd", [3.0, 100.0, 2.0]).value == 3.0


def test_what_was_lost_in_one_round_is_not_made_good_by_the_others() -> None:
    figure = lost("herd: lost", [0, 3, 0])
    assert (figure.value, figure.holds) == (3, False)


def test_ratios_are_taken_round_by_round() -> None:
    assert ratios([10.0, 30.0], [5.0, 10.0]) == [2.0, 3.0]
    with pytest.raises(ValueError, match="longer"):
        ratios([10.0], [5.0, 10.0])


@pytest.mark.parametrize(
    ("goal", "value", "holds"),
    [(at_least(0.6), 0.6, True), (at_least(0.6), 0.59, False), (at_most(0), 0, True), (at_most(0), 1, False)],
)
def test_a_goal_has_a_side(goal: object, value: float, holds: bool) -> None:
    assert Figure("herd", [value], goal=goal).holds is holds  # type: ignore[arg-type]


def test_a_figure_without_a_goal_neither_holds_nor_fails() -> None:
    assert Figure("herd", [1.0]).holds is None


def test_a_hundredth_may_be_slower_than_p99() -> None:
    assert quantile([float(n) for n in range(1, 101)], 0.99) == 99.0
    assert quantile([], 0.99) == math.inf


def test_cpu_is_for_each_message_and_the_longest_stall_of_all_rounds_counts() -> None:
    readings = [Reading(1000, 1.0, 0.5, 20.0, 90.0), Reading(1000, 2.0, 0.7, 80.0, 90.0)]
    figure = of_readings("herd", [reading.rate for reading in readings], readings, unit="/s")
    assert figure.value == 750.0
    assert figure.cpu_ms == pytest.approx(0.6)
    assert figure.stall_ms == 80.0


def test_the_table_names_every_figure_and_marks_what_was_missed() -> None:
    figures = [
        Figure("reached", [1.0], goal=at_least(1)),
        Figure("not reached", [0.5, 0.6, 0.7], goal=at_least(1)),
        Figure("without a goal", [12_345.0], "/s"),
    ]
    _, reached, missed, without, *_, last = table(figures).splitlines()
    assert "ok" in reached.split()
    assert "MISSED" in missed.split()
    assert "0.5 0.6 0.7" in missed
    assert "12,345 /s" in without
    assert last == "goals reached: 1, missed: 1"


def test_the_json_holds_every_figure_with_its_rounds(tmp_path: Path) -> None:
    file = tmp_path / "var" / "bench.json"
    write([Figure("herd", [0.5, 0.7, 0.6], goal=at_least(0.6))], file, people=10)
    written = json.loads(file.read_text("utf-8"))
    [figure] = written["figures"]
    assert figure["people"] == 10
    assert figure["name"] == "herd"
    assert figure["rounds"] == [0.5, 0.7, 0.6]
    assert (figure["value"], figure["holds"]) == (0.6, True)
    assert figure["goal"] == {"side": "≥", "bound": 0.6}


def test_what_was_measured_before_stays_in_the_json_until_it_is_measured_anew(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    write([Figure("herd", [1.0]), Figure("taps", [2.0])], file, at="yesterday")
    write([Figure("taps", [3.0])], file, at="today")
    found = json.loads(file.read_text("utf-8"))["figures"]
    assert [(each["name"], each["value"], each["at"]) for each in found] == [
        ("herd", 1.0, "yesterday"),
        ("taps", 3.0, "today"),
    ]


def test_an_answer_that_never_came_misses_its_goal_and_is_null_in_the_json(tmp_path: Path) -> None:
    figure = Figure("card", [math.inf], "ms", at_most(100))
    file = tmp_path / "bench.json"
    write([figure], file)
    [written] = json.loads(file.read_text("utf-8"), parse_constant=pytest.fail)["figures"]
    assert (written["value"], written["rounds"], written["holds"]) == (None, [None], False)
    assert "MISSED" in table([figure])
