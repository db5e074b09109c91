"""`POST /drill`: whoever holds the key file may ask the running bot for a drill, from this machine alone."""

import hmac
import ipaddress
from collections.abc import Callable

from aiohttp import web

from bot.drill.rehearsal import Busy, Rehearsal
from bot.drill.report import as_data
from bot.web.health import HEADERS
from storage.sealing import MasterKey

PATH = "/drill"


def secret(master: MasterKey) -> str:
    """What the command shows to the bot; both make it from the same key."""
    return f"Bearer {master.derive('drill').hex()}"


def add_drill(routes: web.Application, rehearsal: Callable[[], Rehearsal | None], master: MasterKey) -> None:
    """Add the page. It answers with the report when the drill is over; 503 while no bot could play it."""
    expected = secret(master).encode()

    async def play(request: web.Request) -> web.Response:
        shown = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not _is_near(request) or not hmac.compare_digest(shown, expected):
            return web.json_response({"error": "this is not for you"}, status=403, headers=HEADERS)
        stage = rehearsal()
        if stage is None:
            return web.json_response({"error": "the first bot is not at work"}, status=503, headers=HEADERS)
        try:
            report = await stage.play()
        except Busy:
            return web.json_response({"error": "a drill is going on already"}, status=409, headers=HEADERS)
        return web.json_response(as_data(report), headers=HEADERS)

    routes.router.add_post(PATH, play)


def _is_near(request: web.Request) -> bool:
    try:
        return ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
