"""Listening: an aiohttp application at an address."""

import errno

from aiohttp import web


class PortTaken(Exception):
    """Something else listens at this address."""


async def listen(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Serve an aiohttp application. Raises PortTaken with a plain sentence."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"{host}:{port} is in use. Choose another one with EVENKEEL_HTTP_LISTEN."
            ) from None
        raise PortTaken(f"{host}:{port} cannot be used: {error.strerror}.") from None
    return runner
