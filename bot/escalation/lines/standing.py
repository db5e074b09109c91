"""How well the shipped helplines stand: what a release must not ship, and how each line was verified."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from bot.escalation.lines.helplines import WAYS, Country, Helplines, Line
from bot.escalation.rules import OLD_AFTER_DAYS

# What A and B claim: one witness may be mistaken, two rarely in the same way.
LEAST_SOURCES = 2


def faults(helplines: Helplines, today: date) -> list[str]:
    """What keeps these helplines from being released on this day, a sentence each, by country."""
    return [
        f"{country.code}: {fault}"
        for country in map(helplines.countries.__getitem__, helplines.codes)
        for fault in _faults_of(country, today)
    ]


def ways(helplines: Helplines) -> dict[str, int]:
    """How many lines were verified in each of the ways there are."""
    found = Counter(line.verified_how for each in helplines.countries.values() for line in each.every_line)
    return {way: found[way] for way in WAYS}


def _faults_of(country: Country, today: date) -> Iterator[str]:
    if age := _too_old(country.verified_on, today):
        yield f"the emergency number was verified {age} days ago"
    for line in country.lines:
        yield from _faults_of_line(line, country.confidence, today, shown=country.trusted)
    for line in country.abuse:
        yield from _faults_of_line(line, country.abuse_confidence, today, shown=country.abuse_trusted)


def _faults_of_line(line: Line, confidence: str, today: date, *, shown: bool) -> Iterator[str]:
    if age := _too_old(line.verified_on, today):
        yield f"{line.name} was verified {age} days ago"
    if not line.sources:
        yield f"{line.name} has no source"
    elif shown and len(set(line.sources)) < LEAST_SOURCES:
        yield f"{line.name} has one source, and confidence {confidence} asks for {LEAST_SOURCES}"


def _too_old(verified_on: date, today: date) -> int:
    """The age in days where it is too high, else 0."""
    age = (today - verified_on).days
    return age if age > OLD_AFTER_DAYS else 0
