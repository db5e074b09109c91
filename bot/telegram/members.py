"""What Telegram says about the members of a chat, asked afresh each time."""

from typing import Any

import structlog
from telegram import ChatMember
from telegram.error import InvalidToken, TelegramError

from bot.telegram.account import Account
from bot.telegram.outcomes import TokenRefused

_ADMINS = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR})
_ASK_SECONDS = 5.0

_log = structlog.get_logger(__name__)


class ChatMembers:
    """Asks through one account."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def is_admin(self, chat: str, person: str) -> bool | None:
        """Whether a person runs a group; None when Telegram does not say. Raises TokenRefused."""
        member = await self._asked("getChatMember", {"chat_id": chat, "user_id": int(person)})
        if member is None:
            return None
        return isinstance(member, dict) and member.get("status") in _ADMINS

    async def may_delete(self, chat: str) -> bool | None:
        """Whether the bot may delete what others wrote; None when nobody says. Raises TokenRefused."""
        bot = await self._asked("getChatMember", {"chat_id": chat, "user_id": int(self._account.number)})
        if bot is None:
            return None
        return isinstance(bot, dict) and bot.get("can_delete_messages") is True

    async def admins(self, chat: str) -> list[str] | None:
        """The people who run a group; None when Telegram does not say. Raises TokenRefused."""
        members = await self._asked("getChatAdministrators", {"chat_id": chat})
        if not isinstance(members, list):
            return None
        users = [member.get("user", {}) for member in members if isinstance(member, dict)]
        return [str(user["id"]) for user in users if "id" in user and not user.get("is_bot")]

    async def _asked(self, method: str, what: dict[str, Any]) -> Any:
        try:
            return await self._account.call(method, what, read_seconds=_ASK_SECONDS)
        except InvalidToken:
            raise TokenRefused from None
        except TelegramError as error:
            _log.warning("member_unknown", error=type(error).__name__)
            return None
