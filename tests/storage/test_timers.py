"""Timers: one per subject and room, set and read many at a time."""

from dataclasses import replace
from datetime import timedelta

from storage import timers
from storage.timers import Setting
from tests.scheduler.posthouse import START, PostHouse
from tests.statements.counting import plans, statements

LATER = START + timedelta(hours=1)


async def put(house: PostHouse, *settings: Setting) -> None:
    async with house.database.transaction() as session:
        await timers.put(session, settings)


async def due(house: PostHouse, *passing_over: str, limit: int = 10) -> list[tuple[str, int]]:
    async with house.database.reading() as session:
        return [(one.room, one.subject_id) for one in await timers.due(session, START, limit, passing_over)]


async def test_a_timer_set_again_has_moved(house: PostHouse) -> None:
    await put(house, Setting(1, "doses", START))
    await put(house, Setting(1, "doses", LATER))
    assert await due(house) == []


async def test_of_two_settings_of_one_timer_the_last_one_counts(house: PostHouse) -> None:
    await put(house, Setting(1, "doses", START), Setting(1, "doses", None), Setting(2, "doses", None))
    assert await due(house) == []
    await put(house, Setting(1, "doses", None), Setting(1, "doses", START))
    assert await due(house) == [("doses", 1)]


async def test_what_is_due_belongs_to_the_room_of_the_earliest(house: PostHouse) -> None:
    await put(house, Setting(1, "doses", START), Setting(2, "checkins", START - timedelta(seconds=1)))
    await put(house, Setting(3, "checkins", START), Setting(4, "checkins", LATER))
    assert await due(house) == [("checkins", 2), ("checkins", 3)]
    assert await due(house, "checkins") == [("doses", 1)]
    assert await due(house, "doses", "checkins") == []
    assert await due(house, limit=1) == [("checkins", 2)]


async def test_a_thousand_timers_are_cleared_at_once(house: PostHouse) -> None:
    await put(house, *(Setting(n, "doses", START) for n in range(1_000)))
    await put(house, *(Setting(n, "doses", None) for n in range(999)))
    assert await due(house) == [("doses", 999)]


async def test_clearing_finds_its_timers_by_the_index_and_reads_no_others(house: PostHouse) -> None:
    crowd = [Setting(n, room, START) for n in range(500) for room in ("doses", "checkins")]
    await put(house, *crowd)
    for cleared in (crowd[:1], crowd[:100]):
        with statements(house.database) as told:
            await put(house, *(replace(each, fire_at=None) for each in cleared))
        [clearing] = told
        [plan] = await plans(house.database, told)
        assert clearing.words.startswith("DELETE FROM timer")
        if house.database.is_sqlite:  # a server weighs what it costs, and may read so few rows as they come
            assert plan.count("SEARCH timer USING") == len({each.room for each in cleared})
            assert "SCAN" not in plan


async def test_forgetting_a_subject_clears_its_timers_in_every_room(house: PostHouse) -> None:
    await put(house, Setting(1, "doses", START), Setting(1, "checkins", START), Setting(2, "doses", START))
    async with house.database.transaction() as session:
        await timers.forget(session, "person", 1)
    async with house.database.reading() as session:
        assert [one.room for one in await timers.due(session, START, 10)] == ["doses"]
        assert await timers.earliest(session) == START
