"""The stand-in runs by itself, as a program."""

import asyncio
import signal
import sys

import aiohttp
import pytest


@pytest.mark.process
async def test_it_says_where_it_listens_and_accepts_only_its_token() -> None:
    command = ["-m", "bot.standin", "--port", "0", "--token", "5:right"]
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout
        line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
        url = line.rsplit(" ", 1)[-1].strip()
        async with aiohttp.ClientSession() as http:
            for token, status in (("5:right", 200), ("5:wrong", 401)):
                async with http.get(f"{url}/bot{token}/getMe") as answer:
                    assert answer.status == status
    finally:
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), 30)
    assert process.returncode == 0
