"""Named points at which a worker ends itself: before and after each step of a message and of an update.

The real parts are wrapped in the worker's own process; the product has no hooks for this.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.app import App
from bot.roster.station import Station
from bot.telegram import request
from bot.telegram.receiver import Receiver
from bot.telegram.webhook import Webhook

SIDES = ("before", "after")
STEPS = ("wake", "claim", "look", "send", "accept", "settle", "commit", "handle", "answer", "ack")
BURNS_SECONDS = 0.05
POINTS = tuple(f"{side} {step}" for step in STEPS for side in SIDES)


class Fuse:
    """Sends a signal to its own process at the n-th passing."""

    def __init__(self, nth: int, signal: int) -> None:
        self._left, self._signal = nth, signal

    def burn(self) -> None:
        """Somebody passes."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), self._signal)


class LongFuse:
    """Lets a moment pass before the fuse burns: what was just handed on is written meanwhile."""

    def __init__(self, fuse: Fuse) -> None:
        self._fuse = fuse

    def burn(self) -> None:
        """Somebody has passed."""
        asyncio.get_running_loop().call_later(BURNS_SECONDS, self._fuse.burn)


def arm(app: App, point: str, fuse: Fuse) -> None:
    """Lay the fuse at a point. Raises ValueError for one that does not exist."""
    side, _, step = point.partition(" ")
    if point not in POINTS:
        raise ValueError(f"there is no point {point!r}")
    _STEPS[step](app, side, fuse)


def _lay(
    owner: Any, name: str, side: str, fuse: Fuse | LongFuse, counts: Callable[..., bool] | None = None
) -> None:
    """Wrap a coroutine function; `counts` says which calls of it are a passing."""
    whole: Callable[..., Awaitable[Any]] = getattr(owner, name)

    @wraps(whole)
    async def wrapped(*args: Any, **kwargs: Any) -> Any:
        passes = counts is None or counts(*args)
        if passes and side == "before":
            fuse.burn()
        result = await whole(*args, **kwargs)
        if passes and side == "after":
            fuse.burn()
        return result

    setattr(owner, name, wrapped)


class _Woken:
    """A room whose wake can be wrapped."""

    def __init__(self, room: Any) -> None:
        self.wake = room.wake


def _wake(app: App, side: str, fuse: Fuse) -> None:
    room = _Woken(app.wakes._rooms["doses"])
    _lay(room, "wake", side, fuse)
    app.wakes._rooms["doses"] = room


def _claim(app: App, side: str, fuse: Fuse) -> None:
    """Inside the claiming transaction."""
    _lay(app.courier._claiming, "claim", side, fuse)


def _look(app: App, side: str, fuse: Fuse) -> None:
    """The last look at a claimed message before it leaves."""
    _lay(app.courier._flights, "_before_sending", side, fuse)


def station_of(app: App) -> Station:
    """The one bot of a deployment that has one."""
    station = app.roster.first
    assert station is not None
    return station


def _send(app: App, side: str, fuse: Fuse) -> None:
    """After the claim was committed, and after its reply was read."""
    _lay(app.courier._flights._platform, "deliver", side, fuse)


def _accept(_: App, side: str, fuse: Fuse) -> None:
    """The platform has accepted it: before its reply is read, and after."""
    _lay(request, "_body", side, fuse, lambda response: response.url.path.endswith("/sendMessage"))


def _settle(app: App, side: str, fuse: Fuse) -> None:
    _lay(app.courier._desk, "settle", side, fuse, lambda _session, landed, _now: bool(landed))


def _commit(_: App, side: str, fuse: Fuse) -> None:
    """Every transaction of this process, whoever began it."""
    event.listen(Session, f"{side}_commit", lambda _session: fuse.burn())


def _handle(app: App, side: str, fuse: Fuse) -> None:
    """One update through the door."""
    _lay(station_of(app).turns, "_handle", side, fuse)


def _answer(app: App, side: str, fuse: Fuse) -> None:
    """The words over a pressed button, after the commit."""
    _lay(station_of(app).door._platform, "answer", side, fuse)


def _ack(app: App, side: str, fuse: Fuse) -> None:
    """Its effects are committed: before and after Telegram is told so."""
    intake = station_of(app).intake
    if isinstance(intake, Webhook):
        _lay(intake, "_safe", "after", fuse if side == "before" else LongFuse(fuse))
        return
    assert isinstance(intake, Receiver)
    receiver, told = intake, [intake._offset]

    def moves_on(*_: Any) -> bool:
        moved = receiver._offset is not None and receiver._offset != told[0]
        told[0] = receiver._offset
        return moved

    _lay(receiver, "_poll", side, fuse, moves_on)


_STEPS: dict[str, Callable[[App, str, Fuse], None]] = {
    "wake": _wake,
    "claim": _claim,
    "look": _look,
    "send": _send,
    "accept": _accept,
    "settle": _settle,
    "commit": _commit,
    "handle": _handle,
    "answer": _answer,
    "ack": _ack,
}
