"""The texts of the drills, by language, from one small file each."""

import tomllib
from functools import cache
from importlib.resources import files

from bot.conversation.catalogs import LANGUAGE_NAMES


@cache
def cries() -> dict[str, tuple[str, ...]]:
    """Language → plain cries in it. The first of each is the one that `evenkeel drill` sends."""
    folder = files("bot.drill") / "data"
    return {
        language: tuple(tomllib.loads((folder / f"{language}.toml").read_text("utf-8"))["texts"])
        for language in LANGUAGE_NAMES
    }
