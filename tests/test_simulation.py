"""What a phrase would mean in the next days, on paper."""

import json
from datetime import date, time

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.simulation import LONGEST_DAYS, SimulationRefused, as_json, as_table, simulate, simulate_plan


def test_the_night_when_the_clock_moves_forward_is_told_on_a_line_of_its_own() -> None:
    rows = simulate("every day at 02:30", "Europe/Rome", date(2026, 3, 28), 3)
    assert as_table(rows) == "\n".join(
        (
            "slot              due (UTC)         note",
            "2026-03-28 02:30  2026-03-28 01:30",
            "-- 2026-03-29: the clock moves forward 1 h, from 02:00 to 03:00 --",
            "2026-03-29 02:30  2026-03-29 01:30  clock moves forward 1 h: 02:30 is skipped, due at 03:30",
            "2026-03-30 02:30  2026-03-30 00:30",
        )
    )


def test_the_night_when_the_clock_goes_back_has_one_dose_at_the_first_showing() -> None:
    rows = simulate("02:30", "Europe/Rome", date(2026, 10, 24), 3)
    assert [row.note for row in rows] == ["", "clock goes back 1 h, first showing", ""]
    assert "the clock goes back 1 h, from 03:00 to 02:00" in as_table(rows).splitlines()[3]


def test_a_clock_change_after_the_last_dose_is_told_as_well() -> None:
    rows = simulate("sat 9:00", "Europe/Rome", date(2026, 3, 28), 2)
    assert as_table(rows).endswith("from 02:00 to 03:00 --")


def test_half_an_hour_at_lord_howe_and_a_dose_pushed_over_midnight_in_nuuk() -> None:
    lord_howe = simulate("2:10", "Australia/Lord_Howe", date(2026, 10, 4), 1)
    assert lord_howe[0].note == "clock moves forward 30 min: 02:10 is skipped, due at 02:40"
    nuuk = simulate("23:15", "America/Nuuk", date(2024, 3, 30), 1)
    assert nuuk[0].note == "clock moves forward 1 h: 23:15 is skipped, due at 00:15 on 2024-03-31"


def test_two_slots_that_meet_are_one_message() -> None:
    rows = simulate("2:10, 3:10", "Europe/Rome", date(2026, 3, 29), 1)
    assert [row.note.rpartition("; ")[2] for row in rows] == [
        "one message with 03:10",
        "one message with 02:10",
    ]


def test_every_eight_hours_counts_from_midnight_of_the_first_day_or_from_the_time_that_is_named() -> None:
    rows = simulate("every 8 hours", "Europe/Rome", date(2026, 10, 24), 2)
    assert [f"{row.slot_time:%H:%M}" for row in rows] == [
        "00:00",
        "08:00",
        "16:00",
        "00:00",
        "07:00",
        "15:00",
        "23:00",
    ]
    rows = simulate("every 12 hours from 6:00", "UTC", date(2026, 1, 1), 1)
    assert [f"{row.slot_time:%H:%M}" for row in rows] == ["06:00", "18:00"]


def test_an_hour_that_shows_twice_may_hold_a_dose_in_its_second_showing() -> None:
    rows = simulate("every 3 hours", "Europe/Rome", date(2026, 10, 25), 1)
    assert rows[1].note == "clock goes back 1 h, second showing"


def test_samoa_skips_the_day_that_never_was_even_as_the_first_day() -> None:
    rows = simulate("8:00", "Pacific/Apia", date(2011, 12, 28), 4)
    assert [row.slot_date.day for row in rows] == [28, 29, 31]
    assert simulate("every 8 hours", "Pacific/Apia", date(2011, 12, 30), 2)[0].slot_date == date(2011, 12, 31)
    assert simulate("8:00", "Pacific/Apia", date(2011, 12, 30), 1) == []


def test_every_kind_of_phrase_has_its_days() -> None:
    def days_of(phrase: str, days: int) -> list[str]:
        rows = simulate(phrase, "Europe/Rome", date(2026, 1, 30), days)
        return [f"{row.slot_date:%m-%d} {row.slot_time:%H:%M}" for row in rows]

    assert days_of("8am, weekends 10am", 3) == ["01-30 08:00", "01-31 10:00", "02-01 10:00"]
    assert days_of("31st 9:00", 60) == ["01-31 09:00", "02-28 09:00"]
    assert days_of("every 2 weeks on sun 9am", 20) == ["02-01 09:00", "02-15 09:00"]
    assert days_of("2 days on, 3 days off 8:00", 7) == [
        "01-30 08:00",
        "01-31 08:00",
        "02-04 08:00",
        "02-05 08:00",
    ]
    assert days_of("every 6 hours between 7:00 and 23:00", 1) == ["01-30 07:00", "01-30 13:00", "01-30 19:00"]
    assert days_of("every 8 hours after taking", 1) == ["01-30 00:00", "01-30 08:00", "01-30 16:00"]
    assert days_of("as needed, at most 3 a day", 14) == []


