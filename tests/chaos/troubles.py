"""Every trouble on every engine, in full and in short."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests import postgres
from tests.chaos.clocks import jumped, stepped
from tests.chaos.disks import unwritable
from tests.chaos.figures import Figures
from tests.chaos.kills import killed, stopped
from tests.chaos.poison import poisoned
from tests.chaos.repeats import repeated
from tests.chaos.servers import restarted
from tests.chaos.sleep import slept
from tests.chaos.soak import soaked

FILE, SERVER = "sqlite", "postgresql"

Play = Callable[[Path, str | None, int, bool], Awaitable[Figures]]  # folder, server, seed, in full


@dataclass(frozen=True, slots=True)
class Trouble:
    """One way to be hard on the bot. With a server for `engine`, `play` is given the URL of a database.

    `always`: a short form of it belongs to `make test`; the others come with `make chaos` only.
    """

    name: str
    engine: str
    play: Play
    always: bool = True

    async def befall(self, folder: Path, seed: int, *, full: bool) -> Figures:
        """Let it happen, in a folder that does not exist yet."""
        url = postgres.empty_database() if self.engine == SERVER else None
        try:
            return await self.play(folder, url, seed, full)
        finally:
            if url is not None:
                postgres.drop_database(url)


def _kills(engine: str) -> Play:
    async def play(folder: Path, url: str | None, seed: int, full: bool) -> Figures:
        people, kills, points = (1_000, 200, 2) if full else (80, 3, 0)
        return await killed(folder, engine, url, seed, people, kills, points)

    return play


def _stops(engine: str) -> Play:
    async def play(folder: Path, url: str | None, seed: int, full: bool) -> Figures:
        return await stopped(folder, engine, url, seed, *((400, 25) if full else (60, 2)))

    return play


def _sleeps(engine: str) -> Play:
    async def play(folder: Path, url: str | None, seed: int, full: bool) -> Figures:
        return await slept(folder, engine, url, seed, 400 if full else 120, real=full)

    return play


def _poison(engine: str) -> Play:
    async def play(folder: Path, url: str | None, seed: int, full: bool) -> Figures:
        return await poisoned(folder, engine, url, seed, 300 if full else 20)

    return play


def _repeats(engine: str, cases: int) -> Play:
    async def play(folder: Path, url: str | None, seed: int, full: bool) -> Figures:
        return await repeated(folder, engine, url, seed, cases if full else cases // 500)

    return play


def _unwritable(name: str, seconds: float) -> Play:
    async def play(folder: Path, _: str | None, seed: int, full: bool) -> Figures:
        people = 200 if full else 30
        return await unwritable(folder, name, seed, people, seconds if full else seconds / 15)

    return play


async def _restarts(folder: Path, _: str | None, seed: int, full: bool) -> Figures:
    return await restarted(folder, seed, *((500, 5) if full else (200, 1)))


async def _jumps(folder: Path, _: str | None, seed: int, full: bool) -> Figures:
    return await jumped(folder, seed, *((200, 3) if full else (30, 1)))


async def _steps(folder: Path, url: str | None, seed: int, full: bool) -> Figures:
    assert url is not None
    return await stepped(folder, url, seed, *((200, 3) if full else (60, 1)))


async def _day(folder: Path, _: str | None, seed: int, full: bool) -> Figures:
    return await soaked(folder, seed, *((300, 48) if full else (20, 2)))


TROUBLES = [
    Trouble("kills", FILE, _kills(FILE)),
    Trouble("kills", SERVER, _kills(SERVER)),
    Trouble("stops", FILE, _stops(FILE)),
    Trouble("stops", SERVER, _stops(SERVER)),
    Trouble("sleeps", FILE, _sleeps(FILE)),
    Trouble("sleeps", SERVER, _sleeps(SERVER), always=False),
    # Its server is one of its own.
    Trouble("restarts", "own server", _restarts),
    Trouble("full", FILE, _unwritable("disk full", 30)),
    Trouble("locked", FILE, _unwritable("database locked", 30), always=False),
    Trouble("readonly", FILE, _unwritable("database read-only", 30)),
    Trouble("clocks", FILE, _jumps),
    Trouble("clocks", SERVER, _steps),
    Trouble("poison", FILE, _poison(FILE)),
    Trouble("poison", SERVER, _poison(SERVER), always=False),
    Trouble("day", FILE, _day),
    Trouble("repeats", FILE, _repeats(FILE, 20_000)),
    Trouble("repeats", SERVER, _repeats(SERVER, 80_000)),
]
