"""The bot as it is, in processes of their own, that are cheap to start and good at dying.

Started by a yard as `python -m tests.chaos.worker`. It loads the bot once; each line of JSON it reads makes a
child that runs it, and for each child that ends it writes a line. Children end with it.
"""

import asyncio
import contextlib
import json
import os
import select
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

import apscheduler.schedulers.base
import apscheduler.triggers.interval
from aiohttp import web
from sqlalchemy import event

import scheduler.clock
from bot import log, run
from bot.app import App, compose
from bot.demo.steering import Direct, add_steering
from bot.run import run_app
from bot.settings import Settings
from storage.database import Database
from tests.chaos.points import Fuse, arm
from tests.chaos.watch import Watch
from tests.stories.life import BOUNDLESS


def _follow(watch: Watch) -> None:
    """Whoever looks at a clock in this process sees that of the watch. The server's is never stepped."""
    shown = Database.now

    async def now(self: Database) -> datetime:
        return await shown(self) + watch.ahead

    class Shifted(datetime):
        """The machine's clock as APScheduler reads it: set forward or back with the watch."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Shifted":
            machine = datetime.now(tz) + timedelta(seconds=watch.jumped)
            return cls.combine(machine.date(), machine.timetz())

    Database.now = now  # type: ignore[method-assign]
    apscheduler.schedulers.base.datetime = Shifted
    apscheduler.triggers.interval.datetime = Shifted
    scheduler.clock.datetime = Shifted  # type: ignore[attr-defined]


def _hurry() -> None:
    """Without the platform's limits, so that as much as possible is in flight when a process dies."""

    vars(run)["compose"] = partial(compose, limits=BOUNDLESS)


def _add_windows(app: App, watch: Watch) -> None:
    """What the test may look at, a switch that makes the database read-only, and this machine's clock."""
    writable = [True]

    async def figures(_: web.Request) -> web.Response:
        return web.json_response(dict(app.courier.figures) | {"token": app.courier.token})

    async def read_only(request: web.Request) -> web.Response:
        writable[0] = not (await request.json())["on"]
        return web.json_response({})

    async def step(request: web.Request) -> web.Response:
        watch.step((await request.json())["seconds"])
        return web.json_response({})

    def lend(connection: Any, *_: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA query_only={'OFF' if writable[0] else 'ON'}")
        cursor.close()

    if app.vault.database.is_sqlite:
        event.listen(app.vault.database.engine.sync_engine, "checkout", lend)
    app.web.router.add_get("/chaos/figures", figures)
    app.web.router.add_post("/chaos/readonly", read_only)
    app.web.router.add_post("/chaos/step", step)


def live(order: dict[str, Any]) -> None:
    """Be the bot until the end. `order`: settings, the watch's file; perhaps a point, a count, a signal."""
    watch = Watch(Path(order["watch"]))
    _follow(watch)
    if order.get("hurry", True):
        _hurry()

    def prepare(app: App) -> None:
        add_steering(app.web, Direct(app, watch))  # type: ignore[arg-type]
        _add_windows(app, watch)
        if order.get("point"):
            arm(app, order["point"], Fuse(order.get("nth", 1), order.get("signal", signal.SIGKILL)))

    log.configure()
    asyncio.run(run_app(Settings(**order["settings"]), watch, prepare))


def _tell(**words: Any) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def _bear(order: dict[str, Any], live: Callable[[dict[str, Any]], None]) -> int:
    """A child that lives by this order; its log goes to the file that is named."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        with contextlib.suppress(OSError), Path(order["log"]).open("ab") as lines:
            os.dup2(lines.fileno(), 2)
            os.dup2(lines.fileno(), 1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        live(order)
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def _nurse() -> None:
    """Start children, and say when one has ended, until nobody wants any more."""
    children: set[int] = set()
    signal.signal(signal.SIGCHLD, lambda *_: None)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    _tell(ready=os.getpid())
    waiting = b""
    while True:
        ready, _, _ = select.select([0, reading], [], [])
        if reading in ready:
            os.read(reading, 4096)
        if 0 in ready:
            heard = os.read(0, 65536)
            if not heard:
                break
            *lines, waiting = (waiting + heard).split(b"\n")
            for line in lines:
                child = _bear(json.loads(line), live)
                children.add(child)
                _tell(born=child)
        _report(children)
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _report(children: set[int]) -> None:
    for child in list(children):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            children.remove(child)
            _tell(ended=child, status=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    _nurse()
