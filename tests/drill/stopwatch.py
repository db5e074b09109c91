"""When the stand-in handed each update to the bot, and when each message of the bot arrived."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.standin import StandIn

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it arrived: loop seconds at which its first bytes were there, and its text."""

    at: float
    text: str


@dataclass(slots=True)
class Stopwatch:
    """Watches every request of the bot. `handed` is by update, `heard` by chat."""

    handed: dict[int, float] = field(default_factory=dict)
    heard: dict[int, list[Heard]] = field(default_factory=dict)

    def put_on(self, standin: StandIn) -> None:
        """Begin to watch; before the stand-in listens."""
        standin.app.middlewares.append(self._middleware())

    def _middleware(self) -> Middleware:
        @web.middleware
        async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
            arrived = asyncio.get_running_loop().time()
            response = await handler(request)
            if request.path.endswith("/getUpdates"):
                self._note_updates(response)
            elif request.path.endswith("/sendMessage") and response.status == 200:
                self._note_message(arrived, json.loads(await request.read()))
            return response

        return watch

    def _note_updates(self, response: web.StreamResponse) -> None:
        """The same update may be handed out again and again; the first time counts."""
        body = response.body if isinstance(response, web.Response) else None
        if response.status != 200 or not isinstance(body, bytes):
            return
        now = asyncio.get_running_loop().time()
        for update in json.loads(body)["result"]:
            self.handed.setdefault(update["update_id"], now)

    def _note_message(self, arrived: float, message: dict[str, object]) -> None:
        said = Heard(arrived, str(message.get("text", "")))
        self.heard.setdefault(int(str(message["chat_id"])), []).append(said)
