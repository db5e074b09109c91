"""A person's life on the time machine: the real bot over real HTTP against the stand-in, in one process."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot.app import App, compose
from bot.demo.house import TOKEN
from bot.demo.steering import Direct
from bot.demo.timemachine import DemoTimeMachine
from bot.settings import Settings
from bot.standin import StandIn, serve
from bot.vault import Vault, open_vault
from bot.watch import keep_watch
from scheduler.clock import SteerableClock
from scheduler.pacing import Limits
from tests import made

ALEX = 501
BOUNDLESS = Limits(account_messages=10**6, account_burst=10**6, chat_burst=10**6, group_messages=10**6)


@dataclass(slots=True)
class Life:
    """What a test can do: talk, press, wait, look."""

    http: aiohttp.ClientSession
    url: str
    clock: SteerableClock
    folder: Path
    person: int = ALEX
    # Seconds before each deed. After a few of them the platform's limits have recovered, so that a story does
    # not wait for that in real time.
    unhurried: float = 0.0

    async def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The stand-in's control API."""
        method = "GET" if body is None else "POST"
        async with self.http.request(method, f"{self.url}/control/{path}", json=body) as response:
            found = await response.json()
            assert response.status == 200, found
            return found

    async def say(self, text: str, **more: Any) -> None:
        """The person writes."""
        self.clock.advance(self.unhurried)
        await self.call("say", {"from": self.person, "text": text, **more})

    async def press(self, label: str) -> str | None:
        """The person presses the newest button of that name; what the toast says comes back."""
        for message in reversed(await self.messages()):
            for button in (button for row in message["buttons"] for button in row):
                if button["text"] == label:
                    return await self.press_on(message["id"], button["data"])
        shown = [b["text"] for m in await self.messages() for row in m["buttons"] for b in row]
        raise AssertionError(f"no button {label!r}; there are {shown}")

    async def press_on(self, message_id: int, button: str, presser: int | None = None) -> str | None:
        """A press on one message, by its text or data."""
        return await self._pressed({"message_id": message_id, "button": button}, presser)

    async def press_forged(self, message_id: int, data: str, presser: int | None = None) -> str | None:
        """A press with data that the message does not offer (any more)."""
        return await self._pressed({"message_id": message_id, "data": data}, presser)

    async def _pressed(self, what: dict[str, Any], presser: int | None) -> str | None:
        self.clock.advance(self.unhurried)
        answer = (await self.call("press", {"chat": self.person, "from": presser or self.person} | what))[
            "answer"
        ]
        return answer["text"] if answer else None

    async def wait(self, **span: float) -> None:
        """Time passes: `hours=1`, `minutes=20` …"""
        seconds = span.get("days", 0) * 86400 + span.get("hours", 0) * 3600 + span.get("minutes", 0) * 60
        await self.call("clock", {"advance_s": seconds + span.get("seconds", 0)})

    async def wait_until(self, instant: datetime) -> None:
        """Time passes until an instant."""
        await self.wait(seconds=(instant - self.clock.now()).total_seconds())

    async def messages(self) -> list[dict[str, Any]]:
        """The person's chat as it looks now."""
        chat = await self.call(f"chats/{self.person}")
        messages: list[dict[str, Any]] = chat["messages"]
        return messages

    async def heard(self) -> list[dict[str, Any]]:
        """The bot's messages as they look now."""
        return [message for message in await self.messages() if message["from"]["id"] != self.person]

    async def last(self) -> str:
        """The text of the bot's newest message."""
        heard = await self.heard()
        return plain(heard[-1]) if heard else ""

    async def buttons(self) -> list[str]:
        """The buttons of the bot's newest message."""
        return [button["text"] for row in (await self.heard())[-1]["buttons"] for button in row]

    async def settle_in(self, city: str = "New York", country: str = "United States") -> None:
        """Onboarding up to the first medicine."""
        await self.say("/start")
        await self.press("Yes, let's begin")
        await self.say(city)
        await self.press(country)

    async def add_medicine(self, name: str, amount: str, times: str, *, first: bool = False) -> None:
        """The dialog that adds a medicine, by typed times."""
        if not first:
            await self.say("/add")
        await self.say(name)
        await self.say(amount)
        await self.say(times)
        await self.press("Yes, remind me")


