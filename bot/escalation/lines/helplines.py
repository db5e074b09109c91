"""Crisis lines by country, as read from the data files.

One TOML file per country, named by its ISO 3166 code, and `sources.toml` for the source codes. A file
that cannot be trusted stops the start with its name in the message; a file that is merely old never does.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from bot.escalation.lines.entry import Entry, HelplinesUnusable, read_table

__all__ = [
    "FINDERS",
    "Call",
    "Country",
    "Helplines",
    "HelplinesUnusable",
    "Line",
    "Relay",
    "Written",
    "in_use",
    "load_helplines",
    "put_in_use",
]

# Kept in the code, so that the card for an unknown country needs no data file at all.
FINDERS = ("https://findahelpline.com/", "https://befrienders.org/find-support-now/")

SOURCES = "sources.toml"
ROUND_THE_CLOCK = "24/7"
LIMITED = "limited"
LISTS_COMPARED = "lists compared"
# All that can have been done to verify a number; nothing stronger may be claimed in other words.
WAYS = (LISTS_COMPARED, "official page", "dialled")

Confidence = Literal["A", "B", "C", "D"]
Audience = Literal["everyone", "children", "women", "men"]
Phone = Literal["", "mobile", "landline"]

_CODE = re.compile(r"[A-Z]{2}")
_NUMBER = re.compile(r"[+*#]?\d[\d ()./#*-]*(?: ext\. \d+)?|\(\d+\)[\d ()./-]+")
_HOURS = re.compile(r"|24/7|limited|(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Call:
    """A number to call, and what a caller must know: where it works, from which phone, which option."""

    number: str
    place: str = ""
    phone: Phone = ""
    option: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A number to write to: with one of `words`, or in `app` instead of by text message."""

    number: str
    words: tuple[str, ...] = ()
    app: str = ""


@dataclass(frozen=True, slots=True)
class Relay:
    """A route for deaf and hard-of-hearing people: dial `relay`, then `number`."""

    number: str
    relay: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `hours` is "24/7", "limited", "19:00-07:00" (local) or empty when not known."""

    name: str
    audience: Audience
    call: tuple[Call, ...]
    text: tuple[Written, ...]
    chat: tuple[str, ...]
    deaf: tuple[Relay, ...]
    hours: str
    languages: tuple[str, ...]
    more_languages: bool
    sources: tuple[str, ...]
    verified_on: date
    verified_how: str


@dataclass(frozen=True, slots=True)
class Country:
    """One country's emergency numbers and lines. `note` is for us and is never shown.

    `abuse` are the lines for people whom somebody close controls, threatens or hurts; they have a confidence
    of their own, "" where there are none, and stand on no crisis card.
    """

    code: str
    name: str
    emergency: tuple[str, ...]
    lines: tuple[Line, ...]
    confidence: Confidence
    verified_on: date
    verified_how: str
    note: str
    abuse: tuple[Line, ...] = ()
    abuse_confidence: Confidence | Literal[""] = ""

    @property
    def trusted(self) -> bool:
        """Enough sources agree for the lines to be shown."""
        return self.confidence in ("A", "B")

    @property
    def abuse_trusted(self) -> bool:
        """Enough sources agree for the lines about abuse to be shown."""
        return self.abuse_confidence in ("A", "B")

    @property
    def every_line(self) -> tuple[Line, ...]:
        """The crisis lines, then those about abuse."""
        return self.lines + self.abuse

    @property
    def oldest(self) -> date:
        """The earliest date on which something on this country's card was verified."""
        return min(self.verified_on, *(line.verified_on for line in self.lines), date.max)

    @property
    def oldest_of_all(self) -> date:
        """The same, with the lines about abuse."""
        return min(self.oldest, *(line.verified_on for line in self.abuse), date.max)


@dataclass(frozen=True, slots=True)
class Helplines:
    """Every country we know of, by code. `overridden` are the codes that an operator gave us."""

    countries: Mapping[str, Country]
    sources: Mapping[str, str]
    overridden: tuple[str, ...] = ()

    def of(self, code: str | None) -> Country | None:
        """The country of a code in either case, or None."""
        return self.countries.get(code.upper()) if code else None

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(sorted(self.countries))

    def older_than(self, days: int, today: date) -> list[Country]:
        """Countries with something verified more than `days` days ago, the oldest first."""
        aged = (country for country in self.countries.values() if (today - country.oldest_of_all).days > days)
        return sorted(aged, key=lambda country: (country.oldest_of_all, country.code))


_SHIPPED: Final = files("bot.escalation.lines") / "countries"
_in_use: list[Helplines] = []  # one at most


def shipped_helplines(overrides: Path | None = None) -> Helplines:
    """The crisis lines that ship with the bot, an operator's own laid over them. Raises HelplinesUnusable."""
    return _as_shipped() if overrides is None else load_helplines(_SHIPPED, overrides)


@cache
def _as_shipped() -> Helplines:
    """Nothing changes these while we run."""
    return load_helplines(_SHIPPED)


def put_in_use(helplines: Helplines) -> Helplines:
    """From now on these are the lines of the house, for a room that has no others at hand."""
    _in_use[:] = [helplines]
    return helplines


