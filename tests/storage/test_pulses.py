"""Check-ins of groups in the database: two workers who look at once, and what a move does to messages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import select

from bot.conversation.tokens import Signer
from bot.escalation.lines.helplines import shipped_helplines
from bot.groups import wake
from bot.groups.pulse import ballot
from bot.groups.pulse.answers import answer
from bot.groups.visit import GroupVisit
from bot.numbers import numbers_of
from bot.vault import Vault, open_vault
from bot.waking import GroupWaker
from storage import groups, outbox, pulses
from storage.outbox import Address, OutboxRow
from storage.pulses import Pulse, PulseAnswer
from storage.sealing import Sealer
from storage.vocabulary import GroupState, PulseState
from tests import postgres

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
PLACE = ("telegram", "1", "-1005")


@asynccontextmanager
async def on_a_server(folder: Path) -> AsyncIterator[Vault]:
    url = postgres.empty_database()
    vault = await open_vault(url, folder / "evenkeel.key")
    try:
        yield vault
    finally:
        await vault.close()
        postgres.drop_database(url)


async def opened(vault: Vault, people: int) -> int:
    """A group with an open check-in that so many have answered, one half each; its id."""
    async with vault.database.transaction() as session:
        group = await groups.meet(session, *PLACE)
        group.state = GroupState.ACTIVE
        sealer = groups.sealer(vault.master, group)
        pulse = Pulse(
            group_id=group.key, question="week", opened_at=NOON, closes_at=NOON + timedelta(hours=2)
        )
        pulse.key_sealed = ballot.new_key(sealer)
        session.add(pulse)
        await session.flush()
        for person in range(people):
            hashed = ballot.hash_of(sealer, pulse.key_sealed, str(person))
            await pulses.answer(session, pulse, hashed, 3 * (person % 2))
        await outbox.move(session, Address(*PLACE), "-1006", NOON)  # so that the totals are said anew
        await session.refresh(pulse)
        assert pulse.lost
        return group.key


async def test_two_workers_that_close_at_once_close_once(tmp_path: Path) -> None:
    async with on_a_server(tmp_path) as vault:
        group = await opened(vault, 14)
        look_at = wake.waking(numbers_of(shipped_helplines()))
        waker = GroupWaker(look_at, vault.master, Signer(b"k" * 32), lambda _account, _word: None)

        async def look() -> None:
            async with vault.database.transaction() as session:
                await waker.wake(session, [group], NOON + timedelta(hours=2))

        await asyncio.gather(*(look() for _ in range(4)))
        async with vault.database.reading() as session:
            [pulse] = await session.exec(select(Pulse))
            assert pulse.state is PulseState.CLOSED
            assert pulse.key_sealed is None
            assert pulse.shown == {"enough": True, "blocks": [[[0], 5], [[1, 2, 3], 5]]}
            assert list(await session.exec(select(PulseAnswer))) == []
            assert len(list(await session.exec(select(OutboxRow)))) == 1


NO_ANSWERS = (
    ("{pulse}.0", "501", timedelta(hours=2)),  # due to close, and not closed yet
    ("{pulse}.4", "501", timedelta()),  # no such answer
    ("{pulse}.", "501", timedelta()),
    ("{pulse}.-1", "501", timedelta()),
    ("{pulse}.0", "", timedelta()),  # nobody
    ("99.0", "501", timedelta()),  # of another group, or of none
    ("x.0", "501", timedelta()),
    ("", "501", timedelta()),
)


async def test_what_is_no_answer_to_an_open_checkin_is_not_kept(tmp_path: Path) -> None:
    vault = await open_vault(f"sqlite:///{tmp_path / 'e.db'}", tmp_path / "e.key")
    key = await opened(vault, 0)
    async with vault.database.transaction() as session:
        [pulse] = await session.exec(select(Pulse))
        group = (await groups.hold(session, [key]))[key]
        visit = GroupVisit(session, group, groups.sealer(vault.master, group), NOON)
        for argument, who, late in NO_ANSWERS:
            pressed = replace(visit, now=NOON + late)
            await answer(pressed, argument.format(pulse=pulse.key), who)
            assert pressed.toast == "This check-in is over.", argument
            assert list(await session.exec(select(PulseAnswer))) == [], argument
        await answer(visit, f"{pulse.key}.0", "501")
        assert len(list(await session.exec(select(PulseAnswer)))) == 1
    await vault.close()


async def test_what_closed_long_ago_is_forgotten_and_what_is_open_is_not(tmp_path: Path) -> None:
    vault = await open_vault(f"sqlite:///{tmp_path / 'e.db'}", tmp_path / "e.key")
    group = await opened(vault, 0)
    async with vault.database.transaction() as session:
        for state in PulseState:
            session.add(Pulse(group_id=group, question="week", opened_at=NOON, closes_at=NOON, state=state))
        await session.flush()
        await pulses.forget_before(session, NOON + timedelta(seconds=1))
        assert [pulse.state for pulse in await session.exec(select(Pulse))] == [PulseState.OPEN] * 2
    await vault.close()


def test_the_same_member_has_another_hash_in_every_checkin() -> None:
    sealer = Sealer(b"k" * 32, 1)
    keys = [ballot.new_key(sealer) for _ in range(3)]
    hashes = [ballot.hash_of(sealer, key, "501") for key in keys for _ in range(2)]
    assert len(set(hashes)) == 3
