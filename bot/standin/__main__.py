"""Run the stand-in alone: `python -m bot.standin --port 8081`."""

import argparse
import asyncio
import contextlib

from bot.standin.server import StandIn, serve
from scheduler.clock import SystemClock


async def _run(host: str, port: int, *, pacing: bool, tokens: list[str]) -> None:
    serving = await serve(StandIn(SystemClock(), pacing=pacing, tokens=tokens), host, port)
    print(f"The stand-in listens on {serving.url}", flush=True)  # noqa: T201 - this line is its whole output
    try:
        await asyncio.Event().wait()
    finally:
        await serving.close()


def main() -> None:
    """Read the options and serve until interrupted."""
    options = argparse.ArgumentParser(prog="python -m bot.standin", description=__doc__)
    options.add_argument("--host", default="127.0.0.1", help="where to listen (default: this machine only)")
    options.add_argument("--port", type=int, default=8081, help="0 takes a free one")
    options.add_argument("--no-pacing", action="store_true", help="no limits on how fast the bot may send")
    options.add_argument(
        "--token",
        action="append",
        default=[],
        help="accept this token only; again for each bot",
    )
    given = options.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(given.host, given.port, pacing=not given.no_pacing, tokens=given.token))


if __name__ == "__main__":
    main()
