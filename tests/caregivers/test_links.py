"""Invitations: one use, half an hour, one winner of every race, and one answer to whatever is wrong."""

import asyncio
import secrets
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from bot.caregivers import rules
from bot.conversation.inbound import Inbound, Origin, Words
from bot.escalation.crisis.cry import read
from bot.rooms import COMMANDS
from storage import invites
from storage.invites import Invite
from storage.tombstones import StoneKind
from tests.caregivers.test_leaving import HOST, lay_out
from tests.caregivers.ties import two
from tests.scheduler.posthouse import PostHouse
from tests.transcripts.stage import BOT, SPEAKERS, Stage, prelude, stage

HALF_AN_HOUR = timedelta(minutes=30)


async def invite(house: PostHouse, person: int, token: bytes) -> Invite:
    now = house.clock.now()
    async with house.database.transaction() as session:
        await invites.make(session, person, token, now, now + HALF_AN_HOUR)
    async with house.database.reading() as session:
        return (await session.exec(select(Invite).where(Invite.token_hash == invites.hash_of(token)))).one()


async def test_of_many_who_open_a_link_at_once_one_has_it(house: PostHouse) -> None:
    person, _ = await two(house)
    crowd = await house.crowd([f"opener {number}" for number in range(8)])
    one = await invite(house, person, bytes(16))

    async def opens(opener: int) -> bool:
        async with house.database.transaction() as session:
            return await invites.open_for(session, one.key, opener, house.clock.now())

    won = await asyncio.gather(*map(opens, crowd))
    assert won.count(True) == 1
    again = [await opens(opener) for opener in crowd]
    assert again == won, "whoever has it may look once more, and nobody else may"


async def test_of_two_who_agree_at_once_by_one_link_one_is_a_caregiver(house: PostHouse) -> None:
    """Two taps of one hand, on two workers."""
    person, caregiver = await two(house)
    one = await invite(house, person, bytes(16))

    async def agrees(_tap: int) -> bool:
        async with house.database.transaction() as session:
            await invites.open_for(session, one.key, caregiver, house.clock.now())
            return await invites.agree(session, one.key, caregiver, house.clock.now()) is not None

    assert sum(await asyncio.gather(*map(agrees, range(4)))) == 1


async def test_a_link_is_over_after_half_an_hour_and_when_there_is_a_newer_one(house: PostHouse) -> None:
    person, caregiver = await two(house)
    first, second = secrets.token_bytes(16), secrets.token_bytes(16)
    old = await invite(house, person, first)
    new = await invite(house, person, second)
    async with house.database.transaction() as session:
        assert not await invites.open_for(session, old.key, caregiver, house.clock.now())
        assert await invites.by_token(session, first, house.clock.now()) is None
        assert await invites.open_for(session, new.key, caregiver, house.clock.now())
    house.clock.advance(HALF_AN_HOUR.total_seconds())
    async with house.database.transaction() as session:
        assert not await invites.agree(session, new.key, caregiver, house.clock.now())


async def test_what_the_link_holds_is_in_no_table(house: PostHouse) -> None:
    person, _ = await two(house)
    token = secrets.token_bytes(16)
    one = await invite(house, person, token)
    kept = " ".join(str(value) for value in one.model_dump().values()).encode()
    assert token not in kept
    assert rules.payload_of(token).encode() not in kept


@given(st.binary(min_size=16, max_size=16))
def test_a_link_brings_its_token_back_and_no_crisis_card(token: bytes) -> None:
    """Among random letters the crisis screen would find a word in one of some 1,600."""
    payload = rules.payload_of(token)
    assert len(payload) == 25
    assert rules.token_in(payload) == token
    said = Inbound(1, Origin("telegram", "1", "5", "5"), Words(f"/start {payload}"))
    assert read(said, COMMANDS) is None


def test_a_link_in_which_the_screen_would_find_a_word_is_opened() -> None:
    said = Inbound(1, Origin("telegram", "1", "5", "5"), Words("/start cg_t9cCN4Ovdoj6d9T3Yi-2IA"))
    assert read(said, COMMANDS) is None


