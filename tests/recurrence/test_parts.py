"""The parts of the detector by themselves: baseline, chart, gates, history, and what an event explains."""

import math
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest

from bot.escalation.recurrence.baseline import Usual, baseline_of
from bot.escalation.recurrence.chart import Chart
from bot.escalation.recurrence.classes import Evidence, Pattern, pattern_of
from bot.escalation.recurrence.days import Day, Declared, Doses
from bot.escalation.recurrence.detector import Event, State, detect
from bot.escalation.recurrence.history import History
from bot.escalation.recurrence.policy import PolicyUnusable, read_policy, shipped_policy

POLICY = shipped_policy()
FIRST = date(2026, 1, 1)


def on(number: int) -> date:
    return FIRST + timedelta(days=number - 1)


def day(number: int, core: float | None = None, **more: Any) -> Day:
    return Day(on(number), down=core, interest=core, **more)


class TestBaseline:
    def test_it_is_mean_and_deviation_with_a_floor(self) -> None:
        steady = baseline_of([(on(3), 2.0), (on(1), 2.0)], POLICY.baseline)
        assert (steady.mean, steady.sd, steady.answers, steady.first, steady.last) == (2, 1, 2, on(1), on(3))
        assert not steady.provisional
        lively = baseline_of([(on(1), 0.0), (on(2), 4.0)], POLICY.baseline, provisional=True)
        assert (lively.mean, lively.provisional) == (2, True)
        assert lively.sd == pytest.approx(math.sqrt(8))

    def test_it_forms_on_the_28th_day_with_20_answers_and_never_again(self) -> None:
        usual = Usual(POLICY.baseline, provisional=False)
        formed = [number for number in range(1, 80) if usual.add(on(number), 2.0, quiet=True)]
        assert formed == [28]

    def test_with_too_few_answers_it_waits_until_28_days_hold_20(self) -> None:
        usual = Usual(POLICY.baseline, provisional=False)
        answered = [*range(1, 20), *range(29, 60)]
        formed = [number for number in answered if usual.add(on(number), 2.0, quiet=True)]
        assert formed == [48]  # the days 21 to 48

    def test_the_provisional_one_comes_with_the_14th_answer_and_the_full_one_takes_its_place(self) -> None:
        usual = Usual(POLICY.baseline)
        found = {number: usual.add(on(number), 2.0, quiet=True) for number in range(1, 40)}
        formed = {number: each.provisional for number, each in found.items() if each is not None}
        assert formed == {14: True, 28: False}

    def test_answers_from_before_the_usual_time_are_left_out(self) -> None:
        usual = Usual(POLICY.baseline, on(11), provisional=False)
        formed = [number for number in range(1, 60) if usual.add(on(number), 2.0, quiet=True)]
        assert formed == [38]

    def test_the_usual_time_begins_on_its_day_even_if_the_first_answers_come_later(self) -> None:
        usual = Usual(POLICY.baseline, on(1), provisional=False)
        formed = [number for number in range(5, 60) if usual.add(on(number), 2.0, quiet=True)]
        assert formed == [28]

    def test_what_is_not_quiet_belongs_to_no_usual_time(self) -> None:
        usual = Usual(POLICY.baseline, provisional=False)
        formed = [n for n in range(1, 60) if usual.add(on(n), 2.0, quiet=n != 20)]
        assert formed == [48]

    def test_after_a_change_it_forms_once_more_from_the_days_before(self) -> None:
        usual = Usual(POLICY.baseline, provisional=False)
        usual.move_from(on(50))
        formed = {n: usual.add(on(n), 2.0 if n < 30 else 5.0, quiet=True) for n in range(1, 90)}
        assert [n for n, each in formed.items() if each is not None] == [28, 50]
        again = formed[50]
        assert again is not None
        assert (again.first, again.last, again.answers) == (on(23), on(50), 28)

    def test_a_move_that_is_due_before_there_is_any_baseline_is_used_up_by_the_first(self) -> None:
        usual = Usual(POLICY.baseline, provisional=False)
        usual.move_from(on(5))
        assert [n for n in range(1, 60) if usual.add(on(n), 2.0, quiet=True)] == [28]


