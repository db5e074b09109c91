"""Rows that nobody can handle are set aside after a few tries, and everything else flows."""

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlmodel import col, select, update

from bot.standin import deeds
from bot.telegram.intake import PLATFORM
from scheduler.lanes import Lane
from storage import outbox, people
from storage.outbox import OutboxRow, OutboxState, Posting
from storage.people import Person
from storage.regimens import Regimen, RegimenVersion
from storage.sealing import read_key
from tests.chaos import oracle
from tests.chaos.figures import Figures, check
from tests.chaos.kills import SLOW
from tests.chaos.load import START, Load, settle
from tests.chaos.yard import ACCOUNT, Yard, within, yard

TRIES = 3
HEALED = timedelta(minutes=20)  # a wake that failed is tried again with growing pauses


async def poisoned(folder: Path, engine: str, url: str | None, seed: int, people_: int) -> Figures:
    """Two bodies, one wake and one update that always raise, in the midst of ordinary ones."""
    chats = await settle(folder, people_, url)
    unwakeable, untappable, unreadable = chats[:3]
    async with yard(folder, START, url) as one:
        load = Load(one, chats, random.Random(seed))
        await load.welcome([SLOW])
        bodies = await _put_bodies(one, unreadable)
        timing = await _spoil_timing(one, unwakeable)
        worker = await one.start()
        load.next_slot()
        await load.move()
        await load.finish()
        well = {slot for slot in load.expected if slot[0] != unwakeable}
        flowing = await oracle.count(one.log, one.database, well)
        await _spoil_name(one, untappable)
        deeds.say(one.standin.world, {"from": untappable, "text": "/today"})
        deeds.say(one.standin.world, {"from": chats[-1], "text": "/today"})
        acknowledged = await within(30, lambda: load.unread == 0)
        await _mend_timing(one, unwakeable, timing)
        one.watch.advance(HEALED.total_seconds())
        healed = await within(30, lambda: any(s.slot[0] == unwakeable for s in oracle.sent(one.log)))
        states = await _states(one, bodies)
        alive, said = worker.alive, _log(one)
    sends = sum("poison" in str(entry.params) for entry in one.log.since(0, "sendMessage"))
    apologies = sum(
        "went wrong" in str(entry.params.get("text")) for entry in one.log.since(0, "sendMessage")
        if entry.chat == untappable
    )  # fmt: skip
    counts = {
        "others": flowing.doses, "lost": flowing.lost, "bodies_refused": states[OutboxState.REFUSED],
        "tries_of_the_update": said["update_uncommitted"], "updates_set_aside": said["update_set_aside"],
        "apologies": apologies, "wakes_that_failed": said["wake_failed"], "woken_once_mended": healed,
    }  # fmt: skip
    wrong = check(
        the_bot_died=not alive,
        others_lost=flowing.lost > 0,
        bodies_not_set_aside=states[OutboxState.REFUSED] != len(bodies),
        a_body_was_sent=sends > 0,
        update_not_set_aside_after_three_tries=said["update_uncommitted"] != TRIES or not acknowledged,
        nobody_was_told=apologies != 1,
        wake_tried_too_often=not 1 <= said["wake_failed"] <= TRIES,
        never_healed=not healed,
    )
    return Figures("poison", engine, seed, counts, wrong)


async def _put_bodies(one: Yard, chat: int) -> list[int]:
    """One that does not open with this person's key, and one that opens and is no message."""
    master, now = read_key(one.folder / "demo.key"), one.watch.now()
    async with one.database.transaction() as session:
        person = await people.by_address(session, PLATFORM, ACCOUNT, str(chat))
        assert person is not None
        sealer = (await people.sealers(session, master, [person.key]))[person.key]
        bodies = (b"poison" * 10, sealer.seal("outbox", "body_sealed", "poison"))
        rows = [
            Posting(
                person_id=person.key, platform=PLATFORM, account=ACCOUNT, ref=str(chat), lane=Lane.CHECKIN,
                body_sealed=body, created_at=now, not_before=now, not_after=now + timedelta(hours=2),
            )
            for body in bodies
        ]  # fmt: skip
        return await outbox.post(session, rows)


async def _version_of(one: Yard, chat: int) -> int:
    async with one.database.reading() as session:
        mine = select(RegimenVersion.id).join(Regimen, col(Regimen.id) == col(RegimenVersion.regimen_id))
        mine = mine.join(Person, col(Person.id) == col(Regimen.person_id)).where(Person.ref == str(chat))
        return int((await session.exec(mine)).one() or 0)


async def _spoil_timing(one: Yard, chat: int) -> dict[str, object]:
    """Whoever reads this person's timing raises; what it was comes back."""
    version = await _version_of(one, chat)
    async with one.database.transaction() as session:
        found = await session.get(RegimenVersion, version)
        assert found is not None
        before, found.timing = found.timing, {"kind": "poison"}
        session.add(found)
    return before


async def _mend_timing(one: Yard, chat: int, timing: dict[str, object]) -> None:
    version = await _version_of(one, chat)
    async with one.database.transaction() as session:
        mine = update(RegimenVersion).where(col(RegimenVersion.id) == version)
        await session.exec(mine.values(timing=timing))


async def _spoil_name(one: Yard, chat: int) -> None:
    """The name of this person's medicine does not open any more."""
    version = await _version_of(one, chat)
    async with one.database.transaction() as session:
        mine = update(RegimenVersion).where(col(RegimenVersion.id) == version)
        await session.exec(mine.values(name_sealed=b"poison" * 10))


async def _states(one: Yard, rows: list[int]) -> Counter[OutboxState]:
    async with one.database.reading() as session:
        mine = select(col(OutboxRow.state)).where(col(OutboxRow.id).in_(rows))
        return Counter(await session.exec(mine))


def _log(one: Yard) -> Counter[str]:
    """How often each event was logged."""
    words = one.log_file.read_text().split()
    return Counter(word.removeprefix("event=").strip("'") for word in words if word.startswith("event="))
