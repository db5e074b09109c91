"""Names of countries: as people read them, and as people type them."""

import unicodedata
from collections.abc import Mapping
from functools import cache

from babel import Locale

MOST_FOUND = 6

# Babel's territories hold regions ("001" is the world) and pseudo codes beside the countries.
_NOT_COUNTRIES = frozenset(
    {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
)


@cache
def country_names(language: str) -> dict[str, str]:
    """ISO 3166 code → name."""
    territories = Locale.parse(language).territories
    return {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }


def country_named(words: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The codes of the countries that the words may mean, among `names` (code → name); at most six."""
    wanted = _plain(words)
    if not wanted:
        return ()
    if words.strip().upper() in names:
        return (words.strip().upper(),)
    plain = {code: _plain(name) for code, name in names.items()}
    exact = [code for code, name in plain.items() if name == wanted]
    near = [code for code, name in plain.items() if wanted in name.split() or name.startswith(wanted)]
    return tuple(exact or near)[:MOST_FOUND]


def _plain(words: str) -> str:
    split = unicodedata.normalize("NFKD", words.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in split if not unicodedata.combining(c)).split())
