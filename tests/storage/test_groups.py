"""Groups: the country an admin chose, through a change of reference."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import groups
from tests.scheduler.posthouse import PostHouse

HERE = ("telegram", "1")


@pytest.fixture
async def session(house: PostHouse) -> AsyncIterator[AsyncSession]:
    async with house.database.transaction() as one:
        yield one


async def test_the_newest_choice_holds(session: AsyncSession) -> None:
    assert await groups.country_of(session, *HERE, "-5") is None
    await groups.settle(session, *HERE, "-5", "DE")
    await groups.settle(session, *HERE, "-5", "FR")
    assert await groups.country_of(session, *HERE, "-5") == "FR"
    assert await groups.country_of(session, "telegram", "2", "-5") is None


async def test_a_group_that_moves_takes_its_country_along(session: AsyncSession) -> None:
    await groups.settle(session, *HERE, "-5", "DE")
    await groups.move(session, *HERE, "-5", "-1005")
    assert await groups.country_of(session, *HERE, "-1005") == "DE"
    assert await groups.country_of(session, *HERE, "-5") is None


async def test_what_was_set_at_the_new_place_already_wins(session: AsyncSession) -> None:
    await groups.settle(session, *HERE, "-5", "DE")
    await groups.settle(session, *HERE, "-1005", "AT")
    await groups.move(session, *HERE, "-5", "-1005")
    assert await groups.country_of(session, *HERE, "-1005") == "AT"


async def test_a_group_that_was_never_set_up_moves_without_a_trace(session: AsyncSession) -> None:
    await groups.move(session, *HERE, "-5", "-1005")
    assert await groups.country_of(session, *HERE, "-1005") is None
