"""The bare loop that everything is held against: aiohttp posts what is written already, and reads replies."""

import asyncio
import json
import sys

import aiohttp

from tests.bench.gauge import Gauge, say

BODY = json.dumps(
    {
        "chat_id": "100000",
        "text": "Time for Sunday, 29 November, 08:00\n○ Sertraline, 50 mg",
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "Taken", "callback_data": "x" * 36, "style": "success"}],
                [
                    {"text": "Snooze", "callback_data": "x" * 36},
                    {"text": "Skip", "callback_data": "x" * 36},
                ],
            ]
        },
    },
    separators=(",", ":"),
).encode()
AT_ONCE = 64


async def post_all(http: aiohttp.ClientSession, url: str, count: int) -> None:
    """Post `count` times, AT_ONCE side by side."""
    left = iter(range(count))

    async def post() -> None:
        for _ in left:
            async with http.post(
                f"{url}/bot1:x/sendMessage", data=BODY, headers={"Content-Type": "application/json"}
            ) as reply:
                await reply.read()

    await asyncio.gather(*(post() for _ in range(AT_ONCE)))


async def main(url: str, count: int) -> None:
    """Post, and say how fast it was."""
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http:
        await post_all(http, url, AT_ONCE)  # the connections are open
        gauge = Gauge()
        await post_all(http, url, count)
        say(gauge.read(count))


if __name__ == "__main__":
    asyncio.run(main(**json.loads(sys.argv[1])))
