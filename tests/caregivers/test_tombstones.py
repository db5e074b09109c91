"""Tombstones: what was erased or revoked stays so, though yesterday's backup is restored."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.unreachable import Unreachables
from scheduler.outcomes import Unreachable
from storage import bonds, invites, lapses, scopes, timers
from storage.bonds import Bond
from storage.outbox import OutboxState
from storage.people import Person
from storage.replay import replay
from storage.scopes import BondScope, ScopeChange
from storage.tombstones import OwedStone, StoneKind, StonesUnwritable, Tombstones
from storage.vocabulary import BondState, Ending, Scope
from tests.caregivers.ties import DOSE, as_it_is, courier, notice, set_bond, tie, two
from tests.scheduler.posthouse import ACCOUNT, PLATFORM, PostHouse


@pytest.fixture
def stones(house: PostHouse, tmp_path: Path) -> Tombstones:
    return Tombstones(tmp_path / "key.tombstones", house.master)


async def lay(house: PostHouse, stones: Tombstones, bond: Bond, kind: StoneKind) -> None:
    async with house.database.transaction() as session:
        await stones.lay_for_bond(session, bond, kind, house.clock.now())


async def owed(house: PostHouse) -> int:
    async with house.database.reading() as session:
        return len(list(await session.exec(select(OwedStone))))


# The tests do not restore files: they lay the stone and leave the database as it was before.


async def test_a_bond_that_was_ended_is_ended_again_and_sends_nothing(
    house: PostHouse, stones: Tombstones
) -> None:
    bond = await tie(house, *await two(house), DOSE)
    [row] = await house.post(notice(house, bond))
    house.clock.advance(60)
    await lay(house, stones, bond, StoneKind.ENDED)
    assert await replay(house.database, stones) == 1
    found = await as_it_is(house, bond)
    assert (found.state, found.ended_by, found.end_told) == (BondState.ENDED, Ending.PERSON, True)
    await house.carry(courier(house))
    assert await house.state(row) == OutboxState.WITHHELD


async def test_a_bond_that_was_paused_is_paused_again(house: PostHouse, stones: Tombstones) -> None:
    bond = await tie(house, *await two(house), DOSE)
    house.clock.advance(60)
    await lay(house, stones, bond, StoneKind.PAUSED)
    assert await replay(house.database, stones) == 1
    assert (await as_it_is(house, bond)).state is BondState.PAUSED


async def test_a_bond_that_went_on_after_its_pause_stays_live(house: PostHouse, stones: Tombstones) -> None:
    bond = await tie(house, *await two(house), DOSE)
    await lay(house, stones, bond, StoneKind.PAUSED)
    house.clock.advance(60)
    await set_bond(house, bond, state_since=house.clock.now())
    assert await replay(house.database, stones) == 0
    assert (await as_it_is(house, bond)).state is BondState.LIVE


async def test_a_scope_that_was_switched_off_is_off_again_unless_switched_on_since(
    house: PostHouse, stones: Tombstones
) -> None:
    bond = await tie(house, *await two(house), DOSE, Scope.NEED_YOU)
    house.clock.advance(60)
    async with house.database.transaction() as session:
        for kind in (DOSE, Scope.NEED_YOU):
            await stones.lay_for_scope(session, bond, kind, house.clock.now())
        await scopes.switch_off(session, bond, Scope.NEED_YOU, house.clock.now())
        await scopes.switch_on(session, bond, Scope.NEED_YOU, house.clock.now() + timedelta(seconds=1))
    assert await replay(house.database, stones) == 1
    async with house.database.reading() as session:
        assert [row.kind for row in await session.exec(select(BondScope))] == [Scope.NEED_YOU]
        changes = await session.exec(select(ScopeChange).order_by(col(ScopeChange.id).desc()).limit(1))
        assert [(row.kind, row.turned_on) for row in changes] == [(DOSE, False)]


async def test_a_scope_that_was_set_in_another_way_since_the_backup_is_off(
    house: PostHouse, stones: Tombstones
) -> None:
    """It may have been with the names of medicines then, and without them since."""
    bond = await tie(house, *await two(house), DOSE, Scope.WEEKLY_COUNT)
    house.clock.advance(60)
    async with house.database.transaction() as session:
        bond.names_told = True
        session.add(bond)
        assert await scopes.log_all(session, bond, house.clock.now()) == [DOSE]
        await stones.lay_for_settings(session, bond, [DOSE], house.clock.now())
    assert await replay(house.database, stones) == 0, "it is known how it stands"
    house.clock.advance(60)
    async with house.database.transaction() as session:
        await stones.lay_for_settings(session, bond, [DOSE], house.clock.now())
    assert await replay(house.database, stones) == 1
    async with house.database.reading() as session:
        assert [row.kind for row in await session.exec(select(BondScope))] == [Scope.WEEKLY_COUNT]
    assert not (await as_it_is(house, bond)).names_told, "nor does a helper see them"
    assert await replay(house.database, stones) == 0


async def test_who_was_erased_is_erased_again_and_who_came_back_stays(
    house: PostHouse, stones: Tombstones
) -> None:
    gone, back = await house.crowd(["1", "2"])
    house.clock.advance(60)
    async with house.database.transaction() as session:
        for key in (gone, back):
            person = (await session.exec(select(Person).where(Person.id == key))).one()
            await stones.lay_for(person, house.clock.now())
            if key == back:
                person.created_at = house.clock.now() + timedelta(seconds=1)
    assert await replay(house.database, stones) == 1
    async with house.database.reading() as session:
        assert [person.key for person in await session.exec(select(Person))] == [back]


async def test_another_bond_that_was_given_the_same_number_is_left_alone(
    house: PostHouse, stones: Tombstones
) -> None:
    """After a restore numbers are given again."""
    bond = await tie(house, *await two(house), DOSE)
    await lay(house, stones, bond, StoneKind.ENDED)
    await set_bond(house, bond, agreed_at=bond.agreed_at + timedelta(hours=1))
    assert await replay(house.database, stones) == 0


async def test_a_caregiver_who_is_erased_again_ends_the_bond(house: PostHouse, stones: Tombstones) -> None:
    bond = await tie(house, *await two(house), DOSE)
    house.clock.advance(60)
    async with house.database.reading() as session:
        caregiver = (await session.exec(select(Person).where(Person.id == bond.caregiver_id))).one()
    await stones.lay_for(caregiver, house.clock.now())
    await replay(house.database, stones)
    found = await as_it_is(house, bond)
    assert (found.state, found.ended_by, found.caregiver_id) == (BondState.ENDED, Ending.GONE, None)


async def silent_since(house: PostHouse, person: int) -> datetime | None:
    async with house.database.reading() as session:
        return (await session.exec(select(Person.silent_since).where(Person.id == person))).one()


async def lay_silence(house: PostHouse, stones: Tombstones, person: int) -> None:
    async with house.database.transaction() as session:
        found = list(await session.exec(select(Person).where(Person.id == person)))
        await stones.lay_for_silence(session, found, house.clock.now())


async def test_whose_silence_is_younger_than_the_backup_sends_nothing(
    house: PostHouse, stones: Tombstones
) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, DOSE)
    [row] = await house.post(notice(house, bond))
    house.clock.advance(60)
    await lay_silence(house, stones, person)
    assert await replay(house.database, stones) == 1
    assert await silent_since(house, person) == house.clock.now()
    await house.carry(courier(house))
    assert await house.state(row) == OutboxState.WITHHELD
    assert await replay(house.database, stones) == 0


async def test_who_has_come_back_since_their_silence_is_left_alone(
    house: PostHouse, stones: Tombstones
) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, DOSE)
    await lay_silence(house, stones, person)
    house.clock.advance(60)
    async with house.database.transaction() as session:
        await bonds.begin_anew(session, [person], house.clock.now())
    assert await replay(house.database, stones) == 0
    [row] = await house.post(notice(house, bond))
    await house.carry(courier(house))
    assert await house.state(row) == OutboxState.DELIVERED


async def test_the_silence_of_somebody_who_shares_nothing_leaves_no_line(
    house: PostHouse, stones: Tombstones
) -> None:
    person, _caregiver = await two(house)
    await lay_silence(house, stones, person)
    assert await stones.read() == []


async def test_whom_the_platform_cannot_reach_has_fallen_silent(house: PostHouse, stones: Tombstones) -> None:
    """They blocked the bot, and it did not hear of that before it wrote to them."""
    person, caregiver = await two(house)
    await tie(house, person, caregiver, DOSE)
    house.platform.script = lambda _parcel: Unreachable()
    await house.write(person, "a reminder")
    await house.write(caregiver, "an answer")
    await house.carry(house.courier(witness=Unreachables(house.clock, stones)))
    [stone] = await stones.read()
    assert (stone.kind, stone.digest) == (StoneKind.SILENT, stones.person(PLATFORM, ACCOUNT, "alex"))


async def test_a_link_that_was_opened_after_the_backup_works_for_nobody(
    house: PostHouse, stones: Tombstones
) -> None:
    person, _caregiver = await two(house)
    token, now = bytes(16), house.clock.now()
    async with house.database.transaction() as session:
        await invites.make(session, person, token, now, now + timedelta(minutes=30))
    house.clock.advance(60)
    async with house.database.transaction() as session:
        await stones.lay_for_invites(session, [invites.hash_of(token)], house.clock.now())
    assert await replay(house.database, stones) == 1
    async with house.database.transaction() as session:
        assert await invites.by_token(session, token, house.clock.now()) is None
    assert await replay(house.database, stones) == 0


async def test_a_link_that_the_backup_knows_as_opened_still_works_for_whoever_opened_it(
    house: PostHouse, stones: Tombstones
) -> None:
    person, caregiver = await two(house)
    token, now = bytes(16), house.clock.now()
    async with house.database.transaction() as session:
        await invites.make(session, person, token, now, now + timedelta(minutes=30))
        invite = await invites.by_token(session, token, now)
        assert invite is not None
        assert await invites.open_for(session, invite.key, caregiver, now)
        await stones.lay_for_invites(session, [invite.token_hash], now)
    assert await replay(house.database, stones) == 0
    async with house.database.transaction() as session:
        assert await invites.agree(session, invite.key, caregiver, house.clock.now()) == invite.token_hash


async def test_what_a_replay_undoes_the_person_is_owed_a_word_of_in_the_same_transaction(
    house: PostHouse, stones: Tombstones
) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, DOSE, Scope.NEED_YOU)
    token, now = bytes(16), house.clock.now()
    async with house.database.transaction() as session:
        await invites.make(session, person, token, now, now + timedelta(minutes=30))
    house.clock.advance(60)
    await lay(house, stones, bond, StoneKind.PAUSED)
    async with house.database.transaction() as session:
        await stones.lay_for_scope(session, bond, DOSE, house.clock.now())
        await stones.lay_for_invites(session, [invites.hash_of(token)], house.clock.now())
    for _again in range(2):
        await replay(house.database, stones)
        async with house.database.reading() as session:
            owed = await lapses.of_people(session, [person, caregiver])
            [timer] = await timers.of_people(session, [person, caregiver], bonds.ROOM)
        assert [(row.person_id, row.bond_id, row.scope) for row in owed] == [
            (person, bond.key, None),
            (person, bond.key, DOSE),
            (person, None, None),
        ]
        assert timer == person


async def test_a_second_replay_finds_nothing_to_do(house: PostHouse, stones: Tombstones) -> None:
    bond = await tie(house, *await two(house), DOSE)
    await lay(house, stones, bond, StoneKind.ENDED)
    await replay(house.database, stones)
    assert await replay(house.database, stones) == 0


async def test_a_line_that_a_crash_has_torn_spoils_no_other(house: PostHouse, stones: Tombstones) -> None:
    bond = await tie(house, *await two(house), DOSE)
    await lay(house, stones, bond, StoneKind.PAUSED)
    with stones.path.open("a") as file:
        file.write("1 ended 2026-03-")
    await lay(house, stones, bond, StoneKind.ENDED)
    assert [stone.kind for stone in await stones.read()] == [StoneKind.PAUSED, StoneKind.ENDED]


async def test_nobody_can_read_from_the_file_whom_it_is_about(house: PostHouse, stones: Tombstones) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, DOSE)
    await lay(house, stones, bond, StoneKind.ENDED)
    text = stones.path.read_text()
    assert "alex" not in text
    assert "anna" not in text
    assert stones.path.stat().st_mode & 0o777 == 0o600
    assert (
        Tombstones(stones.path, type(house.master)(bytes([1] * 32))).bond(bond.key, bond.agreed_at)
        not in text
    )


async def test_revoking_works_while_the_file_cannot_be_written_and_is_written_later(
    house: PostHouse, tmp_path: Path
) -> None:
    bond = await tie(house, *await two(house), DOSE)
    stones = Tombstones(tmp_path / "not there yet" / "tombstones", house.master)
    ended_at = house.clock.now()
    async with house.database.transaction() as session:
        await stones.lay_for_bond(session, bond, StoneKind.ENDED, ended_at)
        await bonds.end(session, bond.key, Ending.PERSON, ended_at, told=True)
    assert (await as_it_is(house, bond)).state is BondState.ENDED
    with pytest.raises(StonesUnwritable):
        async with house.database.transaction() as session:
            await stones.pay(session)
    assert await owed(house) == 1
    stones.path.parent.mkdir()
    house.clock.advance(3_600)
    async with house.database.transaction() as session:
        await stones.pay(session)
    assert [(stone.kind, stone.at) for stone in await stones.read()] == [(StoneKind.ENDED, ended_at)]
    assert await owed(house) == 0


async def test_erasing_is_refused_while_the_file_cannot_be_written(house: PostHouse, tmp_path: Path) -> None:
    stones = Tombstones(tmp_path / "nowhere" / "tombstones", house.master)
    person = Person(platform="p", account="a", ref="r", created_at=house.clock.now())
    with pytest.raises(StonesUnwritable, match="cannot be written"):
        await stones.lay_for(person, house.clock.now())


async def test_a_stone_is_on_the_disk_before_anything_else_happens(
    house: PostHouse, stones: Tombstones, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(stones.path.stat().st_size)
        real(descriptor)

    monkeypatch.setattr("storage.tombstones.os.fsync", fsync)
    bond = await tie(house, *await two(house), DOSE)
    await lay(house, stones, bond, StoneKind.ENDED)
    assert synced[0] == stones.path.stat().st_size > 0
