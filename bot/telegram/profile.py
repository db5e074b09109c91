"""What Telegram shows about the bot: its commands and what it is. Nice to have, never a condition."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import structlog
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.telegram.account import Account
from bot.telegram.outcomes import TokenRefused

Commands = Sequence[tuple[str, str]]
Result = TypeVar("Result")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Profile:
    """The bot's face in one language; `language` None is for everybody whose language has no face.

    Commands are (name, description); Telegram takes 32 and 256 characters, 512 of the description that an
    empty chat shows, 120 of the short one. `admins` is the menu of those who run a group, in that group.
    `whispered` are the commands that nobody else in a group sees, where Telegram can do that.
    """

    private: Commands
    groups: Commands
    admins: Commands
    description: str
    short_description: str
    language: str | None = None
    whispered: frozenset[str] = frozenset()


class Unanswered(Exception):
    """Telegram did not say who a bot is; the sentence says why."""


async def register(account: Account, profiles: Sequence[Profile]) -> None:
    """Tell Telegram. What it does not take is logged and left as it was. Raises TokenRefused."""
    for profile in profiles:
        language = profile.language
        await _tried(
            account.set_my_commands(profile.private, BotCommandScopeAllPrivateChats(), language_code=language)
        )
        await _tried(_set_in_groups(account, profile, profile.groups, BotCommandScopeAllGroupChats()))
        await _tried(_set_in_groups(account, profile, profile.admins, BotCommandScopeAllChatAdministrators()))
        await _tried(account.set_my_description(profile.description, language_code=language))
        await _tried(account.set_my_short_description(profile.short_description, language_code=language))


async def _set_in_groups(
    account: Account, profile: Profile, commands: Commands, scope: BotCommandScope
) -> bool:
    """A menu of groups. A server that refuses the mark of a whispered command gets the menu without it."""
    mark = {"is_ephemeral": True}
    marked = [
        BotCommand(name, summary, api_kwargs=mark if name in profile.whispered else None)
        for name, summary in commands
    ]
    try:
        return await account.set_my_commands(marked, scope, language_code=profile.language)
    except BadRequest:
        if not profile.whispered:
            raise
        return await account.set_my_commands(commands, scope, language_code=profile.language)


async def username_of(account: Account) -> str | None:
    """The bot's name as in t.me/name; None when Telegram does not say. Raises TokenRefused."""
    me = await _tried(account.get_me())
    return me.username if me else None


async def name_behind(token: str, base_url: str, seconds: float) -> str:
    """The name of the bot that this token belongs to, asked before anybody relies on it.

    Raises TokenRefused, and Unanswered when Telegram cannot be asked.
    """
    async with Account(token, base_url=base_url, connections=1) as account:
        try:
            me = await account.call("getMe", {}, read_seconds=seconds)
        except InvalidToken:
            raise TokenRefused from None
        except TelegramError as error:
            raise Unanswered(f"Telegram did not answer ({type(error).__name__}).") from None
    if not isinstance(me, dict) or str(me.get("id")) != account.number:
        raise Unanswered("Telegram knows this token as that of another bot.")
    return str(me.get("username", ""))


async def _tried(call: Awaitable[Result]) -> Result | None:
    try:
        return await call
    except InvalidToken:
        raise TokenRefused from None
    except Exception as error:
        _log.warning("profile_incomplete", error=type(error).__name__)
        return None
