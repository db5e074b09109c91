"""From what is stored to the days that the detector reads."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.escalation.noticing.look import look_at
from bot.escalation.noticing.record import (
    Amount,
    Answered,
    DoseSeen,
    Record,
    Said,
    Statement,
    Taken,
    days_of,
    dose_changes,
    rhythm,
)
from bot.escalation.recurrence.days import Doses
from bot.escalation.recurrence.policy import shipped_policy
from scheduler.timing import (
    Daily,
    EveryNDays,
    EveryNWeeks,
    Interval,
    MonthDays,
    PerWeekday,
    Timing,
    Weekly,
)
from storage.vocabulary import DoseState, SkipReason

FIRST = date(2026, 3, 1)
MORNING, TWICE = Daily((time(8),)), Daily((time(8), time(20)))


def on(number: int) -> date:
    """1 is the first day."""
    return FIRST + timedelta(days=number - 1)


def taken(*versions: tuple[int, str, Timing], stopped: int | None = None) -> Taken:
    amounts = tuple(Amount(on(day), amount, timing) for day, amount, timing in versions)
    return Taken(amounts, on(stopped) if stopped is not None else None)


def changes(*medicines: Taken, said: tuple[Statement, ...] = ()) -> list[int]:
    found = dose_changes(Record(medicines=medicines, statements=said))
    return sorted((day - FIRST).days + 1 for day in found)


def test_a_check_in_becomes_a_day_and_what_was_not_answered_stays_missing() -> None:
    record = Record(
        checkins=[
            Answered(on(1), {"down": 4, "interest": 6, "restless": 3, "energy": 2, "sleep": 1}),
            Answered(on(3), {"heavy": 7}),
            Answered(on(4), {"down": 4}),
        ]
    )
    days, _ = days_of(record, on(5), 21)
    assert [day.core for day in days] == [5.0, None, 7.0, None, None]
    assert [day.restless for day in days] == [3.0, None, None, None, None]
    assert [day.date for day in days] == [on(n) for n in range(1, 6)]


def test_doses_are_counted_by_what_is_known_of_them() -> None:
    states = [
        (DoseState.TAKEN, None),
        (DoseState.SKIPPED, SkipReason.OTHER),
        (DoseState.MISSED, None),
        (DoseState.UNKNOWN, None),
        (DoseState.OPEN, None),
        (DoseState.WITHDRAWN, None),
        (DoseState.SKIPPED, SkipReason.ADVISED),
    ]
    record = Record(doses=[DoseSeen(on(1), state, reason) for state, reason in states])
    [day], _ = days_of(record, on(1), 21)
    assert day.doses == Doses(due=4, answered=2, taken=1, missed=1)


def test_of_two_questionnaires_on_one_day_the_higher_sum_counts() -> None:
    [day], _ = days_of(Record(phq=[(on(1), 4), (on(1), 11), (on(1), 7)]), on(1), 21)
    assert day.phq == 11


def test_a_sum_of_zero_is_zero() -> None:
    [day], _ = days_of(Record(phq=[(on(1), 0)]), on(1), 21)
    assert day.phq == 0


def test_a_change_within_the_days_marks_its_day_and_one_before_them_is_declared() -> None:
    medicine = taken(
        (-20, "25 mg", MORNING), (-5, "50 mg", MORNING), (1, "75 mg", MORNING), (3, "100 mg", MORNING)
    )
    record = Record(checkins=[Answered(on(1), {"heavy": 2})], medicines=[medicine])
    days, declared = days_of(record, on(4), 21)
    assert [day.dose_changed for day in days] == [True, False, True, False]
    assert declared.stable_since == on(-5)


def test_the_persons_last_word_about_their_usual_is_declared() -> None:
    said = [Statement(Said.USUAL_FROM, on(n), on(n)) for n in (2, 3)]
    _, declared = days_of(Record(checkins=[Answered(on(1), {"heavy": 2})], statements=said), on(4), 21)
    assert declared.usual_from == on(3)


def test_days_that_were_chosen_as_usual_are_taken_as_a_whole() -> None:
    chosen = [Statement(Said.USUAL_FROM, on(1), on(29)), Statement(Said.USUAL, on(29), on(29))]
    anew = [Statement(Said.USUAL_FROM, on(29), on(29)), Statement(Said.USUAL, on(57), on(57))]
    for said, whole in ((chosen, True), (anew, False), (chosen[:1], False), ([], False)):
        assert days_of(Record(statements=said), on(60), 21)[1].usual_chosen is whole
    halves = [Answered(on(n), {"heavy": 3 if n < 15 else 6}) for n in range(1, 29)]
    for said, mean in ((chosen, 4.5), (chosen[:1], 3.0)):
        days, declared = days_of(Record(checkins=halves, statements=said), on(28), 21)
        baseline = look_at(days, declared, shipped_policy()).baseline
        assert baseline is not None
        assert baseline.mean == mean


def test_nothing_known_makes_no_days() -> None:
    assert days_of(Record(), on(1), 21)[0] == []


class TestDoseChanges:
    def test_another_amount_is_a_change(self) -> None:
        assert changes(taken((1, "50 mg", MORNING), (30, "100 mg", MORNING))) == [30]

    def test_each_step_of_a_taper_is_one(self) -> None:
        steps = taken((1, "50 mg", MORNING), (30, "25 mg", MORNING), (44, "12.5 mg", MORNING), stopped=58)
        assert changes(steps) == [30, 44, 58]

    def test_another_spelling_or_another_hour_is_none(self) -> None:
        later = Daily((time(9, 30),))
        assert changes(taken((1, "50 mg", MORNING), (30, "50MG", MORNING), (40, "50 mg", later))) == []

    def test_twice_a_day_is_another_dose(self) -> None:
        assert changes(taken((1, "50 mg", MORNING), (30, "50 mg", TWICE))) == [30]

    def test_so_are_as_many_days_of_another_kind(self) -> None:
        weekly = Weekly(frozenset({0, 3}), (time(8),))
        monthly = MonthDays(frozenset({1, 15}), (time(8),))
        assert changes(taken((1, "50 mg", weekly), (30, "50 mg", monthly))) == [30]

    def test_a_slip_that_was_mended_on_the_same_day_is_none(self) -> None:
        assert changes(taken((1, "500 mg", MORNING), (1, "50 mg", MORNING))) == []

    def test_what_is_written_down_in_the_first_week_was_taken_before(self) -> None:
        assert changes(taken((1, "a", MORNING)), taken((8, "b", MORNING)), taken((9, "c", MORNING))) == [9]

    def test_the_persons_word_counts_too(self) -> None:
        said = (
            Statement(Said.STABLE_SINCE, on(5), on(8)),
            Statement(Said.DOSE_CHANGED, on(10), on(12)),
            Statement(Said.USUAL, on(12), on(12)),
        )
        assert changes(taken((1, "50 mg", MORNING)), said=said) == [5, 10]

    def test_a_later_word_about_the_last_change_overrules_those_before(self) -> None:
        wrong, right = (
            Statement(Said.STABLE_SINCE, on(20), on(21)),
            Statement(Said.STABLE_SINCE, on(5), on(22)),
        )
        assert changes(taken((1, "50 mg", MORNING)), said=(wrong, right)) == [5]

    def test_the_same_for_a_year_or_longer_is_no_change_at_all(self) -> None:
        wrong, right = (
            Statement(Said.STABLE_SINCE, on(20), on(21)),
            Statement(Said.STABLE_LONG, on(-343), on(22)),
        )
        assert changes(taken((1, "50 mg", MORNING)), said=(wrong, right)) == []
        record = Record(checkins=[Answered(on(1), {"heavy": 2})], statements=[wrong, right])
        assert days_of(record, on(30), 21)[1].stable_since == on(-343)

    def test_there_and_back_within_a_day_is_none(self) -> None:
        assert changes(taken((1, "50 mg", MORNING), (30, "500 mg", MORNING), (30, "50 mg", MORNING))) == []

    def test_one_from_before_the_record_is_declared(self) -> None:
        record = Record(
            checkins=[Answered(on(1), {"heavy": 2})],
            statements=[Statement(Said.STABLE_SINCE, on(-90), on(1))],
        )
        days, declared = days_of(record, on(1), 21)
        assert declared.stable_since == on(-90)
        assert not any(day.dose_changed for day in days)


class TestHelped:
    def helped(self, *said: Statement, changed: int | None = None) -> list[int]:
        change = (Statement(Said.DOSE_CHANGED, on(changed), on(changed)),) if changed else ()
        record = Record(checkins=[Answered(on(1), {"heavy": 2})], statements=[*said, *change])
        days, _ = days_of(record, on(60), 21)
        return [number for number, day in enumerate(days, 1) if day.helped]

    def test_for_months_already_counts_from_the_day_it_is_said(self) -> None:
        assert self.helped(Statement(Said.HELPED_SINCE, on(-100), on(10))) == [10]

    def test_since_two_weeks_counts_a_week_later(self) -> None:
        assert self.helped(Statement(Said.HELPED_SINCE, on(1), on(15))) == [22]

    def test_a_change_of_dose_meanwhile_takes_it_away(self) -> None:
        assert self.helped(Statement(Said.HELPED_SINCE, on(1), on(15)), changed=20) == []
        assert self.helped(Statement(Said.HELPED_SINCE, on(1), on(15)), changed=30) == [22]

    def test_a_change_on_the_day_it_helps_since_is_the_one_that_helped(self) -> None:
        assert self.helped(Statement(Said.HELPED_SINCE, on(5), on(15)), changed=5) == [26]
        assert self.helped(Statement(Said.HELPED_SINCE, on(1), on(15)), changed=22) == []

    def test_words_before_and_after_it_are_other_words(self) -> None:
        not_yet, helped = (
            Statement(Said.NOT_HELPED, on(2), on(2)),
            Statement(Said.HELPED_SINCE, on(1), on(15)),
        )
        assert self.helped(not_yet, helped) == [22]
        assert self.helped(not_yet, helped, Statement(Said.NOT_HELPED, on(15), on(15))) == []
        later = Statement(Said.NOT_HELPED, on(40), on(40))
        assert self.helped(not_yet, helped, later) == []
        assert self.helped(not_yet, helped, later, changed=30) == [22], "that is said of another dose"

    def test_so_does_another_word(self) -> None:
        helped = Statement(Said.HELPED_SINCE, on(1), on(15))
        assert self.helped(helped, Statement(Said.NOT_HELPED, on(18), on(18))) == []


def test_the_last_word_about_the_usual_time_counts() -> None:
    said = [Statement(Said.USUAL_FROM, on(5), on(5)), Statement(Said.USUAL_FROM, on(2), on(9))]
    _, declared = days_of(Record(statements=said), on(20), 21)
    assert declared.usual_from == on(2)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (MORNING, Daily((time(22),)), True),
        (MORNING, TWICE, False),
        (Weekly(frozenset({0, 3}), (time(8),)), Weekly(frozenset({1, 4}), (time(9),)), True),
        (Weekly(frozenset({0, 3}), (time(8),)), Weekly(frozenset({0}), (time(8),)), False),
        (EveryNDays(2, FIRST, (time(8),)), EveryNDays(2, on(2), (time(8),)), True),
        (EveryNDays(2, FIRST, (time(8),)), EveryNDays(3, FIRST, (time(8),)), False),
        (
            Interval(8, datetime(2026, 3, 1, 8, tzinfo=UTC)),
            Interval(8, datetime(2026, 3, 1, 9, tzinfo=UTC)),
            True,
        ),
        (
            Interval(6, datetime(2026, 3, 1, 8, tzinfo=UTC), "due", (time(7), time(23))),
            Interval(6, datetime(2026, 3, 1, 8, tzinfo=UTC), "due", (time(6), time(22))),
            True,
        ),
        (
            Interval(6, datetime(2026, 3, 1, 8, tzinfo=UTC), "due", (time(7), time(23))),
            Interval(6, datetime(2026, 3, 1, 8, tzinfo=UTC)),
            False,
        ),
        (MORNING, PerWeekday(((time(8),),) * 5 + ((time(10),),) * 2), True),
        (MORNING, PerWeekday(((time(8),),) * 5 + ((time(10), time(20)),) * 2), False),
        (
            Weekly(frozenset({0, 3}), (time(8),)),
            PerWeekday(((time(9),), (), (time(10),), (), (), (), ())),
            True,
        ),
        (
            PerWeekday(((time(8), time(20)),) * 5 + ((time(10),),) * 2),
            PerWeekday(((time(10),),) * 2 + ((time(8), time(20)),) * 5),
            True,
        ),
        (
            EveryNWeeks(2, frozenset({0}), FIRST, (time(8),)),
            EveryNWeeks(2, frozenset({1}), on(9), (time(9),)),
            True,
        ),
        (
            EveryNWeeks(2, frozenset({0}), FIRST, (time(8),)),
            EveryNWeeks(3, frozenset({0}), FIRST, (time(8),)),
            False,
        ),
    ],
)
def test_how_often_is_the_dose_and_when_is_not(one: Timing, other: Timing, same: bool) -> None:
    assert (rhythm(one) == rhythm(other)) is same