class TestChart:
    def chart(self, *, provisional: bool = False) -> Chart:
        usual = [(on(number), 2.0) for number in range(1, 29)]
        return Chart(baseline_of(usual, POLICY.baseline, provisional=provisional), POLICY.chart)

    def test_each_answer_moves_the_average_by_15_hundredths_of_the_way(self) -> None:
        chart = self.chart()
        assert [round(chart.step(6).average, 4) for _ in range(3)] == [2.6, 3.11, 3.5435]

    def test_the_limit_settles_at_three_deviations_of_the_average(self) -> None:
        chart = self.chart()
        limits = [chart.step(2).limit for _ in range(200)]
        assert limits[0] == pytest.approx(2 + 3 * 0.15)
        assert limits[1] == pytest.approx(2 + 3 * math.sqrt(0.15 / 1.85 * (1 - 0.85**4)))
        assert limits[-1] == pytest.approx(2 + 3 * math.sqrt(0.15 / 1.85))

    def test_a_provisional_baseline_has_a_wider_limit(self) -> None:
        assert self.chart(provisional=True).step(2).limit == pytest.approx(2 + 3.5 * 0.15)

    def test_on_the_limit_is_not_above_it(self) -> None:
        chart = self.chart()
        assert not chart.step(5).above  # 2.45 on 2.45
        assert self.chart().step(5.01).above


def evidence(**known: Any) -> Evidence:
    sound = Evidence(due=20, answered=20, taken=20, missed_run=0, stable_days=None, remission=True)
    return Evidence(**{name: known.get(name, getattr(sound, name)) for name in sound.__slots__})


@pytest.mark.parametrize(
    ("known", "pattern"),
    [
        ({}, Pattern.BREAKTHROUGH),
        ({"due": 0, "answered": 0, "taken": 0}, Pattern.UNKNOWN_ADHERENCE),
        ({"answered": 11, "taken": 11}, Pattern.UNKNOWN_ADHERENCE),
        ({"answered": 12, "taken": 12}, Pattern.BREAKTHROUGH),
        ({"taken": 16}, Pattern.BREAKTHROUGH),
        ({"taken": 15}, Pattern.MISSED_DOSES),
        ({"missed_run": 2}, Pattern.BREAKTHROUGH),
        ({"missed_run": 3}, Pattern.MISSED_DOSES),
        ({"stable_days": 41}, Pattern.DOSE_CHANGE),
        ({"stable_days": 42}, Pattern.BREAKTHROUGH),
        ({"remission": False}, Pattern.INADEQUATE_RESPONSE),
        # The first gate that holds names the class.
        ({"answered": 11, "taken": 0, "missed_run": 9}, Pattern.UNKNOWN_ADHERENCE),
        ({"taken": 0, "stable_days": 1, "remission": False}, Pattern.MISSED_DOSES),
        ({"stable_days": 1, "remission": False}, Pattern.DOSE_CHANGE),
    ],
)
def test_the_gates_in_their_order(known: dict[str, Any], pattern: Pattern) -> None:
    assert pattern_of(evidence(**known), POLICY.classes) is pattern


