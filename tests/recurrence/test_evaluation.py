"""`evenkeel evaluate`: what it reads, what it refuses, and that it says what the bot would see."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.escalation.recurrence.days import Doses
from bot.escalation.recurrence.policy import shipped_policy
from bot.evaluation import FileRefused, as_line, events, policy_for, read_people, summary_of

HEAD = "person,date,down,interest\n"
WITH_PHQ = "person,date,down,interest,phq9\n"


def csv_of(*scores: float | None, person: str = "a", more: str = "") -> str:
    """One row a day of January and after; both items alike."""
    rows = []
    for number, score in enumerate(scores):
        cell = "" if score is None else f"{score:g}"
        rows.append(f"{person},2026-{1 + number // 28:02}-{1 + number % 28:02},{cell},{cell}{more}")
    return "\n".join(rows) + "\n"


def lines_of(text: str) -> list[dict[str, Any]]:
    policy = shipped_policy()
    people = read_people(text.splitlines(keepends=True))
    return [json.loads(as_line(person, event, policy)) for person, event in events(people, policy)]


HEAVY = [2.0] * 28 + [6.0] * 6


def test_one_line_for_each_change_of_state_with_its_numbers() -> None:
    started, watch, concern = lines_of(HEAD + csv_of(*HEAVY))
    assert started | {"reasons": []} == {
        "person": "a", "date": "2026-01-01", "event": "not_enough_data", "class": None, "z": None,
        "baseline_mean": None, "baseline_sd": None, "reasons": [],
    }  # fmt: skip
    assert (watch["date"], watch["event"], watch["class"]) == ("2026-02-03", "watch", None)
    assert (concern["event"], concern["class"]) == ("concern", "unknown_adherence")
    assert (concern["baseline_mean"], concern["baseline_sd"]) == (2.0, 1.0)
    assert watch["z"] == pytest.approx(2 + 4 * (1 - 0.85**3), abs=1e-4)
    assert "nothing is known of doses" in concern["reasons"]


def test_with_doses_the_class_is_known() -> None:
    head = "person,date,down,interest,doses_due,doses_taken,doses_answered,dose_changed,phq9\n"
    taken, missed = (lines_of(head + csv_of(*HEAVY, more=f",2,{n},2,,"))[-1] for n in (2, 1))
    assert (taken["event"], taken["class"]) == ("concern", "breakthrough")
    assert (missed["event"], missed["class"]) == ("concern", "missed_doses")


def test_a_file_without_a_column_of_answers_knows_every_dose() -> None:
    [days] = read_people(
        ["person,date,down,interest,doses_due,doses_taken\n", "a,2026-01-01,1,1,2,1\n"]
    ).values()
    assert days[0].doses == Doses(due=2, answered=2, taken=1)


def test_rows_may_come_in_any_order_and_people_mixed() -> None:
    rows = csv_of(*HEAVY).splitlines(keepends=True) + csv_of(*HEAVY, person="b").splitlines(keepends=True)
    found = lines_of(HEAD + "".join(reversed(rows)))
    assert [(line["person"], line["event"]) for line in found] == [
        (person, event) for person in "ba" for event in ("not_enough_data", "watch", "concern")
    ]


def test_the_names_of_columns_may_be_written_in_capitals() -> None:
    assert read_people(["Person,DATE, Down,interest", "a,2026-01-01,2,4"]) == read_people(
        ["person,date,down,interest", "a,2026-01-01,2,4"]
    )


def test_an_empty_cell_is_no_answer() -> None:
    days = read_people([HEAD, "a,2026-01-01,3,\n", "a,2026-01-02,3,4\n"])["a"]
    assert [day.core for day in days] == [None, 3.5]


def test_the_length_of_the_baseline_can_be_set() -> None:
    policy = policy_for(14)
    assert (policy.baseline.days, policy.baseline.answers, policy.baseline.provisional_answers) == (
        14,
        10,
        10,
    )
    assert policy_for(None) is shipped_policy()
    people = read_people((HEAD + csv_of(*([2.0] * 14 + [6.0] * 3))).splitlines(keepends=True))
    states = [event.state.value for _, event in events(people, policy, provisional=False)]
    assert states == ["not_enough_data", "watch"]


def test_the_summary_counts_people_answers_and_episodes() -> None:
    people = read_people(
        (HEAD + csv_of(*HEAVY, *([1.0] * 20), *([7.0] * 6)) + csv_of(None, 2.0, person="b")).splitlines(True)
    )
    summary = summary_of(people, events(people, shipped_policy())).as_data()
    assert summary == {"people": 2, "answered_days": 61, "episodes": 2, "episodes_per_30_answers": 0.9836}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: the columns person, date, down, interest are missing"),
        ("person,date,down\n", "line 1: the columns interest are missing"),
        (HEAD.strip() + ",down\n", "line 1: a column stands twice"),
        (HEAD + "a,2026-02-30,1,1\n", "line 2: '2026-02-30' is no date such as 2026-03-01"),
        (HEAD + "a,2026-01-01,11,1\n", "line 2: down is '11'; it must be a number from 0 to 10"),
        (HEAD + "a,9999-12-31,1,1\n", "line 2: 9999-12-31 is not between 1900 and 2200"),
        (HEAD + "a,2026-01-01,x,1\n", "line 2: down is 'x'; it must be a number from 0 to 10"),
        (HEAD + "a,2026-01-01,nan,1\n", "line 2: down is 'nan'; it must be a number from 0 to 10"),
        (HEAD + ",2026-01-01,1,1\n", "line 2: the person is missing"),
        (HEAD + "a,2026-01-01,1\n", "line 2: it has not as many cells as the first line"),
        (HEAD + "a,2026-01-01,1,1,1\n", "line 2: it has not as many cells as the first line"),
        (HEAD + "a,2026-01-01,1,1\na,2026-01-01,2,2\n", "person a has two rows of 2026-01-01"),
        (
            HEAD.strip() + ",doses_due,doses_taken\na,2026-01-01,1,1,1,2\n",
            "line 2: doses_taken may not exceed doses_answered, nor these doses_due",
        ),
        (WITH_PHQ + "a,2026-01-01,1,1,28\n", "line 2: phq9 is '28'; it must be a whole number from 0 to 27"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_people(text.splitlines(keepends=True))
    assert str(refused.value) == words


def test_a_column_that_means_nothing_is_left_out_and_that_is_said() -> None:
    said: list[str] = []
    people = read_people(["person,date,down,interest,moood\n", "a,2026-01-01,1,2,x\n"], said.append)
    assert people["a"][0].core == 1.5
    assert said == ["Columns that mean nothing here are left out: 'moood'."]


def test_a_column_without_a_name_is_left_out_too() -> None:
    said: list[str] = []
    people = read_people([",person,date,down,interest\n", "0,a,2026-01-01,1,2\n"], said.append)
    assert people["a"][0].core == 1.5
    assert said == ["Columns that mean nothing here are left out: ''."]


def evaluate(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bot", "evaluate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_command_prints_lines_of_json_or_a_summary(tmp_path: Path) -> None:
    file = tmp_path / "days.csv"
    file.write_text("\ufeff" + HEAD + csv_of(*HEAVY), encoding="utf-8")
    found = evaluate(str(file))
    assert (found.returncode, found.stderr) == (0, "")
    assert [json.loads(line)["event"] for line in found.stdout.splitlines()] == [
        "not_enough_data", "watch", "concern",
    ]  # fmt: skip
    assert json.loads(evaluate(str(file), "--summary").stdout)["people"] == 1
    assert "watch" not in evaluate(str(file), "--baseline-days", "40", "--no-provisional").stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"person\n", "line 1: the columns"), (b"\xff\xfe\x00", "utf-8"), (None, "cannot be read")],
)
def test_the_command_says_in_a_line_why_it_refuses(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "days.csv"
    if content is not None:
        file.write_bytes(content)
    found = evaluate(str(file))
    assert found.returncode == 2
    assert words in found.stderr
    assert len(found.stderr.splitlines()) == 1