def test_a_phrase_with_a_first_and_a_last_day_has_doses_on_these_and_between() -> None:
    def days_of(phrase: str) -> list[int]:
        return [row.slot_date.day for row in simulate(phrase, "UTC", date(2026, 3, 1), 10)]

    assert days_of("8am from 4 March until 6 March") == [4, 5, 6]
    assert days_of("mon 8am for 8 days") == [2, 9]  # counted from the first dose
    assert days_of("8am from 4 March for 2 days") == [4, 5]
    assert days_of("8am from 20 March") == []


def test_the_day_of_somebody_who_works_at_night_ends_when_they_say() -> None:
    rows = simulate("1:30, 22:00", "Europe/Rome", date(2026, 3, 28), 1, day_ends=time(4))
    assert [(row.slot_date.day, f"{row.slot_time:%H:%M}") for row in rows] == [(28, "22:00"), (28, "01:30")]
    assert rows[1].note == "after midnight, on 2026-03-29"
    assert f"{rows[1].due_at_utc:%d %H:%M}" == "29 00:30"
    skipped = simulate("2:30", "Europe/Rome", date(2026, 3, 28), 1, day_ends=time(4))
    assert skipped[0].note == (
        "after midnight, on 2026-03-29; clock moves forward 1 h: 02:30 is skipped, due at 03:30"
    )
    with pytest.raises(SimulationRefused, match=r"from 00:00 to 06:00"):
        simulate("2:30", "Europe/Rome", date(2026, 3, 28), 1, day_ends=time(6, 1))


def test_an_amount_that_is_named_stands_on_every_row() -> None:
    rows = simulate("8am", "UTC", date(2026, 1, 1), 2, amount="12.5 mg")
    assert as_table(rows).splitlines() == [
        "slot              due (UTC)         amount   note",
        "2026-01-01 08:00  2026-01-01 08:00  12.5 mg",
        "2026-01-02 08:00  2026-01-02 08:00  12.5 mg",
    ]
    assert [row["amount"] for row in json.loads(as_json(rows))] == ["12.5 mg", "12.5 mg"]
    with pytest.raises(SimulationRefused, match="64 characters"):
        simulate("8am", "UTC", date(2026, 1, 1), 2, amount="m" * 65)


def test_ten_years_can_be_seen_and_not_a_day_more_on_the_command_line_either() -> None:
    assert len(simulate("8am", "Europe/Rome", date(2026, 1, 1), LONGEST_DAYS)) == LONGEST_DAYS
    command = ["simulate", "8am", "--from", "2026-01-01"]
    seen = CliRunner().invoke(app, [*command, "--days", str(LONGEST_DAYS), "--json"])
    assert len(json.loads(seen.stdout)) == LONGEST_DAYS
    for more in (["--days", str(LONGEST_DAYS + 1)], ["--until", "2036-01-09"]):
        assert CliRunner().invoke(app, [*command, *more]).exit_code != 0


def test_the_command_line_takes_the_last_day_instead_of_the_number_of_days() -> None:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["simulate", "1:00", "--from", "2026-01-30", "--json", *arguments])

    rows = json.loads(run("--until", "2026-02-01", "--amount", "5 mg", "--day-ends", "03:00").stdout)
    assert [row["slot_date"] for row in rows] == ["2026-01-30", "2026-01-31", "2026-02-01"]
    assert rows[0] == {
        "slot_date": "2026-01-30",
        "slot_time": "01:00",
        "due_at_utc": "2026-01-31T01:00:00Z",
        "amount": "5 mg",
    }
    assert run("--until", "2026-01-29").exit_code != 0
    assert run("--until", "2026-02-01", "--days", "3").exit_code != 0
    assert run("--day-ends", "soon").exit_code != 0
    assert len(json.loads(run().stdout)) == 14