@given(st.text(max_size=64))
def test_a_link_that_nobody_made_holds_no_token(words: str) -> None:
    token = rules.token_in(words)
    assert token is None or rules.payload_of(token) == words


async def opened(played: Stage, speaker: int, words: str) -> list[str]:
    return [line.lstrip("<") for line in await played.play(f"{'>' * speaker} {words}")]


async def test_every_wrong_link_is_answered_by_the_same_bytes(tmp_path: Path) -> None:
    """Guessed, malformed, used, given away, outdated, too late, of an erased person, after too many tries."""
    before = await prelude(HOST)
    lay_out(before, tmp_path)
    async with stage(tmp_path) as played:
        played.enter(before)
        await played.play("> /caregivers")
        await played.play("> [Invite someone]")
        answers = {
            "guessed": await opened(played, 3, "/start cg_AAAAAAAAAAAAAAAAAAAAAA"),
            "malformed": await opened(played, 3, "/start cg_%00<b>"),
        }
        await opened(played, 2, "(opens the link)")
        answers["opened by somebody else"] = await opened(played, 3, "(opens the link)")
        await played.play(">> [I agree]")
        await played.play(">> Alex")
        answers["used, by whoever used it"] = await opened(played, 2, "(opens the link)")
        await played.play("> [Invite someone]")
        await played.play("> [Invite someone]")
        answers["outdated"] = await opened(played, 3, "(opens the link before it)")
        await played.play("@ +30 min")
        answers["too late"] = await opened(played, 3, "(opens the link)")
        await played.play("> [Invite someone]")
        for _ in range(5):
            answers["guessed again"] = await opened(played, 3, "/start cg_AAAAAAAAAAAAAAAAAAAAAA")
        answers["good, but after too many"] = await opened(played, 3, "(opens the link)")
        for deed in ("> /delete", "> [Delete everything]", "> [Yes, erase it for good]"):
            await played.play(deed)
        answers["of somebody who is gone"] = await opened(played, 2, "(opens the link)")
    assert len({tuple(answer) for answer in answers.values()}) == 1, answers
    assert "This invitation cannot be used." in answers["guessed"][0]


async def test_two_people_who_open_one_link_in_the_same_moment(tmp_path: Path) -> None:
    before = await prelude(HOST)
    lay_out(before, tmp_path)
    async with stage(tmp_path) as played:
        played.enter(before)
        await played.play("> /caregivers")
        await played.play("> [Invite someone]")
        words = Words(f"/start {played.chat.links[-1]}")
        openers = [SPEAKERS[signs] for signs in (2, 3)]
        updates = [
            Inbound(900 + n, Origin("telegram", BOT, ref, ref, language="en", name=name), words)
            for n, (ref, name, _username) in enumerate(openers)
        ]
        await asyncio.gather(*map(played.turns.take, updates))
        assert await played.courier.run_until_quiet()
        seen = [played.chat.of(ref).shown[1].text.plain for ref, _name, _username in openers]
    assert sorted(text.partition(" ")[0] for text in seen) == ["Somebody", "This"]


async def test_every_use_of_a_link_and_every_newer_one_leaves_a_tombstone(tmp_path: Path) -> None:
    before = await prelude(HOST)
    lay_out(before, tmp_path)
    async with stage(tmp_path) as played:
        played.enter(before)
        for deed in ("> /caregivers", "> [Invite someone]", "> /caregivers", "> [Invite someone]"):
            await played.play(deed)
        stones = await played.vault.tombstones.read()
        assert [stone.kind for stone in stones] == [StoneKind.SPENT], "the first one ended"
        for deed in (">> (opens the link)", ">> [I agree]", ">> Alex"):
            await played.play(deed)
        used = [stone.digest for stone in (await played.vault.tombstones.read())[1:]]
        assert len(used) == 2
        assert used[0] == used[1] != stones[0].digest
