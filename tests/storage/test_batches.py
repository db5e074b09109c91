"""A session writes a table at a time, and nothing but what was asked for."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col, delete, select

from storage.dose_cards import DoseCard
from storage.people import Person
from tests.scheduler.posthouse import START, PostHouse
from tests.statements.counting import statements

LATER = START + timedelta(hours=1)


async def cards(house: PostHouse, count: int) -> list[int]:
    """So many new rows, in the order in which they were added; their ids."""
    person = next(iter(house.refs))
    rows = [DoseCard(person_id=person, made_at=START + timedelta(seconds=n)) for n in range(count)]
    async with house.database.transaction() as session:
        session.add_all(rows)
    return [row.id or 0 for row in rows]


async def test_new_rows_are_numbered_in_their_order_and_written_at_once(house: PostHouse) -> None:
    await house.person("7")
    with statements(house.database) as told:
        ids = await cards(house, 40)
    assert ids == sorted(set(ids))
    assert sum(each.words.startswith("INSERT") for each in told) == 1
    async with house.database.reading() as session:
        rows = list(await session.exec(select(DoseCard).order_by(col(DoseCard.id))))
    assert [row.made_at for row in rows] == [START + timedelta(seconds=n) for n in range(40)]


async def test_the_number_of_a_row_that_was_erased_is_not_given_again(house: PostHouse) -> None:
    await house.person("7")
    gone = await cards(house, 3)
    async with house.database.transaction() as session:
        await session.exec(delete(DoseCard))
    for count in (2, 1, 3):
        fresh = await cards(house, count)
        assert min(fresh) > max(gone)
        gone += fresh


async def test_rows_that_changed_in_different_ways_are_written_at_once(house: PostHouse) -> None:
    ids = await house.crowd([str(number) for number in range(9)])
    with statements(house.database) as told:
        async with house.database.transaction() as session:
            people = {person.key: person for person in await session.exec(select(Person))}
            for number, key in enumerate(ids[:6]):
                people[key].country = "US" if number % 2 else None
                people[key].zone = "UTC" if number % 3 else None
    assert sum(each.words.startswith("UPDATE") for each in told) == 1
    async with house.database.reading() as session:
        kept = {person.key: person for person in await session.exec(select(Person))}
    assert [kept[key].country for key in ids] == [None, "US"] * 3 + [None] * 3
    assert [kept[key].zone for key in ids] == [None, "UTC", "UTC"] * 2 + [None] * 3


async def test_what_a_row_has_forgotten_is_not_written(house: PostHouse) -> None:
    """After an undone savepoint a row knows nothing of what was changed in it."""
    ids = await house.crowd(["7", "8"])
    async with house.database.transaction() as session:
        people = {person.key: person for person in await session.exec(select(Person))}
        people[ids[0]].zone, people[ids[1]].country = "UTC", "US"
        session.expire(people[ids[1]], ["zone"])
    async with house.database.reading() as session:
        kept = {person.key: person for person in await session.exec(select(Person))}
    assert [kept[key].zone for key in ids] == ["UTC", None]
    assert [kept[key].country for key in ids] == [None, "US"]


async def test_what_nobody_changed_in_any_row_is_left_to_others(house: PostHouse) -> None:
    """Whether somebody can be reached is written by whoever settles, who holds nobody."""
    ids = await house.crowd(["7", "8"])
    async with house.database.transaction() as session:
        people = {person.key: person for person in await session.exec(select(Person))}
        await session.exec(
            update(Person).values(reachable=False).execution_options(synchronize_session=False)
        )
        people[ids[0]].country, people[ids[1]].zone = "US", "UTC"
    async with house.database.reading() as session:
        kept = {person.key: person for person in await session.exec(select(Person))}
    assert [kept[key].reachable for key in ids] == [False, False]
    assert (kept[ids[0]].country, kept[ids[1]].zone) == ("US", "UTC")
