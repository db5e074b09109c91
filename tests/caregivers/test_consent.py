"""Consent is asked for in the transaction that claims a message, and again just before it leaves."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.gate import ConsentGate
from scheduler.lanes import Lane
from scheduler.parcel import Parcel
from storage import bonds, estate, scopes
from storage.bonds import Bond
from storage.outbox import OutboxState
from storage.vocabulary import BondState, Ending, PersonState, Scope
from tests.caregivers.ties import DOSE, courier, notice, set_bond, set_person, tie, two
from tests.scheduler.posthouse import PostHouse
from tests.statements.counting import statements

Change = Callable[[PostHouse, Bond], Awaitable[None]]


async def ended(house: PostHouse, bond: Bond) -> None:
    await set_bond(house, bond, state=BondState.ENDED, ended_by=Ending.PERSON)


async def paused(house: PostHouse, bond: Bond) -> None:
    await set_bond(house, bond, state=BondState.PAUSED)


async def never_confirmed(house: PostHouse, bond: Bond) -> None:
    await set_bond(house, bond, state=BondState.AGREED)


async def expired(house: PostHouse, bond: Bond) -> None:
    await set_bond(house, bond, expires_at=house.clock.now())


async def switched_off(house: PostHouse, bond: Bond) -> None:
    async with house.database.transaction() as session:
        assert await scopes.switch_off(session, bond, DOSE, house.clock.now())


async def rests(house: PostHouse, bond: Bond) -> None:
    await set_person(house, bond.person_id, state=PersonState.PAUSED)


async def blocked(house: PostHouse, bond: Bond) -> None:
    await set_person(house, bond.person_id, reachable=False)


async def erased(house: PostHouse, bond: Bond) -> None:
    async with house.database.transaction() as session:
        await estate.erase(session, bond.person_id, house.clock.now())


async def given_to_somebody_else(house: PostHouse, bond: Bond) -> None:
    """The row's receiver is no longer whom the bond names."""
    await set_bond(house, bond, caregiver_id=bond.person_id)


ENDS = (
    *(ended, paused, never_confirmed, expired, switched_off, rests, blocked, erased),
    given_to_somebody_else,
)


async def test_a_message_with_a_live_consent_leaves(house: PostHouse) -> None:
    bond = await tie(house, *await two(house), DOSE)
    [row] = await house.post(notice(house, bond, body="as of 09:00"))
    await house.carry(courier(house))
    assert house.platform.bodies == ["as of 09:00"]
    assert await house.state(row) == OutboxState.DELIVERED


@pytest.mark.parametrize("end", ENDS)
async def test_the_claim_withholds_what_lost_its_consent(house: PostHouse, end: Change) -> None:
    bond = await tie(house, *await two(house), DOSE)
    [row] = await house.post(notice(house, bond))
    await end(house, bond)
    assert await house.claim() == []
    assert await house.state(row) == OutboxState.WITHHELD
    assert (await house.read(row)).settled_at == house.clock.now()


class Late(ConsentGate):
    """Asked a moment after the claim, when something has changed."""

    def __init__(self, house: PostHouse, bond: Bond, change: Change) -> None:
        super().__init__(house.database, house.clock)
        self._house, self._bond, self._change = house, bond, change

    async def may_send(self, parcel: Parcel) -> bool:
        self._house.clock.advance(1)
        await self._change(self._house, self._bond)
        return await super().may_send(parcel)


async def withheld_after_the_claim(house: PostHouse, change: Change) -> bool:
    """Whether a notice stays here when something changes between its claim and its send."""
    bond = await tie(house, *await two(house), DOSE)
    [row] = await house.post(notice(house, bond))
    await house.carry(house.courier(gate=Late(house, bond, change)))
    return house.platform.tried == [] and await house.state(row) == OutboxState.WITHHELD


@pytest.mark.parametrize("end", ENDS)
async def test_the_gate_withholds_what_lost_its_consent_after_the_claim(
    house: PostHouse, end: Change
) -> None:
    assert await withheld_after_the_claim(house, end)


async def paused_and_on(house: PostHouse, bond: Bond) -> None:
    for state in (BondState.PAUSED, BondState.LIVE):
        async with house.database.transaction() as session:
            standing = [each for each in BondState if each is not BondState.ENDED]
            assert await bonds.change(session, bond.key, standing, house.clock.now(), state=state)


async def off_and_on(house: PostHouse, bond: Bond) -> None:
    await switched_off(house, bond)
    async with house.database.transaction() as session:
        assert await scopes.switch_on(session, bond, DOSE, house.clock.now())


async def away_and_back(house: PostHouse, bond: Bond) -> None:
    async with house.database.transaction() as session:
        await bonds.begin_anew(session, [bond.person_id], house.clock.now())


GIVEN_AGAIN = (paused_and_on, off_and_on, away_and_back)


