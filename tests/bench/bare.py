"""The bare loop that everything is held against: aiohttp posts what is already written, and reads the reply."""

import asyncio
import json

import aiohttp

BODY = json.dumps(
    {
        "chat_id": "100000",
        "text": "💊 08:00\nSertraline, 50 mg\n\nAnswer when you have taken it, or skip it.",
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "✓ Taken", "callback_data": "x" * 56}],
                [
                    {"text": "15 min", "callback_data": "x" * 56},
                    {"text": "1 hour", "callback_data": "x" * 56},
                ],
                [{"text": "Skip", "callback_data": "x" * 56}],
            ]
        },
    },
    separators=(",", ":"),
).encode()


async def post_all(url: str, count: int, at_once: int = 64) -> None:
    """Post `count` times, `at_once` side by side."""
    left = iter(range(count))
    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http:

        async def post() -> None:
            for _ in left:
                async with http.post(
                    f"{url}/bot1:x/sendMessage", data=BODY, headers={"Content-Type": "application/json"}
                ) as reply:
                    await reply.read()

        await asyncio.gather(*(post() for _ in range(at_once)))
