"""Where updates come in: Telegram is asked for them, or brings them to a webhook."""

from typing import ClassVar, Protocol

from aiohttp import web

from bot.settings import Settings
from bot.telegram.account import Account
from bot.telegram.receiver import Receiver
from bot.telegram.turns import Turns
from bot.telegram.webhook import Webhook
from storage.sealing import MasterKey


class AlreadyPolled(Exception):
    """Another worker of this deployment asks Telegram for updates."""

    def __init__(self) -> None:
        super().__init__(
            "Another worker on this database polls for updates, and only one can. "
            "Set EVENKEEL_WEBHOOK_URL to run several, or start this one with --role wake or --role send."
        )


class Intake(Protocol):
    """Takes updates in until it is told to stop; what is in hand then comes to its end.

    `alone`: only one worker may do it at a time.
    """

    alone: ClassVar[bool]

    async def run(self) -> None: ...

    def stop(self) -> None: ...

    def idle(self) -> bool: ...


def intake(
    settings: Settings,
    account: Account,
    turns: Turns,
    secret: str,
    app: web.Application,
    *,
    storing: bool = True,
) -> Intake:
    """The way that the settings choose; a webhook, guarded by its secret, becomes a part of `app`.

    Without `storing` nothing will be committed, so nothing is waited for.
    """
    url = settings.webhook_url
    if url is None:
        return Receiver(account, turns) if storing else Receiver(account, turns, last_work_seconds=0)
    webhook = (
        Webhook(account, turns, url, secret) if storing else Webhook(account, turns, url, secret, patience=0)
    )
    webhook.add_to(app)
    return webhook


def webhook_secret(master: MasterKey, account: str) -> str:
    """It comes from the master key, so that every worker knows it and nobody has to invent one."""
    return master.derive(f"webhook {account}").hex()
