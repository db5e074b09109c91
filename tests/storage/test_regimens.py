"""Up to when medicines are planned, said of many at once."""

from datetime import timedelta

from sqlmodel import col, select

from storage import regimens
from storage.regimens import Regimen
from tests.scheduler.posthouse import START, PostHouse
from tests.storage.lives import medicine


async def test_what_is_planned_further_stays_so(house: PostHouse) -> None:
    [anna] = await house.crowd(["7"])
    now, later = START + timedelta(hours=1), START + timedelta(hours=2)
    behind, ahead = (await medicine(house, anna))[0], (await medicine(house, anna))[0]
    untouched = (await medicine(house, anna))[0]
    async with house.database.transaction() as session:
        (await session.get_one(Regimen, ahead)).planned_through = later
    async with house.database.transaction() as session:
        both = [await session.get_one(Regimen, key) for key in (behind, ahead)]
        await regimens.plan_through(session, both, now)
        assert [each.planned_through for each in both] == [now, later]
        assert not session.dirty
    async with house.database.reading() as session:
        rows = await session.exec(select(Regimen.planned_through).order_by(col(Regimen.id)))
        assert list(rows) == [now, later, START]
    assert behind < ahead < untouched


async def test_of_no_medicine_nothing_is_said(house: PostHouse) -> None:
    async with house.database.transaction() as session:
        await regimens.plan_through(session, [], START)
