"""The counted days say what the doses say, whatever becomes of these."""

import random
from datetime import date, time, timedelta
from itertools import product

from alembic import command
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import adherence_days, doses
from storage.adherence import DayCount, adherence, day_counts, figures
from storage.adherence_days import AdherenceDay, OwnDay, own_day
from storage.doses import Dose
from storage.migration import configuration, migrate
from storage.vocabulary import DoseKind, DoseState, SkipReason
from tests.scheduler.posthouse import START, PostHouse
from tests.statements.counting import plans, statements
from tests.storage.lives import WINDOW, dose, keep, medicine, on

DAYS = 40
LATENESS = (None, -121, -120, -61, -60, 0, 60, 61, 240, 241)  # minutes
WINDOWS = (WINDOW, timedelta(hours=1))
ENDS = [
    *((DoseState.TAKEN, None, late, kind) for late, kind in product(LATENESS, DoseKind)),
    *((DoseState.SKIPPED, reason, None, DoseKind.PLANNED) for reason in (None, *SkipReason)),
    *(
        (state, None, None, DoseKind.PLANNED)
        for state in set(DoseState) - {DoseState.TAKEN, DoseState.SKIPPED}
    ),
    (DoseState.WITHDRAWN, None, None, DoseKind.EXTRA),
]


def end(row: Dose, chance: random.Random) -> Dose:
    """Something becomes of a dose."""
    row.state, row.reason, late, row.kind = chance.choice(ENDS)
    row.window_end = row.due_at + chance.choice(WINDOWS)
    row.taken_at = None if late is None else row.due_at + timedelta(minutes=late)
    return row


def life(person: int, *homes: tuple[int, int], chance: random.Random) -> list[Dose]:
    """Two doses a day of each medicine, of which anything became."""
    return [
        end(dose(person, home, days, at), chance) for home, days, at in product(homes, range(DAYS), (9, 21))
    ]


def days_of(rows: list[Dose]) -> set[OwnDay]:
    return {own_day(row) for row in rows}


async def counted(session: AsyncSession, person: int) -> list[DayCount]:
    return await adherence_days.of_person(session, person, date.min, date.max)


async def recounted(session: AsyncSession, person: int) -> list[DayCount]:
    """From the doses themselves."""
    counts = day_counts(await doses.due_doses(session, person, date.min, date.max))
    return sorted(counts, key=lambda count: (count.day, count.regimen_id))


async def refresh(house: PostHouse, days: set[OwnDay]) -> None:
    async with house.database.transaction() as session:
        await adherence_days.refresh(session, days)


async def test_the_figures_of_counted_days_are_those_of_the_doses(house: PostHouse) -> None:
    chance = random.Random(7)
    anna, ben = await house.crowd(["7", "8"])
    homes = [await medicine(house, anna), await medicine(house, anna)]
    annas, bens = life(anna, *homes, chance=chance), life(ben, await medicine(house, ben), chance=chance)
    await keep(house, *annas, *bens)
    await refresh(house, days_of(annas + bens))
    async with house.database.reading() as session:
        for person in (anna, ben):
            kept = await counted(session, person)
            assert kept == await recounted(session, person)
            due = await doses.due_doses(session, person, date.min, date.max)
            for today, length in product((on(DAYS - 1), on(20), on(DAYS + 9)), (7, 28, 90)):
                assert figures(kept, today, length) == adherence(due, today, length)
        stored = list(await session.exec(select(AdherenceDay)))
        few = await adherence_days.of_person(session, anna, on(3), on(4))
    assert all(row.due == row.taken + row.missed + row.skipped for row in stored)
    assert {count.day for count in few} == {on(3), on(4)}


async def test_a_day_that_is_refreshed_follows_every_change_and_goes_with_its_last_dose(
    house: PostHouse,
) -> None:
    chance = random.Random(11)
    person = await house.person("7")
    rows = life(person, await medicine(house, person), chance=chance)
    await keep(house, *rows)
    await refresh(house, days_of(rows))
    for _ in range(3):
        changed = chance.sample(rows, 25)
        async with house.database.transaction() as session:
            for row in await session.exec(select(Dose).where(col(Dose.id).in_([row.key for row in changed]))):
                end(row, chance)
            await adherence_days.refresh(session, days_of(changed))
        async with house.database.reading() as session:
            assert await counted(session, person) == await recounted(session, person)
    async with house.database.transaction() as session:
        await session.exec(delete(Dose).where(col(Dose.slot_date) <= on(30)))
        await adherence_days.refresh(session, days_of(rows))
        assert min(count.day for count in await counted(session, person)) > on(30)
        assert await counted(session, person) == await recounted(session, person)


async def test_days_of_many_people_take_as_many_statements_as_the_day_of_one(house: PostHouse) -> None:
    people = await house.crowd([str(number) for number in range(60)])
    rows = [dose(person, await medicine(house, person), 0) for person in people]
    await keep(house, *rows)
    told = {}
    for count in (1, len(rows)):
        with statements(house.database) as said:
            await refresh(house, days_of(rows[:count]))
        told[count] = len(said)
    assert told == {1: 2, len(rows): 2}
    async with house.database.transaction() as session:
        await session.exec(delete(Dose))
    with statements(house.database) as said:
        await refresh(house, days_of(rows))
    assert len(said) == 2
    async with house.database.reading() as session:
        assert list(await session.exec(select(AdherenceDay))) == []


