"""What is known of zones is kept by zone, and brought to those whom it concerns."""

from sqlalchemy import update
from sqlmodel import col, select

from storage import zones
from storage.people import Person
from storage.vocabulary import RegimenState
from tests.scheduler.posthouse import PostHouse
from tests.statements.counting import statements
from tests.storage.lives import medicine


async def dwell(house: PostHouse, person: int, zone: str | None) -> None:
    async with house.database.transaction() as session:
        await session.exec(update(Person).where(col(Person.id) == person).values(zone=zone))


async def test_new_outlooks_take_the_place_of_all_former_ones(house: PostHouse) -> None:
    async with house.database.transaction() as session:
        assert await zones.outlooks(session) == {}
        await zones.keep(
            session, "2026a", {"Africa/Cairo": [["2026-04-23T22:00:00+00:00", 10800]], "UTC": []}
        )
    async with house.database.transaction() as session:
        found = await zones.outlooks(session)
        assert {key: (row.tzdata, row.changes) for key, row in found.items()} == {
            "Africa/Cairo": ("2026a", [["2026-04-23T22:00:00+00:00", 10800]]),
            "UTC": ("2026a", []),
        }
        await zones.keep(session, "2026b", {"UTC": []})
    async with house.database.transaction() as session:
        assert {key: row.tzdata for key, row in (await zones.outlooks(session)).items()} == {"UTC": "2026b"}
        await zones.keep(session, "2026c", {})
        assert await zones.outlooks(session) == {}


async def test_a_zone_is_in_use_by_people_and_by_medicines_that_are_taken(house: PostHouse) -> None:
    anna, ben, eve = await house.crowd(["7", "8", "9"])
    await dwell(house, anna, "Europe/Berlin")
    await dwell(house, ben, "Africa/Cairo")
    await medicine(house, anna, home_zone="Asia/Tokyo")
    await medicine(house, ben, home_zone="Africa/Cairo")
    await medicine(house, eve, home_zone="Asia/Beirut", state=RegimenState.STOPPED)
    await medicine(house, eve)
    async with house.database.reading() as session:
        assert await zones.in_use(session) == {"Europe/Berlin", "Africa/Cairo", "Asia/Tokyo"}
        assert await zones.dwellers(session, ["Asia/Tokyo", "Europe/Berlin"]) == {
            anna: {"Europe/Berlin", "Asia/Tokyo"}
        }
        assert await zones.dwellers(session, ["Africa/Cairo", "Asia/Beirut"]) == {ben: {"Africa/Cairo"}}


async def test_news_is_brought_to_many_in_one_statement_and_taken_back_as_nothing(house: PostHouse) -> None:
    people = await house.crowd([str(number) for number in range(20)])
    with statements(house.database) as told:
        async with house.database.transaction() as session:
            await zones.bring_news(session, {person: {"place": person} for person in people[1:]})
    assert len(told) == 1
    async with house.database.transaction() as session:
        await zones.bring_news(session, {people[1]: None})
        await zones.bring_news(session, {})
    async with house.database.reading() as session:
        news = {person.key: person.zone_news for person in await session.exec(select(Person))}
        waiting = await session.exec(select(Person.id).where(col(Person.zone_news).is_not(None)))
        assert len(list(waiting)) == 18
    assert news == {people[0]: None, people[1]: None} | {key: {"place": key} for key in people[2:]}
