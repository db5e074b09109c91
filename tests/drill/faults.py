"""The faults of a drill. Each makes something break, lets everybody cry, and says whether all were answered.

While nothing can be stored, Telegram shows the bot at most a hundred updates that it has not acknowledged. So
the faults of the database strike in rounds of `ROUND` cries, with a recovery between them.
"""

import asyncio
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.drill.crowd import queue, settle
from tests.drill.figures import Figures, figures
from tests.drill.fulldisk import disk
from tests.drill.stage import FIRST, Stage, side_by_side, stage, until
from tests.drill.variants import Cry, variants, worried
from tests.postgres import own_server

ROUND = 80
REMINDERS = 10_000
A_SECOND = 10.0  # cries, where the platform's limits of 30 messages a second hold
RECOVERY_SECONDS = 60.0
STRANGERS = 900_000

Fault = Callable[[Path, int], Awaitable[Figures]]


def _criers(chats: Sequence[int], count: int) -> list[tuple[int, Cry]]:
    return list(zip(chats[:count], variants(count), strict=True))


@asynccontextmanager
async def _home(
    folder: Path, count: int, database_url: str | None = None
) -> AsyncIterator[tuple[Stage, list[tuple[int, Cry]]]]:
    """The bot at work for `count` people, and what each of them will cry."""
    chats = await settle(folder, count, database_url)
    async with stage(folder, database_url=database_url) as one:
        await one.call("people", {"first_id": FIRST, "count": count})
        await one.start_bot()
        yield one, _criers(chats, count)


async def all_well(folder: Path, count: int) -> Figures:
    """Nothing is broken: what to compare with."""
    async with _home(folder, count) as (one, criers):
        await one.cry_out(criers)
        return figures("all well", one.answers)


async def database_locked(folder: Path, count: int) -> Figures:
    """Another process holds BEGIN EXCLUSIVE on the database."""
    async with _home(folder, count) as (one, criers):
        for first in range(0, count, ROUND):
            group = criers[first : first + ROUND]
            async with locked(folder / "demo.db"):
                await one.cry_out(group)
                assert one.uncommitted == len(group), "the lock kept nothing from being stored"
            await _recovered(one)
        return figures("database locked", one.answers, "BEGIN EXCLUSIVE by another process")


