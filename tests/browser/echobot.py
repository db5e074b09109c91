"""A small bot for the page to talk to: raw aiohttp, long polling, a little of everything."""

import asyncio
import struct
import zlib
from contextlib import suppress
from typing import Any

import aiohttp

from bot.standin.world import BOT_USERNAME

TOKEN = "7:browser"
CARD = {
    "inline_keyboard": [
        [{"text": "Taken", "callback_data": "taken", "style": "success"}],
        [
            {"text": "In 15 minutes", "callback_data": "later", "style": "primary"},
            {"text": "Not today", "callback_data": "skip"},
        ],
    ]
}
COMMANDS = [
    {"command": "card", "description": "A reminder with buttons"},
    {"command": "photo", "description": "A week in pictures"},
    {"command": "file", "description": "Your notes as a file"},
    {"command": "where", "description": "Ask for a place"},
    {"command": "whisper", "description": "For your eyes alone", "is_ephemeral": True},
]
WHERE = {
    "keyboard": [[{"text": "Share my place", "request_location": True}], [{"text": "Europe/Rome"}]],
    "one_time_keyboard": True,
    "resize_keyboard": True,
}


class EchoBot:
    """Answers messages and presses until it is stopped."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/bot{TOKEN}"
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "EchoBot":
        self._session = aiohttp.ClientSession()
        await self.call("setMyCommands", commands=COMMANDS)
        await self.call("setMyDescription", description="A quiet helper for your medicine and your mood.")
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._session.close()

    async def call(self, method: str, **parameters: Any) -> Any:
        """Call a method; the answer's `result`, or None when it was refused."""
        async with self._session.post(f"{self._url}/{method}", json=parameters) as answer:
            return (await answer.json()).get("result")

    async def _run(self) -> None:
        offset = 0
        while True:
            with suppress(aiohttp.ClientError):
                for update in await self.call("getUpdates", offset=offset, timeout=20) or []:
                    offset = update["update_id"] + 1
                    await self._handle(update)

    async def _handle(self, update: dict[str, Any]) -> None:
        if "message" in update:
            await self._reply(update["message"])
        elif "callback_query" in update:
            await self._pressed(update["callback_query"])

    async def _reply(self, message: dict[str, Any]) -> None:  # noqa: C901 - a plain list of commands
        chat, text = message["chat"]["id"], message.get("text", "")
        match text.partition("@")[0]:
            case "/start":
                await self.call(
                    "sendMessage",
                    chat_id=chat,
                    text="Hello, Sam. I remind you of your medicine and ask how the day was.\n\n"
                    "<b>Nothing here is for emergencies.</b> For urgent help, see /sos, or "
                    "<a href='https://findahelpline.com'>a helpline near you</a>.",
                    parse_mode="HTML",
                )
            case "/card":
                text = "It is time for <b>sertraline</b>, 50 mg.\nSlot: <i>today, 08:00</i>"
                await self.call("sendMessage", chat_id=chat, text=text, parse_mode="HTML", reply_markup=CARD)
            case "/photo":
                await self._upload(
                    "sendPhoto",
                    chat,
                    "photo",
                    "week.png",
                    picture(),
                    caption="Your week: calmer than the last",
                )
            case "/file":
                await self._upload(
                    "sendDocument", chat, "document", "notes.txt", b"Monday: slept well.\n" * 90
                )
            case "/where":
                await self.call("sendMessage", chat_id=chat, text="Where are you?", reply_markup=WHERE)
            case "/secret":
                await self.call(
                    "sendMessage",
                    chat_id=chat,
                    text="It is <tg-spoiler>hidden</tg-spoiler>",
                    parse_mode="HTML",
                )
            case "/door":
                door = {"text": "In private", "url": f"https://t.me/{BOT_USERNAME}?start=from-here"}
                markup = {"inline_keyboard": [[door]]}
                await self.call("sendMessage", chat_id=chat, text="Not here.", reply_markup=markup)
            case "/whisper":
                await self._whisper(message)
            case "/quote":
                text = "She said:\n<blockquote>At <b>08:00</b>, and\nlater.</blockquote>\nNo more."
                await self.call("sendMessage", chat_id=chat, text=text, parse_mode="HTML")
            case _ if "location" in message:
                remove = {"remove_keyboard": True}
                await self.call("sendMessage", chat_id=chat, text="Thank you, noted.", reply_markup=remove)
            case _:
                await self.call("sendMessage", chat_id=chat, text=f"You said: {text}")

    async def _whisper(self, message: dict[str, Any]) -> None:
        await self.call(
            "sendMessage",
            chat_id=message["chat"]["id"],
            text="Nobody else reads this.",
            ephemeral_message_parameters={"receiver_user_id": message["from"]["id"]},
            reply_parameters={"ephemeral_message_id": message["ephemeral_message_id"]},
        )

    async def _pressed(self, query: dict[str, Any]) -> None:
        alert = query["data"] == "skip"
        words = {"taken": "Noted at 08:03", "later": "I will ask again", "skip": "That is all right"}[
            query["data"]
        ]
        await self.call("answerCallbackQuery", callback_query_id=query["id"], text=words, show_alert=alert)
        message = query["message"]
        await self.call(
            "editMessageText",
            chat_id=message["chat"]["id"],
            message_id=message["message_id"],
            text=f"sertraline, 50 mg · {words.lower()}",
        )

    async def _upload(
        self, method: str, chat: int, field: str, name: str, content: bytes, caption: str = ""
    ) -> None:
        form = aiohttp.FormData({"chat_id": str(chat), "caption": caption})
        form.add_field(field, content, filename=name)
        async with self._session.post(f"{self._url}/{method}", data=form) as answer:
            await answer.read()


def picture(width: int = 480, height: int = 240) -> bytes:
    """A PNG of seven soft bars."""
    colours = [bytes((150 + bar * 8, 195 - bar * 5, 180 - bar * 12)) for bar in range(7)]
    heights = [0.4, 0.55, 0.35, 0.6, 0.7, 0.62, 0.8]
    rows = b"".join(
        b"\0"
        + b"".join(
            colours[x * 7 // width] if height - y < height * heights[x * 7 // width] else b"\xf4\xf7\xf5"
            for x in range(width)
        )
        for y in range(height)
    )

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
