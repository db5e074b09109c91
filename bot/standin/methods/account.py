"""What the bot says about itself: getMe, its name and descriptions, logOut, close."""

from typing import Any

from bot.standin.errors import bad_request
from bot.standin.parameters import Parameters
from bot.standin.world import World


async def get_me(world: World, asked: Parameters) -> dict[str, Any]:
    """The bot as a User. Group privacy mode is on."""
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def farewell(world: World, asked: Parameters) -> bool:
    """logOut and close: there is nothing to leave here."""
    return True


async def set_my_name(world: World, asked: Parameters) -> bool:
    """A name, up to 64 characters, per language."""
    _keep(world.names, asked, "name", 64)
    world.names.setdefault("", "Evenkeel")
    world.identify(world.bot["id"])
    return True


async def get_my_name(world: World, asked: Parameters) -> dict[str, str]:
    """The name in a language."""
    return {"name": _in_language(world.names, asked)}


async def set_my_description(world: World, asked: Parameters) -> bool:
    """What an empty chat with the bot shows, up to 512 characters, per language."""
    return _keep(world.descriptions, asked, "description", 512)


async def get_my_description(world: World, asked: Parameters) -> dict[str, str]:
    """The description in a language."""
    return {"description": _in_language(world.descriptions, asked)}


async def set_my_short_description(world: World, asked: Parameters) -> bool:
    """What the bot's profile shows, up to 120 characters, per language."""
    return _keep(world.short_descriptions, asked, "short_description", 120)


async def get_my_short_description(world: World, asked: Parameters) -> dict[str, str]:
    """The short description in a language."""
    return {"short_description": _in_language(world.short_descriptions, asked)}


METHODS = {
    "getMe": get_me,
    "logOut": farewell,
    "close": farewell,
    "setMyName": set_my_name,
    "getMyName": get_my_name,
    "setMyDescription": set_my_description,
    "getMyDescription": get_my_description,
    "setMyShortDescription": set_my_short_description,
    "getMyShortDescription": get_my_short_description,
}


def _keep(texts: dict[str, str], asked: Parameters, field: str, limit: int) -> bool:
    """Keep a text for a language, or forget it when it is empty."""
    text, language = asked.text(field) or "", asked.text("language_code") or ""
    if len(text) > limit:
        raise bad_request(f"bot {field.replace('_', ' ')} is too long")
    if text:
        texts[language] = text
    else:
        texts.pop(language, None)
    return True


def _in_language(texts: dict[str, str], asked: Parameters) -> str:
    language = asked.text("language_code") or ""
    return texts.get(language) or texts.get("", "")
