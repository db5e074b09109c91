"""Takes updates by webhook: Telegram brings them, and hears 200 only when their effects are committed."""

import asyncio
import hmac
import json
import random
from typing import Final

import structlog
from aiohttp import web
from telegram.error import InvalidToken, RetryAfter

from bot.telegram.account import Account
from bot.telegram.inbox import ABANDONED, LOOK_SECONDS, Inbox, InHand, Update
from bot.telegram.intake import KINDS, to_inbound
from bot.telegram.outcomes import TokenRefused, retry_after
from bot.telegram.turns import Turns
from scheduler.outcomes import hold_seconds

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
PATH: Final = "/telegram/{number}"
LARGEST_BODY: Final = 1_000_000  # bytes; Telegram's own updates stay far below
_CONNECTIONS: Final = 100
_PATIENCE: Final = 20.0
# While nothing can be committed, a hundred connections that wait would keep the next cry for help outside.
_HURRY: Final = 0.5
_GLANCE: Final = 0.05
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
    meanwhile, and when it is brought again to this worker it does not get a second one. Telegram brings at
    most a hundred at once: a crowd is kept in the inbox and gets 200, so that a cry behind it comes in.
    """

    def __init__(
        self,
        account: Account,
        turns: Turns,
        url: str,
        secret: str,
        inbox: Inbox | None = None,
        *,
        patience: float = _PATIENCE,
        first_pause: float = _FIRST_PAUSE,
    ) -> None:
        """`url` is where Telegram finds us, without a path; `secret` proves that it is Telegram.

        `patience`: seconds in which an update must be committed, or it is to be brought again.
        """
        self._account, self._turns = account, turns
        self._url, self._secret, self._inbox = url.rstrip("/"), secret, inbox
        self._patience, self._first_pause = patience, first_pause
        self._in_hand: dict[int, InHand] = {}
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
        return not self._in_hand

    async def run(self) -> None:
        """Tell Telegram where we are, then serve until `stop`. Raises TokenRefused."""
        try:
            await self._announce()
            while not self._stopping.is_set():
                await self._take_up()
                await self._rest(LOOK_SECONDS)
            if self._in_hand:
                await asyncio.wait([one.turn for one in self._in_hand.values()], timeout=_LAST_WORK_SECONDS)
            if self._inbox is not None:
                await self._inbox.close()
        finally:
            for one in self._in_hand.values():
                one.turn.cancel()

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
        return web.Response(status=200 if await self._safe(update) else 503)

    def _knows_the_secret(self, request: web.Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, self._secret.encode())

    async def _safe(self, update: Update) -> bool:
        """True as soon as the update is committed or kept; False when that takes too long."""
        one = self._in_hand.get(update["update_id"]) or self._begin(update)
        kept = asyncio.ensure_future(one.kept.wait())
        patience = min(self._patience, _HURRY) if self._in_trouble else self._patience
        try:
            # Nothing is kept before it was screened, and when every connection waits, nobody else looks.
            for seconds in (min(_GLANCE, patience), max(0.0, patience - _GLANCE)):
                if self._inbox is not None:
                    self._inbox.make_room(self._in_hand)
                await asyncio.wait({one.turn, kept}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
                if one.safe:
                    break
        finally:
            kept.cancel()
        self._in_trouble = not one.safe
        turn = one.turn
        committed = turn.done() and not turn.cancelled() and turn.exception() is None
        return committed or one.kept.is_set()

    def _begin(self, update: Update) -> InHand:
        update_id = update["update_id"]
        turn = asyncio.create_task(self._turns.take(to_inbound(update, self._account.number)))
        one = self._in_hand[update_id] = InHand(update, turn)
        turn.add_done_callback(lambda _: self._in_hand.pop(update_id, None))
        return one

    async def _take_up(self) -> None:
        """What a worker kept and did not handle, because it died or was stopped."""
        if self._inbox is None:
            return
        try:
            left = await self._inbox.left(ABANDONED)
        except Exception as error:
            _log.warning("inbox_not_read", error=type(error).__name__)
            return
        for update in left:
            if update["update_id"] not in self._in_hand:
                self._inbox.follow(update["update_id"], self._begin(update))

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
            await self._rest(hold_seconds(retry_after(error)))
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


def _update(body: bytes) -> Update | None:
    """An update with its number; None for anything else."""
    try:
        update = json.loads(body)
    except ValueError:
        return None
    if not isinstance(update, dict) or type(update.get("update_id")) is not int:
        return None
    return update