@pytest.mark.parametrize("again", GIVEN_AGAIN)
async def test_what_was_written_before_does_not_leave_when_consent_is_given_again(
    house: PostHouse, again: Change
) -> None:
    """It waited meanwhile, as for the end of the caregiver's quiet hours."""
    bond = await tie(house, *await two(house), DOSE)
    [before] = await house.post(notice(house, bond, body="from before"))
    house.clock.advance(60)
    await again(house, bond)
    [after] = await house.post(notice(house, bond, body="afterwards"))
    await house.carry(courier(house))
    assert house.platform.bodies == ["afterwards"]
    assert [await house.state(row) for row in (before, after)] == [
        OutboxState.WITHHELD,
        OutboxState.DELIVERED,
    ]


@pytest.mark.parametrize("again", GIVEN_AGAIN)
async def test_what_was_claimed_before_does_not_leave_when_consent_is_given_again(
    house: PostHouse, again: Change
) -> None:
    assert await withheld_after_the_claim(house, again)


async def test_a_paused_bond_that_goes_on_lets_out_what_is_posted_then(house: PostHouse) -> None:
    bond = await tie(house, *await two(house), DOSE)
    await paused(house, bond)
    [before] = await house.post(notice(house, bond, body="while paused"))
    await house.carry(courier(house))
    await set_bond(house, bond, state=BondState.LIVE)
    [after] = await house.post(notice(house, bond, body="afterwards"))
    await house.carry(courier(house))
    assert house.platform.bodies == ["afterwards"]
    assert [await house.state(row) for row in (before, after)] == [
        OutboxState.WITHHELD,
        OutboxState.DELIVERED,
    ]


async def test_a_scope_that_is_off_lets_out_nothing_though_another_is_on(house: PostHouse) -> None:
    bond = await tie(house, *await two(house), Scope.WEEKLY_COUNT)
    off, on = await house.post(notice(house, bond, DOSE), notice(house, bond, Scope.WEEKLY_COUNT))
    await house.carry(courier(house))
    assert [await house.state(row) for row in (off, on)] == [OutboxState.WITHHELD, OutboxState.DELIVERED]


async def test_low_moods_are_told_only_while_the_person_has_said_so_lately(house: PostHouse) -> None:
    bond = await tie(house, *await two(house), Scope.LOW_MOOD)
    [early] = await house.post(notice(house, bond, Scope.LOW_MOOD))
    await house.carry(courier(house))
    house.clock.advance(timedelta(days=30).total_seconds())
    [late] = await house.post(notice(house, bond, Scope.LOW_MOOD))
    await house.carry(courier(house))
    assert [await house.state(row) for row in (early, late)] == [OutboxState.DELIVERED, OutboxState.WITHHELD]


async def test_a_message_that_is_tried_again_is_asked_for_again(house: PostHouse) -> None:
    """A worker died after its claim; meanwhile the person ended it."""
    bond = await tie(house, *await two(house), DOSE)
    [row] = await house.post(notice(house, bond))
    assert await house.claim(seconds=1) == [row]
    await ended(house, bond)
    house.clock.advance(120)
    await house.live_through(courier(house), 600)
    assert house.platform.tried == []


async def test_a_message_to_a_caregiver_is_never_leased_to_its_maker(house: PostHouse) -> None:
    bond = await tie(house, *await two(house), DOSE)
    own = house.row(bond.person_id, "for you")
    leased = courier(house).lease([own, notice(house, bond)])
    assert [row.state for row in leased] == [OutboxState.LEASED, OutboxState.PENDING]


async def test_a_message_that_is_to_leave_later_is_never_leased_to_its_maker(house: PostHouse) -> None:
    """What is said about sharing on the next day must not come while somebody is looking on."""
    person = await house.person("alex")
    later = house.row(person, "tomorrow", not_before=house.clock.now() + timedelta(days=1))
    assert [row.state for row in courier(house).lease([later])] == [OutboxState.PENDING]


async def test_without_a_gate_nothing_leaves_that_needs_consent(house: PostHouse) -> None:
    bond = await tie(house, *await two(house), DOSE)
    own = await house.write(bond.person_id, "for you")
    [row] = await house.post(notice(house, bond))
    await house.carry(house.courier())
    assert [await house.state(key) for key in (own, row)] == [OutboxState.DELIVERED, OutboxState.WITHHELD]


async def test_what_needs_no_consent_is_claimed_and_sent_without_asking_for_any(house: PostHouse) -> None:
    crowd = await house.crowd([str(number) for number in range(10)])
    await house.post(*(house.row(person, "dose", Lane.DOSE) for person in crowd))
    with statements(house.database) as said:
        await house.carry(courier(house))
    assert len(house.platform.bodies) == 10
    assert [told.words for told in said if "bond" in told.words] == []


async def test_many_messages_to_caregivers_are_asked_for_in_one_statement(house: PostHouse) -> None:
    bond = await tie(house, *await two(house), DOSE)
    other = await tie(house, bond.person_id, await house.person("2"), DOSE)
    await house.post(notice(house, bond), notice(house, other))
    with statements(house.database) as said:
        assert len(await house.claim()) == 2
    assert len([told for told in said if "bond.state" in told.words]) == 1
