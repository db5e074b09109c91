"""The surplus: what leaves beyond an account's budget, and only that; never more than both allow."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from scheduler.courier import Courier
from scheduler.lanes import Lane
from scheduler.outcomes import NotSent, Outcome, SurplusRefused
from scheduler.pacing import CLEAR_SECONDS, Limits, Pacing
from scheduler.parcel import Parcel
from storage.outbox import OutboxKind, OutboxState
from tests.scheduler.posthouse import ACCOUNT, PostHouse, open_house, open_house_on_postgresql

STEP = 0.05
SIXTY = Limits(surplus_messages=30)
THOUSAND = Limits(surplus_messages=970)
STRETCH = THOUSAND.account_seconds


@dataclass
class Sent:
    """When what left, as the pacing was told."""

    proper: list[float] = field(default_factory=list)
    surplus: list[float] = field(default_factory=list)

    def offer(
        self, pacing: Pacing, ref: str, now: float, lane: Lane = Lane.DOSE, *, sends: bool = True
    ) -> float:
        """One message as the courier offers it; how long it has to wait."""
        surplus = pacing.exceeds("bot", lane, now, sends=sends)
        wait = pacing.reserve("bot", ref, lane, now, sends=sends, surplus=surplus)
        if wait == 0:
            (self.surplus if surplus else self.proper).append(now)
        return wait


def most_within(instants: list[float], seconds: float) -> int:
    return max((sum(start <= at < start + seconds for at in instants) for start in instants), default=0)


@settings(max_examples=50)
@given(
    st.integers(1, 970),
    st.lists(st.tuples(st.floats(0, 0.7), st.integers(1, 80), st.booleans()), max_size=25),
)
def test_no_second_holds_more_than_thirty_free_ones_nor_more_than_the_cap_in_all(
    surplus: int, bursts: list[tuple[float, int, bool]]
) -> None:
    pacing, sent, now = Pacing(Limits(surplus_messages=surplus)), Sent(), 0.0
    for burst, (pause, size, sends) in enumerate(bursts):
        now += pause
        for number in range(size):
            sent.offer(pacing, f"{burst} {number}", now, sends=sends)
    assert most_within(sent.proper, 1.0) <= 30
    assert most_within(sent.surplus, 1.0) <= surplus
    assert most_within(sent.proper + sent.surplus, 1.0) <= 30 + surplus


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 0.7), st.integers(1, 80)), max_size=25))
def test_nothing_is_surplus_before_thirty_have_left(bursts: list[tuple[float, int]]) -> None:
    pacing, sent, now = Pacing(THOUSAND), Sent(), 0.0
    for burst, (pause, size) in enumerate(bursts):
        now += pause
        for number in range(size):
            before = len(sent.surplus)
            sent.offer(pacing, f"{burst} {number}", now)
            if len(sent.surplus) > before:
                assert sum(at > now - STRETCH for at in sent.proper) == 30


def test_thirty_free_ones_that_came_late_make_the_next_thirty_wait_as_long() -> None:
    pacing, leaving, answered = Pacing(THOUSAND), 100.0, 100.9
    for person in range(30):
        assert pacing.reserve(ACCOUNT, f"{person}", Lane.DOSE, leaving) == 0
    for _ in range(30):
        pacing.answered(ACCOUNT, leaving, answered)
    assert pacing.exceeds(ACCOUNT, Lane.DOSE, leaving + STRETCH)
    assert pacing.exceeds(ACCOUNT, Lane.DOSE, answered + STRETCH - 0.001)
    assert not pacing.exceeds(ACCOUNT, Lane.DOSE, answered + STRETCH)


def test_a_late_answer_costs_nothing_where_the_budget_is_spread() -> None:
    prompt, late = Pacing(), Pacing()
    for pacing in (prompt, late):
        for person in range(10):
            assert pacing.reserve(ACCOUNT, f"{person}", Lane.DOSE, 100.0) == 0
    late.answered(ACCOUNT, 100.0, 100.9)
    assert late.free(100.0 + STRETCH) == prompt.free(100.0 + STRETCH) == 10


def test_a_cap_of_a_thousand_is_used_to_97_percent() -> None:
    pacing, sent = Pacing(THOUSAND), Sent()
    for tick in range(5_000):
        while sent.offer(pacing, str(len(sent.proper) + len(sent.surplus)), tick / 1_000) == 0:
            pass
    assert len(sent.proper) >= 0.97 * 30 * 5
    assert len(sent.proper) + len(sent.surplus) >= 0.97 * 1_000 * 5


def test_an_edit_waits_and_a_reply_does_not() -> None:
    pacing, sent = Pacing(THOUSAND), Sent()
    for number in range(30):
        assert sent.offer(pacing, str(number), 10) == 0
    assert sent.surplus == []
    assert sent.offer(pacing, "edited", 10, Lane.REPLY, sends=False) == pytest.approx(STRETCH)
    assert sent.offer(pacing, "replied", 10, Lane.REPLY) == 0
    assert len(sent.surplus) == 1


def test_a_chat_still_gets_three_at_once_and_then_one_a_second() -> None:
    pacing, sent = Pacing(THOUSAND), Sent()
    assert [round(sent.offer(pacing, "1", 10)) for _ in range(4)] == [0, 0, 0, 1]
    assert [round(sent.offer(pacing, "-1", 10)) for _ in range(21)] == [0] * 20 + [60]


def test_a_crisis_message_is_never_surplus_and_clears_the_way() -> None:
    pacing, sent = Pacing(THOUSAND), Sent()
    for number in range(60):
        sent.offer(pacing, str(number), 10)
    surplus = len(sent.surplus)
    assert sent.offer(pacing, "cry", 10, Lane.CRISIS) == 0
    assert len(sent.surplus) == surplus
    assert sent.offer(pacing, "dose", 10) > 0
    assert pacing.surplus(10) == "held"
    assert pacing.surplus(10 + CLEAR_SECONDS) == "open"


def test_without_its_surplus_an_account_keeps_to_its_budget_and_spreads_it() -> None:
    pacing, sent = Pacing(THOUSAND), Sent()
    pacing.hold_surplus("bot", 0, 3_600)
    for tick in range(5_000):
        while sent.offer(pacing, str(len(sent.proper)), tick / 1_000) == 0:
            pass
    assert sent.surplus == []
    assert most_within(sent.proper, 1.0) <= 30
    assert most_within(sent.proper, 0.001) <= Limits().account_burst


def test_without_a_surplus_nothing_ever_exceeds() -> None:
    pacing, sent = Pacing(), Sent()
    for tick in range(2_000):
        sent.offer(pacing, str(tick), tick / 1_000)
    assert sent.surplus == []
    assert pacing.surplus(2) == "off"


# --- the courier -------------------------------------------------------------------------------------------


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[PostHouse]:
    """On a file; those at the end are on a server."""
    async with open_house(tmp_path) as house:
        yield house


def spending(house: PostHouse, limits: Limits = THOUSAND) -> Courier:
    house.pacing = Pacing(limits)
    return house.courier(pace=True, slots=64)


async def herd(house: PostHouse, size: int) -> list[int]:
    people = await house.crowd([str(number) for number in range(size)])
    return await house.post(*(house.row(person, "dose") for person in people))


async def test_a_herd_leaves_in_a_moment_and_only_what_exceeds_is_surplus(house: PostHouse) -> None:
    await herd(house, 200)
    courier = spending(house)
    await house.carry_what_may_go(courier)
    tiers = [parcel.surplus for parcel in house.platform.accepted]
    assert (tiers.count(False), tiers.count(True)) == (30, 170)
    assert courier.figures["surplus"] == 170
    assert courier.surplus == "open"


async def test_thirty_in_a_second_cost_nothing(house: PostHouse) -> None:
    await herd(house, 30)
    await house.carry_what_may_go(spending(house))
    assert [parcel.surplus for parcel in house.platform.accepted] == [False] * 30


async def test_without_a_surplus_no_parcel_is_marked(house: PostHouse) -> None:
    await herd(house, 60)
    courier = spending(house, Limits())
    for _ in range(8):
        await house.carry_what_may_go(courier)
        house.clock.advance(0.5)
    assert [parcel.surplus for parcel in house.platform.accepted] == [False] * 60
    assert courier.surplus == "off"


async def test_edits_that_wait_for_the_budget_keep_no_message_behind_them(house: PostHouse) -> None:
    people = await house.crowd([str(number) for number in range(60)])
    sent = [await house.write(person, "dose") for person in people[:40]]
    courier = spending(house)
    await house.carry_what_may_go(courier)
    for person, row in zip(people[:40], sent, strict=True):
        await house.edit(person, "edited", target=(await house.read(row)).message_ref)
    await house.post(*(house.row(person, "dose") for person in people[40:]))
    await house.carry_what_may_go(courier)
    assert [parcel.kind for parcel in house.platform.accepted[40:]] == [OutboxKind.SEND] * 20
    assert courier._rest_seconds() > 0.5, "it looks again when the budget has room, and not all the time"
    for _ in range(6):
        house.clock.advance(0.5)
        await house.carry_what_may_go(courier)
    edits = [parcel for parcel in house.platform.accepted if parcel.kind is OutboxKind.EDIT]
    assert (len(edits), any(edit.surplus for edit in edits)) == (40, False)


@pytest.mark.parametrize(
    ("refusal", "seconds"), [(SurplusRefused(), 3_600), (NotSent(retry_after=2), 300)], ids=["no", "busy"]
)
async def test_a_refused_surplus_is_done_without_for_a_while_and_nothing_is_lost(
    house: PostHouse, refusal: Outcome, seconds: int
) -> None:
    rows = await herd(house, 90)
    refused: list[int] = []

    def refuse_surplus(parcel: Parcel) -> Outcome:
        if not parcel.surplus:
            return house.platform.accept(parcel)
        refused.append(parcel.row_id)
        return refusal

    house.platform.script = refuse_surplus
    courier = spending(house)
    with capture_logs() as logs:
        for _ in range(14):
            await house.carry_what_may_go(courier)
            house.clock.advance(0.5)
    assert 0 < len(refused) <= 64
    assert {await house.state(row) for row in rows} == {OutboxState.DELIVERED}
    assert {(await house.read(row)).copies for row in rows} == {1}
    told = [line for line in logs if line["event"] == "surplus_refused"]
    assert [(line["account"], line["for_s"]) for line in told] == [(ACCOUNT, seconds)]
    found = [courier.surplus]
    house.clock.advance(seconds)
    assert [*found, courier.surplus] == ["held", "open"]


# --- two couriers ------------------------------------------------------------------------------------------


async def test_two_couriers_share_both_parts_of_the_budget() -> None:
    async with open_house_on_postgresql() as house:
        await herd(house, 80)
        parts = (house.database, house.clock, house.platform, house.master)
        couriers = [Courier(*parts, Pacing(SIXTY), jitter=lambda: 0.5) for _ in range(2)]
        sent: list[tuple[float, bool]] = []

        def accept(parcel: Parcel) -> Outcome:
            sent.append((house.clock.monotonic(), parcel.surplus))
            return house.platform.accept(parcel)

        house.platform.script = accept
        for step in range(round(1.2 / STEP)):
            for courier in couriers[:: -1 if step % 2 else 1]:
                await house.carry_what_may_go(courier)
            house.clock.advance(STEP)
        proper = [at for at, surplus in sent if not surplus]
        assert most_within(proper, 1.0) <= 30
        assert most_within([at for at, _ in sent], 1.0) <= 60
        assert len(sent) >= 0.9 * 60 * 1.2
        assert all(courier.figures["surplus"] > 5 for courier in couriers)


async def test_a_surplus_refused_to_one_courier_is_not_asked_for_by_others_nor_by_a_later_one() -> None:
    async with open_house_on_postgresql() as house:
        await herd(house, 60)
        house.platform.script = lambda parcel: (
            SurplusRefused() if parcel.surplus else house.platform.accept(parcel)
        )
        parts = (house.database, house.clock, house.platform, house.master)
        first, second, third = (Courier(*parts, Pacing(THOUSAND), jitter=lambda: 0.5) for _ in range(3))
        await house.carry_what_may_go(first)
        await first.round()
        assert first.surplus == "held"
        await second.round()
        assert second.surplus == "held"
        house.clock.advance(600)
        await first.round()  # sweeps the ledger
        await third.round()
        assert third.surplus == "held"
        assert not any(parcel.surplus for parcel in house.platform.accepted)
