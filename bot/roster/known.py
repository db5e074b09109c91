"""Which bots this deployment has, by its settings and by its table."""

from dataclasses import dataclass, field

import structlog

from bot.settings import Settings
from bot.telegram.account import number_of
from storage import bots
from storage.bots import Bot
from storage.sealing import CannotOpen, MasterKey

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """A bot and its token; `row` is None for that of the settings."""

    account: str
    token: str = field(repr=False)
    row: Bot | None = field(default=None, compare=False, repr=False)


def of_settings(settings: Settings) -> Known | None:
    """The bot of EVENKEEL_TELEGRAM_TOKEN."""
    if settings.telegram_token is None:
        return None
    token = settings.telegram_token.get_secret_value()
    return Known(number_of(token), token)


def merged(settings: Settings, master: MasterKey, rows: list[Bot]) -> list[Known]:
    """Every bot, the first of the deployment at the head; where both name one, the settings count."""
    own = of_settings(settings)
    found = {own.account: own} if own is not None else {}
    for row in rows:
        try:
            found.setdefault(row.account, Known(row.account, bots.open_token(master, row), row))
        except CannotOpen:
            _log.error("token_cannot_be_opened", bot=row.account)
    return list(found.values())
