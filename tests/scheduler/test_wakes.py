"""The wake loop looks at everybody who is due, a batch at a time, and nobody can hold up the others."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession
from structlog.testing import capture_logs

from scheduler.lanes import Lane
from scheduler.wakes import WakeLoop, Woken
from storage import outbox, timers
from storage.timers import Setting
from tests.scheduler.posthouse import START, PostHouse

LOG_KEY = bytes(32)


@dataclass
class Diary:
    """A room that writes down whom it was woken for, and plans nothing unless told otherwise."""

    plan: Callable[[int, datetime], Setting | None] = lambda subject, now: None
    poison: set[int] = field(default_factory=set)
    batches: list[list[int]] = field(default_factory=list)

    async def wake(self, session: AsyncSession, subject_ids: list[int], now: datetime) -> Woken:
        self.batches.append(subject_ids)
        if self.poison & set(subject_ids):
            raise KeyError("the words of somebody")
        return Woken([setting for one in subject_ids if (setting := self.plan(one, now)) is not None])

    @property
    def woken(self) -> list[int]:
        return [subject for batch in self.batches for subject in batch]


async def put(house: PostHouse, *settings: Setting) -> None:
    async with house.database.transaction() as session:
        await timers.put(session, settings)


async def fire_at(house: PostHouse, subject: int, room: str) -> datetime | None:
    async with house.database.reading() as session:
        found = await session.get(timers.Timer, ("person", subject, room))
        return found.fire_at if found else None


def due(room: str, *subjects: int) -> list[Setting]:
    return [Setting(subject, room, START) for subject in subjects]


async def test_a_room_is_woken_for_all_who_are_due_at_once(house: PostHouse) -> None:
    doses = Diary()
    await put(house, *due("doses", 1, 2, 3), Setting(4, "doses", START + timedelta(hours=1)))
    assert await WakeLoop(house.database, house.clock, {"doses": doses}).tick() == 3
    assert doses.batches == [[1, 2, 3]]


async def test_a_herd_comes_in_batches(house: PostHouse) -> None:
    doses = Diary()
    await put(house, *due("doses", *range(1, 26)))
    assert await WakeLoop(house.database, house.clock, {"doses": doses}, batch=10).tick() == 25
    assert [len(batch) for batch in doses.batches] == [10, 10, 5]


async def test_each_room_has_a_timer_of_its_own(house: PostHouse) -> None:
    doses, checkins = Diary(), Diary()
    await put(house, *due("doses", 1, 2), *due("checkins", 2))
    await WakeLoop(house.database, house.clock, {"doses": doses, "checkins": checkins}).tick()
    assert (doses.woken, checkins.woken) == ([1, 2], [2])


async def test_kinds_of_subjects_are_not_mixed(house: PostHouse) -> None:
    groups = Diary()
    await put(house, *due("groups", 1), Setting(1, "groups", START, "group"))
    await WakeLoop(house.database, house.clock, {"groups": groups}).tick()
    assert groups.batches == [[1], [1]]


async def test_the_next_wake_is_when_the_room_said(house: PostHouse) -> None:
    tomorrow = START + timedelta(days=1)
    doses = Diary(plan=lambda subject, now: Setting(subject, "doses", tomorrow) if subject == 1 else None)
    await put(house, *due("doses", 1, 2))
    loop = WakeLoop(house.database, house.clock, {"doses": doses})
    await loop.tick()
    assert await fire_at(house, 1, "doses") == tomorrow
    assert await fire_at(house, 2, "doses") is None
    assert await loop.earliest() == tomorrow


async def test_a_room_may_set_the_timer_of_another_one(house: PostHouse) -> None:
    doses = Diary(plan=lambda subject, now: Setting(subject, "reports", now + timedelta(hours=1)))
    await put(house, *due("doses", 1))
    await WakeLoop(house.database, house.clock, {"doses": doses}).tick()
    assert await fire_at(house, 1, "reports") == START + timedelta(hours=1)


async def test_a_room_that_wants_the_past_is_not_woken_for_ever(house: PostHouse) -> None:
    eager = Diary(plan=lambda subject, now: Setting(subject, "doses", now - timedelta(days=1)))
    await put(house, *due("doses", 1))
    assert await WakeLoop(house.database, house.clock, {"doses": eager}).tick() == 1
    assert await fire_at(house, 1, "doses") == START + timedelta(seconds=1)


async def test_messages_and_timers_are_one_transaction(house: PostHouse) -> None:
    ada = await house.person("1")

    class PostsThenFails:
        async def wake(self, session: AsyncSession, subject_ids: list[int], now: datetime) -> Woken:
            await outbox.post(session, [house.row(ada, "x", Lane.DOSE)])
            raise RuntimeError

    await put(house, *due("doses", ada))
    await WakeLoop(house.database, house.clock, {"doses": PostsThenFails()}).tick()
    assert await house.rows() == []


async def test_the_courier_is_stirred_after_each_batch(house: PostHouse) -> None:
    stirred: list[bool] = []
    await put(house, *due("doses", 1, 2, 3))
    loop = WakeLoop(
        house.database, house.clock, {"doses": Diary()}, batch=2, stir=lambda: stirred.append(True)
    )
    await loop.tick()
    assert len(stirred) == 2


async def test_one_person_whom_a_room_cannot_bear_does_not_hold_up_the_others(house: PostHouse) -> None:
    later = START + timedelta(days=1)
    doses = Diary(plan=lambda subject, now: Setting(subject, "doses", later), poison={2})
    await put(house, *due("doses", 1, 2, 3))
    with capture_logs() as logs:
        await WakeLoop(house.database, house.clock, {"doses": doses}, log_key=LOG_KEY).tick()
    assert doses.batches == [[1, 2, 3], [1], [2], [3]]
    assert [await fire_at(house, subject, "doses") for subject in (1, 3)] == [later, later]
    assert await fire_at(house, 2, "doses") == START + timedelta(minutes=1)
    assert [line["event"] for line in logs] == ["wake_failed"]


async def test_the_log_of_a_failed_wake_names_nobody_and_quotes_nothing(house: PostHouse) -> None:
    await put(house, *due("doses", 4711))
    with capture_logs() as logs:
        await WakeLoop(house.database, house.clock, {"doses": Diary(poison={4711})}, log_key=LOG_KEY).tick()
    assert "4711" not in str(logs)
    assert "words" not in str(logs)
    assert logs[0]["error"] == "KeyError"


async def test_each_failure_waits_longer_than_the_last_up_to_an_hour(house: PostHouse) -> None:
    doses = Diary(poison={1})
    await put(house, *due("doses", 1))
    loop = WakeLoop(house.database, house.clock, {"doses": doses})
    waits = []
    for _ in range(8):
        await loop.tick()
        fires = await fire_at(house, 1, "doses")
        assert fires is not None
        waits.append((fires - house.clock.now()).total_seconds() / 60)
        house.clock.advance_to(fires)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    doses.poison.clear()
    await loop.tick()
    doses.poison.add(1)
    await put(house, Setting(1, "doses", house.clock.now()))
    await loop.tick()
    assert await fire_at(house, 1, "doses") == house.clock.now() + timedelta(minutes=1)


async def test_a_row_that_breaks_a_rule_of_the_database_is_poison_not_an_outage(house: PostHouse) -> None:
    class Breaks:
        async def wake(self, session: AsyncSession, subject_ids: list[int], now: datetime) -> Woken:
            raise IntegrityError("insert", {}, Exception("unique"))

    await put(house, *due("doses", 1))
    await WakeLoop(house.database, house.clock, {"doses": Breaks()}).tick()
    assert await fire_at(house, 1, "doses") == START + timedelta(minutes=1)


async def test_an_outage_of_the_database_pushes_nobody_back(house: PostHouse) -> None:
    class Locked:
        async def wake(self, session: AsyncSession, subject_ids: list[int], now: datetime) -> Woken:
            raise OperationalError("select", {}, Exception("database is locked"))

    await put(house, *due("doses", 1))
    loop = WakeLoop(house.database, house.clock, {"doses": Locked()})
    with pytest.raises(OperationalError):
        await loop.tick()
    assert await fire_at(house, 1, "doses") == START
    with capture_logs() as logs:
        await loop.beat()
        await loop.beat()
    assert [line["event"] for line in logs] == ["database_unavailable"]


async def test_timers_of_unknown_rooms_are_left_alone_and_mentioned_once(house: PostHouse) -> None:
    doses = Diary()
    await put(house, *due("attic", *range(1, 300)), *due("doses", 1))
    loop = WakeLoop(house.database, house.clock, {"doses": doses})
    with capture_logs() as logs:
        assert await loop.tick() == 1
        assert await loop.tick() == 0
    assert [line["room"] for line in logs] == ["attic"]
    assert await fire_at(house, 1, "attic") == START
    assert await loop.earliest() is None


async def test_a_wake_that_comes_late_is_not_lost(house: PostHouse) -> None:
    doses = Diary()
    await put(house, *due("doses", 1))
    house.clock.advance(3 * 86_400)
    assert await WakeLoop(house.database, house.clock, {"doses": doses}).tick() == 1
    assert doses.woken == [1]
