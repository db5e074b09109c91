"""When somebody's day ends at another time, doses of the night take the name of another day, all at once."""

from datetime import time, timedelta

import pytest
from sqlmodel import col, select

from storage import doses
from storage.doses import Dose
from tests.scheduler.posthouse import PostHouse
from tests.storage.lives import dose, keep, medicine, on

NIGHT = time(0), time(4)


@pytest.mark.parametrize("by", [-1, 1])
async def test_every_dose_of_the_hours_between_moves_and_no_name_is_taken_twice(
    house: PostHouse, by: int
) -> None:
    [anna] = await house.crowd(["7"])
    night, other = await medicine(house, anna), await medicine(house, anna)
    # Written in no order, so that neither the oldest nor the newest comes first by chance.
    await keep(house, *(dose(anna, night, day, 1) for day in (2, 0, 3, 1)), dose(anna, night, 1, 4))
    await keep(house, dose(anna, other, 1, 1))
    async with house.database.transaction() as session:
        held = list(await session.exec(select(Dose).where(Dose.regimen_id == night[0])))
        renamed = await doses.rename(session, [night[0]], NIGHT, timedelta(days=by), lambda _: True)
        assert {each.slot_date for each in renamed} == {on(day + by) for day in range(4)}
        assert {each.slot_date for each in held if each.slot_time == time(1)} == {
            on(day + by) for day in range(4)
        }
    async with house.database.reading() as session:
        rows = await session.exec(
            select(Dose).order_by(col(Dose.regimen_id), col(Dose.slot_time), col(Dose.slot_date))
        )
        assert [(row.regimen_id, row.slot_time.hour, row.slot_date) for row in rows] == [
            *((night[0], 1, on(day + by)) for day in range(4)),
            (night[0], 4, on(1)),
            (other[0], 1, on(1)),
        ]


async def test_a_dose_that_bears_another_name_keeps_it_and_nobody_takes_it(house: PostHouse) -> None:
    """What was had before the days ended elsewhere once has its name from the calendar."""
    [anna] = await house.crowd(["7"])
    night = await medicine(house, anna)
    await keep(house, *(dose(anna, night, day, 1) for day in (0, 1, 2)))
    async with house.database.transaction() as session:
        renamed = await doses.rename(
            session, [night[0]], NIGHT, timedelta(days=-1), lambda dose: dose.slot_date != on(0)
        )
        assert renamed == []
        renamed = await doses.rename(
            session, [night[0]], NIGHT, timedelta(days=1), lambda dose: dose.slot_date != on(0)
        )
        assert [each.slot_date for each in renamed] == [on(3), on(2)]
