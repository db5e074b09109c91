"""The control API: what people do, what they see, what time it is, what goes wrong."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.standin import deeds
from bot.standin.deeds import ImpossibleError
from bot.standin.errors import RefusedError
from bot.standin.faults import Faults
from bot.standin.guard import refusal
from bot.standin.requestlog import RequestLog
from bot.standin.timemachine import TimeMachine
from bot.standin.view import chat_line, shown_chat
from bot.standin.world import Person, World
from bot.standin.zones import next_clock_change

PATIENCE = 15.0
ANSWER_PATIENCE = 2.0
LONGEST_ADVANCE = 400 * 24 * 3600
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class NoTimeMachineError(Exception):
    """Time was to be moved, and nobody here can."""


class Control:
    """Answers `/control/...`."""

    def __init__(
        self, world: World, faults: Faults, log: RequestLog, time_machine: TimeMachine | None
    ) -> None:
        self._world = world
        self._faults = faults
        self._log = log
        self._time_machine = time_machine
        self._waiting = 0
        self._nobody_waits = asyncio.Event()
        self._nobody_waits.set()
        self._time_moves = asyncio.Lock()

    def app(self) -> web.Application:
        """The routes, for mounting under `/control`."""
        app = web.Application(middlewares=[_in_plain_words])
        app.add_routes(
            [
                web.get("/chats", self.chats),
                web.post("/chats", self.create_chat),
                web.get("/chats/{id}", self.chat),
                web.post("/people", self.welcome),
                web.post("/say", self.say),
                web.post("/press", self.press),
                web.post("/members", self.members),
                web.post("/block", self.block),
                web.post("/migrate", self.migrate),
                web.post("/topics", self.topics),
                web.post("/update", self.update),
                web.get("/stars", self.stars),
                web.post("/stars", self.give_stars),
                web.get("/clock", self.clock),
                web.post("/clock", self.move_clock),
                web.get("/faults", self.faults),
                web.post("/faults", self.set_faults),
                web.get("/requests", self.requests),
                web.get("/bot", self.bot),
                web.get("/files/{id}", self.file),
                web.get("/events", self.events),
                web.post("/kill", self.kill),
                web.post("/reset", self.reset),
            ]
        )
        return app

    # What people see

    async def chats(self, request: web.Request) -> web.Response:
        """Every chat."""
        return web.json_response([chat_line(chat) for chat in self._world.chats.values()])

    async def chat(self, request: web.Request) -> web.Response:
        """One chat with its messages; for a `reader`, those too that nobody else there sees."""
        chat, reader = self._chat(_number(request.match_info["id"], "id")), request.query.get("reader")
        seen_by = _number(reader, "reader") if reader else None
        return web.json_response(shown_chat(self._world, chat, seen_by))

    async def bot(self, request: web.Request) -> web.Response:
        """The bot as it presents itself in English, with its commands in a private chat or a group."""
        world, private = self._world, request.query.get("kind", "private") == "private"
        scope = "all_private_chats" if private else "all_group_chats"
        keys = [(scope, "en"), (scope, ""), ("default", "en"), ("default", "")]
        return web.json_response(
            {
                "name": world.names.get("en") or world.names[""],
                "username": world.bot["username"],
                "description": world.descriptions.get("en") or world.descriptions.get("", ""),
                "commands": next((world.commands[key] for key in keys if key in world.commands), []),
            }
        )

    async def file(self, request: web.Request) -> web.Response:
        """A photo, or a document for downloading."""
        file = self._world.files.by_id(request.match_info["id"])
        headers = {"X-Content-Type-Options": "nosniff", "Content-Type": "application/octet-stream"}
        if file.width:
            headers["Content-Type"] = file.mime
        else:
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
        return web.Response(body=file.content, headers=headers)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """News for the page, as Server-Sent Events."""
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",
            }
        )
        await response.prepare(request)
        await response.write(b": hello\n\n")
        async with aclosing(self._world.events.read()) as news_board:
            async for news in news_board:
                await response.write(f"data: {json.dumps(news)}\n\n".encode())
        return response

    # What people do

    async def say(self, request: web.Request) -> web.Response:
        """A person writes."""
        given = await _body(request)
        said = deeds.say(self._world, given)
        settled = await self._settled(given, said.update_id)
        told = {"ok": True, "chat": said.chat.id, "message_id": said.message_id, "update_id": said.update_id}
        return web.json_response(told | {"settled": settled})

    async def press(self, request: web.Request) -> web.Response:
        """A person presses a button."""
        given = await _body(request)
        query, update_id = deeds.press(self._world, given)
        settled = await self._settled(given, update_id, query.answered)
        return web.json_response(
            {"ok": True, "update_id": update_id, "settled": settled, "answer": query.answer}
        )

    async def welcome(self, request: web.Request) -> web.Response:
        """Many people at once, who have all started the bot: for load."""
        given = await _body(request)
        first = _number(given.get("first_id", 100_000), "first_id")
        amount = _number(given.get("count", 1), "count")
        if not (first > 0 and 0 < amount <= 1_000_000):
            raise ImpossibleError("first_id is positive, and count at most a million")
        for person_id in range(first, first + amount):
            if person_id not in self._world.people:
                self._world.add_person(Person(person_id, f"Person {person_id}", started=True))
        return web.json_response({"ok": True, "first_id": first, "count": amount})

    async def create_chat(self, request: web.Request) -> web.Response:
        """A new group, supergroup or channel."""
        chat = deeds.create_chat(self._world, await _body(request))
        return web.json_response({"ok": True} | chat_line(chat))

    async def members(self, request: web.Request) -> web.Response:
        """Somebody joins, leaves or gets other rights; `bot` stands for the bot."""
        given = await _body(request)
        chat, status = self._chat(given.get("chat")), deeds.check_status(given.get("status"))
        if chat.private:
            raise ImpossibleError("a private chat has no members to change")
        if given.get("person") in ("bot", self._world.bot["id"]):
            by = deeds.person_of(self._world, given.get("by", next(iter(chat.members), None)))
            update_id = deeds.set_bot_status(self._world, chat, by, status)
        else:
            person = deeds.person_of(self._world, given.get("person"))
            update_id = deeds.set_member_status(self._world, chat, person, status)
        return web.json_response({"ok": True, "update_id": update_id})

    async def block(self, request: web.Request) -> web.Response:
        """A person blocks the bot, lets it in again, or deletes their account."""
        given = await _body(request)
        person = deeds.person_of(self._world, given.get("person"))
        if "deactivated" in given:
            person.deactivated = bool(given["deactivated"])
        if not isinstance(given.get("blocked", False), bool):
            raise ImpossibleError("blocked is true or false")
        update_id = None
        if "blocked" in given:
            update_id = deeds.block(self._world, person, blocked=given["blocked"])
        return web.json_response({"ok": True, "update_id": update_id})

    async def migrate(self, request: web.Request) -> web.Response:
        """A group becomes a supergroup; with `told` false the bot hears of it by a second call."""
        given = await _body(request)
        told = given.get("told", True) is True
        moved = deeds.migrate(self._world, self._chat(given.get("chat")), told=told)
        return web.json_response({"ok": True, "chat": moved.id})

    async def topics(self, request: web.Request) -> web.Response:
        """A topic of a supergroup is made, closed or deleted."""
        given = await _body(request)
        topic = deeds.set_topic(self._world, self._chat(given.get("chat")), given)
        return web.json_response({"ok": True, "topic": topic})

    async def update(self, request: web.Request) -> web.Response:
        """An update as it is given: a repeat, one out of order, or one that makes no sense."""
        update = (await _body(request)).get("update")
        if not isinstance(update, dict) or not isinstance(update.get("update_id", 0), int):
            raise ImpossibleError("update is an object, and its update_id a number or left out")
        return web.json_response({"ok": True, "update_id": self._world.updates.inject(update)})

    async def stars(self, request: web.Request) -> web.Response:
        """The bot's balance, and how many messages it has paid for."""
        limits = self._world.limits
        return web.json_response({"stars": round(limits.stars, 1), "paid": limits.paid})

    async def give_stars(self, request: web.Request) -> web.Response:
        """The bot has so many Stars from now on; with none it can pay for nothing."""
        stars = _number((await _body(request)).get("stars"), "stars")
        if stars < 0:
            raise ImpossibleError("stars is not negative")
        self._world.limits.stars = float(stars)
        return await self.stars(request)

    # Time

    async def clock(self, request: web.Request) -> web.Response:
        """What time it is here."""
        return web.json_response(
            {
                "now": self._now().isoformat(),
                "monotonic": self._world.clock.monotonic(),
                "movable": self._time_machine is not None,
            }
        )

    async def move_clock(self, request: web.Request) -> web.Response:
        """Go forward, and come back when the bot has done what became due."""
        given = await _body(request)
        if self._time_machine is None:
            raise NoTimeMachineError
        async with self._time_moves:
            await self._nobody_waits.wait()
            sent = self._world.bot_messages
            moved = await self._move(self._time_machine, given)
            happened = self._world.bot_messages - sent
        self._world.events.publish("clock")
        return web.json_response({"now": self._now().isoformat(), "happened": happened, "moved": moved})

    async def _move(self, time_machine: TimeMachine, given: dict[str, Any]) -> bool:
        """Go forward as wished; False when nothing is planned to go to."""
        if "advance_s" in given:
            seconds = given["advance_s"]
            if not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST_ADVANCE:
                raise ImpossibleError("advance_s is a number of seconds, not negative, and 400 days at most")
            await time_machine.advance(float(seconds))
        elif given.get("to") == "next":
            return await time_machine.advance_to_next() is not None
        elif given.get("to") == "clock_change":
            await time_machine.advance(self._until_clock_change(given.get("zone")))
        else:
            raise ImpossibleError('say advance_s, or to: "next", or to: "clock_change" with a zone')
        return True

    def _until_clock_change(self, name: Any) -> float:
        try:
            zone = ZoneInfo(name)
        except (KeyError, ValueError, TypeError, OSError):
            raise ImpossibleError(f"there is no time zone {name!r}") from None
        change = next_clock_change(zone, self._now())
        if change is None:
            raise ImpossibleError(f"the clocks of {name} do not change in the next two years")
        return (change - self._now()).total_seconds()

    def _now(self) -> datetime:
        return self._world.clock.now().astimezone(UTC)

    # Faults and records

    async def faults(self, request: web.Request) -> web.Response:
        """The rules in force."""
        return web.json_response({"rules": [rule.as_json() for rule in self._faults.rules]})

    async def set_faults(self, request: web.Request) -> web.Response:
        """Other rules instead, or none."""
        given = await _body(request)
        rules = [] if given.get("clear") else given.get("rules")
        if not isinstance(rules, list):
            raise ImpossibleError("say rules (a list), or clear: true")
        try:
            self._faults.replace(rules)
        except ValueError as wrong:
            raise ImpossibleError(str(wrong)) from None
        if "seed" in given:
            self._faults.seed(_number(given["seed"], "seed"))
        self._world.events.publish("faults")
        return await self.faults(request)

    async def requests(self, request: web.Request) -> web.Response:
        """The bot's last requests, and counts of all of them."""
        since = _number(request.query.get("since", "0"), "since")
        entries = self._log.since(since, request.query.get("method"))
        return web.json_response(
            {
                "requests": [entry.as_json() for entry in entries],
                "last": self._log.count,
                "methods": dict(self._log.methods),
                "statuses": {str(status): number for status, number in self._log.statuses.items()},
            },
            dumps=lambda value: json.dumps(value, default=str),
        )

    async def kill(self, request: web.Request) -> web.Response:
        """Kill the bot the hard way and start it anew."""
        if self._time_machine is None:
            raise NoTimeMachineError
        try:
            await self._time_machine.kill()
        except NotImplementedError:
            return _refused(409, "the bot of this stand-in cannot be killed")
        return web.json_response({"ok": True})

    async def reset(self, request: web.Request) -> web.Response:
        """Forget people, chats, messages, faults and records."""
        self._world.forget()
        self._faults.replace([])
        self._log.forget()
        self._world.events.publish("reset")
        return web.json_response({"ok": True})

    # Waiting for the bot

    async def _settled(
        self, given: dict[str, Any], update_id: int | None, answered: asyncio.Event | None = None
    ) -> bool:
        """Wait, when that is wanted, until the bot has dealt with an update."""
        if not given.get("wait", True):
            return False
        async with self._time_stands_still():
            if self._time_machine is not None:
                return await self._settle(self._time_machine, update_id)
            if answered is not None and self._somebody_listens():
                await _within(ANSWER_PATIENCE, answered.wait())
        return False

    async def _settle(self, time_machine: TimeMachine, update_id: int | None) -> bool:
        """The bot must first have taken the update, and then be idle."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        if (
            update_id is not None
            and self._somebody_listens()
            and not await self._world.updates.confirmed(update_id, PATIENCE)
        ):
            return False
        return await time_machine.settle(max(0.0, deadline - loop.time()))

    def _somebody_listens(self) -> bool:
        return self._world.webhook.target is not None or self._world.updates.polled_recently()

    @asynccontextmanager
    async def _time_stands_still(self) -> AsyncIterator[None]:
        """Time does not jump while somebody waits for an answer; a press would be too old by the jump."""
        self._waiting += 1
        self._nobody_waits.clear()
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._nobody_waits.set()

    def _chat(self, chat_id: Any) -> Any:
        return deeds.chat_of(self._world, chat_id)


@web.middleware
async def _in_plain_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Keep strangers out, and say in a sentence what was wrong."""
    unwelcome = refusal(request)
    if unwelcome:
        return _refused(403, unwelcome)
    try:
        return await handler(request)
    except ImpossibleError as wrong:
        return _refused(400, str(wrong))
    except RefusedError as refused:
        return _refused(refused.code, refused.description)
    except NoTimeMachineError:
        return _refused(
            409, "this stand-in runs on the machine's own clock and cannot move time or kill the bot"
        )
    except web.HTTPException as other:
        return _refused(other.status, other.reason.lower())


def _refused(status: int, error: str) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status)


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        raise ImpossibleError("the body is not JSON") from None
    if not isinstance(body, dict):
        raise ImpossibleError("the body is a JSON object")
    return body


def _number(value: Any, name: str) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise ImpossibleError(f"{name} is a whole number") from None


async def _within(seconds: float, waiting: Awaitable[Any]) -> None:
    try:
        await asyncio.wait_for(waiting, seconds)
    except TimeoutError:
        return
