"""Short ways to speak to a stand-in, as its bot and as its people."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp

from bot.standin import Serving, StandIn
from scheduler.clock import SteerableClock

TOKEN = "4000:a-token"
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
YOU, CAREGIVER = 1001, 1002


class FakeTimeMachine:
    """Moves the clock and keeps a record of what it was asked."""

    def __init__(self, clock: SteerableClock) -> None:
        self.clock = clock
        self.asked: list[Any] = []
        self.busy = False
        self.planned: datetime | None = None
        self.killable = True

    async def advance(self, seconds: float) -> None:
        self.asked.append(("advance", seconds))
        self.clock.advance(seconds)

    async def advance_to_next(self) -> datetime | None:
        self.asked.append("next")
        if self.planned is not None:
            self.clock.advance_to(self.planned)
        return self.planned

    async def settle(self, timeout: float) -> bool:
        self.asked.append("settle")
        return not self.busy

    async def kill(self) -> None:
        self.asked.append("kill")
        if not self.killable:
            raise NotImplementedError


class House:
    """One stand-in that serves, with a bot and people at hand."""

    def __init__(
        self, standin: StandIn, serving: Serving, clock: SteerableClock, http: aiohttp.ClientSession
    ) -> None:
        self.standin = standin
        self.clock = clock
        self.http = http
        self.url = serving.url

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What the Bot API answers, refused or not."""
        async with self.http.post(f"{self.url}/bot{TOKEN}/{method}", json=parameters) as answer:
            return dict(await answer.json())

    async def result(self, method: str, **parameters: Any) -> Any:
        """The `result` of a call that must not be refused."""
        answer = await self.call(method, **parameters)
        assert answer["ok"], answer
        return answer["result"]

    async def refused(self, method: str, **parameters: Any) -> str:
        """Code and words of a call that must be refused."""
        answer = await self.call(method, **parameters)
        assert not answer["ok"], answer
        return f"{answer['error_code']} {answer['description']}"

    async def control(self, path: str, **body: Any) -> Any:
        """POST to the control API; it must not be refused."""
        status, answer = await self.try_control(path, **body)
        assert status == 200, answer
        return answer

    async def try_control(self, path: str, **body: Any) -> tuple[int, Any]:
        """POST to the control API, refused or not."""
        async with self.http.post(f"{self.url}/control/{path}", json=body) as answer:
            return answer.status, await answer.json()

    async def see(self, path: str) -> Any:
        """GET from the control API."""
        async with self.http.get(f"{self.url}/control/{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def messages(self, chat: int = YOU) -> list[dict[str, Any]]:
        """The messages of a chat as shown now."""
        return list((await self.see(f"chats/{chat}"))["messages"])

    async def start(self, person: int = YOU) -> None:
        """A person starts the bot, and the bot has taken note."""
        await self.control("say", **{"from": person, "text": "/start", "wait": False})
        await self.updates()

    async def updates(self, **parameters: Any) -> list[dict[str, Any]]:
        """What has happened; it is confirmed at once."""
        found = await self.result("getUpdates", timeout=0, **parameters)
        if found:
            await self.result("getUpdates", offset=found[-1]["update_id"] + 1, timeout=0, limit=1)
        return list(found)

    async def group(self) -> int:
        """The id of the group that is there from the beginning."""
        return next(int(chat["id"]) for chat in await self.see("chats") if chat["kind"] == "group")


async def until(condition: Callable[[], Any], seconds: float = 5.0) -> Any:
    """Wait until a condition holds; fail when it does not in time."""
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(0.01)
