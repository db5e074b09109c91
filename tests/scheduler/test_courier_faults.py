"""Lost replies, kills, sleeps and locks: nothing is lost, copies stay bounded and are marked."""

import asyncio
import random
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from scheduler.courier import Courier
from scheduler.flights import LEASE_SECONDS, MARGIN_SECONDS
from scheduler.lanes import Lane
from scheduler.outcomes import NotSent, Outcome, Unsure
from scheduler.parcel import Parcel
from storage.outbox import OutboxState
from tests.caregivers.ties import DOSE, notice, tie, two
from tests.scheduler.posthouse import (
    PostHouse,
    kill_flights,
    open_house,
    open_house_on_postgresql,
    running,
    until,
)

FINAL = {state for state in OutboxState if state not in (OutboxState.PENDING, OutboxState.LEASED)}


async def herd(house: PostHouse, size: int) -> list[int]:
    """One dose reminder each for as many people."""
    ids = await house.crowd([str(n) for n in range(1, size + 1)])
    return await house.post(*(house.row(person, f"dose {person}") for person in ids))


async def test_with_5_percent_of_replies_lost_no_dose_is_lost_and_copies_are_bounded(
    house: PostHouse,
) -> None:
    rows = await herd(house, 300)
    dice = random.Random(20260301)
    lost_replies = 0

    def accept_then_drop(parcel: Parcel) -> Outcome:
        nonlocal lost_replies
        fate = dice.random()
        if fate < 0.05:
            lost_replies += 1
            house.platform.accept(parcel)
            return Unsure()
        return NotSent() if fate < 0.10 else house.platform.accept(parcel)

    house.platform.script = accept_then_drop
    await house.live_through(house.courier(), 3600)
    copies = Counter(parcel.row_id for parcel in house.platform.accepted)
    assert lost_replies > 5
    assert set(copies) == set(rows)
    assert sum(copies.values()) - len(rows) <= lost_replies
    assert max(copies.values()) <= 3
    assert all(
        (n > 1) == (copies[parcel.row_id] > 1)
        for parcel in house.platform.accepted
        for n in [copies[parcel.row_id]]
    )
    assert {row.state for row in await house.rows()} <= {OutboxState.DELIVERED, OutboxState.UNSURE}


async def test_every_copy_after_the_first_is_marked(house: PostHouse) -> None:
    [row] = await herd(house, 1)

    def drop_every_reply(parcel: Parcel) -> Outcome:
        house.platform.accept(parcel)
        return Unsure()

    house.platform.script = drop_every_reply
    await house.live_through(house.courier(), 3600)
    assert [parcel.again for parcel in house.platform.accepted] == [False, True, True]
    assert await house.state(row) == OutboxState.UNSURE


@pytest.mark.parametrize("seed", range(3))
async def test_kills_lose_nothing_and_leave_at_most_a_copy_for_each_message_in_flight(
    house: PostHouse, seed: int
) -> None:
    rows = await herd(house, 120)
    dice = random.Random(seed)
    in_flight_at_kills, slots = 0, 8

    async def sometimes_hang(parcel: Parcel) -> Outcome:
        if dice.random() < 0.3:
            house.platform.accept(parcel)
            await asyncio.Event().wait()
        return house.platform.accept(parcel)

    for _ in range(6):
        house.platform.script = sometimes_hang
        courier = house.courier(slots=slots)
        await house.carry_what_may_go(courier)
        killed = kill_flights() + len(courier._flights.landed)
        assert killed <= slots
        in_flight_at_kills += killed
        await asyncio.sleep(0)
        house.clock.advance(50)
    house.platform.script = None
    await house.live_through(house.courier(), 3600)
    copies = Counter(parcel.row_id for parcel in house.platform.accepted)
    assert set(copies) == set(rows)
    assert sum(copies.values()) - len(rows) <= in_flight_at_kills
    assert max(copies.values()) <= 3


async def hang(parcel: Parcel) -> Outcome:
    await asyncio.Event().wait()
    raise AssertionError("nobody sets this event")


