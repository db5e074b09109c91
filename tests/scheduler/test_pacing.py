"""Pacing: as fast as allowed, never faster, and nobody pays for somebody else."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.lanes import Lane
from scheduler.pacing import Limits, Pacing


def send_for(pacing: Pacing, seconds: float, step: float = 0.001) -> list[float]:
    """Offer to a new chat whenever allowed; the instants of the sends."""
    sent: list[float] = []
    for tick in range(int(seconds / step)):
        now = 1_000 + tick * step
        while pacing.reserve("bot", str(len(sent) + 1), Lane.DOSE, now) == 0:
            sent.append(now)
    return sent


def most_within(instants: list[float], seconds: float) -> int:
    return max(sum(start <= instant < start + seconds for instant in instants) for start in instants)


def test_the_account_budget_is_used_to_97_percent() -> None:
    assert len(send_for(Pacing(), 60)) >= 0.97 * 30 * 60


def test_a_courier_that_looks_every_20_milliseconds_loses_no_speed() -> None:
    assert len(send_for(Pacing(), 60, step=0.02)) >= 0.97 * 30 * 60


def test_no_second_ever_holds_more_than_thirty() -> None:
    assert most_within(send_for(Pacing(), 5), 1.0) <= 30


def test_a_private_chat_gets_three_at_once_then_one_a_second() -> None:
    pacing = Pacing()
    assert [pacing.reserve("bot", "1", Lane.DOSE, 10) for _ in range(3)] == [0, 0, 0]
    assert pacing.reserve("bot", "1", Lane.DOSE, 10) == pytest.approx(1)
    assert pacing.reserve("bot", "1", Lane.DOSE, 11) == 0
    assert pacing.reserve("bot", "1", Lane.DOSE, 11) == pytest.approx(1)


def test_a_group_gets_twenty_a_minute() -> None:
    pacing = Pacing()
    sent = [now for now in range(300) if pacing.reserve("bot", "-5", Lane.GROUP, float(now)) == 0]
    assert most_within([float(now) for now in sent], 60) == 20


def test_a_full_chat_costs_the_account_nothing() -> None:
    pacing = Pacing()
    for _ in range(100):
        pacing.reserve("bot", "1", Lane.DOSE, 10)
    assert pacing.free(10) == 7


def test_a_held_chat_delays_nobody_else() -> None:
    pacing = Pacing()
    pacing.hold("bot", "1", until=70)
    assert pacing.reserve("bot", "1", Lane.REPLY, 10) == 60
    assert pacing.reserve("bot", "2", Lane.REPLY, 10) == 0
    assert pacing.held(10) == {("bot", "1"): 70}


def test_a_shorter_hold_does_not_end_a_longer_one() -> None:
    pacing = Pacing()
    pacing.hold("bot", "1", until=70)
    pacing.hold("bot", "1", until=20)
    assert pacing.reserve("bot", "1", Lane.REPLY, 30) == 40


def test_a_held_account_sends_nothing_but_crisis_messages() -> None:
    pacing = Pacing()
    pacing.hold_account("bot", until=15)
    assert pacing.free(10) == 0
    assert pacing.exhausted(10) == ["bot"]
    assert pacing.reserve("bot", "1", Lane.REPLY, 10) == 5
    assert pacing.reserve("bot", "1", Lane.CRISIS, 10) == 0
    assert pacing.reserve("another bot", "1", Lane.REPLY, 10) == 0


def test_a_crisis_message_never_waits_and_the_others_pay_for_it() -> None:
    pacing = Pacing()
    while pacing.free(10):
        pacing.reserve("bot", str(pacing.free(10)), Lane.DOSE, 10)
    before = pacing.reserve("bot", "99", Lane.DOSE, 10)
    assert [pacing.reserve("bot", "1", Lane.CRISIS, 10) for _ in range(40)] == [0] * 40
    assert pacing.reserve("bot", "99", Lane.DOSE, 10) > before + 1


def test_relief_is_the_instant_when_a_waiting_one_may_go() -> None:
    pacing = Pacing()
    assert pacing.relief(10) == float("inf")
    for _ in range(3):
        pacing.reserve("bot", "1", Lane.DOSE, 10)
    relief = pacing.relief(10)
    assert pacing.reserve("bot", "1", Lane.DOSE, relief) == 0


def test_chats_at_rest_are_forgotten() -> None:
    pacing = Pacing()
    for n in range(5_000):
        pacing.reserve("bot", str(n), Lane.DOSE, 10 + n / 25)
    assert len(pacing._chats) < 700


@given(st.lists(st.tuples(st.integers(1, 4), st.floats(0, 2)), max_size=200))
def test_a_wait_that_is_kept_is_long_enough(offers: list[tuple[int, float]]) -> None:
    """Whoever waits as told may go, when nobody else went meanwhile."""
    pacing, now = Pacing(), 0.0
    for chat, pause in offers:
        now += pause
        wait = pacing.reserve("bot", str(chat), Lane.DOSE, now)
        if wait > 0:
            now += wait + 1e-6
            assert pacing.reserve("bot", str(chat), Lane.DOSE, now) == 0


def test_edits_cost_the_accounts_budget_but_not_the_chats() -> None:
    pacing = Pacing()
    assert [pacing.reserve("bot", "1", Lane.REPLY, 10, sends=False) for _ in range(6)] == [0] * 6
    assert pacing.free(10) == Limits().account_burst - 6
    assert [pacing.reserve("bot", "1", Lane.REPLY, 10) for _ in range(3)] == [0, 0, 0]


def test_a_crowd_that_leaves_in_handfuls_uses_the_whole_allowance_in_three_rounds_a_second() -> None:
    pacing, now, sent, rounds = Pacing(), 0.0, 0, 0
    while now < 60:
        rounds += 1
        for _ in range(pacing.free(now)):
            assert pacing.reserve("bot", f"{sent}", Lane.DOSE, now) == 0
            sent += 1
        relief = pacing.relief(now, together=True)
        assert relief > now
        now = relief + 0.004  # a round takes its time
    print(f"{sent} messages in {rounds} rounds")
    assert sent >= 0.97 * 30 * 60
    assert rounds <= 3.2 * 60


def carried_ahead(
    pacing: Pacing, seconds: float, claim: Callable[[], float], late: Callable[[], float]
) -> list[float]:
    """The instants at which a crowd leaves whose claims take `claim()` seconds, and look ahead by 0.04.

    Each message leaves `late()` seconds after its place is free.
    """
    now, sent = 1_000.0, list[float]()
    while now < 1_000 + seconds:
        room, now = pacing.free(now + 0.04), now + claim()
        waits = [pacing.reserve("bot", f"{now} {n}", Lane.DOSE, now, patience=0.04) for n in range(room)]
        for wait in waits:
            assert wait <= 0.04
            left = now + wait + late()
            pacing.left_late("bot", f"{now}", now + wait, left)
            sent.append(left)
        now = max(now, pacing.relief(now, together=True) - 0.04)
    return sent


def test_claims_that_look_ahead_lose_no_place_however_long_they_take() -> None:
    sent = carried_ahead(Pacing(), 60, claim=lambda: 0.04, late=lambda: 0.0)
    share = len(sent) / (30 * 60)
    print(f"{share:.1%} of what is allowed")
    assert share >= 0.97
    assert most_within(sent, 1.0) <= 30


@settings(max_examples=50)
@given(st.randoms())
def test_whoever_leaves_late_lets_the_next_ones_wait_as_long(draw: Random) -> None:
    sent = carried_ahead(
        Pacing(), 10, claim=lambda: draw.uniform(0, 0.04), late=lambda: draw.choice((0, 0, 0.003, 0.1))
    )
    assert most_within(sorted(sent), 1.0) <= 30


def test_looking_ahead_takes_nothing_and_forgets_nothing() -> None:
    pacing = Pacing()
    taken = [pacing.reserve("bot", str(n), Lane.REPLY, 10 + n) for n in range(10)]
    assert taken == [0] * 10
    pacing.hold("bot", "1", 19.5)
    before = pacing.free(19), pacing.held(19)
    assert pacing.free(19.9) > 0
    assert not pacing.held(19.9)
    assert (pacing.free(19), pacing.held(19)) == before


def test_without_patience_nobody_takes_a_place_beforehand() -> None:
    pacing = Pacing()
    while not (wait := pacing.reserve("bot", "1", Lane.REPLY, 10, sends=False)):
        pass
    assert pacing.reserve("bot", "1", Lane.REPLY, 10, sends=False, patience=wait / 2) == wait
    assert pacing.reserve("bot", "1", Lane.REPLY, 10, sends=False, patience=wait) == wait
    assert pacing.reserve("bot", "1", Lane.REPLY, 10, sends=False) > wait
