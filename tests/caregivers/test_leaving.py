"""Six ways of leaving look the same in the caregiver's chat, to the byte."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import select

from bot.conversation.inbound import Inbound, Left, Origin
from bot.conversation.letters import Letter, Receiver
from bot.conversation.message import Action, Choice, Message
from bot.conversation.sheet import Sheet
from bot.conversation.text import compose
from bot.conversation.visit import Visit
from bot.post import post_letters
from storage import people, scopes
from storage.bonds import ROOM, Bond
from storage.grants import Grant
from storage.outbox import OutboxRow, OutboxState
from storage.people import Person
from storage.vocabulary import Scope
from tests.transcripts.stage import ALEX, ANNA, BOT, Prelude, Stage, prelude, stage

HOST = "a person in New York without a medicine"
DOSE = Scope.DOSE_NOT_RECORDED
_BOUND = (
    *("> /caregivers", "> [Invite someone]", ">> (opens the link)", ">> [I agree]", ">> Alex"),
    *("> [Yes, it is Anna Berg]", "> /caregivers"),
)


def lay_out(before: Prelude, folder: Path) -> None:
    """The files of the house as the prelude left them."""
    folder.mkdir(exist_ok=True)
    for name, content in before.files.items():
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)


def restore(folder: Path, backup: bytes) -> None:
    """What running.md says about it: the copy in place of the database, without what lies beside that."""
    for leftover in folder.glob("stage.db-*"):
        leftover.unlink()
    (folder / "stage.db").write_bytes(backup)


async def say(played: Stage, *deeds: str) -> list[str]:
    return [line for deed in deeds for line in await played.play(deed)]


async def bond_of(played: Stage) -> Bond:
    async with played.vault.database.reading() as session:
        return (await session.exec(select(Bond))).one()


async def switch_on(played: Stage) -> None:
    async with played.vault.database.transaction() as session:
        await scopes.switch_on(session, await bond_of(played), DOSE, played.clock.now())


async def write(played: Stage, words: str, minutes: int = 0) -> int:
    """Let the person's wake write to the caregiver, to leave in so many minutes."""
    bond, now = await bond_of(played), played.clock.now()
    vault = played.vault
    async with vault.database.transaction() as session:
        found = await people.by_ids(session, [bond.person_id, bond.caregiver_id or 0])
        sealers = await people.sealers(session, vault.master, list(found))
        visit = Visit(session, found[bond.person_id], sealers[bond.person_id], now)
        to = Receiver(found[bond.caregiver_id or 0], sealers[bond.caregiver_id or 0])
        leaves = now + timedelta(minutes=minutes)
        message = Message(
            compose(words),
            ((Choice("I have seen it", Action(ROOM, "leave", "0")),),),
            not_before=leaves,
            not_after=leaves + timedelta(minutes=45),
        )
        visit.letters.append(Letter(to, message, Grant(bond.key, DOSE)))
        [row] = await post_letters([visit], played.chat.signer)
        return row.key


async def state_of(played: Stage, row: int) -> OutboxState | None:
    async with played.vault.database.reading() as session:
        found = (await session.exec(select(OutboxRow).where(OutboxRow.id == row))).first()
    return found.state if found is not None else None


async def stopped(played: Stage) -> None:
    await say(played, "> [End: Anna Berg]")


async def paused(played: Stage) -> None:
    await say(played, "> [Pause: Anna Berg]")


async def rests(played: Stage) -> None:
    await say(played, "> /pause")


async def blocked(played: Stage) -> None:
    await played.turns.take(Inbound(990, Origin("telegram", BOT, ALEX, ALEX), Left()))


async def erased(played: Stage) -> None:
    await say(played, "> /delete", "> [Delete everything]", "> [Yes, erase it for good]")


async def expired(played: Stage) -> None:
    """It runs out within the hour, before the message leaves."""
    soon = played.clock.now() + timedelta(minutes=10)
    async with played.vault.database.transaction() as session:
        await session.exec(update(Bond).values(expires_at=soon))


async def nothing(_played: Stage) -> None:
    """The bot itself is away over the time of the message; or, in the control, nothing is wrong."""


