"""Somebody who is a caregiver already is invited again: what they hear goes on, whatever comes of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from storage import scopes
from storage.bonds import Bond
from storage.vocabulary import BondState, Scope
from tests.caregivers.test_calling import calls
from tests.caregivers.test_leaving import HOST, lay_out, say
from tests.transcripts.stage import ANNA, Stage, prelude, stage

AGAIN = ("> /caregivers", "> [Invite someone]", ">> (opens the link)", ">> [I agree]", ">> Lexie")


async def bonds_of(played: Stage) -> list[Bond]:
    async with played.vault.database.reading() as session:
        return list(await session.exec(select(Bond).order_by(col(Bond.id))))


async def is_heard(played: Stage) -> bool:
    """Whether "I need you" reaches Anna."""
    before = calls(played, ANNA)
    await say(played, "@ +10 min", "> /needyou", "> [Ask Anna Berg]")
    return calls(played, ANNA) > before


@pytest.fixture
async def played(tmp_path: Path) -> AsyncIterator[Stage]:
    """Anna is a caregiver who may be asked for."""
    before = await prelude(HOST)
    lay_out(before, tmp_path)
    async with stage(tmp_path) as played:
        played.enter(before)
        await say(played, "> /caregivers", "> [Invite someone]", ">> (opens the link)", ">> [I agree]")
        await say(played, ">> Alex", "@ +20 min", "> [Yes, it is Anna Berg]")
        async with played.vault.database.transaction() as session:
            [bond] = await session.exec(select(Bond))
            for kind in (Scope.NEED_YOU, Scope.MAY_TELL):
                await scopes.switch_on(session, bond, kind, played.clock.now())
        yield played


async def test_who_is_invited_again_still_hears_that_they_are_needed(played: Stage) -> None:
    heard = await say(played, *AGAIN, "@ +2 min")
    assert await is_heard(played)
    await say(played, "@ +1500 min")
    assert await is_heard(played), "also on the next day"
    assert len(await bonds_of(played)) == 1
    assert any("has opened your new invitation" in line for line in heard)
    assert not any("Is this the person you meant?" in line for line in heard)


async def test_the_entry_has_the_newest_name_and_there_is_one(played: Stage) -> None:
    await say(played, *AGAIN)
    listed = await say(played, ">> /caring")
    assert any("· Lexie" in line for line in listed)
    assert not any("Alex" in line for line in listed)


async def test_who_is_invited_again_may_tell_as_before(played: Stage) -> None:
    await say(played, *AGAIN, ">> /tell Quieter today, had no lunch.")
    heard = await say(played, ">> [Yes, tell them]")
    assert any("wants to tell you something" in line for line in heard)


async def test_a_paused_bond_stays_paused_and_goes_on_as_it_was(played: Stage) -> None:
    await say(played, "> /caregivers", "> [Pause: Anna Berg]", *AGAIN, "@ +1500 min")
    [bond] = await bonds_of(played)
    assert bond.state is BondState.PAUSED
    await say(played, "> /caregivers", "> [Go on: Anna Berg]")
    assert await is_heard(played)


async def test_who_agrees_again_reads_the_same_whether_the_bond_is_live_or_has_ended(played: Stage) -> None:
    still = [line for line in await say(played, *AGAIN, "@ +2 min") if line.startswith("<<")]
    await say(played, "> /caregivers", "> [End: Anna Berg]")
    ended = [line for line in await say(played, *AGAIN, "@ +2 min") if line.startswith("<<")]
    assert still == ended
    assert [bond.state for bond in await bonds_of(played)] == [BondState.ENDED, BondState.AGREED]
