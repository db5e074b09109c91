"""How soon people are answered while a herd goes out: who taps a button, and who cries for help."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.crowd import FIRST_CHAT
from tests.bench.databases import SQLITE, settled
from tests.bench.figures import Figure, at_most, quantile
from tests.bench.gauge import Reading
from tests.bench.process import started
from tests.bench.scale import Scale, due_now
from tests.bench.sink.handle import Sink, Times, sink
from tests.bench.speech import Update, shown, tap, words
from tests.drill.stage import answers
from tests.drill.variants import Cry, variants

TAPS_A_SECOND, UPDATES_A_SECOND, CRIES_A_SECOND = 10, 100, 5
TAP_MS, CRY_MS = 300, 100
FIRST_SECONDS, LAST_SECONDS = 10.0, 5.0  # before somebody has something to tap on; after the last update


@dataclass(frozen=True, slots=True)
class _Waits:
    """Milliseconds of each answer: since the update came to Telegram, and since it was handed to the bot."""

    since_fed: list[float]
    since_handed: list[float]
    missing: int

    @property
    def slow(self) -> float:
        """The wait of the slowest but one in a hundred."""
        return quantile(self.since_fed, 0.99)


async def measure(scale: Scale) -> list[Figure]:
    """How soon taps are answered, and cries among a hundred updates a second."""
    rounds = [await _round(scale) for _ in range(scale.rounds)]
    taps, cries, readings = zip(*rounds, strict=True)
    name = f"card after a cry, p99, a herd and {UPDATES_A_SECOND} updates a second"
    return [
        _figure("answer after a tap, p99, under a herd", TAP_MS, taps),
        _figure(name, CRY_MS, cries),
        Figure("longest stall while they were answered", [reading.stall_ms for reading in readings], "ms"),
    ]


def _figure(name: str, goal_ms: float, rounds: Sequence[_Waits]) -> Figure:
    handed = median(quantile(waits.since_handed, 0.99) for waits in rounds)
    answered, missing = sum(len(w.since_fed) for w in rounds), sum(w.missing for w in rounds)
    note = f"since handed to the bot {handed:.0f} ms; {answered} answered, {missing} not"
    return Figure(name, [waits.slow for waits in rounds], "ms", at_most(goal_ms), note=note)


async def _round(scale: Scale) -> tuple[_Waits, _Waits, Reading]:
    """First the taps, then the cries; the herd goes out all the while."""
    seconds = max(5.0, scale.paced_seconds / 5)
    async with (
        settled(SQLITE, scale.folder, due_now(scale.people)) as crowd,
        sink() as network,
        started("tests.bench.worker", **crowd.wish, sink=network.url, paced=True, held=True) as worker,
    ):
        await worker.ready()
        worker.go()
        await asyncio.sleep(FIRST_SECONDS)
        taps = await _taps(network, seconds)
        cries = await _cries(network, seconds, scale.people)
        said = await worker.stop()
    return taps, cries, said.reading


async def _taps(network: Sink, seconds: float) -> _Waits:
    """Everybody who got a reminder taps once, the earliest first. More leave than are tapped meanwhile."""
    numbers = range(1, int(seconds * TAPS_A_SECOND) + 1)
    there = await shown(network)
    began = time.monotonic()
    for number in numbers:
        if number > len(there):
            there = await shown(network)
        await _at(began + number / TAPS_A_SECOND)
        await network.ask("feed", updates=[tap(number, there[min(number, len(there)) - 1])])
    await asyncio.sleep(LAST_SECONDS)
    times = await network.times()
    answered = {int(answer.chat): answer.at for answer in times.of("answerCallbackQuery")}
    return _waits(times, answered, numbers)


async def _cries(network: Sink, seconds: float, people: int) -> _Waits:
    """Those who cry come last in the herd, and have heard nothing yet; the others tap on and on."""
    await network.ask("reset")
    tappers, every = await shown(network), UPDATES_A_SECOND // CRIES_A_SECOND
    cries = variants(int(seconds * CRIES_A_SECOND))
    chats = range(FIRST_CHAT + people, 0, -1)
    crying: dict[int, tuple[int, Cry]] = {}
    began = time.monotonic()
    for step in range(len(cries) * every):
        number, update = 10**6 + step, Update()
        if step % every:
            update = tap(number, tappers[step % len(tappers)])
        else:
            crying[number] = chats[len(crying)], cries[len(crying)]
            update = words(number, crying[number][0], crying[number][1].text)
        await _at(began + step / UPDATES_A_SECOND)
        await network.ask("feed", updates=[update])
    await asyncio.sleep(LAST_SECONDS)
    times = await network.times()
    return _waits(times, _cards(times, crying), list(crying))


def _cards(times: Times, crying: dict[int, tuple[int, Cry]]) -> dict[int, float]:
    """When the card of each cry came, by update."""
    said: dict[str, list[tuple[float, str]]] = {}
    for arrival in times.of("sendMessage"):
        said.setdefault(arrival.chat, []).append((arrival.at, arrival.words))
    cards = {
        number: [at for at, text in said.get(str(chat), ()) if answers(text, cry)]
        for number, (chat, cry) in crying.items()
    }
    return {number: found[0] for number, found in cards.items() if found}


def _waits(times: Times, answered: dict[int, float], numbers: Sequence[int]) -> _Waits:
    there = [number for number in numbers if number in answered]
    return _Waits(
        [1000 * (answered[number] - times.fed[number]) for number in there],
        [1000 * (answered[number] - times.handed[number]) for number in there],
        len(numbers) - len(there),
    )


async def _at(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.monotonic()))
