"""Names of countries in the languages of this wing, in memory before anybody needs them."""

import unicodedata
from collections.abc import Mapping

from babel import Locale

from bot.conversation.catalogs import LANGUAGE_NAMES, SOURCE_LANGUAGE

# English names are those of the helpline files; the others are read once, when the program starts.
_NAMES: dict[str, dict[str, str]] = {
    language: dict(Locale.parse(language).territories)
    for language in LANGUAGE_NAMES
    if language != SOURCE_LANGUAGE
}
# Its full name ("Sonderverwaltungsregion …") is not where anybody looks for it in a list.
for _language, _names in _NAMES.items():
    _names["HK"] = "Hongkong" if _language == "de" else "Hong Kong"


# Where many speak a language: what is offered first to somebody whose country we do not know.
HOMES = {
    "en": ("US", "GB", "CA", "AU", "IE", "IN"),
    "es": ("ES", "MX", "AR", "CO", "CL", "PE"),
    "de": ("DE", "AT", "CH"),
    "fr": ("FR", "BE", "CA", "CH"),
    "pt": ("BR", "PT"),
    "it": ("IT", "CH"),
}


def country_name(code: str, english: str, language: str) -> str:
    """A country's name in a language; the English one where no other is known."""
    return _NAMES.get(language, {}).get(code, english)


def in_order(english: Mapping[str, str], language: str) -> tuple[tuple[str, str], ...]:
    """Countries (code → English name) as (code, name in the language), sorted as readers expect."""
    named = ((code, country_name(code, name, language)) for code, name in english.items())
    return tuple(sorted(named, key=lambda entry: _sorting(entry[1])))


def _sorting(name: str) -> str:
    """ "États-Unis" stands under E, not after Z."""
    return "".join(letter for letter in unicodedata.normalize("NFD", name) if letter.isalpha()).casefold()
