"""What is left: counted once, less what was taken since."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from storage import stock
from storage.stock import Stock, Taken
from storage.vocabulary import DoseKind, DoseState
from tests.scheduler.posthouse import START, PostHouse
from tests.statements.counting import statements
from tests.storage.lives import dose, keep, medicine, on

COUNTED = START + timedelta(days=1, hours=1)


def counted(person: int, regimen: int, **more: Any) -> Stock:
    given: dict[str, Any] = {"left": Decimal(30), "per_dose": Decimal("0.5"), "lead_days": 7}
    return Stock(regimen_id=regimen, person_id=person, counted_at=COUNTED, **(given | more))


async def put(house: PostHouse, row: Stock) -> None:
    async with house.database.transaction() as session:
        await stock.put(session, row)


async def taken(house: PostHouse, *regimens: int) -> list[Taken]:
    async with house.database.reading() as session:
        return sorted(await stock.taken_since_counted(session, regimens), key=str)


async def test_half_a_tablet_is_kept_exactly_and_as_whole_thousandths(house: PostHouse) -> None:
    person = await house.person("7")
    regimen, _ = await medicine(house, person)
    await put(house, counted(person, regimen, left=Decimal("28.125")))
    async with house.database.reading() as session:
        [row] = await stock.of_people(session, [person])
        stored = (await session.exec(text('SELECT "left", per_dose FROM stock'))).one()  # type: ignore[call-overload]
    assert (row.left, row.per_dose, row.told_for) == (Decimal("28.125"), Decimal("0.5"), None)
    assert tuple(stored) == (28125, 500)


@pytest.mark.parametrize("left", ["0.3333", "NaN", "Infinity", "1e30"])
async def test_what_cannot_be_kept_exactly_is_refused(house: PostHouse, left: str) -> None:
    person = await house.person("7")
    regimen, _ = await medicine(house, person)
    with pytest.raises(StatementError):
        await put(house, counted(person, regimen, left=Decimal(left)))


async def test_a_new_count_takes_the_place_of_the_former_and_of_what_was_told(house: PostHouse) -> None:
    person = await house.person("7")
    regimen, _ = await medicine(house, person)
    await put(house, counted(person, regimen, told_for=on(9)))
    await put(house, counted(person, regimen, left=Decimal(60)))
    async with house.database.transaction() as session:
        [row] = await stock.of_people(session, [person])
        assert (row.left, row.told_for) == (Decimal(60), None)
        await stock.forget(session, regimen)
        assert await stock.of_people(session, [person]) == []


async def test_what_was_taken_since_the_count_is_counted_and_nothing_else(house: PostHouse) -> None:
    anna, ben = await house.crowd(["7", "8"])
    home, other, bens = await medicine(house, anna), await medicine(house, anna), await medicine(house, ben)
    for person, (regimen, _) in ((anna, home), (anna, other), (ben, bens)):
        await put(house, counted(person, regimen))
    done: dict[str, Any] = {"state": DoseState.TAKEN}
    await keep(
        house,
        dose(anna, home, 0, taken_at=START, **done),  # before the count
        dose(anna, home, 1, **done),  # due before it, and nobody knows when it was taken
        dose(anna, home, 1, 8, taken_at=COUNTED, **done),  # taken, then counted
        dose(anna, home, 0, 20, taken_at=COUNTED + timedelta(minutes=1), **done),  # late, after the count
        dose(anna, home, 2, **done),
        dose(anna, home, 3, taken_at=START + timedelta(days=3), kind=DoseKind.AS_NEEDED, **done),
        dose(anna, home, 3, taken_at=START + timedelta(days=3), kind=DoseKind.EXTRA, **done),
        dose(anna, home, 4, state=DoseState.MISSED),
        dose(anna, home, 5, state=DoseState.SKIPPED),
        dose(anna, home, 6),
        dose(anna, home, 7, step=0, turn=0, **done),
        dose(anna, home, 8, step=1, turn=0, **done),
        dose(anna, home, 9, step=1, turn=1, **done),
        dose(anna, home, 10, step=1, turn=0, **done),
        dose(ben, bens, 2, **done),
    )
    expected = [
        Taken(*home, None, None, 4),
        Taken(*home, 0, 0, 1),
        Taken(*home, 1, 0, 2),
        Taken(*home, 1, 1, 1),
        Taken(*bens, None, None, 1),
    ]
    assert await taken(house, home[0], other[0], bens[0]) == sorted(expected, key=str)


async def test_what_each_amount_takes_is_read_again_and_stands_nowhere_in_clear(house: PostHouse) -> None:
    person = await house.person("7")
    sealer, said = house.sealers[person], {"50 quokkas": Decimal(1), "25 quokkas": Decimal("0.5")}
    regimen, _ = await medicine(house, person)
    await put(house, counted(person, regimen, per_amount_sealed=stock.seal_per_amount(sealer, said)))
    async with house.database.reading() as session:
        [row] = await stock.of_people(session, [person])
        stored = repr((await session.exec(text("SELECT * FROM stock"))).all())  # type: ignore[call-overload]
    assert stock.open_per_amount(sealer, row) == said
    assert "quokka" not in stored
    assert stock.open_per_amount(sealer, counted(person, regimen)) == {}
    assert stock.seal_per_amount(sealer, {}) is None


def test_what_is_left_is_exact_and_never_less_than_nothing() -> None:
    kept = counted(1, 1, left=Decimal(1), per_dose=Decimal("0.3"))
    assert [kept.after(kept.per_dose * taken) for taken in range(5)] == [
        Decimal("1"), Decimal("0.7"), Decimal("0.4"), Decimal("0.1"), Decimal(0),
    ]  # fmt: skip


async def test_the_stock_of_many_people_takes_two_statements(house: PostHouse) -> None:
    people = await house.crowd([str(number) for number in range(20)])
    for person in people:
        home = await medicine(house, person)
        await put(house, counted(person, home[0]))
        await keep(house, dose(person, home, 2, state=DoseState.TAKEN))
    with statements(house.database) as told:
        async with house.database.reading() as session:
            rows = await stock.of_people(session, people)
            since = await stock.taken_since_counted(session, [row.regimen_id for row in rows])
    assert [(each.regimen_id, each.doses) for each in sorted(since)] == [(row.regimen_id, 1) for row in rows]
    assert len(told) == 2
