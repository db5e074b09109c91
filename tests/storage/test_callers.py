"""What is known at once of somebody at the door."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import delete

from storage import callers, timers
from storage.bonds import Bond, Name, seal_name
from storage.people import PersonKey
from storage.sealing import CannotOpen
from storage.timers import Setting
from storage.told import Told
from storage.vocabulary import BondState, Scope
from tests.scheduler.posthouse import ACCOUNT, PLATFORM, START, PostHouse

SOON = START + timedelta(minutes=1)


async def calls(house: PostHouse, ref: str) -> callers.Caller | None:
    async with house.database.reading() as session:
        return await callers.at(session, house.master, (PLATFORM, ACCOUNT, ref), "doses", START)


async def test_nobody_is_at_home_where_nobody_lives(house: PostHouse) -> None:
    await house.person("7")
    assert await calls(house, "8") is None


async def test_whoever_calls_is_known_with_their_key(house: PostHouse) -> None:
    person = await house.person("7")
    caller = await calls(house, "7")
    assert caller is not None
    assert caller.person.key == person
    assert caller.sealer.open("t", "c", house.sealers[person].seal("t", "c", "hush")) == "hush"
    assert not caller.overdue
    assert not caller.told_of


@pytest.mark.parametrize(
    ("room", "at", "overdue"), [("doses", START, True), ("doses", SOON, False), ("checkins", START, False)]
)
async def test_it_is_known_whether_a_timer_of_the_room_has_run_out(
    house: PostHouse, room: str, at: datetime, *, overdue: bool
) -> None:
    anna, ben = await house.crowd(["7", "8"])
    async with house.database.transaction() as session:
        await timers.put(session, [Setting(anna, room, at)])
        await timers.put(session, [Setting(ben, "doses", SOON)])
    caller, other = await calls(house, "7"), await calls(house, "8")
    assert caller is not None
    assert other is not None
    assert caller.overdue is overdue
    assert not other.overdue


async def test_it_is_known_whether_somebody_was_told_something_of_them(house: PostHouse) -> None:
    """For the one of whom it was told, not for the one who was told."""
    anna, ben = await house.crowd(["7", "8"])
    async with house.database.transaction() as session:
        bond = Bond(
            person_id=anna,
            caregiver_id=ben,
            state=BondState.LIVE,
            state_since=START,
            name_sealed=seal_name(house.sealers[anna], Name("Ben")),
            agreed_at=START,
            agreed_text="1",
            expires_at=SOON,
        )
        session.add(bond)
        await session.flush()
        words = house.sealers[anna].seal("told", "text_sealed", "Two of seven.")
        told = Told(
            bond_id=bond.key, person_id=anna, kind=Scope.WEEKLY_COUNT, text_sealed=words, made_at=START
        )
        session.add(told)
    caller, other = await calls(house, "7"), await calls(house, "8")
    assert caller is not None
    assert other is not None
    assert caller.told_of
    assert not other.told_of


async def test_a_key_that_was_destroyed_opens_nothing(house: PostHouse) -> None:
    await house.person("7")
    async with house.database.transaction() as session:
        await session.exec(delete(PersonKey))
    with pytest.raises(CannotOpen):
        await calls(house, "7")
