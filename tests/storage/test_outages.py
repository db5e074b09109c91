"""When the heartbeat stood still, nobody was there."""

from datetime import timedelta

from sqlmodel import select

from storage import deployment, outages
from storage.deployment import Deployment
from storage.outages import SILENCE, Outage
from tests.scheduler.posthouse import START, PostHouse

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


async def begin(house: PostHouse) -> None:
    async with house.database.transaction() as session:
        session.add(Deployment(key_check=b"", tzdata="2026a"))


async def beat(house: PostHouse, after: timedelta) -> tuple[timedelta, timedelta] | None:
    """A heartbeat so long after the start; the outage that it ends, from and until when since the start."""
    async with house.database.transaction() as session:
        found = await outages.alive(session, START + after)
    return None if found is None else (found.began - START, found.ended - START)


async def test_a_heartbeat_that_stood_still_for_longer_than_the_silence_was_an_outage(
    house: PostHouse,
) -> None:
    await begin(house)
    assert await beat(house, timedelta(0)) is None, "nothing was before the first"
    assert await beat(house, SILENCE) is None
    assert await beat(house, 2 * SILENCE + SECOND) == (SILENCE, 2 * SILENCE + SECOND)
    assert await beat(house, 3 * SILENCE) is None, "an outage is told of once"
    async with house.database.reading() as session:
        found = await deployment.read(session)
        assert len(list(await session.exec(select(Outage)))) == 1
    assert found is not None
    assert found.alive_at == START + 3 * SILENCE


async def test_a_clock_that_was_put_back_has_seen_no_outage(house: PostHouse) -> None:
    await begin(house)
    for after in (60, 0, 1, 2):
        assert await beat(house, after * MINUTE) is None


async def test_a_database_that_is_not_set_up_has_no_heartbeat(house: PostHouse) -> None:
    assert await beat(house, timedelta(0)) is None


async def test_an_outage_is_found_by_every_time_that_it_touches(house: PostHouse) -> None:
    await begin(house)
    for after in (0, 60, 61, 120):
        await beat(house, after * MINUTE)
    async with house.database.reading() as session:

        async def during(since: int, until: int) -> list[int]:
            found = await outages.during(session, START + since * MINUTE, START + until * MINUTE)
            return [int((each.began - START) / MINUTE) for each in found]

        assert await during(-5, 200) == [0, 61]
        assert await during(59, 62) == [0, 61]
        assert await during(60, 61) == []
        assert await during(30, 31) == [0]
        assert await during(100, 300) == [61]
        assert await during(120, 300) == []
