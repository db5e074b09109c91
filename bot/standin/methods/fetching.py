"""How the bot fetches: updates by long poll or webhook, and files."""

import re
from typing import Any
from urllib.parse import urlsplit

from bot.standin.errors import WEBHOOK_ACTIVE, bad_request, conflict
from bot.standin.files import DOWNLOAD_LIMIT
from bot.standin.parameters import Parameters
from bot.standin.webhook import Target
from bot.standin.world import World

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
LONGEST_POLL = 50


async def get_updates(world: World, asked: Parameters) -> list[dict[str, Any]]:
    """Wait for updates, from `offset` on; what lies before it is confirmed."""
    if world.webhook.target is not None:
        raise conflict(WEBHOOK_ACTIVE)
    world.updates.want(asked.json("allowed_updates"))
    limit = asked.integer("limit", 100)
    timeout = min(asked.integer("timeout"), LONGEST_POLL)
    return await world.updates.poll(asked.integer("offset"), limit if 1 <= limit <= 100 else 100, timeout)


async def set_webhook(world: World, asked: Parameters) -> bool:
    """Push updates to a URL; an empty one removes the webhook. Plain http is fine on one's own machine."""
    url = asked.text("url") or ""
    if not url:
        return await delete_webhook(world, asked)
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise bad_request("bad webhook: invalid URL specified")
    secret = asked.text("secret_token") or None
    if secret is not None and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    world.updates.want(asked.json("allowed_updates"))
    _drop_when_asked(world, asked)
    connections = min(max(asked.integer("max_connections", 40), 1), 100)
    await world.webhook.set(Target(url, secret, connections))
    return True


async def delete_webhook(world: World, asked: Parameters) -> bool:
    """Back to long polling."""
    await world.webhook.remove()
    _drop_when_asked(world, asked)
    return True


async def get_webhook_info(world: World, asked: Parameters) -> dict[str, Any]:
    """Where updates go, how many wait, and what went wrong last."""
    return world.webhook.as_json()


async def get_file(world: World, asked: Parameters) -> dict[str, Any]:
    """Where a file can be downloaded."""
    file = world.files.by_id(asked.text("file_id") or "")
    if len(file.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.content),
        "file_path": file.path,
    }


METHODS = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getFile": get_file,
}


def _drop_when_asked(world: World, asked: Parameters) -> None:
    if asked.flag("drop_pending_updates"):
        world.updates.drop(world.updates.pending)
