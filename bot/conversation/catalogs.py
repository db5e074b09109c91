"""Catalogs: every sentence passes through gettext; English is the source."""

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path

Gettext = Callable[[str], str]

DOMAIN = "evenkeel"
FOLDER = Path(__file__).parent.parent / "locales"
SOURCE_LANGUAGE = "en"
LANGUAGE_NAMES = {"en": "English"}


@cache
def catalog(language: str) -> Gettext:
    """The translator of a language; a language without a catalog speaks English."""
    return gettext.translation(DOMAIN, FOLDER, [language], fallback=True).gettext


def offered(language: str | None) -> str:
    """The offered language nearest to a platform's language code ("en-GB" → "en")."""
    short = (language or "").split("-")[0].lower()
    return short if short in LANGUAGE_NAMES else SOURCE_LANGUAGE
