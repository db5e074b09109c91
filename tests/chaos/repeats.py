"""Updates that are repeated, reordered and replayed, and taps on two workers at once: one effect each.

A case is one person with a dose that was asked for, and a short sequence of updates about it: one to three
different ones (a tap on Taken, a tap on a reason to skip, /undo), each brought up to four times, in any
order, some of them at the same moment, to either of the workers. What the database holds afterwards must be
what the different updates, each once, in an order that fits, would have left.
"""

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import permutations, product
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot.app import App, compose
from bot.demo.house import TOKEN
from bot.roles import Role
from bot.settings import Settings
from bot.telegram.intake import to_inbound
from bot.vault import open_vault
from scheduler.clock import SteerableClock
from scheduler.outcomes import Delivered, Outcome
from scheduler.parcel import Parcel
from storage.dose_events import DoseEvent
from storage.doses import Dose
from storage.updates import SeenUpdate
from storage.vocabulary import DoseState
from tests.chaos.cards import MESSAGE, NOW, Holder, deal
from tests.chaos.figures import Figures, check
from tests.chaos.points import station_of
from tests.chaos.yard import ACCOUNT
from tests.stories.life import BOUNDLESS

TAKEN, SKIPPED, UNDO = "taken", "skipped", "undo"
BATCH, AT_ONCE = 400, 12
FIRST_CHAT, FIRST_UPDATE = 2_000_000, 900_000_000
DIFFERENT = (1, 1, 2, 2, 3)

Bring = tuple[int, int]  # which update, to which worker
Ending = tuple[str, int, int, int]  # the dose's state; how often it was recorded taken, skipped, undone


@dataclass(frozen=True, slots=True)
class Case:
    """`verbs`: the different updates. `steps`: what is brought at the same moment, one step after another."""

    verbs: tuple[str, ...]
    steps: tuple[tuple[Bring, ...], ...]


def make(draw: random.Random, workers: int) -> Case:
    """A case; the first bringing of each update, some more, all mixed up, some of it side by side."""
    verbs = tuple(draw.choice((TAKEN, TAKEN, SKIPPED, UNDO)) for _ in range(draw.choice(DIFFERENT)))
    brings = [number for number in range(len(verbs)) for _ in range(draw.choice((1, 2, 2, 3)))]
    draw.shuffle(brings)
    steps: list[tuple[Bring, ...]] = []
    while brings:
        size = draw.choice((1, 1, 2, 3))
        steps.append(tuple((number, draw.randrange(workers)) for number in brings[:size]))
        del brings[:size]
    return Case(verbs, tuple(steps))


def endings(case: Case) -> set[Ending]:
    """Every way in which it may end: what is brought at the same moment may come in any order."""
    seen: set[int] = set()
    fresh: list[list[int]] = []
    for step in case.steps:
        fresh.append(sorted({number for number, _ in step} - seen))
        seen |= set(fresh[-1])
    return {_ending(case, order) for order in _orders(fresh)}