def in_use() -> Helplines:
    """The lines of the house: those that were put in use, else the shipped ones."""
    return _in_use[0] if _in_use else put_in_use(shipped_helplines())


def load_helplines(folder: Traversable | Path, overrides: Traversable | Path | None = None) -> Helplines:
    """Read every country file of `folder`; a file in `overrides` replaces its country or adds one.

    Raises HelplinesUnusable when a folder has no country, or when a file is empty, broken or incomplete.
    """
    sources = _sources(folder)
    countries = _countries(folder, sources)
    own = _overrides(overrides, sources) if overrides is not None else {}
    return Helplines(MappingProxyType(countries | own), MappingProxyType(sources), tuple(sorted(own)))


def _overrides(folder: Traversable | Path, sources: Mapping[str, str]) -> dict[str, Country]:
    """An empty folder is refused, too: it is a path misspelt or a disk not mounted."""
    try:
        return _countries(folder, sources)
    except HelplinesUnusable as error:
        raise HelplinesUnusable(f"Your own helplines, {folder}: {error}") from error


def _sources(folder: Traversable | Path) -> dict[str, str]:
    table = read_table(folder / SOURCES)
    if not all(isinstance(meaning, str) for meaning in table.values()):
        raise HelplinesUnusable(f"{SOURCES}: every source needs a sentence")
    return table


def _countries(folder: Traversable | Path, sources: Mapping[str, str]) -> dict[str, Country]:
    found = [_country(file, sources) for file in _files(folder) if file.name != SOURCES]
    if not found:
        raise HelplinesUnusable("there is no helpline file in the folder")
    return {country.code: country for country in found}


def _files(folder: Traversable | Path) -> list[Traversable | Path]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        raise HelplinesUnusable(f"the folder cannot be read ({error.strerror})") from error
    return [file for file in entries if file.name.endswith(".toml")]


def _country(file: Traversable | Path, sources: Mapping[str, str]) -> Country:
    entry = Entry(file.name, read_table(file))
    code = entry.word("code", _CODE)
    if file.name != f"{code}.toml":
        raise HelplinesUnusable(f"{file.name}: the file says it is about {code}")
    country = Country(
        code=code,
        name=entry.word("country"),
        emergency=entry.words("emergency", _NUMBER, least=1),
        lines=tuple(_line(line, sources, ("everyone", "children")) for line in entry.entries("lines")),
        confidence=entry.one_of("confidence", ("A", "B", "C", "D")),
        verified_on=entry.day("verified_on"),
        verified_how=entry.one_of("verified_how", WAYS),
        note=entry.word("note", optional=True),
        abuse=tuple(_line(line, sources, ("everyone", "women", "men")) for line in entry.entries("abuse")),
        abuse_confidence=entry.one_of("abuse_confidence", ("", "A", "B", "C", "D")),
    )
    entry.finish()
    if bool(country.abuse) != bool(country.abuse_confidence):
        raise HelplinesUnusable(f"{file.name}: lines about abuse and abuse_confidence come together")
    if country.trusted and all(line.audience != "everyone" for line in country.lines):
        raise HelplinesUnusable(f"{file.name}: confidence {country.confidence} needs a line for everyone")
    return country


def _line(entry: Entry, sources: Mapping[str, str], audiences: Iterable[Audience]) -> Line:
    line = Line(
        name=entry.word("name"),
        audience=entry.one_of("audience", audiences),
        call=tuple(map(_call, entry.entries("call"))),
        text=tuple(map(_written, entry.entries("text"))),
        chat=entry.words("chat", re.compile(r"https://\S+")),
        deaf=tuple(map(_relay, entry.entries("deaf"))),
        hours=entry.word("hours", _HOURS, optional=True),
        languages=entry.words("languages", _LANGUAGE),
        more_languages=entry.flag("more_languages"),
        sources=entry.words("sources", least=1),
        verified_on=entry.day("verified_on"),
        verified_how=entry.one_of("verified_how", WAYS),
    )
    entry.finish()
    if not (line.call or line.text or line.chat):
        raise HelplinesUnusable(f"{entry.file}: {line.name} has no way to reach it")
    if strange := sorted(set(line.sources) - set(sources)):
        raise HelplinesUnusable(f"{entry.file}: {line.name} names an unknown source: {', '.join(strange)}")
    return line


def _call(entry: Entry) -> Call:
    call = Call(
        number=entry.word("number", _NUMBER),
        place=entry.word("place", optional=True),
        phone=entry.one_of("phone", ("", "mobile", "landline")),
        option=entry.word("option", re.compile(r"\d*"), optional=True),
        language=entry.word("language", re.compile(r"(?:[a-z]{2,3})?"), optional=True),
    )
    entry.finish()
    return call


def _written(entry: Entry) -> Written:
    route = Written(entry.word("number", _NUMBER), entry.words("words"), entry.word("app", optional=True))
    entry.finish()
    return route


def _relay(entry: Entry) -> Relay:
    route = Relay(entry.word("number", _NUMBER), entry.word("relay", _NUMBER))
    entry.finish()
    return route
