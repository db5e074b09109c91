"""Which time zones somebody may mean by a city or by what their clock shows. Pure."""

from datetime import datetime, time

from bot.conversation.times import Ambiguous, Understood, read_shown_clock
from scheduler.cities import City, find_cities, representative_zones
from scheduler.localtime import zones_showing

MOST_CITIES = 6


def zones_meant(words: str, now: datetime) -> tuple[str, ...]:
    """Zones that somebody may mean by a city, a zone's own name, or what their clock shows."""
    match read_shown_clock(words):
        case Understood(value=at):
            return zones_for_clock(at, now)
        case Ambiguous(options=options):
            return tuple(key for at in options for key in zones_for_clock(at, now))
    return tuple(city.zone for city in cities_named(words))


def zones_for_clock(said: time, now: datetime) -> tuple[str, ...]:
    """Zones whose clock shows `said` now, the likelier first."""
    found = [key for offset in zones_showing(said, now) for key in representative_zones(offset, now)]
    return tuple(dict.fromkeys(found))[:MOST_CITIES]


def cities_named(words: str) -> tuple[City, ...]:
    """Cities that the words may mean, one per zone."""
    by_zone: dict[str, City] = {}
    for city in find_cities(words):
        by_zone.setdefault(city.zone, city)
    return tuple(by_zone.values())[:MOST_CITIES]


def country_of_zone(key: str) -> str | None:
    """The country of a zone's best-known city, as a suggestion; None when it has none."""
    found = find_cities(key)
    return found[0].country or None if found else None
