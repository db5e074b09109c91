"""Names of countries, in the person's language."""

from functools import cache

from babel import Locale

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
