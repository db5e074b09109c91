"""One statement finds around a dose what three would."""

import random
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from storage import doses, neighbours
from storage.adherence_days import own_day
from storage.dose_cards import DoseCard
from storage.doses import Dose
from storage.vocabulary import DoseState
from tests.scheduler.posthouse import START, PostHouse
from tests.statements.counting import plans, statements
from tests.storage.lives import dose, keep, medicine

DAYS = 30


async def life(house: PostHouse, person: int, chance: random.Random) -> list[Dose]:
    """Doses of two medicines, some of them taken, on cards that show one or both, or on none."""
    homes = [await medicine(house, person), await medicine(house, person)]
    cards = [DoseCard(person_id=person, made_at=START) for _ in range(DAYS)]
    await keep(house, *cards)
    rows = [dose(person, home, days, at) for home in homes for days in range(DAYS) for at in (9, 10, 21)]
    for row in rows:
        row.card_id = chance.choice([None, chance.choice(cards).id])
        if chance.random() < 0.6:
            row.state = DoseState.TAKEN
            row.taken_at = chance.choice([None, row.due_at + timedelta(hours=chance.randrange(-3, 30))])
    await keep(house, *rows)
    return rows


async def apart(session: AsyncSession, row: Dose, since_hours: int) -> tuple[set[int], set[int], list[int]]:
    """The same by a statement each."""
    taken = await doses.taken_since(session, [row.regimen_id], row.due_at - timedelta(hours=since_hours))
    day = await doses.of_day(session, row.person_id, row.slot_date)
    card = await doses.of_cards(session, [row.person_id], [row.card_id] if row.card_id is not None else [])
    of_day = {each.key for each in day if own_day(each) == own_day(row)}
    return {each.key for each in taken}, of_day, [each.key for each in card]


async def test_one_statement_finds_what_three_would(house: PostHouse) -> None:
    chance = random.Random(5)
    anna, ben = await house.crowd(["7", "8"])
    everybody = [*await life(house, anna, chance), *await life(house, ben, chance)]
    async with house.database.reading() as session:
        for row in chance.sample(everybody, 60):
            hours = chance.choice((4, 40))
            found = await neighbours.of_dose(session, row, row.due_at - timedelta(hours=hours))
            taken, day = ({each.key for each in part} for part in (found.taken, found.day))
            assert (taken, day, [each.key for each in found.card]) == await apart(session, row, hours)


async def test_it_finds_them_by_an_index(house: PostHouse) -> None:
    person = await house.person("7")
    [row, *_] = await life(house, person, random.Random(6))
    async with house.database.reading() as session:
        with statements(house.database) as told:
            await neighbours.of_dose(session, row, row.due_at)
    [plan] = await plans(house.database, told)
    assert "SCAN dose" not in plan
