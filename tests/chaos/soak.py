"""Two days and nights with some hundred people, in minutes: does the bot grow?

On the first day everything is done for the first time, and what it needs stays in memory: statements, words,
the pages of the database. So the second half is looked at.
"""

import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import time, timedelta
from pathlib import Path
from statistics import linear_regression

from bot.standin import deeds
from bot.standin.view import buttons_of
from tests.chaos import oracle
from tests.chaos.figures import Figures, check
from tests.chaos.load import START, Load, settle
from tests.chaos.yard import Worker, Yard, yard

STEP = timedelta(minutes=5)
ANSWERING = 0.7  # of the people
CHECKIN = time(20)
FAULTS = [
    {"method": "sendMessage", "kind": "accept_then_drop", "probability": 0.0025},
    {"method": "*", "kind": "status", "code": 502, "probability": 0.0025},
    {"method": "*", "kind": "reset_before", "probability": 0.0025},
    {"method": "sendMessage", "kind": "retry_after", "seconds": 1, "probability": 0.0025},
]
GROWTH_MB_AN_HOUR, HOURS_TO_JUDGE = 0.5, 12
HANDLES_MORE = 12


async def soaked(folder: Path, seed: int, people: int, hours: int) -> Figures:
    """Reminders and check-ins are sent and answered for hours, with one fault in a hundred requests."""
    draw = random.Random(seed)
    chats = await settle(folder, people, checkin_at=CHECKIN)
    memory, handles = list[float](), list[int]()
    wal = 0
    async with yard(folder, START) as one:
        load = Load(one, chats, draw)
        await load.welcome(FAULTS)
        worker = await one.start()
        remote = one.remote(worker)
        until = START + timedelta(hours=hours)
        while one.watch.now() < until:
            one.watch.advance(STEP.total_seconds())
            await remote.quiet(20)
            _answer(load, chats)
            await remote.quiet(20)
            wal = max(wal, (folder / "demo.db-wal").stat().st_size)
            if len(memory) < int((one.watch.now() - START) / timedelta(hours=1)):
                memory.append(_megabytes(worker))
                handles.append(_handles(worker))
        await load.finish()
        alive, requests = worker.alive, one.log.count
        count = await oracle.count(one.log, one.database, load.due_before(until))
        faults = sum(entry.fault is not None for entry in one.log.since(0))
    half = len(memory) // 2
    warm = memory[half:]
    slope = linear_regression(range(len(warm)), warm).slope if len(warm) > 1 else 0.0
    counts = {
        "people": people, "hours": hours, "requests": requests, "faults": faults, "doses": count.doses,
        "reminders": count.accepted, "lost": count.lost, "told_instead": count.told,
        "copies": count.copies, "unsure": count.unsure, "mb_at_first": round(memory[0], 1),
        "mb_at_last": round(memory[-1], 1), "mb_an_hour_in_the_second_half": round(slope, 3),
        "most_handles_at_first": max(handles[: half or 1]), "most_handles_then": max(handles[half:]),
        "largest_wal_mb": round(wal / 2**20, 1),
    }  # fmt: skip
    wrong = check(
        the_bot_died=not alive,
        lost=count.lost > 0,
        it_grows=slope > GROWTH_MB_AN_HOUR and len(warm) >= HOURS_TO_JUDGE,
        handles_leak=max(handles[half:]) > max(handles[: half or 1]) + HANDLES_MORE,
        too_many_copies=count.copies > count.unsure + _doubted(one),
        never_settled=count.unsettled > 0,
    )
    return Figures("two days and nights", "sqlite", seed, counts, wrong)


def _doubted(one: Yard) -> int:
    """Requests after which the bot cannot know, although the stand-in does: a 502, a reset."""
    return sum(entry.fault in ("status", "reset_before") for entry in one.log.since(0, "sendMessage"))


def _answer(load: Load, chats: Sequence[int]) -> None:
    """Most people press the first button of what they see last, or a number of a check-in."""
    world = load.yard.standin.world
    for chat in chats:
        shown = world.chats[chat]
        if not shown.messages or load.draw.random() > ANSWERING:
            continue
        newest = next(reversed(shown.messages.values()))
        labels = [button["text"] for row in buttons_of(newest) for button in row]
        if not labels:
            continue
        wanted = load.draw.choice([label for label in labels if label.isdigit()] or labels[:1])
        press = {"chat": chat, "from": chat, "message_id": newest["message_id"], "button": wanted}
        with suppress(deeds.ImpossibleError):
            deeds.press(world, press)


def _megabytes(worker: Worker) -> float:
    """Resident memory of a process."""
    lines = Path(f"/proc/{worker.pid}/status").read_text().splitlines()
    [resident] = [line for line in lines if line.startswith("VmRSS:")]
    return int(resident.split()[1]) / 1024


def _handles(worker: Worker) -> int:
    """Open files and connections of a process."""
    return len(list(Path(f"/proc/{worker.pid}/fd").iterdir()))