class TestHistory:
    def history(self, *days: Day, declared: Declared | None = None) -> History:
        history = History(POLICY, declared or Declared())
        for each in days:
            history.add(each)
        return history

    def test_answers_of_the_last_ten_days_are_counted(self) -> None:
        history = self.history(*(day(number, 2.0) for number in range(1, 11)))
        assert [history.answers_lately(on(n)) for n in (10, 11, 15, 20)] == [10, 9, 5, 0]

    def test_a_silence_is_counted_in_days_between(self) -> None:
        assert self.history(day(1)).silence(on(9)) == 0
        assert [self.history(day(1, 2.0)).silence(on(n)) for n in (2, 3, 12)] == [0, 1, 10]

    def test_gaps_are_days_without_a_checkin(self) -> None:
        history = self.history(day(1, 2.0), day(2), day(3, 2.0), day(6, 2.0))
        assert [history.gaps(on(first), on(7)) for first in (1, 3, 6)] == [4, 3, 1]

    def test_the_highest_questionnaire_since_a_day_and_the_last_of_a_good_time(self) -> None:
        history = self.history(day(1, phq=4), day(5, phq=3), day(9, phq=12), day(20, phq=7))
        assert [history.phq_since(on(n)) for n in (9, 10, 21)] == [12, 7, None]
        assert [history.phq_when_well(on(n)) for n in (1, 5, 6, 30)] == [None, 4, 3, 3]
        assert self.history(day(1, phq=5)).phq_when_well(on(9)) is None

    def test_doses_are_those_of_two_weeks_before_it_began_until_now(self) -> None:
        days = [day(n, doses=Doses(2, 2, 1)) for n in range(1, 31)]
        found = self.history(*days).evidence(on(20), on(30))
        assert (found.due, found.answered, found.taken) == (50, 50, 25)

    @pytest.mark.parametrize(
        ("doses", "run"),
        [
            ("tnnt", 2), ("nnn", 3), ("ntnn", 2), ("nn?n", 2), ("nn n", 2), ("", 0), ("ttt", 0), ("?", 0),
            ("nn0n", 2), ("0nnn", 3), (" nnn", 3),
        ],
    )  # fmt: skip
    def test_a_run_of_missed_days_ends_with_a_dose_a_silence_or_a_day_without_any(
        self, doses: str, run: int
    ) -> None:
        kinds = {
            "t": Doses(1, 1, 1),
            "n": Doses(1, 1, 0),
            "?": Doses(1, 0, 0),
            " ": None,
            "0": Doses(0, 0, 0),
        }
        days = [day(number, doses=kinds[each]) for number, each in enumerate(doses, 1)]
        assert self.history(*days).evidence(on(1), on(30)).missed_run == run

    def test_how_long_the_dose_is_unchanged(self) -> None:
        assert self.history(day(1)).evidence(on(9), on(9)).stable_days is None
        declared = Declared(stable_since=on(1) - timedelta(days=100))
        assert self.history(day(1), declared=declared).evidence(on(9), on(9)).stable_days == 108
        changed = self.history(day(1), day(5, dose_changed=True), declared=declared)
        assert changed.evidence(on(9), on(9)).stable_days == 4

    @pytest.mark.parametrize(
        ("scores", "well"),
        [([3.0] * 21, True), ([3.0] * 20, False), ([3.01] * 21, False), ([2.0] * 10 + [4.0] * 11, False)],
    )
    def test_three_weeks_of_minimal_symptoms_are_a_remission(self, scores: list[float], well: bool) -> None:
        history = self.history(*(day(number, score) for number, score in enumerate(scores, 1)))
        assert history.evidence(on(30), on(30)).remission is well

    def test_worse_weeks_before_them_do_not_count(self) -> None:
        history = self.history(*(day(n, 8.0 if n <= 30 else 2.0) for n in range(1, 52)))
        assert history.evidence(on(60), on(60)).remission
        changed = (day(n, 8.0 if n < 20 else 2.99, dose_changed=n == 20) for n in range(1, 41))
        assert self.history(*changed).evidence(on(60), on(60)).remission

    def test_twelve_answers_in_three_weeks_tell_enough(self) -> None:
        for answers, well in ((12, True), (11, False)):
            days = [
                day(number, 1.0 if number <= answers - 1 or number == 21 else None) for number in range(1, 22)
            ]
            assert self.history(*days).evidence(on(30), on(30)).remission is well

    def test_a_remission_belongs_to_the_dose_on_which_it_was(self) -> None:
        days = [day(number, 1.0) for number in range(1, 22)]
        assert not self.history(*days, day(22, 1.0, dose_changed=True)).evidence(on(30), on(30)).remission
        after = [day(number, 1.0, dose_changed=number == 22) for number in range(1, 43)]
        assert self.history(*after).evidence(on(50), on(50)).remission

    @pytest.mark.parametrize(("phq", "well"), [(4, True), (5, False)])
    def test_a_low_questionnaire_is_a_remission_too(self, phq: int, well: bool) -> None:
        assert self.history(day(1, 5.0, phq=phq)).evidence(on(3), on(3)).remission is well