def plain(message: dict[str, Any]) -> str:
    """A message's text without the invisible marks around a person's own words."""
    words = message.get("text") or message.get("caption") or ""
    return "".join(letter for letter in words if letter not in "\u2068\u2069\u2060")


@dataclass(slots=True)
class House:
    """The stand-in and the bot; the bot can be stopped and started anew."""

    life: Life
    standin: StandIn
    settings: Settings
    clock: SteerableClock
    machine_bot: "Switch"
    limits: Limits | None
    app: App | None = None
    vault: Vault | None = None
    _running: asyncio.Task[None] | None = None
    _stop: asyncio.Event | None = None

    async def open(self) -> None:
        """Start the bot."""
        self.vault = await open_vault(self.settings.database_url, self.settings.key_file)
        self._stop = asyncio.Event()
        ready: asyncio.Future[App] = asyncio.get_running_loop().create_future()
        self._running = asyncio.create_task(self._run(ready, self._stop, self.vault))
        self._running.add_done_callback(lambda task: _pass_on(task, ready))
        self.app = await ready
        self.machine_bot.bot = Direct(self.app, self.clock)

    async def _run(self, ready: asyncio.Future[App], stop: asyncio.Event, vault: Vault) -> None:
        async with compose(self.settings, vault, self.clock, limits=self.limits) as app:
            ready.set_result(app)
            await app.run(stop)

    def database_file(self) -> Path:
        """The database file."""
        return self.life.folder / "evenkeel.db"

    async def watch(self) -> "asyncio.Task[None]":
        """Start a bot that cannot open its database; the task ends once it could."""
        return asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        vault = await keep_watch(self.settings, self.clock, {}, asyncio.Event())
        if vault is not None:
            await vault.close()

    async def close(self) -> None:
        """Stop the bot in good order."""
        if self._stop is not None and self._running is not None and self.vault is not None:
            self._stop.set()
            await self._running
            await self.vault.close()
        self._running = None


def _unread(standin: StandIn) -> bool:
    return any(stall.world.updates.pending for stall in standin.stalls.values())


def _pass_on(task: asyncio.Task[None], ready: "asyncio.Future[App]") -> None:
    if not ready.done():
        ready.set_exception(task.exception() or RuntimeError("the bot ended at once"))


class Switch:
    """The bot of the moment, for the time machine."""

    bot: Direct | None = None

    async def move_to(self, instant: datetime) -> None:
        if self.bot is not None:
            await self.bot.move_to(instant)

    async def next_event(self) -> datetime | None:
        return await self.bot.next_event() if self.bot is not None else None

    async def quiet(self, timeout: float) -> bool:
        return self.bot is None or await self.bot.quiet(timeout)


@asynccontextmanager
async def house(
    folder: Path,
    start: datetime,
    *,
    pacing: bool = False,
    operator_chat: str | None = None,
    database_url: str | None = None,
    paid_broadcast: int = 0,
    tokens: Sequence[str] = (),
) -> AsyncIterator[House]:
    """A stand-in and a running bot; `start` (aware) is where time begins. On a file, unless told otherwise.

    `tokens` are those that the stand-in takes, the bot's own at the head; without any it takes all.

    Without `pacing` neither side limits how fast messages go, so that a story does not wait in real time.
    """
    clock = SteerableClock(start)
    switch = Switch()
    holder: list[StandIn] = []
    machine = DemoTimeMachine(clock, switch, lambda: _unread(holder[0]))
    standin = StandIn(clock, pacing=pacing, tokens=tokens, time_machine=machine)
    holder.append(standin)
    serving = await serve(standin, "127.0.0.1", 0)
    settings = Settings(
        telegram_token=SecretStr(tokens[0] if tokens else TOKEN),
        telegram_api=serving.url,
        database_url=database_url or made.at(folder / "evenkeel.db"),
        key_file=folder / "evenkeel.key",
        operator_chat=operator_chat,
        paid_broadcast=paid_broadcast,
    )
    async with aiohttp.ClientSession() as http:
        limits = None if pacing else BOUNDLESS
        one = House(Life(http, serving.url, clock, folder), standin, settings, clock, switch, limits)
        try:
            await one.open()
            yield one
        finally:
            await one.close()
            await serving.close()