async def helpers_asking(folder: Path, count: int) -> Figures:
    """The database is held as before, and everybody, half of them unknown, asks how to help somebody else."""
    async with _home(folder, count - count // 2) as (one, criers):
        chats = [chat for chat, _ in criers] + [STRANGERS + number for number in range(count // 2)]
        helpers = list(zip(chats, worried(count), strict=True))
        for first in range(0, count, ROUND):
            group = helpers[first : first + ROUND]
            async with locked(folder / "demo.db"):
                await one.cry_out(group)
                assert one.uncommitted == len(group), "the lock kept nothing from being stored"
            await _recovered(one)
        return figures("/worried, database locked", one.answers, "BEGIN EXCLUSIVE; half have no account")


@asynccontextmanager
async def locked(file: Path) -> AsyncIterator[None]:
    """Another process holds the whole database."""
    holder = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None);"
        "c.execute('BEGIN EXCLUSIVE'); print(flush=True); sys.stdin.read()"
    )
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", holder, str(file), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert other.stdout is not None
    await other.stdout.readline()
    try:
        yield
    finally:
        other.kill()
        await other.wait()


async def _recovered(one: Stage) -> None:
    """Everything that was cried meanwhile is stored once that is possible again."""
    await until(lambda: one.uncommitted == 0, RECOVERY_SECONDS)


async def disk_full(folder: Path, count: int) -> Figures:
    """Nothing more can be written: not the database, not even the log."""
    with disk(folder) as where:
        async with _home(folder, count) as (one, criers):
            assert one.process is not None
            for first in range(0, count, ROUND):
                group = criers[first : first + ROUND]
                where.fill(one.process.pid)
                await one.cry_out(group)
                assert one.uncommitted == len(group), "the disk was not full"
                where.free(one.process.pid)
                await _recovered(one)
            return figures("disk full", one.answers, where.how)


async def postgresql_stopped(folder: Path, count: int) -> Figures:
    """PostgreSQL is stopped under the bot, and comes back."""
    async with own_server() as server, _home(folder, count, server.url) as (one, criers):
        for first in range(0, count, ROUND):
            group = criers[first : first + ROUND]
            await server.stop()
            await one.cry_out(group)
            assert one.uncommitted == len(group), "something was stored without a server"
            await server.start()
            await _recovered(one)
        return figures("PostgreSQL stopped", one.answers, "a real server, stopped in each round")


async def reminders_queued(folder: Path, count: int) -> Figures:
    """Ten thousand reminders wait, and leave as fast as the platform's limits allow."""
    chats = await settle(folder, 2 * count)
    others = chats[count:]
    await queue(folder, others, REMINDERS)
    async with stage(folder, pacing=True) as one:
        await one.call("people", {"first_id": FIRST, "count": 2 * count})
        await one.start_bot()
        await until(lambda: any(chat in one.stopwatch.heard for chat in others))
        await one.cry_out(_criers(chats, count), a_second=A_SECOND)
        waiting, sent = _pending(folder), sum(len(one.stopwatch.heard.get(chat, ())) for chat in others)
        assert waiting > 0, "the queue was empty before the last cry"
        refused = int((await one.call("requests"))["statuses"].get("429", 0))
        note = f"{sent} reminders left meanwhile, {waiting} wait; {A_SECOND:.0f} cries/s; {refused} × 429"
        return figures("10,000 reminders queued", one.answers, note)


def _pending(folder: Path) -> int:
    with sqlite3.connect(folder / "demo.db", timeout=10) as database:
        [(waiting,)] = database.execute("select count(*) from outbox where state = 'pending'").fetchall()
    database.close()
    return int(waiting)


async def another_chat_in_429(folder: Path, count: int) -> Figures:
    """One chat is refused for half a minute each time, and has fifty messages waiting."""
    [*_, busy] = chats = await settle(folder, count + 1)
    await queue(folder, [busy], 50)
    async with stage(folder) as one:
        await one.call("people", {"first_id": FIRST, "count": count + 1})
        refusal = {"kind": "retry_after", "method": "send*", "chat": busy, "seconds": 30}
        await one.call("faults", {"rules": [refusal]})
        await one.start_bot()
        await one.cry_out(_criers(chats, count))
        refused = int((await one.call("requests"))["statuses"].get("429", 0))
        assert refused > 0, "the busy chat was never refused"
        return figures("another chat in 429", one.answers, f"{refused} × 429")


async def scheduler_dead(folder: Path, count: int) -> Figures:
    """The wake loop and the courier hang and never come back."""
    chats = await settle(folder, count)
    await queue(folder, chats[:10], 10)
    async with stage(folder) as one:
        await one.call("people", {"first_id": FIRST, "count": count})
        await one.start_bot("hung")
        await one.cry_out(_criers(chats, count))
        assert _pending(folder) >= 10, "the courier was alive"
        return figures("wake loop and courier dead", one.answers)


async def dialog_open(folder: Path, count: int) -> Figures:
    """Everybody is in the middle of adding a medicine."""
    async with _home(folder, count) as (one, criers):
        await side_by_side([one.say_and_hear(chat, "/add") for chat, _ in criers])
        await one.cry_out(criers)
        return figures("a dialog open", one.answers)


async def paused_erased_unknown(folder: Path, count: int) -> Figures:
    """A third has paused the bot, a third has erased everything, a third is new."""
    async with _home(folder, count) as (one, criers):
        third = count // 3
        paused, erased, unknown = criers[:third], criers[third : 2 * third], criers[2 * third :]
        await side_by_side([one.say_and_hear(chat, "/pause") for chat, _ in paused])
        await side_by_side([_erase(one, chat) for chat, _ in erased])
        strangers = [(STRANGERS + number, cry) for number, (_, cry) in enumerate(unknown)]
        await one.cry_out([*paused, *erased, *strangers])
        return figures("paused, erased, unknown", one.answers, f"{third}, {third}, {len(strangers)}")


async def _erase(one: Stage, chat: int) -> None:
    await one.say_and_hear(chat, "/delete")
    for label in ("Delete everything", "Yes, erase it for good"):
        await one.press(chat, label)
    await until(lambda: len(one.stopwatch.heard[chat]) >= 2)


FAULTS: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (
        all_well,
        database_locked,
        helpers_asking,
        disk_full,
        postgresql_stopped,
        reminders_queued,
        another_chat_in_429,
        scheduler_dead,
        dialog_open,
        paused_erased_unknown,
    )
}


async def drill(name: str, count: int) -> Figures:
    """One fault, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return await FAULTS[name](Path(folder), count)