async def test_the_days_that_were_asked_for_are_refreshed_and_no_others(house: PostHouse) -> None:
    person = await house.person("7")
    first, second = await medicine(house, person), await medicine(house, person)
    await keep(house, *(dose(person, home, days) for home in (first, second) for days in (0, 1)))
    await refresh(house, {OwnDay(person, first[0], on(0)), OwnDay(person, second[0], on(1))})
    async with house.database.reading() as session:
        found = [(count.regimen_id, count.day) for count in await counted(session, person)]
    assert found == [(first[0], on(0)), (second[0], on(1))]


async def test_what_was_before_there_were_counted_days_is_counted_by_the_migration(house: PostHouse) -> None:
    chance = random.Random(13)
    person = await house.person("7")
    rows = life(person, await medicine(house, person), chance=chance)
    for row in rows:
        row.kind = DoseKind.PLANNED
    extra = dose(person, (rows[0].regimen_id, rows[0].version_id), kind=DoseKind.EXTRA)
    await keep(house, *rows, extra)
    await take_back_the_migration(house)
    await migrate(house.database)
    later = dose(person, (rows[0].regimen_id, rows[0].version_id), DAYS)
    await keep(house, later)
    assert later.key > extra.key, "no number is given twice"
    await refresh(house, days_of([later]))
    async with house.database.reading() as session:
        assert await counted(session, person) == await recounted(session, person)
        assert {row.kind for row in await session.exec(select(Dose))} == {DoseKind.PLANNED}


async def take_back_the_migration(house: PostHouse) -> None:
    """As if the database were one of before. On a file, tables that are referred to are made anew for it."""
    async with house.database.engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        if house.database.is_sqlite and raw is not None:
            await raw.execute("PRAGMA foreign_keys=OFF")
        async with connection.begin():
            await connection.run_sync(lambda found: command.stamp(configuration(found), "head"))
            await connection.run_sync(lambda found: command.downgrade(configuration(found), "0011"))
        await connection.invalidate()


async def test_nothing_to_refresh_asks_for_nothing(house: PostHouse) -> None:
    with statements(house.database) as told:
        await refresh(house, set())
    assert told == []


async def test_whatever_is_not_planned_stands_beside_a_planned_dose_and_counts_apart(
    house: PostHouse,
) -> None:
    person = await house.person("7")
    home = await medicine(house, person)
    planned = dose(person, home, 0, state=DoseState.MISSED)
    extra = dose(person, home, 0, kind=DoseKind.EXTRA, state=DoseState.TAKEN, taken_at=START)
    wanted = dose(person, home, 0, kind=DoseKind.AS_NEEDED, state=DoseState.TAKEN, taken_at=START)
    await keep(house, planned, extra, wanted)
    async with house.database.reading() as session:
        assert [each.state for each in await doses.takings(session, person)] == [DoseState.MISSED]
        assert [each.state for each in await doses.seen_of_people(session, [person])] == [DoseState.MISSED]
        assert {each.kind for each in await doses.due_doses(session, person, on(0), on(0))} == set(DoseKind)
        slot = await doses.of_regimen_slot(session, home[0], on(0), time(9))
        assert slot is not None
        assert slot.key == planned.key
        assert await doses.last_answered_of(session, home[0]) is None
        assert await doses.last_taken(session, [home[0]]) == {home[0]: START}


async def test_what_was_taken_beyond_the_plan_and_taken_back_does_not_come_back(house: PostHouse) -> None:
    person = await house.person("7")
    home = await medicine(house, person)
    gone = dose(person, home, 0, state=DoseState.WITHDRAWN)
    await keep(house, gone, dose(person, home, 0, state=DoseState.WITHDRAWN, kind=DoseKind.EXTRA))
    async with house.database.reading() as session:
        assert [row.key for row in await doses.withdrawn_since(session, person, START)] == [gone.key]


async def test_what_was_taken_lately_comes_in_the_order_of_taking(house: PostHouse) -> None:
    person = await house.person("7")
    home, other = await medicine(house, person), await medicine(house, person)
    early = dose(person, home, 0, state=DoseState.TAKEN, taken_at=START - WINDOW)
    late = dose(person, home, 1, state=DoseState.TAKEN, taken_at=START + timedelta(days=2))
    untimed = dose(person, home, 2, state=DoseState.TAKEN)
    extra = dose(person, home, 0, 22, state=DoseState.TAKEN, kind=DoseKind.EXTRA)
    open_one = dose(person, home, 3)
    foreign = dose(person, other, 1, state=DoseState.TAKEN)
    await keep(house, early, late, untimed, extra, open_one, foreign)
    async with house.database.reading() as session:
        found = await doses.taken_since(session, [home[0]], START)
        assert [row.key for row in found] == [extra.key, late.key, untimed.key]
        assert await doses.last_taken(session, [home[0]]) == {home[0]: untimed.due_at}


async def test_no_refresh_looks_through_all_doses_or_days(house: PostHouse) -> None:
    """On the file; a server does as it likes with tables of a few rows."""
    if not house.database.is_sqlite:
        return
    person = await house.person("7")
    home = await medicine(house, person)
    await keep(house, dose(person, home))
    with statements(house.database) as told:
        await refresh(house, {OwnDay(person, home[0], on(0)), OwnDay(person, home[0], on(1))})
    looking = [each for each in told if each.words.startswith("SELECT")]
    assert looking
    for plan in await plans(house.database, looking):
        assert "SCAN" not in plan
