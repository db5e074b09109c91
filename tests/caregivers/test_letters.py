"""Letters: a room says something to somebody else, and only they can read it and press its buttons."""

import pytest
from sqlmodel import select

from bot.caregivers.letters import wording as letters
from bot.conversation.catalogs import LANGUAGE_NAMES, SOURCE_LANGUAGE, safety
from bot.conversation.message import Action, Choice, Message
from bot.conversation.sheet import read_sheet
from bot.conversation.text import compose
from bot.conversation.tokens import Signer, owner_at
from bot.conversation.visit import Visit
from bot.waking import RoomWaker
from scheduler.lanes import Lane
from storage import estate, outbox, told
from storage.bonds import ROOM, Bond
from storage.grants import Grant
from storage.outbox import OutboxState
from storage.told import Told
from tests.caregivers.ties import DOSE, courier, tie, two
from tests.scheduler.posthouse import ACCOUNT, PostHouse

WORDS = "As of 09:00, the 08:00 dose is not recorded."
SEEN = Choice("I have seen it", Action(ROOM, "leave", "1"))


async def write(house: PostHouse, bond: Bond, key: str | None = None) -> None:
    """Let the person's wake write a letter to the caregiver."""

    async def wake(visits: list[Visit]) -> None:
        [visit] = visits
        caregiver = bond.caregiver_id or 0
        to = (await visit.receivers([caregiver]))[caregiver]
        sealed = told.seal_text(visit.sealer, WORDS)
        entry = Told(
            bond_id=bond.key, person_id=bond.person_id, kind=DOSE, text_sealed=sealed, made_at=visit.now
        )
        visit.letter(to, Message(compose(WORDS), ((SEEN,),), dedupe_key=key), Grant(bond.key, DOSE), entry)

    async with house.database.transaction() as session:
        waker = RoomWaker(wake, house.means, Signer(b"key"))
        await waker.wake(session, [bond.person_id], house.clock.now())


async def log(house: PostHouse) -> list[Told]:
    async with house.database.reading() as session:
        return list(await session.exec(select(Told)))


async def test_a_letter_is_sealed_for_its_receiver_and_signed_for_their_hand(house: PostHouse) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, DOSE)
    await write(house, bond)
    [row] = await house.rows()
    assert (row.person_id, row.ref, row.lane) == (caregiver, house.refs[caregiver], Lane.CAREGIVER)
    assert (row.state, row.consent_id, row.scope) == (OutboxState.PENDING, bond.key, DOSE)
    sheet = read_sheet(house.sealers[caregiver].open("outbox", "body_sealed", row.body_sealed))
    assert sheet.text.plain == WORDS
    token = sheet.buttons[0][0].data
    assert Signer(b"key").read(token, owner_at(ACCOUNT, house.refs[caregiver])) is not None
    assert Signer(b"key").read(token, owner_at(ACCOUNT, house.refs[person])) is None


async def test_the_log_has_it_word_for_word_and_says_whether_it_arrived(house: PostHouse) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, DOSE)
    await write(house, bond)
    [entry] = await log(house)
    assert told.open_text(house.sealers[person], entry) == WORDS
    async with house.database.reading() as session:
        assert await told.outcomes(session, [entry]) == {entry.id: OutboxState.PENDING}
    await house.carry(courier(house))
    async with house.database.reading() as session:
        assert await told.outcomes(session, [entry]) == {entry.id: OutboxState.DELIVERED}


async def test_a_letter_that_was_posted_before_is_not_logged_twice(house: PostHouse) -> None:
    bond = await tie(house, *await two(house), DOSE)
    await write(house, bond, key="once")
    await write(house, bond, key="once")
    assert len(await log(house)) == len(await house.rows()) == 1


async def test_the_log_keeps_what_became_of_a_message_that_is_forgotten(house: PostHouse) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, DOSE)
    await write(house, bond)
    await house.carry(courier(house))
    house.clock.advance(60)
    async with house.database.transaction() as session:
        await told.keep_outcomes(session, house.clock.now())
        assert await outbox.reap(session, house.clock.now()) == 1
    [entry] = await log(house)
    assert entry.outcome is OutboxState.DELIVERED


async def test_the_log_outlives_the_caregiver(house: PostHouse) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, DOSE)
    await write(house, bond)
    await house.carry(courier(house))
    async with house.database.transaction() as session:
        await estate.erase(session, caregiver, house.clock.now())
    [entry] = await log(house)
    assert (entry.outcome, told.open_text(house.sealers[person], entry)) == (OutboxState.DELIVERED, WORDS)


async def test_nobody_writes_to_whom_is_not_here(house: PostHouse) -> None:
    person, caregiver = await two(house)
    async with house.database.transaction() as session:
        await estate.erase(session, caregiver, house.clock.now())
    found: list[int] = []

    async def wake(visits: list[Visit]) -> None:
        found.extend(await visits[0].receivers([caregiver, person]))

    async with house.database.transaction() as session:
        await RoomWaker(wake, house.means, Signer(b"key")).wake(session, [person], house.clock.now())
    assert found == [person]


async def test_only_the_caregiver_to_whom_it_was_written_can_have_seen_it(house: PostHouse) -> None:
    person, caregiver = await two(house)
    bond = await tie(house, person, caregiver, DOSE)
    await write(house, bond)
    [entry] = await log(house)
    stranger = await house.person("stranger")
    found = []
    for presser in (stranger, person, caregiver, caregiver):
        async with house.database.transaction() as session:
            found.append(await told.acknowledge(session, entry.key, presser, house.clock.now()))
    assert found == [None, None, person, None]


def week(language: str, unknown: int) -> list[str]:
    return letters.week(safety(language), 0, 7, unknown).plain.splitlines()


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_the_count_of_the_week_speaks_of_one_dose_as_of_one(language: str) -> None:
    count, one, _meaning = week(language, 1)
    _count, several, _meaning = week(language, 3)
    assert "0" in count
    assert "7" in count
    assert not any(letter.isdigit() for letter in one)
    assert "3" in several
    assert len(week(language, 0)) == 2, "where we could ask about all, nothing is said of it"
    assert language == SOURCE_LANGUAGE or one not in week(SOURCE_LANGUAGE, 1)
    assert language == SOURCE_LANGUAGE or several not in week(SOURCE_LANGUAGE, 3)
