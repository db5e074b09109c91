"""A machine's clock is set forward and back by an hour and by a day while reminders go out.

On a file that is the one clock there is. On a server it is that of one machine of two; the server's is right.
"""

import asyncio
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlmodel import col, select, update

from scheduler.courier import SWEEP_SECONDS
from storage import timers
from storage.timers import Timer
from tests.chaos import oracle
from tests.chaos.figures import Figures, check
from tests.chaos.kills import SLOW
from tests.chaos.load import START, Load, settle
from tests.chaos.yard import Worker, Yard, within, yard

HOUR, DAY = 3_600.0, 86_400.0
JUMPS = (HOUR, -HOUR, DAY, -DAY)
SLOTS = 16  # of the courier
ARRIVING_SECONDS = 0.5
SHORTLY = timedelta(minutes=30)
LOOKED_SECONDS = 1.5  # in which both have looked who is to be woken
BEGINS_WITHIN = 5.0
WAKES_WITHIN = 5.0  # seconds in which the wake loop goes by the new time


async def jumped(folder: Path, seed: int, people: int, rounds: int) -> Figures:
    """Each jump `rounds` times, in any order, each in the middle of a crowd of reminders."""
    draw = random.Random(seed)
    jumps = [jump for jump in JUMPS for _ in range(rounds)]
    draw.shuffle(jumps)
    chats = await settle(folder, people)
    slowest, under_way = 0.0, set[int]()
    async with yard(folder, START) as one:
        load = Load(one, chats, draw)
        await load.welcome([SLOW])
        worker = await one.start()
        for jump in jumps:
            await _next_crowd(one, load)
            one.watch.jump(jump)
            under_way |= await _claimed_before(one)
            slowest = max(slowest, await _wakes_again(one))
        one.watch.jump(max(0.0, -one.watch.jumped) + DAY)  # past everything that any clock had shown
        await _next_crowd(one, load)
        await load.finish()
        alive = worker.alive
        due = await oracle.due(one.database)
        count = await oracle.count(one.log, one.database, due)
        reminders = oracle.sent(one.log)
    early = sum(
        one.at < due[one.slot] for one in reminders if one.slot in due and one.number not in under_way
    )
    twice = sum(n > 1 for n in Counter(one.slot for one in reminders).values())
    counts = {
        "jumps": [f"{jump / HOUR:+.0f} h" for jump in jumps], "doses": len(due), "reminders": len(reminders),
        "under_way_at_a_jump": len(under_way), "early": early, "twice": twice,
        "lost": count.lost, "told_as_not_asked": count.told,
        "wakes_again_after_s": round(slowest, 1),
    }  # fmt: skip
    wrong = check(
        the_bot_died=not alive,
        early=early > 0,
        too_many_under_way=len(under_way) > SLOTS * len(jumps),
        twice=twice > 0,
        lost=count.lost > 0,
        accepted_without_a_dose=count.strange > 0,
        the_wake_loop_stood_still=slowest > WAKES_WITHIN,
    )
    return Figures("the clock jumps", "sqlite", seed, counts, wrong)


async def stepped(folder: Path, url: str, seed: int, people: int, rounds: int) -> Figures:
    """Each step `rounds` times, in any order, both shortly before doses fall due and amid a crowd."""
    draw = random.Random(seed)
    steps = [jump for jump in JUMPS for _ in range(rounds)]
    draw.shuffle(steps)
    chats = await settle(folder, people, url)
    async with yard(folder, START, url) as one:
        load = Load(one, chats, draw)
        await load.welcome([SLOW])
        workers = [await one.start(), await one.start()]
        for step in steps:
            load.nearly(SHORTLY)
            await _step(one, workers[0], step)
            await asyncio.sleep(LOOKED_SECONDS)
            await _step(one, workers[0], -step)
            await _crowd_begins(one, load)
            await _step(one, workers[0], step)
            one.watch.advance(SWEEP_SECONDS + 1)  # whoever took live leases for dead ones would do so now
            await load.finish()
            await _step(one, workers[0], -step)
        alive = sum(worker.alive for worker in workers)
        delivered = [(await one.figures(worker))["delivered"] for worker in workers]
        due = await oracle.due(one.database)
        count = await oracle.count(one.log, one.database, load.expected)
        reminders = oracle.sent(one.log)
    early = sum(one.at < due[one.slot] for one in reminders if one.slot in due)
    counts = {
        "steps": [f"{step / HOUR:+.0f} h" for step in steps], "doses": count.doses,
        "reminders": len(reminders), "sent_by_the_stepped_one": delivered[0], "early": early,
        "twice": count.copies, "lost": count.lost, "told_as_not_asked": count.told,
    }  # fmt: skip
    wrong = check(
        a_worker_died=alive < len(workers),
        one_had_no_part=not all(delivered),
        early=early > 0,
        twice=count.copies > 0,
        lost=count.lost > 0,
        told_as_not_asked=count.told > 0,
        accepted_without_a_dose=count.strange > 0,
        never_settled=count.unsettled > 0,
    )
    return Figures("the clock of one machine jumps", "postgresql", seed, counts, wrong)


async def _step(one: Yard, worker: Worker, seconds: float) -> None:
    await one.post(worker, "/chaos/step", {"seconds": seconds})


async def _crowd_begins(one: Yard, load: Load) -> None:
    before = one.log.methods["sendMessage"]
    load.next_slot()
    await within(BEGINS_WITHIN, lambda: one.log.methods["sendMessage"] > before)
    await asyncio.sleep(load.draw.uniform(0.0, 0.4))


async def _next_crowd(one: Yard, load: Load) -> None:
    """Time passes until doses fall due of which nobody has heard, and their reminders begin to leave."""
    before = one.log.methods["sendMessage"]
    for _ in range(20):
        async with one.database.reading() as session:
            following = await timers.earliest(session, ["doses"])
        assert following is not None
        one.watch.advance_to(following + timedelta(seconds=1))
        if await within(2.5, lambda: one.log.methods["sendMessage"] > before):
            await asyncio.sleep(load.draw.uniform(0.0, 0.4))
            return


async def _claimed_before(one: Yard) -> set[int]:
    """The first messages after a jump: they had been claimed by the clock as it was then, a slot each."""
    before = one.log.count
    await asyncio.sleep(ARRIVING_SECONDS)
    return {entry.number for entry in one.log.since(before, "sendMessage")[:SLOTS]}


async def _wakes_again(one: Yard) -> float:
    """Seconds until somebody whose timer is set to the new present has been looked at."""
    loop, present = asyncio.get_running_loop(), one.watch.now()
    began = loop.time()
    async with one.database.transaction() as session:
        [person] = await session.exec(select(Timer.subject_id).limit(1))
        mine = (col(Timer.subject_id) == person, col(Timer.room) == "doses")
        await session.exec(update(Timer).where(*mine).values(fire_at=present))
    while loop.time() - began < 60:
        async with one.database.reading() as session:
            if (await session.exec(select(Timer.fire_at).where(*mine))).first() != present:
                break
        await asyncio.sleep(0.05)
    return loop.time() - began
