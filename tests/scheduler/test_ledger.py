"""Two couriers on one server keep within the platform's limits together."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlmodel import select

from scheduler.courier import Courier
from scheduler.lanes import Lane
from scheduler.outcomes import NotSent, Outcome
from scheduler.pacing import Pacing
from scheduler.parcel import Parcel
from storage.ledger import LedgerRow
from tests.scheduler.posthouse import ACCOUNT, PostHouse, open_house_on_postgresql

STEP = 0.05


@pytest.fixture
async def house() -> AsyncIterator[PostHouse]:
    async with open_house_on_postgresql() as house:
        yield house


def two_couriers(house: PostHouse) -> tuple[list[Courier], list[Pacing]]:
    pacings = [Pacing(), Pacing()]
    parts = (house.database, house.clock, house.platform, house.master)
    return [Courier(*parts, pacing, jitter=lambda: 0.5) for pacing in pacings], pacings


def note_times(house: PostHouse) -> list[tuple[float, str]]:
    """When each message reached whom, from now on."""
    sent: list[tuple[float, str]] = []

    def accept(parcel: Parcel) -> Outcome:
        sent.append((house.clock.monotonic(), parcel.address.ref))
        return house.platform.accept(parcel)

    house.platform.script = accept
    return sent


async def carry_side_by_side(house: PostHouse, couriers: list[Courier], seconds: float) -> None:
    for step in range(round(seconds / STEP)):
        for courier in couriers[:: -1 if step % 2 else 1]:
            await house.carry_what_may_go(courier)
        house.clock.advance(STEP)


def most_within(instants: list[float], seconds: float) -> int:
    return max(sum(start <= at < start + seconds for at in instants) for start in instants)


async def test_together_they_send_thirty_a_second_and_both_take_part(house: PostHouse) -> None:
    people = await house.crowd([str(number) for number in range(120)])
    await house.post(*(house.row(person, "dose") for person in people))
    sent, (couriers, _) = note_times(house), two_couriers(house)
    await carry_side_by_side(house, couriers, 3)
    instants = [at for at, _ in sent]
    assert most_within(instants, 1.0) <= 30
    assert len(instants) >= 0.9 * 30 * 3
    assert all(courier.figures["delivered"] > 10 for courier in couriers)


async def test_a_chat_gets_three_at_once_and_then_one_a_second_whoever_sends(house: PostHouse) -> None:
    person = await house.person("1")
    for number in range(6):
        await house.write(person, f"dose {number}")
    sent, (couriers, _) = note_times(house), two_couriers(house)
    await carry_side_by_side(house, couriers, 4)
    instants = [at for at, _ in sent]
    assert len(instants) == 6
    assert most_within(instants, 0.9) == 3
    assert [round(later - earlier) for earlier, later in pairwise(instants[2:])] == [1] * 3


async def test_a_chat_that_told_one_to_wait_is_left_alone_by_the_other(house: PostHouse) -> None:
    busy, idle = await house.crowd(["1", "2"])
    await house.write(busy, "dose")
    (first, second), _ = two_couriers(house)
    house.platform.script = lambda _: NotSent(retry_after=30)
    await house.carry_what_may_go(first)
    house.platform.script = None
    await first.round()
    await house.write(busy, "another")
    await house.write(idle, "dose")
    house.clock.advance(10)
    await house.carry_what_may_go(second)
    assert [parcel.address.ref for parcel in house.platform.accepted] == ["2"]
    house.clock.advance(25)
    await house.carry_what_may_go(second)
    assert sorted(parcel.address.ref for parcel in house.platform.accepted) == ["1", "1", "2"]


async def test_a_crisis_card_that_left_from_one_worker_is_paid_for_by_all(house: PostHouse) -> None:
    people = await house.crowd([str(number) for number in range(40)])
    await house.post(*(house.row(person, "dose") for person in people))
    sent, (couriers, pacings) = note_times(house), two_couriers(house)
    now = house.clock.monotonic()
    for number in range(25):
        pacings[0].reserve(ACCOUNT, f"cry {number}", Lane.CRISIS, now)
    await couriers[0].round()
    await carry_side_by_side(house, couriers[1:], 0.9)
    assert len(sent) <= 5


async def test_what_no_limit_looks_back_to_is_forgotten(house: PostHouse) -> None:
    await house.write(await house.person("1"), "dose")
    (courier, _), _ = two_couriers(house)
    await house.carry_what_may_go(courier)
    assert await rows(house) == 1
    house.clock.advance(timedelta(minutes=3).total_seconds())
    await house.carry_what_may_go(courier)
    assert await rows(house) == 0


async def rows(house: PostHouse) -> int:
    async with house.database.reading() as session:
        return len((await session.exec(select(LedgerRow))).all())
