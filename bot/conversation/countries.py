"""Names of countries: as people read them, and as people type them."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from babel import Locale

MOST_FOUND = 6
_FEWEST_LETTERS = 3
# What people call their country, where no list of names has it.
_ALIASES = {
    "uk": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "usa": "US", "u s a": "US", "u s": "US", "america": "US",
    "the united states": "US",
    "the states": "US", "holland": "NL", "the netherlands": "NL", "czech republic": "CZ", "emirates": "AE",
    "uae": "AE",
}  # fmt: skip

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


@dataclass(frozen=True, slots=True)
class Named:
    """What typed words mean: `exact` is the country that is called so, `near` those that may be meant."""

    exact: str | None = None
    near: tuple[str, ...] = ()


def country_named(words: str, names: Mapping[str, str]) -> Named:
    """The country that the words name, among `names` (code → name).

    Two letters are a code or nothing: "UK" must never become Ukraine. What is only the beginning of a name,
    or a part of it, is asked about, also where it fits one country alone.
    """
    wanted = _plain(words)
    if not wanted:
        return Named()
    code = _ALIASES.get(wanted, wanted.replace(" ", "").upper())
    if code in names:
        return Named(code)
    plain = {code: _plain(name) for code, name in names.items()}
    exact = [code for code, name in plain.items() if name == wanted]
    if exact:
        return Named(exact[0])
    if len(wanted) < _FEWEST_LETTERS:
        return Named()
    near = [code for code, name in plain.items() if wanted in name.split() or name.startswith(wanted)]
    return Named(near=tuple(near[:MOST_FOUND]))


def _plain(words: str) -> str:
    split = unicodedata.normalize("NFKD", words.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in split if not unicodedata.combining(c)).split())