async def test_a_lease_that_ran_out_is_in_doubt_and_goes_out_once_more_marked(house: PostHouse) -> None:
    [row] = await herd(house, 1)
    house.platform.script = hang
    await house.courier().round()
    await until(lambda: len(house.platform.tried) == 1)
    kill_flights()
    house.platform.script = None
    courier = house.courier()
    await house.carry(courier)
    assert await house.state(row) == OutboxState.LEASED, "while the lease holds, nobody touches it"
    house.clock.advance(47)
    await house.carry(courier)
    assert (await house.read(row)).copies == 1
    await house.live_through(courier, 90)
    assert [parcel.again for parcel in house.platform.accepted] == [True]
    assert await house.state(row) == OutboxState.DELIVERED


async def test_what_a_dead_worker_held_is_taken_from_it_within_46_seconds(house: PostHouse) -> None:
    [row] = await herd(house, 1)
    await house.claim("the dead", seconds=LEASE_SECONDS)
    courier = house.courier()
    house.clock.advance(LEASE_SECONDS - 0.1)
    await courier.round()  # it looks at lapsed leases for the first time, a moment too early
    assert await house.state(row) == OutboxState.LEASED
    for _ in range(5):
        house.clock.advance(1)
        await courier.round()
    assert LEASE_SECONDS - 0.1 + 5 <= 46
    assert (await house.state(row), (await house.read(row)).copies) == (OutboxState.PENDING, 1)


async def test_a_gate_that_took_its_time_leaves_the_send_less(house: PostHouse) -> None:
    bond = await tie(house, *await two(house), DOSE)
    [row] = await house.post(notice(house, bond))

    class SlowGate:
        async def may_send(self, parcel: Parcel) -> bool:
            house.clock.advance(LEASE_SECONDS - MARGIN_SECONDS - 0.05)
            return True

    house.platform.script = hang
    courier = house.courier(gate=SlowGate())
    await courier.round()
    assert await courier.run_until_quiet()
    assert len(house.platform.tried) == 1
    assert courier.figures["stale"] == 0, "cut off while the lease still held"
    assert await house.state(row) != OutboxState.LEASED


async def test_on_a_file_a_start_takes_back_the_leases_of_the_dead_at_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        dose, checkin = await house.crowd(["1", "2"])
        rows = [await house.write(dose, "dose"), await house.write(checkin, "checkin", Lane.CHECKIN)]
        await house.claim()
        async with running(house.courier()) as courier:
            await until(lambda: courier.figures["unsure"] == 1)
        assert [await house.state(row) for row in rows] == [OutboxState.PENDING, OutboxState.UNSURE]


async def test_on_a_server_a_start_leaves_the_leases_of_the_others_alone_until_they_run_out() -> None:
    async with open_house_on_postgresql() as house:
        [other] = await house.crowd(["1"])
        row = await house.write(other, "checkin", Lane.CHECKIN)
        await house.claim()
        async with running(house.courier()) as courier:
            await house.carry(courier)
            assert await house.state(row) == OutboxState.LEASED
            house.clock.advance(46)
            await house.carry(courier)
        assert await house.state(row) == OutboxState.UNSURE


async def test_a_settlement_that_comes_after_its_lease_is_refused_and_counted(house: PostHouse) -> None:
    [row] = await herd(house, 1)
    wake_up = asyncio.Event()

    async def sleep_through_the_lease(parcel: Parcel) -> Outcome:
        await wake_up.wait()
        return house.platform.accept(parcel)

    house.platform.script = sleep_through_the_lease
    stopped = house.courier()
    await stopped.round()
    await until(lambda: len(house.platform.tried) == 1)
    house.platform.script = None
    house.clock.advance(47)
    other = house.courier()
    await house.carry(other)
    wake_up.set()
    await house.carry(stopped)
    assert stopped.figures["stale"] == 1
    assert await house.state(row) == OutboxState.PENDING
    await house.live_through(other, 90)
    assert [parcel.again for parcel in house.platform.accepted] == [False, True]


async def test_a_process_that_slept_past_its_lease_does_not_send(house: PostHouse) -> None:
    bond = await tie(house, *await two(house), DOSE)
    [row] = await house.post(notice(house, bond))

    class SleepyGate:
        async def may_send(self, parcel: Parcel) -> bool:
            house.clock.advance(47)
            return True

    courier = house.courier(gate=SleepyGate())
    await courier.round()
    await courier.run_until_quiet(timeout=0)
    assert house.platform.tried == []
    assert (await house.read(row)).copies == 0


