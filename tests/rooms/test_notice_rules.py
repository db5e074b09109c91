"""What a person is told of their pattern, and when: looked at day by day, as in life."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.quiet import is_quiet
from bot.escalation.noticing.look import Look, look_at
from bot.escalation.noticing.rules import Hours, Step, names_breakthrough, step, wants_questionnaire
from bot.escalation.noticing.told import LEVELS, Kind, Reason, Told, told_from
from bot.escalation.recurrence.classes import Pattern
from bot.escalation.recurrence.days import Day, Declared, Doses
from bot.escalation.recurrence.policy import shipped_policy
from scheduler.localtime import local

POLICY = shipped_policy()
BERLIN = ZoneInfo("Europe/Berlin")
FIRST = date(2026, 1, 1)
EVENING = time(20)
TAKEN, MISSED = Doses(1, 1, 1), Doses(1, 1, 0)
AWAKE = Hours(BERLIN)
STABLE = Declared(stable_since=FIRST - timedelta(days=100))


def at(day: date, clock: time = EVENING) -> datetime:
    return datetime.combine(day, clock, BERLIN).astimezone(UTC)


def number(day: date) -> int:
    """1 is the first day."""
    return (day - FIRST).days + 1


def days(cores: Sequence[float | None], doses: Doses = TAKEN, restless: float | None = None) -> list[Day]:
    return [
        Day(FIRST + timedelta(days=n), down=core, interest=core, restless=restless, doses=doses)
        for n, core in enumerate(cores)
    ]


def live(
    seen: Sequence[Day], told: Sequence[Told] = (), hours: Hours = AWAKE, declared: Declared | None = None
) -> list[Told]:
    """Everything that is told over these days: there is a look after every check-in, and when one is due."""
    known = list(told)
    due: datetime | None = None
    for n, day in enumerate(seen, 1):
        if day.core is None and (due is None or due > at(day.date)):
            continue
        found = step(_look(seen[:n], declared), known, hours, POLICY.notices, at(day.date))
        due = found.next_look
        known += [found.tell] if found.tell is not None else []
    return known[len(told) :]


def _look(seen: Sequence[Day], declared: Declared | None = None) -> Look:
    return look_at(seen, declared or STABLE, POLICY)


def kinds(told: Sequence[Told]) -> list[tuple[int, str]]:
    return [(number(each.on), each.kind.value) for each in told]


USUAL = [2.0] * 28


def test_a_low_time_is_told_as_it_becomes_certain_and_the_name_comes_last() -> None:
    told = live(days([*USUAL, *[6.0] * 30]))
    assert kinds(told) == [(28, "baseline"), (31, "watch"), (33, "concern"), (47, "confirmed")]
    assert [each.pattern for each in told[2:]] == [Pattern.BREAKTHROUGH] * 2


def test_no_class_is_named_while_nobody_knows_for_how_long_the_dose_was_the_same() -> None:
    seen, unsaid = days([*USUAL, *[6.0] * 30]), Declared()
    told = live(seen, declared=unsaid)
    assert [(number(each.on), each.kind.value, each.pattern) for each in told[1:]] == [
        (31, "watch", None),
        (33, "concern", None),
        (47, "confirmed", Pattern.BREAKTHROUGH),  # by then it has been seen for 42 days
    ]
    assert [each.pattern for each in live(seen)[2:]] == [Pattern.BREAKTHROUGH] * 2
    missed = live(days([*USUAL, *[6.0] * 5], MISSED), declared=unsaid)
    assert missed[-1].pattern is Pattern.MISSED_DOSES


def test_a_questionnaire_confirms_at_once_and_is_told_when_the_same_class_may_be_told_again() -> None:
    seen = days([*USUAL, *[6.0] * 20])
    seen[33] = replace(seen[33], phq=15)
    told = live(seen)
    assert kinds(told)[-2:] == [(33, "concern"), (47, "confirmed")]
    assert told[-1].phq == 15


def test_a_questionnaire_that_confirms_nothing_is_not_called_a_sign() -> None:
    seen = days([*USUAL, *[6.0] * 20])
    seen[33] = replace(seen[33], phq=3)
    told = live(seen)
    assert kinds(told)[-1] == (47, "confirmed")
    assert told[-1].phq is None


def test_missed_doses_are_told_as_such() -> None:
    told = live(days([*USUAL, *[6.0] * 5], MISSED))
    assert [(each.kind, each.pattern) for each in told][-1] == (Kind.CONCERN, Pattern.MISSED_DOSES)


def test_that_it_passed_is_told_to_whoever_was_told_of_it() -> None:
    told = live(days([*USUAL, *[6.0] * 5, *[1.0] * 30]))
    assert [each.kind for each in told] == [Kind.BASELINE, Kind.WATCH, Kind.CONCERN, Kind.CLEARED]


def test_nobody_hears_that_something_passed_of_which_they_never_heard() -> None:
    seen = days([*USUAL, *[6.0] * 3, *[1.0] * 30])
    assert step(_look(seen), [_baseline()], AWAKE, POLICY.notices, at(seen[-1].date)) == Step()


def _baseline() -> Told:
    return Told(Kind.BASELINE, FIRST + timedelta(days=27), since=FIRST)


def test_news_of_a_week_ago_are_told_and_older_ones_are_not() -> None:
    seen = days([*USUAL, *[6.0] * 5, *[1.0] * 40])
    told = live(seen[:33])
    cleared = next(each for each in live(seen, told) if each.kind is Kind.CLEARED)
    found = []
    for later in (7, 8):
        day = cleared.on + timedelta(days=later)
        found.append(step(_look(seen[: number(day)]), told, AWAKE, POLICY.notices, at(day)).tell)
    assert found == [replace(cleared, on=cleared.on + timedelta(days=7)), None]


def test_another_low_time_is_told_again_from_its_beginning() -> None:
    low, well = [6.0] * 5, [1.0] * 40
    told = [each for each in live(days([*USUAL, *low, *well, *low, 6.0, 6.0])) if each.kind in LEVELS]
    assert [each.kind for each in told] == [Kind.WATCH, Kind.CONCERN, Kind.WATCH, Kind.CONCERN]
    assert len({each.since for each in told}) == 2


def test_the_word_is_used_only_when_breakthrough_is_confirmed() -> None:
    for kind in LEVELS:
        for pattern in (*Pattern, None):
            named = names_breakthrough(Told(kind, FIRST, pattern))
            assert named == (kind is Kind.CONFIRMED and pattern is Pattern.BREAKTHROUGH)


def test_today_is_the_persons_own_day() -> None:
    auckland = ZoneInfo("Pacific/Auckland")
    morning = datetime(2026, 1, 28, 20, tzinfo=UTC)  # 29 January there
    [told] = [step(_look(days([*USUAL, 2.0])), [], Hours(auckland), POLICY.notices, morning).tell]
    assert told is not None
    assert told.on == date(2026, 1, 29)
    evening = Hours(auckland, time(22), time(7)).until(morning)
    assert evening == datetime(2026, 1, 29, 22, tzinfo=auckland)


def test_the_calm_hours_end_on_their_minute() -> None:
    evening = at(FIRST)
    assert Hours(BERLIN, calm_until=evening).silent_until(evening) is None
    later = evening + timedelta(minutes=1)
    assert Hours(BERLIN, calm_until=later).silent_until(evening) == later


def test_in_quiet_hours_it_waits_for_their_end() -> None:
    seen = days([*USUAL, *[6.0] * 3])
    quiet = Hours(BERLIN, time(19), time(9, 30))
    found = step(_look(seen), [_baseline()], quiet, POLICY.notices, at(seen[-1].date))
    assert found == Step(next_look=at(seen[-1].date + timedelta(days=1), time(9, 30)))


def test_in_calm_hours_after_a_crisis_it_waits_for_their_end_and_for_the_morning() -> None:
    seen = days([*USUAL, *[6.0] * 3])
    today, following = seen[-1].date, seen[-1].date + timedelta(days=1)
    calm = Hours(BERLIN, time(22), time(9), calm_until=at(following, time(7)))
    assert step(_look(seen), [_baseline()], calm, POLICY.notices, at(today)) == Step(
        next_look=at(following, time(9))
    )


def _later(told: Sequence[Told]) -> list[Told]:
    """Of the last of these the person said "remind me later"."""
    return [*told[:-1], replace(told[-1], later=told[-1].on + timedelta(days=POLICY.notices.later_days))]


def test_what_is_under_way_when_the_quiet_hours_begin_does_not_arrive_in_them() -> None:
    evening = at(FIRST, time(20))
    assert Hours(BERLIN, time(22), time(7)).until(evening) == at(FIRST, time(22))
    assert Hours(BERLIN, time(19), time(7)).until(evening) == at(FIRST + timedelta(days=1), time(19))
    assert Hours(BERLIN, time(20), time(7)).until(evening) == at(FIRST + timedelta(days=1), time(20))
    for no_hours in (
        AWAKE,
        Hours(BERLIN, time(22), time(22)),
        Hours(BERLIN, time(22)),
        Hours(BERLIN, None, time(7)),
    ):
        assert no_hours.until(evening) == evening + timedelta(hours=24)


def test_what_waits_for_a_day_comes_in_its_late_morning_at_a_minute_of_the_persons_own() -> None:
    seen = days([*USUAL, *[6.0] * 5])
    earlier = Told(Kind.CONCERN, seen[30].date, Pattern.BREAKTHROUGH, since=FIRST)
    own = replace(AWAKE, minute=17)
    found = step(_look(seen), [_baseline(), earlier], own, POLICY.notices, at(seen[-1].date))
    assert found == Step(next_look=at(earlier.on + timedelta(days=14), time(11, 17)))


def test_remind_me_later_brings_it_back_once_with_the_numbers_of_that_day() -> None:
    seen = days([*USUAL, *[6.0] * 5, *[5.0] * 12])
    concern = live(seen[:33])[-1]
    again = live(seen, _later([_baseline(), concern]))
    assert kinds(again)[:1] == [(40, "concern")]
    assert (concern.above, again[0].above) == (5, 7)
    assert kinds(live(seen, [*_later([_baseline(), concern]), again[0]]))[:1] == []


def test_remind_me_later_does_not_hold_back_what_is_weightier() -> None:
    seen = days([*USUAL, *[6.0] * 30])
    told = _later(live(seen[:31]))
    assert kinds(told)[-1] == (31, "watch")
    told += live(seen, told)
    assert kinds(told)[2:] == [(33, "concern"), (47, "confirmed")]


def test_what_was_put_off_is_not_told_any_more_when_it_is_better_by_then() -> None:
    seen = days([*USUAL, *[6.0] * 3, *[0.0] * 9])
    told = _later(live(seen[:31]))
    assert [each.kind for each in live(seen, told) if each.kind in LEVELS] == []


def test_whoever_knows_why_hears_no_more_of_it_until_it_is_confirmed() -> None:
    seen = days([*USUAL, *[6.0] * 30])
    watch = next(each for each in live(seen[:31]) if each.kind is Kind.WATCH)
    told = live(seen, [_baseline(), replace(watch, reason=Reason.LIFE_EVENT)])
    assert kinds(told) == [(47, "confirmed")]


def test_a_provisional_baseline_is_not_shown_and_a_full_one_is_shown_once() -> None:
    [told] = live(days([2.0] * 90))
    assert told == Told(
        Kind.BASELINE,
        FIRST + timedelta(days=27),
        since=FIRST,
        until=FIRST + timedelta(days=27),
        baseline_mean=2.0,
        baseline_sd=1.0,
        of=28,
    )


def test_a_baseline_that_forms_anew_is_shown_again() -> None:
    declared = replace(STABLE, usual_from=FIRST + timedelta(days=40))
    told = live(days([2.0] * 90), [_baseline()], declared=declared)
    assert kinds(told) == [(68, "baseline")]
    assert told[0].since == FIRST + timedelta(days=40)


def test_whoever_chose_their_usual_is_not_asked_whether_it_is() -> None:
    seen = days([2.0] * 60)
    chosen = look_at(seen, Declared(usual_from=FIRST + timedelta(days=32)), POLICY, agreed=seen[-1].date)
    assert step(chosen, [], AWAKE, POLICY.notices, at(seen[-1].date)) == Step()


def test_restlessness_alone_is_a_note_with_a_questionnaire_and_comes_seldom() -> None:
    steady = days([2.0] * 28, restless=2.0)
    uneasy = [replace(day, date=day.date + timedelta(days=28), restless=8.0) for day in steady]
    told = live([*steady, *uneasy])
    assert [each.kind for each in told] == [Kind.BASELINE, Kind.RESTLESS, Kind.RESTLESS]
    assert (told[2].on - told[1].on).days >= POLICY.notices.apart_days
    assert told[1] == Told(Kind.RESTLESS, told[1].on, restless=True)


def test_a_questionnaire_is_offered_at_most_once_a_week() -> None:
    today = date(2026, 3, 8)
    assert wants_questionnaire(None, today, POLICY.notices)
    assert wants_questionnaire(date(2026, 3, 1), today, POLICY.notices)
    assert not wants_questionnaire(date(2026, 3, 2), today, POLICY.notices)


@pytest.mark.parametrize("told", [_baseline(), *live(days([*USUAL, *[6.0] * 30]))], ids=lambda t: t.kind)
def test_what_was_told_comes_back_whole_from_its_row(told: Told) -> None:
    answered = replace(told, useful=False, reason=Reason.ILLNESS, later=FIRST)
    for each in (told, answered):
        assert told_from(each.content()) == each


CORES = st.lists(st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.0, 3.0, 5.0, 7.0, 9.0])), max_size=60)
DOSES = st.sampled_from([TAKEN, MISSED, Doses(1, 0, 0), Doses(0, 0, 0)])


@settings(max_examples=60)
@given(CORES, DOSES)
def test_no_class_is_told_twice_within_two_weeks_and_nothing_in_the_night(
    cores: list[float | None], doses: Doses
) -> None:
    quiet = Hours(BERLIN, time(21), time(8))
    told = live(days([*USUAL, *cores], doses), hours=quiet)
    levels = [each for each in told if each.kind in LEVELS]
    for named in {(each.kind is Kind.WATCH, each.pattern) for each in levels}:
        on = [each.on for each in levels if (each.kind is Kind.WATCH, each.pattern) == named]
        assert all((later - earlier).days >= 14 for earlier, later in pairwise(on))


@settings(max_examples=80)
@given(
    st.integers(0, 24 * 60 - 1),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.integers(-600, 600),
)
def test_whatever_the_hours_nothing_is_told_while_they_are_silent(
    minute: int, start: time, end: time, calm: int
) -> None:
    seen = days([*USUAL, *[6.0] * 3])
    now = at(seen[-1].date, time(0)) + timedelta(minutes=minute)
    hours = Hours(BERLIN, start, end, calm_until=now + timedelta(minutes=calm))
    found = step(_look(seen), [_baseline()], hours, POLICY.notices, now)
    silent = calm > 0 or is_quiet(local(now, BERLIN).time().replace(second=0, microsecond=0), start, end)
    assert (found.tell is None) is silent
    assert found.next_look is None or found.next_look > now
