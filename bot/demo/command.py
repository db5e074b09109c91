"""`evenkeel demo`: start it, say where it is, wait."""

import asyncio
import errno
import signal
from pathlib import Path

import typer

from bot.demo.house import demo
from bot.web.listening import PortTaken


def _begin_afresh(folder: Path) -> None:
    """The stand-in remembers no chat from an earlier run, so the bot must not either."""
    for file in folder.glob("demo.*"):
        file.unlink()


async def show_demo(folder: Path, port: int) -> None:
    """Run the demo until SIGINT or SIGTERM; `folder` is absolute. Raises PortTaken."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    _begin_afresh(folder)
    try:
        async with demo(folder, port) as (url, _process):
            typer.echo(
                f"\n  Evenkeel's demo is at {url}\n  Everything stays on this machine. Ctrl+C ends it.\n"
            )
            await stop.wait()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortTaken(
            f"127.0.0.1:{port} is in use. Choose another port: evenkeel demo --port 8801"
        ) from None
