"""What is said to everybody in a group, in six languages; read once, when the bot starts."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from bot.conversation.catalogs import LANGUAGE_NAMES, SOURCE_LANGUAGE


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Language → key → sentence."""
    text = (files("bot.groups.moderation") / "aloud.toml").read_text("utf-8")
    found: dict[str, dict[str, str]] = tomllib.loads(text)
    return found


def sentence(key: str, language: str) -> str:
    """A sentence in a language, English where there is no such language. Raises KeyError."""
    return sentences()[language if language in LANGUAGE_NAMES else SOURCE_LANGUAGE][key]
