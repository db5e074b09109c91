"""Rules of caregivers: what is next for a bond, and when the person is asked again."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.caregivers import rules
from bot.caregivers.rules import Standing, Step
from bot.conversation.quiet import is_quiet
from scheduler.localtime import local
from storage.vocabulary import BondState

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIVE = Standing(BondState.LIVE, NOW + rules.CONSENT_LASTS, True, NOW + timedelta(days=84), False, False)
AGREED = Standing(BondState.AGREED, NOW + rules.CONFIRM_WITHIN, False, None, False, False)

CASES = {
    "a new agreement is asked about": (AGREED, Step.CONFIRM),
    "and asked about once": (replace(AGREED, asked=True), Step.NOTHING),
    "it ends when nobody answers": (replace(AGREED, asked=True, expires_at=NOW), Step.EXPIRE),
    "a live bond needs nothing": (LIVE, Step.NOTHING),
    "until it is to be renewed": (replace(LIVE, renew_ask_at=NOW), Step.RENEW),
    "which is asked once": (replace(LIVE, renew_ask_at=NOW, renew_asked=True), Step.NOTHING),
    "a paused one is asked about, too": (
        replace(LIVE, state=BondState.PAUSED, renew_ask_at=NOW),
        Step.RENEW,
    ),
    "it ends at its end": (replace(LIVE, expires_at=NOW, renew_ask_at=NOW - HOUR), Step.EXPIRE),
    "and the person hears of it": (replace(LIVE, state=BondState.ENDED, expires_at=NOW), Step.TELL_END),
    "once": (replace(LIVE, state=BondState.ENDED, expires_at=NOW, end_told=True), Step.NOTHING),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_next(name: str) -> None:
    bond, step = CASES[name]
    assert rules.next_step(bond, NOW) is step


def test_the_next_look_is_at_the_first_thing_that_happens_by_itself() -> None:
    ended = replace(LIVE, state=BondState.ENDED, renew_ask_at=NOW + HOUR)
    assert rules.next_look([LIVE, ended], NOW) == NOW + timedelta(days=84)
    assert rules.next_look([replace(LIVE, renew_asked=True)], NOW) == LIVE.expires_at
    assert rules.next_look([replace(AGREED, asked=True), LIVE], NOW) == AGREED.expires_at
    assert rules.next_look([ended], NOW) is None


@given(
    st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Africa/Cairo"]),
    st.integers(0, 1_000_000),
    st.one_of(st.none(), st.times()),
    st.one_of(st.none(), st.times()),
    st.floats(0, 1, exclude_max=True),
)
def test_the_person_is_asked_at_a_waking_hour_of_the_last_week(
    key: str, minutes: int, quiet_from: time | None, quiet_until: time | None, draw: float
) -> None:
    expires_at, zone = NOW + timedelta(minutes=minutes), ZoneInfo(key)
    at = rules.renew_ask_at(expires_at, zone, quiet_from, quiet_until, draw)
    assert expires_at - timedelta(days=7) <= at <= expires_at - timedelta(days=1)
    clock = local(at, zone).time().replace(second=0, microsecond=0)
    waking = [time(hour, clock.minute) for hour in range(9, 20)] + [time(20)] * (clock.minute == 0)
    if not all(is_quiet(each, quiet_from, quiet_until) for each in waking):
        assert time(9) <= clock <= time(20)
        assert not is_quiet(clock, quiet_from, quiet_until)


def test_no_two_draws_need_give_the_same_hour() -> None:
    zone = ZoneInfo("Europe/Berlin")
    hours = {rules.renew_ask_at(LIVE.expires_at, zone, None, None, draw / 100) for draw in range(100)}
    assert len(hours) > 50


def test_only_the_word_of_the_person_in_time_makes_a_bond_or_makes_it_last() -> None:
    states = {state for state in BondState if rules.can_be_confirmed(state, NOW + HOUR, NOW)}
    assert states == {BondState.AGREED}
    assert not rules.can_be_confirmed(BondState.AGREED, NOW, NOW)
    states = {state for state in BondState if rules.goes_on(state, NOW + HOUR, NOW)}
    assert states == {BondState.LIVE, BondState.PAUSED}
    assert not rules.goes_on(BondState.LIVE, NOW, NOW)