def _orders(steps: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    for chosen in product(*(permutations(step) for step in steps)):
        yield [number for step in chosen for number in step]


def _ending(case: Case, order: Sequence[int]) -> Ending:
    state, events = DoseState.OPEN.value, Counter[str]()
    for number in order:
        verb = case.verbs[number]
        if verb == UNDO and state != DoseState.OPEN:
            state = DoseState.OPEN.value
        elif verb != UNDO and state == DoseState.OPEN:
            state = verb
        else:
            continue
        events[verb] += 1
    return state, events[TAKEN], events[SKIPPED], events[UNDO]


class Telegram:
    """Takes everything at once, and remembers what was said over the buttons."""

    def __init__(self) -> None:
        self.toasts: dict[str, list[str | None]] = defaultdict(list)
        self._sent = 0

    async def deliver(self, parcel: Parcel) -> Outcome:
        self._sent += 1
        return Delivered(parcel.target or str(self._sent + 1_000))

    async def answer(self, query_id: str, text: str | None = None, alert: bool = False) -> None:
        self.toasts[query_id].append(text)


@dataclass(slots=True)
class Workshop:
    """Workers on one database. Their couriers send what they are offered, and settle it after each batch."""

    workers: list[App]
    telegram: Telegram
    updates: "Iterator[int]" = field(default_factory=lambda: iter(range(FIRST_UPDATE, 10**12)))

    async def play(self, holder: Holder, case: Case) -> list[int]:
        """Bring it all; the numbers of its updates."""
        numbers = [next(self.updates) for _ in case.verbs]
        raw = [_raw(holder, verb, number) for verb, number in zip(case.verbs, numbers, strict=True)]
        for step in case.steps:
            turns = (
                station_of(self.workers[to]).turns.take(to_inbound(raw[which], ACCOUNT)) for which, to in step
            )
            await asyncio.gather(*turns)
        return numbers


def _raw(holder: Holder, verb: str, number: int) -> dict[str, Any]:
    person = {"id": holder.chat, "is_bot": False, "first_name": "Alex", "language_code": "en"}
    chat = {"id": holder.chat, "type": "private", "first_name": "Alex"}
    if verb == UNDO:
        said = {
            "message_id": number,
            "date": int(NOW.timestamp()),
            "chat": chat,
            "from": person,
            "text": "/undo",
        }
        return {"update_id": number, "message": said}
    card = {"message_id": int(MESSAGE), "date": int(NOW.timestamp()), "chat": chat, "text": "…"}
    token = holder.taken if verb == TAKEN else holder.skipped
    press = {"id": str(number), "from": person, "message": card, "chat_instance": "1", "data": token}
    return {"update_id": number, "callback_query": press}


@asynccontextmanager
async def workshop(folder: Path, url: str | None) -> AsyncIterator[Workshop]:
    """Two workers on a server, or one on a file."""
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240 - nothing else runs yet
    telegram, clock = Telegram(), SteerableClock(NOW, frozen=True)
    settings = Settings(
        telegram_token=TOKEN,
        telegram_api="http://127.0.0.1:9",
        database_url=url or f"sqlite:///{folder / 'demo.db'}",
        key_file=folder / "demo.key",
    )
    async with AsyncExitStack() as stack:
        workers = []
        for _ in range(1 if url is None else 2):
            vault = await open_vault(settings.database_url, settings.key_file)
            stack.push_async_callback(vault.close)
            app = await stack.enter_async_context(
                compose(settings, vault, clock, limits=BOUNDLESS, role=Role.WEB)
            )
            app.courier._flights._platform = station_of(app).door._platform = telegram
            workers.append(app)
        yield Workshop(workers, telegram)


async def repeated(folder: Path, engine: str, url: str | None, seed: int, cases: int) -> Figures:
    """So many cases, each with its own person."""
    draw, began, brought, at_once = random.Random(seed), time.monotonic(), 0, 0
    wrong: list[str] = []
    async with workshop(folder, url) as shop:
        for first in range(0, cases, BATCH):
            batch = [make(draw, len(shop.workers)) for _ in range(min(BATCH, cases - first))]
            brought += sum(len(step) for case in batch for step in case.steps)
            at_once += sum(len({to for _, to in step}) > 1 for case in batch for step in case.steps)
            wrong += await _play(shop, batch, FIRST_CHAT + first)
            if len(wrong) > 10:
                break
    seconds = time.monotonic() - began
    counts = {
        "cases": cases, "workers": 1 if url is None else 2, "updates_brought": brought,
        "steps_on_two_workers_at_once": at_once, "wrong": len(wrong), "seconds": round(seconds),
        "cases_a_second": round(cases / seconds, 1),
    }  # fmt: skip
    return Figures("repeated, reordered, replayed", engine, seed, counts, wrong[:10])


async def _play(shop: Workshop, batch: Sequence[Case], first_chat: int) -> list[str]:
    """A batch of cases side by side; what went wrong, in words."""
    holders = await deal(shop.workers[0].vault, first_chat, len(batch))
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(holder: Holder, case: Case) -> list[int]:
        async with gate:
            return await shop.play(holder, case)

    numbers = await asyncio.gather(*(one(*whole) for whole in zip(holders, batch, strict=True)))
    for worker in shop.workers:
        while not station_of(worker).door.idle or worker.courier.figures["in_flight"]:
            await asyncio.sleep(0)
        await worker.courier.round()
    found = await _found(shop.workers[0], holders, [number for some in numbers for number in some])
    wrong = [_judge(shop, *whole, found) for whole in zip(holders, batch, numbers, strict=True)]
    shop.telegram.toasts.clear()
    return [words for words in wrong if words]


@dataclass(frozen=True, slots=True)
class _Found:
    """What the database holds after a batch."""

    states: dict[int, str]
    events: dict[int, Counter[str]]
    marked: set[int]


async def _found(worker: App, holders: Sequence[Holder], numbers: Sequence[int]) -> _Found:
    wanted = [holder.dose_id for holder in holders]
    events: dict[int, Counter[str]] = defaultdict(Counter)
    async with worker.vault.database.reading() as session:
        states = {
            dose_id: str(state)
            for dose_id, state in await session.exec(
                select(Dose.id, Dose.state).where(col(Dose.id).in_(wanted))
            )
            if dose_id is not None
        }
        of_doses = select(DoseEvent.dose_id, DoseEvent.kind).where(col(DoseEvent.dose_id).in_(wanted))
        for dose_id, kind in await session.exec(of_doses):
            events[dose_id][kind] += 1
        between = col(SeenUpdate.update_id).between(min(numbers), max(numbers))
        marked = set(await session.exec(select(SeenUpdate.update_id).where(between)))
    return _Found(states, events, marked)


def _judge(shop: Workshop, holder: Holder, case: Case, numbers: Sequence[int], found: _Found) -> str:
    """What is wrong with how a case ended; nothing, as a rule."""
    events = found.events[holder.dose_id]
    ending = (found.states[holder.dose_id], events[TAKEN], events[SKIPPED], events["undone"])
    said = Counter(_kind(text) for number in numbers for text in shop.telegram.toasts[str(number)])
    wrong = check(
        it_ended_otherwise=ending not in endings(case),
        an_update_was_not_marked=not set(numbers) <= found.marked,
        more_confirmed_than_recorded=said["confirmed"] != events[TAKEN] + events[SKIPPED],
    )
    return f"{case}: {ending}, {dict(said)}: {', '.join(wrong)}" if wrong else ""


def _kind(toast: str | None) -> str:
    """What a toast says: that it was recorded just now, that it had been, or nothing."""
    if toast is None:
        return "nothing"
    return "already" if toast.startswith("Already") else "confirmed"
