"""The other side of `POST /drill`: the command asks the bot that is running on this machine."""

import aiohttp

from bot.drill.page import PATH, secret
from bot.drill.report import Report, from_data
from bot.settings import Settings
from storage.sealing import read_key

PATIENCE_SECONDS = 180.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - an address to call, not one to listen on


class NoDrill(Exception):
    """There was no drill; the sentence says why."""


async def ask(settings: Settings) -> Report:
    """Ask the running bot for a drill and wait for its report. Raises NoDrill and KeyUnusable."""
    if settings.operator_chat is None:
        raise NoDrill("EVENKEEL_OPERATOR_CHAT is not set: a drill needs your own private chat with the bot.")
    host, port = settings.http_address
    host = _EVERYWHERE.get(host, host)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}{PATH}"
    headers = {"Authorization": secret(read_key(settings.key_file))}
    timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as http,
            http.post(address, headers=headers) as reply,
        ):
            if reply.status != 200:
                raise NoDrill(_refusal(reply.status))
            return from_data(await reply.json())
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError):
        raise NoDrill(f"No running bot answered at {settings.http_listen}. Is it running?") from None


def _refusal(status: int) -> str:
    return {
        403: "The running bot refused: it has another key file, or it listens beyond this machine.",
        404: "The running bot was started without EVENKEEL_OPERATOR_CHAT. Start it again.",
        503: "The first bot is not at work: `evenkeel bots list` says more.",
        409: "A drill is going on already. Wait a minute.",
    }.get(status, f"The running bot answered with {status}.")