WAYS: dict[str, tuple[Callable[[Stage], Awaitable[None]], str]] = {
    "stopped": (stopped, "@ +120 min"),
    "paused": (paused, "@ +120 min"),
    "everything paused": (rests, "@ +120 min"),
    "blocked": (blocked, "@ +120 min"),
    "erased": (erased, "@ +120 min"),
    "expired": (expired, "@ +120 min"),
    "our outage": (nothing, "@ away until 09:00"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """All that the caregiver can see: what happened, and what stands in the chat."""

    happened: list[str]
    shown: dict[int, Sheet]


async def live(before: Prelude, folder: Path, leave: Callable[[Stage], Awaitable[None]], time: str) -> Seen:
    lay_out(before, folder)
    async with stage(folder) as played:
        played.enter(before)
        happened = await say(played, *_BOUND)
        await switch_on(played)
        await write(played, "As of 06:30, the 06:00 dose is not recorded.")
        happened += await say(played, "@ +1 min")
        await write(played, "As of 08:00, the 07:00 dose is not recorded.", minutes=60)
        await leave(played)
        happened += await say(played, time, ">> /caring", ">> [I have seen it]", ">> hello", ">> /settings")
        happened += await say(played, ">> /caring", ">> [Stop caring for Alex]", "@ +10 min", ">> /caring")
        shown = played.chat.of(ANNA).shown
    theirs, mine = [], False
    for line in happened:
        mine = line.startswith("<<") or (mine and line.startswith("   "))
        theirs += [line] if mine else []
    return Seen(theirs, shown)


async def test_the_six_ways_of_leaving_give_the_same_chat_to_the_byte(tmp_path: Path) -> None:
    before = await prelude(HOST)
    seen = {
        name: await live(before, tmp_path / name.replace(" ", "_"), leave, time)
        for name, (leave, time) in WAYS.items()
    }
    first = seen["stopped"]
    assert any("06:30" in line for line in first.happened), "what left before stays"
    assert not any("08:00" in line for line in first.happened)
    for name, chat in seen.items():
        assert chat == first, name
    control = await live(before, tmp_path / "control", nothing, "@ +120 min")
    assert any("08:00" in line for line in control.happened), "with a live consent it leaves"


# --- yesterday's backup ------------------------------------------------------------------------------------


async def both_gone(played: Stage) -> None:
    await say(played, ">> /delete", ">> [Delete everything]", ">> [Yes, erase it for good]")


async def caregiver_left(played: Stage) -> None:
    await say(played, ">> /caring", ">> [Stop caring for Alex]")


async def switched_off(played: Stage) -> None:
    bond, now = await bond_of(played), played.clock.now()
    async with played.vault.database.transaction() as session:
        await played.vault.tombstones.lay_for_scope(session, bond, DOSE, now)
        await scopes.switch_off(session, bond, DOSE, now)


@pytest.mark.parametrize(
    "leave",
    [stopped, paused, rests, blocked, erased, caregiver_left, both_gone, switched_off],
    ids=lambda way: way.__name__,
)
async def test_a_restored_backup_of_yesterday_sends_nothing_that_was_revoked_today(
    tmp_path: Path, leave: Callable[[Stage], Awaitable[None]]
) -> None:
    before = await prelude(HOST)
    lay_out(before, tmp_path)
    async with stage(tmp_path) as played:
        played.enter(before)
        await say(played, *_BOUND)
        await switch_on(played)
        row = await write(played, "As of 08:00, the 07:00 dose is not recorded.", minutes=120)
        now, shown, ever = played.clock.now(), dict(played.chat.shown), list(played.chat.ever)
    backup = (tmp_path / "stage.db").read_bytes()
    async with stage(tmp_path) as played:
        played.clock.advance_to(now + timedelta(minutes=60))
        played.chat.shown, played.chat.ever, played.chat.number = shown, ever, max(shown)
        played.enter(Prelude({}, shown, ever, 100, played.clock.now()))
        if leave is caregiver_left or leave is both_gone:
            await say(played, ">> /caring")
        await leave(played)
    restore(tmp_path, backup)
    async with stage(tmp_path) as played:
        played.enter(Prelude({}, shown, ever, 200, now + timedelta(minutes=61)))
        heard = await say(played, "@ +120 min", "@ +600 min")
        assert not any("07:00 dose" in line for line in heard)
        assert await state_of(played, row) in (OutboxState.WITHHELD, None)


async def restored(
    folder: Path, *leave: Callable[[Stage], Awaitable[None]], before_the_backup: tuple[str, ...] = ()
) -> datetime:
    """Share, back up, take it back, and put the backup back; when it is then."""
    before = await prelude(HOST)
    lay_out(before, folder)
    async with stage(folder) as played:
        played.enter(before)
        await say(played, *_BOUND)
        await switch_on(played)
        await say(played, *before_the_backup, "> /caregivers")
        now, shown, ever = played.clock.now(), dict(played.chat.shown), list(played.chat.ever)
    backup = (folder / "stage.db").read_bytes()
    async with stage(folder) as played:
        played.enter(Prelude({}, shown, ever, 100, now + timedelta(minutes=60)))
        for each in leave:
            await each(played)
    restore(folder, backup)
    return now + timedelta(minutes=61)


async def after(folder: Path, now: datetime, number: int, *deeds: str) -> list[str]:
    """A start with the database as it is, and what is said then."""
    async with stage(folder) as played:
        played.enter(Prelude({}, {}, [], number, now))
        return await say(played, *deeds)


_QUIET = ("> /settings", "> [Quiet hours]", "> 07:00 to 11:00")
_WORD = "< What you share with caregivers"
_HER = "· Anna Berg (@anna_berg)"


@pytest.mark.parametrize(
    ("leave", "told"),
    [
        ((switched_off, paused), [f"{_HER}: paused", f"{_HER}: a dose that is not recorded"]),
        ((stopped,), [f"{_HER}: ended"]),
    ],
    ids=["switched off and paused", "stopped"],
)
async def test_after_a_restore_the_person_is_told_once_what_is_off_and_the_caregiver_is_not(
    tmp_path: Path, leave: tuple[Callable[[Stage], Awaitable[None]], ...], told: list[str]
) -> None:
    now = await restored(tmp_path, *leave)
    # The first start dies before it has said anything; the second one dies after.
    assert await after(tmp_path, now, 200) == []
    heard = await after(tmp_path, now, 300, "@ +1 min")
    assert heard.count(_WORD) == 1
    assert [line.strip() for line in heard if _HER in line] == told
    assert not any(each.startswith("<<") for each in heard), "the caregiver hears nothing of it"
    later = await after(tmp_path, now + timedelta(minutes=1), 400, "@ +600 min", "> /pause", "> /resume")
    assert _WORD not in later, "whoever looks at them again finds nothing more to say"


async def test_who_has_quiet_hours_is_told_after_them_what_a_restore_undid(tmp_path: Path) -> None:
    now = await restored(tmp_path, switched_off, before_the_backup=_QUIET)
    heard = await after(tmp_path, now, 200, "@ 10:30")
    assert _WORD not in heard
    assert _WORD in await after(tmp_path, now + timedelta(hours=2), 300, "@ 11:05")


async def test_what_is_on_again_before_it_could_be_told_needs_no_word(tmp_path: Path) -> None:
    now = await restored(tmp_path, paused, before_the_backup=_QUIET)
    on_again = ("> /caregivers", "> [Go on: Anna Berg]")
    heard = await after(tmp_path, now, 200, *on_again, "@ 11:05")
    assert _WORD not in heard
    assert any("goes on" in line for line in heard), heard


async def test_who_fell_silent_is_told_when_they_say_something(tmp_path: Path) -> None:
    now = await restored(tmp_path, switched_off, rests)
    assert _WORD not in await after(tmp_path, now, 200, "@ +60 min")
    assert _WORD in await after(tmp_path, now + timedelta(hours=1), 300, "> /today", "@ +1 min")


@pytest.mark.parametrize("fall_silent", [rests, blocked], ids=lambda way: way.__name__)
async def test_who_fell_silent_after_the_backup_tells_nothing_until_they_say_something(
    tmp_path: Path, fall_silent: Callable[[Stage], Awaitable[None]]
) -> None:
    before = await prelude(HOST)
    lay_out(before, tmp_path)
    async with stage(tmp_path) as played:
        played.enter(before)
        await say(played, *_BOUND)
        await switch_on(played)
        now, shown, ever = played.clock.now(), dict(played.chat.shown), list(played.chat.ever)
    backup = (tmp_path / "stage.db").read_bytes()
    async with stage(tmp_path) as played:
        played.enter(Prelude({}, shown, ever, 100, now + timedelta(minutes=60)))
        await fall_silent(played)
    restore(tmp_path, backup)
    async with stage(tmp_path) as played:
        played.enter(Prelude({}, shown, ever, 200, now + timedelta(minutes=61)))
        await write(played, "As of 08:00, the 07:00 dose is not recorded.")
        assert await say(played, "@ +1 min") == []
        await say(played, "> /today")
        await write(played, "As of 09:00, the 08:00 dose is not recorded.")
        heard = await say(played, "@ +1 min")
        assert any("08:00 dose" in line for line in heard)
        assert not any("07:00 dose" in line for line in heard)


async def test_without_tombstones_that_backup_would_send(tmp_path: Path) -> None:
    """The test above can fail: this is what it would find."""
    before = await prelude(HOST)
    lay_out(before, tmp_path)
    async with stage(tmp_path) as played:
        played.enter(before)
        await say(played, *_BOUND)
        await switch_on(played)
        row = await write(played, "As of 08:00, the 07:00 dose is not recorded.", minutes=120)
        now = played.clock.now()
    async with stage(tmp_path) as played:
        played.enter(Prelude({}, {}, [], 200, now + timedelta(minutes=61)))
        assert any("07:00 dose" in line for line in await say(played, "@ +120 min"))
        assert await state_of(played, row) is OutboxState.DELIVERED


async def test_nobody_is_erased_while_the_tombstone_cannot_be_written(tmp_path: Path) -> None:
    before = await prelude(HOST)
    lay_out(before, tmp_path)
    async with stage(tmp_path) as played:
        played.enter(before)
        played.vault.tombstones.path = tmp_path / "no folder" / "tombstones"
        await say(played, "> /delete", "> [Delete everything]")
        [answer] = await say(played, "> [Yes, erase it for good]")
        assert "I cannot erase it just now" in answer
        async with played.vault.database.reading() as session:
            assert len(list(await session.exec(select(Person)))) == 1
        played.vault.tombstones.path.parent.mkdir()
        await say(played, "> /delete", "> [Delete everything]", "> [Yes, erase it for good]")
        async with played.vault.database.reading() as session:
            assert list(await session.exec(select(Person))) == []
        assert len(await played.vault.tombstones.read()) == 1
