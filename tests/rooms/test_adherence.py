"""The decision table of adherence, and what holds for any record."""

import random
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.adherence import PERIOD_DAYS, Adherence, DueDose, Share, adherence, bare_days, day_counts
from storage.vocabulary import DoseKind, DoseState, SkipReason
from tests.rooms.tables import rows

TODAY = date(2026, 3, 28)
WINDOW = timedelta(hours=4)
UNPLANNED = {kind.value for kind in DoseKind} - {DoseKind.PLANNED.value}
NEUTRAL = [
    (DoseState.WITHDRAWN, None),
    (DoseState.OPEN, None),
    (DoseState.UNKNOWN, None),
    (DoseState.SKIPPED, SkipReason.ADVISED),
]


def dose(
    day: date,
    state: DoseState,
    reason: SkipReason | None = None,
    minutes: int | None = None,
    kind: DoseKind = DoseKind.PLANNED,
) -> DueDose:
    due = datetime.combine(day, time(8), UTC)
    taken_at = due + timedelta(minutes=minutes) if minutes is not None else None
    return DueDose(1, day, state, due, due + WINDOW, reason, taken_at, kind)


def read(words: str, day: date) -> DueDose:
    """A dose of the table."""
    if found := re.fullmatch(r"taken([+-]\d+)?(\?)?", words):
        return dose(day, DoseState.TAKEN, minutes=None if found[2] else int(found[1] or 0))
    if words in UNPLANNED:
        return dose(day, DoseState.TAKEN, minutes=0, kind=DoseKind(words))
    state, _, reason = words.partition(":")
    why = SkipReason(reason) if reason else SkipReason.OTHER if state == "skipped" else None
    return dose(day, DoseState(state), why)


def record(days: list[str]) -> list[DueDose]:
    """The doses of a row; its last day is today."""
    return [
        read(words, TODAY - timedelta(days=back))
        for back, day in enumerate(reversed(days))
        for words in (day.split(", ") if day != "-" else ())
    ]


def share(words: str) -> Share:
    part, _, of = words.partition(" of ")
    return Share(int(part), int(of))


@rows("adherence.toml", "adherence")
def test_what_the_doses_come_to(row: dict[str, Any]) -> None:
    none = "0 of 0"
    assert adherence(record(row["days"]), TODAY) == Adherence(
        taking=share(row.get("taking", none)),
        correct_dosing=share(row.get("correct_dosing", none)),
        timing=share(row.get("timing", none)),
        longest_gap=row.get("gap", 0),
        unknown=row.get("unknown", 0),
        untimed=row.get("untimed", 0),
        over_use=row.get("over_use", 0),
        as_needed=row.get("as_needed", 0),
    )


def test_a_short_window_leaves_less_room_before_it() -> None:
    """What is due every few hours is not in time two hours early."""
    due = datetime.combine(TODAY, time(8), UTC)
    early = due - timedelta(minutes=70)
    short = DueDose(1, TODAY, DoseState.TAKEN, due, due + timedelta(hours=1), None, early)
    assert adherence([short], TODAY).timing == Share(0, 1)


@pytest.mark.parametrize(
    ("part", "of", "percent"), [(0, 0, None), (0, 3, 0), (2, 3, 67), (399, 400, 99), (400, 400, 100)]
)
def test_a_percentage_is_whole_and_never_more_than_it_is(part: int, of: int, percent: int | None) -> None:
    assert Share(part, of).percent == percent


doses = st.builds(
    dose,
    st.integers(0, PERIOD_DAYS + 5).map(lambda back: TODAY - timedelta(days=back)),
    st.sampled_from(DoseState),
    st.none() | st.sampled_from(SkipReason),
    st.none() | st.integers(-600, 600),
    st.sampled_from([DoseKind.PLANNED, *DoseKind]),
)
records = st.lists(doses, max_size=60)


@given(records)
def test_no_figure_is_out_of_bounds(record: list[DueDose]) -> None:
    found = adherence(record, TODAY)
    for figure in (found.taking, found.correct_dosing, found.timing):
        assert 0 <= figure.part <= figure.of
        assert (figure.percent is None) == (figure.of == 0)
    assert found.timing.of + found.untimed == found.taking.part
    assert 0 <= found.longest_gap <= found.correct_dosing.of
    assert found.taking.of + found.unknown <= len(record)
    assert found.longest_gap == 0 or found.taking.part < found.taking.of


@given(records, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(record: list[DueDose], chance: random.Random) -> None:
    mixed = chance.sample(record, len(record))
    assert adherence(mixed, TODAY) == adherence(record, TODAY)


@given(records, st.sampled_from(NEUTRAL), st.integers(0, PERIOD_DAYS - 1))
def test_what_is_left_out_changes_no_share_of_doses(
    record: list[DueDose], neutral: tuple[DoseState, SkipReason | None], back: int
) -> None:
    before = adherence(record, TODAY)
    after = adherence([*record, dose(TODAY - timedelta(days=back), *neutral)], TODAY)
    assert (after.taking, after.timing) == (before.taking, before.timing)
    assert after.correct_dosing.part <= before.correct_dosing.part
    assert after.longest_gap <= before.longest_gap


@given(records)
def test_what_was_not_planned_changes_no_figure_but_its_own(record: list[DueDose]) -> None:
    planned = [dose for dose in record if dose.kind is DoseKind.PLANNED]
    found, without = adherence(record, TODAY), adherence(planned, TODAY)
    assert (without.over_use, without.as_needed) == (0, 0)
    assert replace(found, over_use=0, as_needed=0) == without
    assert bare_days(day_counts(record)) == bare_days(day_counts(planned))


@given(records)
def test_a_record_without_a_gap_has_no_bare_day(record: list[DueDose]) -> None:
    recent = [dose for dose in record if TODAY - dose.day < timedelta(days=PERIOD_DAYS)]
    assert (adherence(record, TODAY).longest_gap == 0) == (not bare_days(day_counts(recent)))
    assert bare_days(day_counts(recent)) == sorted(set(bare_days(day_counts(recent))))


@given(records)
def test_one_more_dose_taken_never_makes_it_worse(record: list[DueDose]) -> None:
    before = adherence(record, TODAY)
    after = adherence([*record, dose(TODAY, DoseState.TAKEN, minutes=0)], TODAY)
    assert after.taking.part == before.taking.part + 1
    assert after.longest_gap <= before.longest_gap
