"""Reminders around the time: never early, the same each day, evenly for all; and what that is good for."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.doses.due import Delivery, DoseView, Nudging, ask_at, next_nudge, place_in_spread, spread, step
from bot.people.rules import NUDGE_MINUTES, SPREAD_MINUTES
from scheduler.lanes import Lane
from scheduler.pacing import Limits, Pacing
from tests.rooms.tables import moment

DUE, END = moment("08:00"), moment("12:00")
FIVE = timedelta(minutes=5)
WHO = [f"telegram 1000001 {100_000 + number}" for number in range(10_000)]

limits = st.sampled_from(SPREAD_MINUTES).map(lambda minutes: timedelta(minutes=minutes))
windows = st.integers(1, 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))
people = st.text(max_size=40)


@given(people, limits, windows)
def test_a_reminder_is_never_early_never_beyond_the_limit_and_leaves_half_of_the_window(
    who: str, limit: timedelta, window: timedelta
) -> None:
    later = spread(DUE, DUE + window, limit, place_in_spread(who))
    assert timedelta(0) <= later <= limit
    assert later <= window / 2


@given(people, limits, windows, st.integers(1, 400))
def test_it_comes_at_the_same_time_each_day(who: str, limit: timedelta, window: timedelta, days: int) -> None:
    today = spread(DUE, DUE + window, limit, place_in_spread(who))
    other = DUE + timedelta(days=days)
    assert spread(other, other + window, limit, place_in_spread(who)) == today


def test_who_did_not_allow_it_is_reminded_on_the_second() -> None:
    assert {spread(DUE, END, timedelta(0), place_in_spread(who)) for who in WHO} == {timedelta(0)}


@pytest.mark.parametrize("minutes", [5, 10])
def test_ten_thousand_people_are_spread_evenly(minutes: int) -> None:
    limit = timedelta(minutes=minutes)
    seconds = Counter(int(spread(DUE, END, limit, place_in_spread(who)).total_seconds()) for who in WHO)
    even = len(WHO) / limit.total_seconds()
    print(f"\n{len(WHO)} people over {minutes} minutes: {even:.0f} a second if exactly even, ", end="")
    print(f"most in one second {max(seconds.values())}, seconds used {len(seconds)}")
    assert len(seconds) == limit.total_seconds()
    # Chance alone gives five standard deviations less than once in a million seconds.
    assert max(seconds.values()) <= even + 5 * even**0.5


def test_the_repeat_comes_after_the_reminder_and_not_after_the_planned_time() -> None:
    nudging = Nudging(3, timedelta(minutes=min(NUDGE_MINUTES)))
    dose = DoseView(1, DUE, END, spread=timedelta(minutes=max(SPREAD_MINUTES)))
    at = ask_at(dose, nudging, DUE)
    assert at == moment("08:10")
    assert step([dose], nudging, moment("08:09")).next_wake == at
    assert step([dose], nudging, at).ask == (1,)
    assert next_nudge(1, nudging, at) == moment("08:20")


@pytest.mark.parametrize("delivery", Delivery)
def test_a_time_that_the_person_named_is_kept_to_the_second(delivery: Delivery) -> None:
    named = moment("08:30")
    dose = DoseView(1, DUE, END, asked=1, next_ask_at=named, delivery=delivery, spread=FIVE)
    assert ask_at(dose, Nudging(3, FIVE), DUE) == (DUE + FIVE if delivery is Delivery.FAILED else named)


# --- what it is good for -----------------------------------------------------------------------------------


def leave(wanted: Sequence[float], limits: Limits) -> list[float]:
    """When messages leave that are wanted at these seconds, one to a person, through the real pacing."""
    pacing, now, left = Pacing(limits), 0.0, list[float]()
    for number, at in enumerate(sorted(wanted)):
        now = max(now, at)
        while (wait := pacing.reserve("bot", str(number), Lane.DOSE, now)) > 0:
            now += wait + 1e-6
        left.append(now)
    return left


def test_a_spread_herd_waits_for_nobody_and_leaves_room_for_replies() -> None:
    herd = WHO[:5_000]
    places = [place_in_spread(who) for who in herd]
    found = {}
    for name, limit in (("none", timedelta(0)), ("5 minutes", FIVE), ("10 minutes", 2 * FIVE)):
        wanted = sorted(spread(DUE, END, limit, place).total_seconds() for place in places)
        left = leave(wanted, Limits())
        waits = sorted(at - wish for at, wish in zip(left, wanted, strict=True))
        found[name] = waits[-1]
        print(
            f"\n5,000 at 08:00, 30 a second, spread {name}: the last leaves {left[-1]:.0f} s after it; "
            f"behind one's own time: median {waits[len(waits) // 2]:.2f} s, most {waits[-1]:.1f} s; "
            f"the pace is used to {len(left) / max(left[-1], 1) / 30:.0%}",
            end="",
        )
    assert found["none"] > 160
    assert found["5 minutes"] < 5
    assert found["10 minutes"] < 1
