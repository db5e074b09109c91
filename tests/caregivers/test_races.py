"""Two hands at once: the two sides of a bond never miss each other."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlmodel import select

from bot import post
from bot.caregivers import caring, circle, inviting, opening, rules
from bot.conversation.visit import Visit
from storage import bonds, estate, invites, people, timers
from storage import caring as caring_rows
from storage.bonds import ROOM, Bond, Name
from storage.caring import Caring
from storage.holding import hold_address
from storage.invites import Invite
from storage.outbox import OutboxState
from storage.people import Person
from storage.vocabulary import BondState, Ending
from tests.caregivers.test_links import invite
from tests.caregivers.ties import DOSE, as_it_is, courier, notice, tie, two
from tests.scheduler.posthouse import ACCOUNT, PLATFORM, PostHouse

Deed = Callable[[Visit], Awaitable[None]]


async def act(house: PostHouse, who: int, deed: Deed) -> None:
    """As the door does: hold whoever acts, act, set the timers, commit."""
    async with house.database.transaction() as session:
        await hold_address(session, PLATFORM, ACCOUNT, house.refs[who])
        person = (await people.by_ids(session, [who]))[who]
        given: dict[str, Any] = {"given": house.means, "name": Name("Anna Berg")}
        visit = Visit(session, person, house.sealers[who], house.clock.now(), **given)
        await deed(visit)
        await session.flush()
        await post.set_timers([visit])


async def theirs(house: PostHouse, caregiver: int) -> Caring:
    async with house.database.reading() as session:
        query = select(Caring).where(Caring.caregiver_id == caregiver)
        return (await session.exec(query)).one()


async def test_a_pause_and_a_leaving_at_once_are_both_heard(house: PostHouse) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, DOSE)
    side = str((await theirs(house, caregiver)).key)
    [row] = await house.post(notice(house, bond))
    await asyncio.gather(
        act(house, person, lambda visit: circle.pause(visit, str(bond.key))),
        act(house, caregiver, lambda visit: caring.leave(visit, side)),
    )
    found = await as_it_is(house, bond)
    assert (found.state, found.ended_by, found.end_told) == (BondState.ENDED, Ending.CAREGIVER, False)
    async with house.database.reading() as session:
        assert await timers.is_due(session, person, ROOM, house.clock.now())
    await house.carry(courier(house))
    assert house.platform.tried == []
    assert row


async def test_a_yes_and_a_leaving_at_once_leave_nothing_live(house: PostHouse) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, state=BondState.AGREED, confirmed_at=None)
    side = str((await theirs(house, caregiver)).key)
    await asyncio.gather(
        act(house, person, lambda visit: circle.confirm(visit, str(bond.key))),
        act(house, caregiver, lambda visit: caring.leave(visit, side)),
    )
    found = await as_it_is(house, bond)
    assert (found.state, found.ended_by) == (BondState.ENDED, Ending.CAREGIVER)
    assert found.end_told == (found.confirmed_at is None), "whoever said yes hears that they left"


async def agree_again(house: PostHouse, person: int, caregiver: int) -> None:
    """They are invited once more, and agree."""
    one = await invite(house, person, bytes(16))
    async with house.database.transaction() as session:
        assert await invites.open_for(session, one.key, caregiver, house.clock.now())
    answers = {"invite": one.key, "agreed": "1", "name": "Alex"}
    await act(house, caregiver, lambda visit: opening.agree(visit, answers))


async def test_who_leaves_after_a_second_invitation_leaves_all_that_they_have(house: PostHouse) -> None:
    """They have one entry for the person, whatever number of bonds is behind it."""
    person, caregiver = await two(house)
    older = await tie(house, person, caregiver, DOSE)
    [row] = await house.post(notice(house, older))
    await agree_again(house, person, caregiver)
    async with house.database.reading() as session:
        [entry] = await caring_rows.of_caregiver(session, caregiver)
    await act(house, caregiver, lambda visit: caring.leave(visit, str(entry.key)))
    async with house.database.reading() as session:
        found = list(await session.exec(select(Bond)))
    assert {(each.state, each.ended_by) for each in found} == {(BondState.ENDED, Ending.CAREGIVER)}
    await house.carry(courier(house))
    assert await house.state(row) == OutboxState.WITHHELD


async def test_of_two_agreements_the_newer_waits_and_no_yes_revives_the_older(house: PostHouse) -> None:
    """The caregiver's entry belongs to the newer: nothing would be told by the older."""
    person, caregiver = await two(house)
    older = await tie(house, person, caregiver, state=BondState.AGREED, confirmed_at=None)
    await agree_again(house, person, caregiver)
    await act(house, person, lambda visit: circle.confirm(visit, str(older.key)))
    async with house.database.reading() as session:
        [entry] = await caring_rows.of_caregiver(session, caregiver)
        [newer] = await bonds.with_caregiver(session, person, caregiver)
    assert (newer.state, newer.key) == (BondState.AGREED, entry.bond_id)
    await act(house, person, lambda visit: circle.confirm(visit, str(newer.key)))
    assert (await as_it_is(house, newer)).state is BondState.LIVE
    found = await as_it_is(house, older)
    assert (found.state, found.ended_by, found.end_told) == (BondState.ENDED, Ending.REPLACED, True)


async def test_without_an_address_of_our_own_no_invitation_is_made(house: PostHouse) -> None:
    person, _ = await two(house)

    async def ask(visit: Visit) -> None:
        await inviting.invite(visit, "")
        assert "I don't know my own address yet." in visit.orders[0].message.text.plain

    await act(house, person, ask)
    async with house.database.reading() as session:
        assert list(await session.exec(select(Invite))) == []


async def test_nobody_has_more_caregivers_than_can_be_looked_after(house: PostHouse) -> None:
    person, caregiver = await two(house)
    for _ in range(rules.MOST_CAREGIVERS):
        await tie(house, person, caregiver)

    async def ask(visit: Visit) -> None:
        await inviting.invite(visit, "")
        assert "as many as I can look after" in visit.orders[0].message.text.plain

    await act(house, person, ask)


async def test_who_agrees_while_the_other_erases_everything_is_tied_to_nobody(house: PostHouse) -> None:
    person, caregiver = await two(house)
    one = await invite(house, person, bytes(16))
    async with house.database.transaction() as session:
        assert await invites.open_for(session, one.key, caregiver, house.clock.now())
    answers = {"invite": one.key, "agreed": "1", "name": "Alex"}

    async def erase(visit: Visit) -> None:
        await estate.erase(visit.session, person, visit.now)

    await asyncio.gather(
        act(house, caregiver, lambda visit: opening.agree(visit, answers)), act(house, person, erase)
    )
    async with house.database.reading() as session:
        assert [found.key for found in await session.exec(select(Person))] == [caregiver]
        assert [row.bond_id for row in await session.exec(select(Caring))] in ([], [None])
        assert list(await session.exec(select(Bond))) == []
        assert list(await session.exec(select(Invite))) == []
