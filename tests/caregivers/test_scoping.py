"""What a person switches on: the consent log, the look at it afterwards, and the log of what was told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlmodel import select

from bot.conversation.visit import Visit
from bot.people.erasure import readable
from storage import estate, people, scopes
from storage.bonds import Bond
from storage.people import Person
from storage.scopes import BondScope, ScopeChange
from storage.tombstones import StoneKind
from storage.vocabulary import BondState, Review
from tests.caregivers.test_leaving import HOST, lay_out
from tests.transcripts.stage import ALEX, ANNA, Stage, prelude, stage

SCOPES = ("the count of the week", "that a lasting change was noticed", "“I need you”, when you tap it")


async def say(played: Stage, *deeds: str) -> list[str]:
    return [line for deed in deeds for line in await played.play(deed)]


@asynccontextmanager
async def bound(folder: Path, wait: str = "@ +20 min") -> AsyncIterator[Stage]:
    """One caregiver, after so long a time that one pair of hands cannot have done it."""
    before = await prelude(HOST)
    lay_out(before, folder)
    async with stage(folder) as played:
        played.enter(before)
        await say(played, "> /caregivers", "> [Invite someone]", ">> (opens the link)", ">> [I agree]")
        await say(played, ">> Alex", wait, "> [Yes, it is Anna Berg]", "> [What Anna Berg gets]")
        yield played


def is_informed(lines: list[str]) -> bool:
    """Whether the person was shown how to stop sharing."""
    return "< About sharing, in general" in lines


@pytest.mark.parametrize(("wait", "informed"), [("@ +1 min", True), ("@ +11 min", False)])
async def test_three_scopes_at_once_have_the_person_informed_the_next_day(
    tmp_path: Path, wait: str, informed: bool
) -> None:
    async with bound(tmp_path) as played:
        for scope in SCOPES:
            await say(played, wait, f"> [{scope}]", "> [Switch it on]")
        heard = await say(played, "@ +2880 min")
        assert is_informed(heard) is informed
        assert not any(line.startswith("<<") for line in heard), "the caregiver hears nothing of it"


TELL = ("> [Let them tell me something]", "> [Yes, they may tell me]")
RECORD = ("> [Let them record a dose]", "> [Yes, they may record]")


@pytest.mark.parametrize(("wait", "informed"), [("@ +1 min", True), ("@ +11 min", False)])
async def test_leave_to_tell_and_to_record_counts_among_what_is_switched_on_at_once(
    tmp_path: Path, wait: str, informed: bool
) -> None:
    async with bound(tmp_path) as played:
        await say(played, wait, f"> [{SCOPES[0]}]", "> [Switch it on]")
        await say(played, "> /caregivers", "> [What Anna Berg may do]", *TELL, *RECORD)
        assert is_informed(await say(played, "@ +2880 min")) is informed


@pytest.mark.parametrize(("times", "informed"), [(2, True), (1, False)])
async def test_a_leave_that_is_given_and_taken_back_again_and_again_is_looked_at(
    tmp_path: Path, times: int, informed: bool
) -> None:
    async with bound(tmp_path) as played:
        await say(played, "> /caregivers", "> [What Anna Berg may do]")
        for _ in range(times):
            await say(played, *TELL, "> [Let them tell me nothing more]")
        assert is_informed(await say(played, "@ +2880 min")) is informed


async def test_a_confirmation_within_a_minute_of_the_invitation_is_looked_at(tmp_path: Path) -> None:
    async with bound(tmp_path, wait="@ +0 min") as played:
        assert is_informed(await say(played, "@ +2880 min"))


async def test_every_change_is_in_the_log_of_consent_and_what_is_off_has_a_tombstone(tmp_path: Path) -> None:
    async with bound(tmp_path) as played:
        await say(played, f"> [{SCOPES[0]}]", "> [Switch it on]")
        await say(played, f"> [✓ {SCOPES[0]}]", "> [Mon]", "> [Keep it so]")
        await say(played, f"> [✓ {SCOPES[0]}]", "> [Switch it off]")
        async with played.vault.database.reading() as session:
            changes = [row.turned_on for row in await session.exec(select(ScopeChange))]
            assert list(await session.exec(select(BondScope))) == []
        assert changes == [True, True, False]
        assert StoneKind.OFF in [stone.kind for stone in await played.vault.tombstones.read()]


async def test_the_log_of_consent_says_how_each_scope_was_set_and_the_export_has_it(tmp_path: Path) -> None:
    async with bound(tmp_path) as played:
        await say(played, "> [a dose that is not recorded]", "> [Switch it on]")
        await say(played, "> [✓ a dose that is not recorded]", "> [1 h]", "> [2 in a row]")
        await say(played, "> [With the names of medicines]", "> [Keep it so]")
        await say(played, "> [Ask me first: no]", "> [Yes. Without an answer, don't send it]")
        async with played.vault.database.reading() as session:
            bond = (await session.exec(select(Bond))).one()
            log = [row.standing for row in await scopes.changes(session, bond.key)]
            everything = await estate.read(session, bond.person_id)
            sealers = await people.sealers(session, played.vault.master, [bond.person_id])
        assert log == [
            (True, 120, 1, False, Review.OFF),
            (True, 60, 2, True, Review.OFF),
            (True, 60, 2, True, Review.HOLD),
        ]
        visit = Visit(session, everything.person, sealers[bond.person_id], played.clock.now())
        [caregiver] = readable(visit, everything)["caregivers"]
        assert (
            caregiver["scope_changes"][-1].items()
            >= {
                "kind": "dose_not_recorded",
                "turned_on": True,
                "delay": 60,
                "threshold": 2,
                "names_told": True,
                "review": "hold",
            }.items()
        )


async def test_setting_a_scope_in_another_way_is_not_taken_for_switching_it(
    tmp_path: Path,
) -> None:
    async with bound(tmp_path) as played:
        await say(played, "@ +11 min", f"> [{SCOPES[0]}]", "> [Switch it on]")
        for day in ("Mon", "Tue", "Wed", "Thu"):
            await say(played, f"> [✓ {SCOPES[0]}]", f"> [{day}]", "> [Keep it so]")
        assert not is_informed(await say(played, "@ +2880 min"))


async def test_nobody_sets_a_scope_of_somebody_elses_caregiver(tmp_path: Path) -> None:
    async with bound(tmp_path) as played:
        async with played.vault.database.transaction() as session:
            bond = (await session.exec(select(Bond))).one()
            anna = (await session.exec(select(Person).where(Person.ref == ANNA))).one()
            bond.person_id = anna.key
        heard = await say(played, f"> [{SCOPES[2]}]")
        assert heard == ["<! That has changed meanwhile. /caregivers shows how it stands."]


@pytest.mark.parametrize("state", [BondState.ENDED, BondState.AGREED])
async def test_nothing_is_switched_on_where_there_is_no_caregiver_any_more(
    tmp_path: Path, state: BondState
) -> None:
    async with bound(tmp_path) as played:
        await say(played, f"> [{SCOPES[2]}]")
        async with played.vault.database.transaction() as session:
            (await session.exec(select(Bond))).one().state = state
        await say(played, "> [Switch it on]")
        async with played.vault.database.reading() as session:
            assert list(await session.exec(select(BondScope))) == []


async def test_the_log_says_that_a_message_could_not_be_delivered(tmp_path: Path) -> None:
    async with bound(tmp_path) as played:
        await say(played, f"> [{SCOPES[2]}]", "> [Switch it on]")
        async with played.vault.database.transaction() as session:
            anna = (await session.exec(select(Person).where(Person.ref == ANNA))).one()
            anna.reachable = False
        await say(played, "> /needyou", "> [Ask Anna Berg]", "> /caregivers", "> [What Anna Berg gets]")
        [page] = ["\n".join(await say(played, "> [What they were told]"))]
        assert "Not delivered: they cannot be reached." in page
        assert "“Can you be with me, or call me?”" in page
        assert played.chat.of(ALEX) is played.chat
