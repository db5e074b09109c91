"""What Telegram says about the members of a chat, asked afresh each time."""

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
        asked = {"chat_id": chat, "user_id": int(person)}
        try:
            member = await self._account.call("getChatMember", asked, read_seconds=_ASK_SECONDS)
        except InvalidToken:
            raise TokenRefused from None
        except TelegramError as error:
            _log.warning("member_unknown", error=type(error).__name__)
            return None
        return isinstance(member, dict) and member.get("status") in _ADMINS
