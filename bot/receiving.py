"""Where updates come in: Telegram is asked for them, or brings them to a webhook."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from bot.conversation.catalogs import check_safety
from bot.settings import Settings
from bot.telegram.account import Account
from bot.telegram.crisis import CrisisSender
from bot.telegram.inbox import Inbox
from bot.telegram.receiver import Receiver
from bot.telegram.turns import Turns
from bot.telegram.webhook import Webhook, Webhooks
from storage.sealing import MasterKey


class AlreadyPolled(Exception):
    """Another worker of this deployment asks Telegram for updates."""

    def __init__(self) -> None:
        super().__init__(
            "Another worker on this database polls for updates, and only one can. "
            "Set EVENKEEL_WEBHOOK_URL to run several, or start this one with --role wake or --role send."
        )


class Intake(Protocol):
    """Takes updates in until it is told to stop; what is in hand then comes to its end."""

    async def run(self) -> None: ...

    def stop(self) -> None: ...

    def idle(self) -> bool: ...


@asynccontextmanager
async def connections(settings: Settings, token: str) -> AsyncIterator[tuple[Account, CrisisSender]]:
    """The two ways to Telegram of one bot: the account, and the crisis path with connections of its own.

    Raises CatalogUnusable: a crisis answer in broken words must be found before it is needed.
    """
    check_safety()
    base_url = settings.telegram_api.rstrip("/") + "/bot"
    async with Account(token, base_url=base_url) as account, CrisisSender(token, base_url=base_url) as direct:
        yield account, direct


def intake(
    settings: Settings,
    account: Account,
    turns: Turns,
    secret: str,
    webhooks: Webhooks,
    inbox: Inbox | None,
) -> Intake:
    """The way that the settings choose; a webhook, guarded by its secret, is one of `webhooks` from now on.

    Without an `inbox` nothing can be stored, so nothing will be committed, and nothing is waited for.
    """
    url = settings.webhook_url
    if url is None:
        return Receiver(account, turns, inbox) if inbox else Receiver(account, turns, last_work_seconds=0)
    webhook = (
        Webhook(account, turns, url, secret, inbox)
        if inbox
        else Webhook(account, turns, url, secret, patience=0)
    )
    webhooks.open(webhook)
    return webhook


def webhook_secret(master: MasterKey, account: str) -> str:
    """It comes from the master key, so that every worker knows it and nobody has to invent one."""
    return master.derive(f"webhook {account}").hex()