def test_the_steps_of_a_plan_have_their_amounts_in_turns() -> None:
    steps = ["--step", "2026-03-01: 50 mg: 8am", "--step", "2026-03-03: 12,5 mg, 25 mg: 8:30"]
    seen = CliRunner().invoke(app, ["simulate", *steps, "--from", "2026-03-02", "--days", "3", "--json"])
    rows = json.loads(seen.stdout)
    assert [(row["slot_date"], row["slot_time"], row["amount"]) for row in rows] == [
        ("2026-03-02", "08:00", "50 mg"),
        ("2026-03-03", "08:30", "12,5 mg"),
        ("2026-03-04", "08:30", "25 mg"),
    ]


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        (["2026-03-01 50 mg 8am"], "written like this"),
        (["1 March: 50 mg: 8am"], "YYYY-MM-DD"),
        (["2026-03-01: ...: 8am"], "from 1 to 8 amounts"),
        (["2026-03-01: 50 mg: soon"], "no time of day"),
        (["2026-03-01: 50 mg: 8"], "morning or in the evening"),
        (["2026-03-01: 50 mg: 8am until 3 March"], "its times only"),
        (["2026-03-01: 50 mg: as needed"], "by itself"),
        (["2026-03-02: 50 mg: 8am", "2026-03-01: 25 mg: 8am"], "later than the one before"),
    ],
)
def test_steps_that_make_no_plan_are_refused_in_a_sentence(steps: list[str], why: str) -> None:
    with pytest.raises(SimulationRefused, match=why):
        simulate_plan(steps, "UTC", date(2026, 3, 1))


@pytest.mark.parametrize(
    "words", [[], ["8am", "--step", "2026-03-01: 1: 8am"], ["--step", "2026-03-01: 1: 8am", "--amount", "2"]]
)
def test_the_command_line_takes_a_phrase_or_steps(words: list[str]) -> None:
    seen = CliRunner().invoke(app, ["simulate", *words])
    assert seen.exit_code != 0
    assert "steps of a plan" in seen.output


def test_a_fortnight_is_the_usual_span() -> None:
    rows = simulate("every day at 8am and 8pm", "Asia/Tokyo", date(2026, 1, 1))
    assert len(rows) == 28
    assert (rows[0].slot_date, rows[-1].slot_date) == (date(2026, 1, 1), date(2026, 1, 14))


def test_days_without_a_dose_say_so() -> None:
    assert as_table(simulate("sundays 9:00", "UTC", date(2026, 11, 23), 3)) == "No dose is due in these days."


def test_the_json_names_slot_and_instant_and_no_amount_when_none_was_named() -> None:
    assert json.loads(as_json(simulate("8am", "Europe/Rome", date(2026, 1, 1), 1))) == [
        {
            "slot_date": "2026-01-01",
            "slot_time": "08:00",
            "due_at_utc": "2026-01-01T07:00:00Z",
            "amount": None,
        }
    ]


@pytest.mark.parametrize(
    ("phrase", "sentence"),
    [
        ("8", "“8” may be in the morning or in the evening: write “08:00” or “20:00”."),
        (
            "mondays at 9",
            "“9” may be in the morning or in the evening: write “Monday 09:00” or “Monday 21:00”.",
        ),
        (
            "every 2 days at 9",
            "“9” may be in the morning or in the evening: "
            "write “every 2 days 09:00” or “every 2 days 21:00”.",
        ),
        (
            "every 8 hours from 6",
            "“6” may be in the morning or in the evening: "
            "write “every 8 hours from 06:00” or “every 8 hours from 18:00”.",
        ),
        ("alle 8 ore", "A part of the phrase is not understood."),
        ("twice a day", "The phrase names no time of day."),
        (
            "every 2 hours",
            "Doses can be from 3 to 744 hours apart, or from 1 to 366 days, or from 1 to 52 weeks.",
        ),
        (
            "8am from 15 December",
            "“15 december” may be meant in more than one way: "
            "write “08:00 from 2025-12-15” or “08:00 from 2026-12-15”.",
        ),
        (
            "mon 9, tue 10am",
            "“9” may be in the morning or in the evening: "
            "write “Monday 09:00; Tuesday 10:00” or “Monday 21:00; Tuesday 10:00”.",
        ),
        ("", "The phrase is empty."),
    ],
)
def test_a_phrase_that_is_not_clear_is_refused_in_a_sentence(phrase: str, sentence: str) -> None:
    with pytest.raises(SimulationRefused) as refused:
        simulate(phrase, "Europe/Rome", date(2026, 1, 1))
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("zone_key", "days", "year"),
    [("Mars/Olympus", 1, 2026), ("UTC", 0, 2026), ("UTC", 3661, 2026), ("UTC", 1, 9999)],
)
def test_a_place_or_a_span_that_cannot_be_is_refused(zone_key: str, days: int, year: int) -> None:
    with pytest.raises(SimulationRefused, match=r"^[A-Z].*\.$"):
        simulate("8:00", zone_key, date(year, 12, 31), days)