async def test_a_drain_finishes_what_is_in_flight_and_makes_no_copies(house: PostHouse) -> None:
    rows = await herd(house, 60)
    landing = asyncio.Event()

    async def slow(parcel: Parcel) -> Outcome:
        await landing.wait()
        return house.platform.accept(parcel)

    house.platform.script = slow
    courier = house.courier(slots=16)
    task = asyncio.create_task(courier.run())
    await until(lambda: len(house.platform.tried) == 16)
    draining = asyncio.create_task(courier.drain())
    await asyncio.sleep(0)
    landing.set()
    await draining
    await task
    states = Counter(row.state for row in await house.rows())
    assert states == {OutboxState.DELIVERED: 16, OutboxState.PENDING: 44}
    house.platform.script = None
    await house.carry(house.courier())
    assert Counter(parcel.row_id for parcel in house.platform.accepted) == dict.fromkeys(rows, 1)


async def test_a_drain_puts_back_what_is_offered_to_it(house: PostHouse) -> None:
    ada = await house.person("1")
    courier = house.courier()
    rows = courier.lease([house.row(ada, "reply", Lane.REPLY)])
    await house.post(*rows)
    courier._flights.close()
    courier.offer(rows, house.sealers[ada])
    await courier.drain()
    assert house.platform.tried == []
    assert await house.state(rows[0].key) == OutboxState.PENDING


async def test_a_drain_that_runs_out_of_time_leaves_the_rest_in_doubt(house: PostHouse) -> None:
    [row] = await herd(house, 1)
    house.platform.script = hang
    courier = house.courier()
    await courier.round()
    await until(lambda: len(house.platform.tried) == 1)
    await courier.drain(timeout=0.01)
    stored = await house.read(row)
    assert (stored.state, stored.copies) == (OutboxState.PENDING, 1)


async def test_a_locked_database_is_waited_out(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        event.listen(house.database.engine.sync_engine, "connect", _be_impatient)
        await house.database.engine.dispose()
        await herd(house, 20)
        locker = sqlite3.connect(tmp_path / "evenkeel.db", isolation_level=None)
        locker.execute("BEGIN IMMEDIATE")
        with capture_logs() as logs:
            async with running(house.courier(slots=4)) as courier:
                await until(lambda: any(line["event"] == "database_unavailable" for line in logs))
                assert house.platform.tried == []
                locker.execute("ROLLBACK")
                await until(lambda: courier.figures["delivered"] == 20)
        locker.close()
        assert [line["event"] for line in logs if line["event"].startswith("database")] == [
            "database_unavailable",
            "database_available_again",
        ]


async def test_outcomes_are_kept_while_the_database_is_locked(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        event.listen(house.database.engine.sync_engine, "connect", _be_impatient)
        await house.database.engine.dispose()
        rows = await herd(house, 8)
        landing = asyncio.Event()

        async def slow(parcel: Parcel) -> Outcome:
            await landing.wait()
            return house.platform.accept(parcel)

        house.platform.script = slow
        with capture_logs() as logs:
            async with running(house.courier(slots=4)) as courier:
                await until(lambda: len(house.platform.tried) == 4)
                locker = sqlite3.connect(tmp_path / "evenkeel.db", isolation_level=None)
                locker.execute("BEGIN IMMEDIATE")
                landing.set()
                await until(lambda: any(line["event"] == "database_unavailable" for line in logs))
                assert len(house.platform.tried) == 4, "what is not settled keeps its slot"
                locker.execute("ROLLBACK")
                locker.close()
                await until(lambda: courier.figures["delivered"] == 8)
        assert Counter(parcel.row_id for parcel in house.platform.accepted) == dict.fromkeys(rows, 1)


def _be_impatient(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA busy_timeout=20")


async def test_two_couriers_never_send_the_same_message_twice(house: PostHouse) -> None:
    rows = await herd(house, 80)
    couriers: list[Courier] = [house.courier(slots=4) for _ in range(2)]
    await asyncio.gather(*(courier.round() for courier in couriers))  # each has some, however slow it is
    await asyncio.gather(*(courier.run_until_quiet() for courier in couriers))
    assert Counter(parcel.row_id for parcel in house.platform.accepted) == dict.fromkeys(rows, 1)
    assert all(courier.figures["delivered"] for courier in couriers)
