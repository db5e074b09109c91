"""The health page: is the bot alive, can it store, how much is waiting. No word about anybody."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

LATE_LIMIT_S = 120.0
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Health:
    """What the page shows. `late_s`: seconds by which the oldest due wake is late.

    `paid_broadcast`: "off", "open", or "held" while it is not used, because Telegram refused it or after a
    crisis. `drill`: how the last drill of the crisis path ended: "well", "failed", "open", "never", or "off".
    `bots`: how many are at work; `stopped`: those that cannot be, by number, and why.
    """

    database: bool
    late_s: float
    waiting: int
    drill: str = "off"
    paid_broadcast: str = "off"
    bots: int = 0
    stopped: Mapping[str, str] = field(default_factory=dict)


def add_health(app: web.Application, check: Callable[[], Awaitable[Health]]) -> None:
    """`GET /health`: 200 when all is well, 503 otherwise, with a small JSON."""

    async def show(_: web.Request) -> web.Response:
        health = await check()
        well = health.database and health.late_s < LATE_LIMIT_S
        body = {
            "ok": well,
            "database": health.database,
            "late_s": round(health.late_s, 1),
            "waiting": health.waiting,
            "drill": health.drill,
            "paid_broadcast": health.paid_broadcast,
            "bots": health.bots,
            "stopped": dict(health.stopped),
        }
        return web.json_response(body, status=200 if well else 503, headers=HEADERS)

    app.router.add_get("/health", show)
