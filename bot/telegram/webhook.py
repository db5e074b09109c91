"""Takes updates by webhook: Telegram brings them, and hears 200 only when their effects are committed."""

import asyncio
import hmac
import json
import random
from typing import Any, Final

import structlog
from aiohttp import web
from telegram.error import InvalidToken, RetryAfter

from bot.telegram.account import Account
from bot.telegram.intake import KINDS, to_inbound
from bot.telegram.outcomes import TokenRefused, hold_seconds
from bot.telegram.turns import Turns

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
PATH: Final = "/telegram/{number}"
LARGEST_BODY: Final = 1_000_000  # bytes; Telegram's own updates stay far below
_CONNECTIONS: Final = 100
_PATIENCE: Final = 20.0
# While nothing can be committed, a hundred connections that wait would keep the next cry for help outside.
_HURRY: Final = 0.5
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_LAST_WORK_SECONDS: Final = 5.0

_log = structlog.get_logger(__name__)


class Webhooks:
    """The receiving ends of several accounts. They come and go while the application is served."""

    def __init__(self) -> None:
        self._open: dict[str, Webhook] = {}

    def add_to(self, app: web.Application) -> None:
        """Serve them as a part of this application."""
        app.router.add_post(PATH, self._take)
        app.router.add_get(PATH, self._hears)

    def open(self, webhook: "Webhook") -> None:
        """What comes for its account is its own from now on."""
        self._open[webhook.number] = webhook

    def close(self, number: str) -> None:
        """Nothing comes in for this account any more."""
        self._open.pop(number, None)

    async def _take(self, request: web.Request) -> web.Response:
        return await self._of(request).take(request)

    async def _hears(self, request: web.Request) -> web.Response:
        return await self._of(request).hears(request)

    def _of(self, request: web.Request) -> "Webhook":
        found = self._open.get(request.match_info["number"])
        if found is None:
            raise web.HTTPNotFound
        return found


class Webhook:
    """The receiving end of a webhook. Any number of workers can serve the same one.

    An update whose effects cannot be committed in time gets 503 and is brought again. Its turn goes on
    meanwhile, and when it is brought again to this worker it does not get a second one.
    """

    def __init__(
        self,
        account: Account,
        turns: Turns,
        url: str,
        secret: str,
        *,
        patience: float = _PATIENCE,
        first_pause: float = _FIRST_PAUSE,
    ) -> None:
        """`url` is where Telegram finds us, without a path; `secret` proves that it is Telegram.

        `patience`: seconds in which an update must be committed, or it is to be brought again.
        """
        self._account, self._turns = account, turns
        self._url, self._secret = url.rstrip("/"), secret
        self._patience, self._first_pause = patience, first_pause
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._in_trouble = False
        self._stopping = asyncio.Event()

    @property
    def number(self) -> str:
        """The account's."""
        return self._account.number

    @property
    def path(self) -> str:
        """Where updates of this account come in."""
        return PATH.format(number=self.number)

    def idle(self) -> bool:
        """True when no update is in hand."""
        return all(task.done() for task in self._in_hand.values())

    async def run(self) -> None:
        """Tell Telegram where we are, then serve until `stop`. Raises TokenRefused."""
        try:
            await self._announce()
            await self._stopping.wait()
            if self._in_hand:
                await asyncio.wait(self._in_hand.values(), timeout=_LAST_WORK_SECONDS)
        finally:
            for task in self._in_hand.values():
                task.cancel()

    def stop(self) -> None:
        """End `run`: what comes from now on is brought again, to another worker or after the restart."""
        self._stopping.set()

    async def hears(self, _: web.Request) -> web.Response:
        """For whoever balances the load: 200 while updates can be brought, also without a database."""
        return web.Response(status=503 if self._stopping.is_set() else 200)

    async def take(self, request: web.Request) -> web.Response:
        """One update. Who does not know the secret is turned away before anything is read."""
        if not self._knows_the_secret(request):
            return web.Response(status=403)
        if self._stopping.is_set():
            return web.Response(status=503)
        body = await _body(request)
        if body is None:
            return web.Response(status=413)
        update = _update(body)
        if update is None:
            return web.Response(status=400)
        return web.Response(status=200 if await self._committed(update) else 503)

    def _knows_the_secret(self, request: web.Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, self._secret.encode())

    async def _committed(self, update: dict[str, Any]) -> bool:
        update_id = update["update_id"]
        task = self._in_hand.get(update_id)
        if task is None:
            task = asyncio.create_task(self._turns.take(to_inbound(update, self._account.number)))
            self._in_hand[update_id] = task
            task.add_done_callback(lambda _: self._in_hand.pop(update_id, None))
        patience = min(self._patience, _HURRY) if self._in_trouble else self._patience
        await asyncio.wait({task}, timeout=patience)
        self._in_trouble = not task.done()
        return task.done() and not task.cancelled() and task.exception() is None

    async def _announce(self) -> None:
        pause = self._first_pause
        while not self._stopping.is_set() and not await self._announced():
            await self._rest(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, no secret
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _announced(self) -> bool:
        wish = {
            "url": self._url + self.path,
            "secret_token": self._secret,
            "allowed_updates": KINDS,
            "max_connections": _CONNECTIONS,
        }
        try:
            await self._account.call("setWebhook", wish)
        except InvalidToken:
            raise TokenRefused from None
        except RetryAfter as error:
            await self._rest(hold_seconds(error))
        except Exception as error:
            _log.warning("webhook_not_announced", error=type(error).__name__)
        else:
            return True
        return False

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass


async def _body(request: web.Request) -> bytes | None:
    """What was sent; None when it is too much."""
    if (request.content_length or 0) > LARGEST_BODY:
        return None
    body = bytearray()
    async for piece in request.content.iter_chunked(65_536):
        body += piece
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def _update(body: bytes) -> dict[str, Any] | None:
    """An update with its number; None for anything else."""
    try:
        update = json.loads(body)
    except ValueError:
        return None
    if not isinstance(update, dict) or type(update.get("update_id")) is not int:
        return None
    return update
