"""The steps of a plan keep their order, and their amounts are sealed."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import plans, regimens
from storage.plans import NewStep
from storage.regimens import RegimenVersion
from storage.sealing import CannotOpen
from tests.scheduler.posthouse import PostHouse
from tests.statements.counting import statements
from tests.storage.lives import medicine

MORNINGS, EVENINGS = {"kind": "daily", "times": ["08:00"]}, {"kind": "daily", "times": ["20:00"]}
TAPER = [
    NewStep(date(2026, 3, 1), MORNINGS, ["quokka mg"]),
    NewStep(date(2026, 3, 15), EVENINGS, ["numbat mg", "bilby mg"]),
]


async def planned(house: PostHouse, person: int, steps: list[NewStep]) -> int:
    """A new version with these steps; its id."""
    _, version = await medicine(house, person)
    async with house.database.transaction() as session:
        await plans.put(session, house.sealers[person], version, steps)
    return version


async def test_what_was_planned_is_read_again_and_its_amounts_stand_nowhere_in_clear(
    house: PostHouse,
) -> None:
    person = await house.person("7")
    version, bare = await planned(house, person, TAPER), (await medicine(house, person))[1]
    async with house.database.reading() as session:
        found = await plans.of_versions(session, [version, bare])
        stored = repr((await session.exec(text("SELECT * FROM regimen_step"))).all())  # type: ignore[call-overload]
    assert list(found) == [version]
    assert [(step.number, step.since, step.timing) for step in found[version]] == [
        (0, date(2026, 3, 1), MORNINGS),
        (1, date(2026, 3, 15), EVENINGS),
    ]
    assert [plans.open_amounts(house.sealers[person], step) for step in found[version]] == [
        ["quokka mg"],
        ["numbat mg", "bilby mg"],
    ]
    assert not any(amount in stored for step in TAPER for amount in step.amounts)


async def test_an_amount_opens_for_its_person_only(house: PostHouse) -> None:
    anna, ben = await house.crowd(["7", "8"])
    version = await planned(house, anna, TAPER)
    async with house.database.reading() as session:
        [step, _] = (await plans.of_versions(session, [version]))[version]
    with pytest.raises(CannotOpen):
        plans.open_amounts(house.sealers[ben], step)


async def test_a_version_has_each_step_once(house: PostHouse) -> None:
    person = await house.person("7")
    version = await planned(house, person, TAPER)
    with pytest.raises(IntegrityError):
        async with house.database.transaction() as session:
            await plans.put(session, house.sealers[person], version, TAPER)


async def test_the_steps_of_many_versions_take_one_statement(house: PostHouse) -> None:
    person = await house.person("7")
    with statements(house.database) as told:
        versions = [await planned(house, person, TAPER * 5) for _ in range(3)]
    assert sum("INSERT INTO regimen_step" in each.words for each in told) == len(versions)
    with statements(house.database) as told:
        async with house.database.reading() as session:
            found = await plans.of_versions(session, versions)
    assert [len(found[version]) for version in versions] == [10, 10, 10]
    assert len(told) == 1


async def test_medicines_come_with_the_steps_of_their_newest_version_in_one_statement(
    house: PostHouse,
) -> None:
    ada, ben = await house.crowd(["7", "8"])
    (bare, _), (stepped, first) = await medicine(house, ada), await medicine(house, ben)
    async with house.database.transaction() as session:
        await plans.put(session, house.sealers[ben], first, TAPER[:1])
        newest = await _next_version(session, first)
        await plans.put(session, house.sealers[ben], newest, TAPER)
    with statements(house.database) as told:
        async with house.database.reading() as session:
            found = await plans.of_people(session, [ada, ben])
    seen = [(one.key, version.number, [step.since for step in steps]) for one, version, steps in found]
    assert seen == [(bare, 1, []), (stepped, 2, [date(2026, 3, 1), date(2026, 3, 15)])]
    assert len(told) == 1


async def _next_version(session: AsyncSession, version_id: int) -> int:
    """The same words and timing as a version of their own; its id."""
    [before] = await regimens.versions_by_key(session, [version_id])
    fields = before.model_dump(exclude={"id"}) | {"number": before.number + 1}
    after = RegimenVersion(**fields)
    session.add(after)
    await session.flush()
    return after.key