def events_of(*scores: float | None, **more: Any) -> list[Event]:
    return list(detect(day(number, score, **more) for number, score in enumerate(scores, 1)))


def test_an_event_explains_itself() -> None:
    *_, watch, concern = events_of(*[2.0] * 28, 6.0, 6.0, None, 6.0, 6.0, 6.0, doses=Doses(1, 1, 1))
    assert (watch.state, watch.date, concern.state, concern.date) == (
        State.WATCH,
        on(32),
        State.CONCERN,
        on(34),
    )
    facts = concern.explanation
    assert (facts.since, facts.gaps, facts.above, facts.of) == (on(29), 1, 5, 7)
    assert (watch.explanation.above, watch.explanation.of, watch.explanation.evidence) == (3, 5, None)
    assert facts.baseline is not None
    assert facts.reasons(POLICY) == [
        "average 4.23, baseline 2.00 (SD 1.00, 28 answers)",
        "5 of the last 7 answers above the limit, which is 2.77 now",
        "since 2026-01-29, with 1 days without an answer",
        "doses: 20 due, 20 answered, 20 taken, longest run of missed days 0",
        "no change of dose on record",
        "three weeks of minimal symptoms on this dose",
        "would be another class if doses were missed, or the dose was changed lately",
    ]


def test_a_questionnaire_since_it_began_is_named() -> None:
    days = [day(n, 2.0 if n < 29 else 6.0, phq={20: 3, 31: 12}.get(n)) for n in range(1, 34)]
    *_, concern, confirmed = detect(days)
    assert (concern.state, confirmed.state) == (State.CONCERN, State.CONFIRMED)
    assert "PHQ 12" in concern.explanation.reasons(POLICY)
    assert not any(
        each.startswith("PHQ") for event in detect(days[:30]) for each in event.explanation.reasons(POLICY)
    )


def test_too_few_answers_are_explained() -> None:
    [event] = events_of(2.0)
    assert event.explanation.reasons(POLICY) == [
        "no baseline yet", "1 answers in the last 10 days, 5 are needed",
    ]  # fmt: skip


def test_restlessness_adds_a_line_and_no_level() -> None:
    days = [day(n, 2.0 if n < 40 else 6.0, restless=1.0 if n < 30 else 9.0) for n in range(1, 46)]
    events = list(detect(days))
    assert [event.date for event in events if event.state is State.WATCH] == [on(43)]
    line = "restlessness is above its limit too; that alone means nothing"
    assert line in events[-1].explanation.reasons(POLICY)


def test_days_that_are_left_out_are_days_without_an_answer() -> None:
    events = list(detect([*(day(n, 2.0) for n in range(1, 29)), day(60, 2.0)]))
    assert [(event.state, event.date) for event in events] == [
        (State.NOT_ENOUGH_DATA, on(1)),
        (State.NOT_ENOUGH_DATA, on(34)),
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("[chart]", "[graph]"), "its parts must be"),
        (lambda text: text.replace("weight = 0.15", ""), r"\[chart\] must hold"),
        (lambda text: text.replace("weight = 0.15", 'weight = "much"'), "weight of .chart. must be a number"),
        (
            lambda text: text.replace("weight = 0.15", "weight = 0"),
            "must be a number above 0",
        ),
        (lambda text: text.replace("phq = 10", "phq = 10.5"), "phq of .confirmed. must be a number"),
        (lambda text: text + "[", "policy.toml: "),
    ],
)
def test_a_policy_that_cannot_be_trusted_is_refused(change: object, words: str) -> None:
    text = (files("bot.escalation.recurrence") / "policy.toml").read_text("utf-8")
    assert callable(change)
    with pytest.raises(PolicyUnusable, match=words):
        read_policy(change(text))
